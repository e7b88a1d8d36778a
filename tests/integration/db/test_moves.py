"""docs/states.md against the database: the service role tries every move by hand, right and wrong ones."""

import re
from itertools import product
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.integration import factories

PAGE = (Path(__file__).parents[3] / "docs/states.md").read_text()
TABLES = {"documents": "processed_documents", "image_jobs": "image_processing_queue", "ai_jobs": "ai_analysis_queue"}
JOB_STATES = ("pending", "processing", "completed", "failed", "cancelled")
STATES = {"documents": (*JOB_STATES, "partial"), "image_jobs": JOB_STATES, "ai_jobs": JOB_STATES}

# What a row of each state must carry to satisfy the CHECKs; the moves are what is tried.
CARRIES = {
    "pending": "worker = null, lease_expires_at = null, completed_at = null",
    "processing": """worker = 'somebody', lease_expires_at = now() + interval '1 minute', completed_at = null,
                     attempt = attempt + 1, fence = nextval('fence_sequence')""",
    "ended": "worker = null, lease_expires_at = null, completed_at = now(), error_message = 'why'",
}
WAY_TO = {
    "pending": (),
    "processing": ("processing",),
    "cancelled": ("cancelled",),
    **{state: ("processing", state) for state in ("completed", "partial", "failed")},
}


def documented(heading):
    """The moves in the table below a heading of docs/states.md; `-` is a row that is not there yet."""
    section = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| ([a-z]+|-) \| ([a-z]+) \|", section, re.MULTILINE)) - {("from", "to")}


MOVES = {
    "documents": documented("A document"),
    "image_jobs": documented("A job"),
    "ai_jobs": documented("A job"),
}


@pytest.fixture
def rows(service):
    """One pending row in each table: its id."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        image_job = factories.add_image_jobs(conn, document, 1)[0]
        ai_job = factories.add_analysis_jobs(conn, document, 1)[0]
        waiting = factories.add_document(conn)
    return {"documents": waiting.id, "image_jobs": image_job, "ai_jobs": ai_job}


def put(conn, kind, row, state):
    """Write the state by hand, with everything that a row of that state needs."""
    carries = CARRIES.get(state, CARRIES["ended"])
    if state == "completed" and kind != "documents":
        carries += ", result = '{}'"
    if state == "failed" and kind == "documents":
        carries += ", error_code = 'why'"
    statement = f"update {TABLES[kind]} set status = %s, {carries} where id = %s"
    assert conn.execute(statement, [state, row]).rowcount == 1


def broken_rule(service, work):
    """Name of the rule that refuses the work; None when it is allowed. Whatever it did is undone."""
    try:
        with service.transaction() as conn:
            try:
                work(conn)
            finally:
                conn.rollback()
    except psycopg.errors.CheckViolation as error:
        return error.diag.constraint_name
    return None


@pytest.mark.parametrize("kind", TABLES)
def test_the_moves_of_the_page_are_allowed_and_all_others_refused(service, rows, kind):
    found = {}
    for before, after in product(STATES[kind], STATES[kind]):
        if before == after:
            continue

        def move(conn, before=before, after=after):
            for state in (*WAY_TO[before], after):
                put(conn, kind, rows[kind], state)

        found[before, after] = broken_rule(service, move)
    allowed = {move for move, rule in found.items() if rule is None}
    assert allowed | {("-", "pending")} == MOVES[kind]
    assert {rule for rule in found.values() if rule} == {f"{kind}_move_as_documented"}


@pytest.mark.parametrize("kind", TABLES)
def test_a_row_begins_as_pending(service, rows, kind):
    """Copies the waiting row under another id and state."""

    def insert(conn):
        table = sql.Identifier(TABLES[kind])
        conn.execute(
            sql.SQL("""insert into {table} select (jsonb_populate_record(null::{table}, to_jsonb(old) || %s)).*
                       from {table} old where id = %s""").format(table=table),
            [
                psycopg.types.json.Jsonb({"id": "00000000-0000-0000-0000-000000000001", "status": "processing"}),
                rows[kind],
            ],
        )

    assert broken_rule(service, insert) == f"{kind}_begin_pending"


WRONG_WRITES = {
    "claim_counts": [
        "status = 'processing', worker = 'w', lease_expires_at = now(), fence = nextval('fence_sequence')",
        "status = 'processing', worker = 'w', lease_expires_at = now(), attempt = attempt + 1",
        """status = 'processing', worker = 'w', lease_expires_at = now(), attempt = attempt + 2,
           fence = nextval('fence_sequence')""",
    ],
    "held_while_processing": ["worker = 'w'", "lease_expires_at = now()"],
    "attempts_are_bounded": ["attempt = -1", "attempt = max_retries + 2", "max_retries = -2"],
    "status_known": ["status = 'done'"],
}
WRONG_WRITES_WHILE_HELD = {
    "fence_only_grows": ["fence = fence - 1", "fence = null"],
    "holder_keeps": ["worker = 'somebody else'"],
    "processing_is_leased": ["worker = null, fence = nextval('fence_sequence')", "lease_expires_at = null"],
}


@pytest.mark.parametrize("kind", TABLES)
def test_wrong_writes_are_refused_by_name(service, rows, kind):
    for held, writes in ((False, WRONG_WRITES), (True, WRONG_WRITES_WHILE_HELD)):
        for rule, assignments in writes.items():
            for assignment in assignments:

                def write(conn, held=held, assignment=assignment):
                    if held:
                        put(conn, kind, rows[kind], "processing")
                    conn.execute(f"update {TABLES[kind]} set {assignment} where id = %s", [rows[kind]])

                known = {f"{kind}_{rule}"}
                if rule == "status_known":
                    known.add(f"{kind}_move_as_documented")  # the trigger looks first
                assert broken_rule(service, write) in known, (rule, assignment)


@pytest.mark.parametrize("kind", TABLES)
def test_an_end_needs_its_time_and_its_reason_and_nothing_else_has_them(service, rows, kind):
    def without(change):
        def write(conn):
            put(conn, kind, rows[kind], "processing")
            put(conn, kind, rows[kind], "failed")
            conn.execute(f"update {TABLES[kind]} set {change} where id = %s", [rows[kind]])

        return write

    assert broken_rule(service, without("completed_at = null")) == f"{kind}_ended_has_time"
    assert broken_rule(service, without("error_message = null")) == f"{kind}_failed_has_reason"

    def ended_while_open(conn):
        conn.execute(f"update {TABLES[kind]} set completed_at = now() where id = %s", [rows[kind]])

    rule = "documents_open_has_no_end" if kind == "documents" else f"{kind}_ended_has_time"
    assert broken_rule(service, ended_while_open) == rule


def test_only_a_document_in_work_is_in_a_stage(service, rows):
    def write(conn):
        conn.execute("update processed_documents set stage = 'chunking' where id = %s", [rows["documents"]])

    assert broken_rule(service, write) == "documents_stage_while_processing"


@pytest.mark.parametrize("kind", ["image_jobs", "ai_jobs"])
def test_a_finished_job_has_its_result(service, rows, kind):
    def take_away(conn):
        put(conn, kind, rows[kind], "processing")
        put(conn, kind, rows[kind], "completed")
        conn.execute(f"update {TABLES[kind]} set result = null where id = %s", [rows[kind]])

    assert broken_rule(service, take_away) == f"{kind}_completed_has_result"


def test_every_rule_of_the_page_is_in_the_schema(service):
    """And under the name that the page gives it, for each of the three tables."""
    with service.transaction() as conn:
        known = {
            name for (name,) in conn.execute("select conname from pg_constraint union select tgname from pg_trigger")
        }
    section = PAGE.split("## What refuses a wrong move", 1)[1]
    names = re.findall(r"`([a-z_.]+)`", "\n".join(line.split("|")[1] for line in section.splitlines() if "| `" in line))
    assert len(names) > 10
    for name in names:
        wanted = [name.replace("...", kind) for kind in TABLES] if name.startswith("...") else [name]
        assert set(wanted) <= known, name

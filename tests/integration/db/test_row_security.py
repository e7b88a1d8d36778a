"""Who may do what: every role, table and verb, and the connection that carries no claims."""

import json

import psycopg
import pytest
from psycopg import sql

from db import products, progress, queue
from db.connection import Database
from tests.integration import factories

GUARDED = (
    "processed_documents",
    "document_pages",
    "document_images",
    "document_chunks",
    "products",
    "product_images",
    "image_processing_queue",
    "ai_analysis_queue",
    "job_progress",
    "audit_log",
)
OF_THE_SPECIFICATION = ("image_processing_queue", "ai_analysis_queue", "job_progress")
VERBS = {
    "select": "select * from {table}",
    "insert": "insert into {table} ({columns}) select {columns} from {table}",
    "update": "update {table} set {column} = {column}",
    "delete": "delete from {table}",
}


@pytest.fixture
def filled(service):
    """One row at least in every guarded table."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        image = factories.add_images(conn, document, 1)[0]
        factories.add_chunks(conn, document, 1)
        queue.queue_image_processing_jobs(conn, document.id)
        queue.queue_ai_analysis_jobs(conn, document.id, ["metadata"])
        progress.update_progress(conn, document.id, "extraction", total=2, completed=1)
        link = {"image_id": str(image), "page": 1, "reason": "beside the name", "confidence": 0.9}
        product = factories.product_json(images=[link])
        products.save_products(conn, document.id, document.fence, [product], [None], "")
    return document


WRITABLE = """
    select column_name from information_schema.columns
    where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' and is_identity = 'NO'
    order by ordinal_position
"""


def attempt(database, table, verb):
    """Rows that the verb reached, or the name of the refusal. Whatever it did is undone."""
    try:
        with database.transaction() as conn:
            columns = [sql.Identifier(name) for (name,) in conn.execute(WRITABLE, [table])]
            statement = sql.SQL(VERBS[verb]).format(
                table=sql.Identifier(table), column=columns[-1], columns=sql.SQL(", ").join(columns)
            )
            try:
                return conn.execute(statement).rowcount
            finally:
                conn.rollback()
    except psycopg.errors.InsufficientPrivilege:
        return "refused"
    except psycopg.errors.UniqueViolation:
        return "allowed"  # it came as far as the table's own rules


@pytest.fixture
def without_claims(service_url):
    database = Database(service_url, "service", claims={})
    yield database
    database.close()


def test_all_tables_are_guarded_and_forced(owner_url):
    query = """select relname, relrowsecurity, relforcerowsecurity from pg_class
               where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'"""
    with psycopg.connect(owner_url) as conn:
        assert sorted(conn.execute(query)) == [(table, True, True) for table in sorted(GUARDED)]


@pytest.mark.parametrize("table", GUARDED)
def test_the_admin_reads_and_does_nothing_else(filled, admin, table):
    assert attempt(admin, table, "select") >= 1
    for verb in ("insert", "update", "delete"):
        assert attempt(admin, table, verb) == "refused"


@pytest.mark.parametrize("table", [table for table in GUARDED if table != "audit_log"])
def test_the_service_does_all(filled, service, table):
    assert attempt(service, table, "select") >= 1
    assert attempt(service, table, "insert") == "allowed"
    assert attempt(service, table, "update") >= 1
    assert attempt(service, table, "delete") >= 1


@pytest.mark.parametrize("table", GUARDED)
def test_without_claims_there_is_nothing(filled, without_claims, table):
    assert attempt(without_claims, table, "select") == 0
    for verb in ("update", "delete"):
        assert attempt(without_claims, table, verb) in (0, "refused")


def test_without_claims_nothing_can_be_put_in(filled, without_claims):
    statement = "insert into job_progress (document_id, stage) values (%s, 'chunking')"
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security")
    with refused, without_claims.transaction() as conn:
        conn.execute(statement, [filled.id])


@pytest.mark.parametrize("table", OF_THE_SPECIFICATION)
def test_a_claim_of_another_role_shows_nothing(filled, service_url, table):
    for claims in ({"role": "authenticated"}, {"role": ["service"]}, {"sub": "service"}):
        database = Database(service_url, "service", claims=claims)
        assert attempt(database, table, "select") == 0
        database.close()


@pytest.mark.parametrize("table", OF_THE_SPECIFICATION)
def test_even_the_owner_needs_a_claim(filled, owner_url, table):
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
    with psycopg.connect(owner_url) as conn:
        assert conn.execute(query).fetchone() == (0,)
        conn.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps({"role": "admin"})])
        assert conn.execute(query).fetchone()[0] >= 1


def test_the_audit_trail_only_grows(filled, service, owner_url):
    assert attempt(service, "audit_log", "select") >= 1
    assert attempt(service, "audit_log", "update") == attempt(service, "audit_log", "delete") == "refused"
    for statement in ("delete from audit_log", "update audit_log set actor = 'x'", "truncate audit_log"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
            psycopg.connect(owner_url) as conn,
        ):
            conn.execute(statement)


def test_no_policy_calls_the_function_for_each_row(owner_url):
    """The call stands in a sub-select, so that the planner makes it once a statement."""
    with psycopg.connect(owner_url) as conn:
        rules = [rule for (rule,) in conn.execute("select qual from pg_policies where tablename <> 'alembic_version'")]
    assert len(rules) == 2 * len(GUARDED)
    assert all("( SELECT (auth.jwt()" in rule for rule in rules)


def test_logins_may_not_change_the_version(service, admin):
    for database in (service, admin):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction() as conn:
            conn.execute("update alembic_version set version_num = '0'")


def test_deleting_a_document_reaches_what_hangs_on_it(filled, service):
    """Cascades work below the policies, whatever the claims."""
    with service.transaction() as conn:
        conn.execute("delete from processed_documents")
        for table in GUARDED:
            if table != "audit_log":
                query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
                assert conn.execute(query).fetchone() == (0,)

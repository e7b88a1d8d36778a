"""Role x claims x table x verb, over every table that the catalogue knows: a new table is in it by itself.

What a login may do at all is said by grants, on which rows by the policies on the claims; both must agree.
"""

import json
import time
from itertools import product

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from db.connection import Database
from tests.integration import factories

LOGINS = ("service", "admin")
HOUR = 3600
LEEWAY_S = 10
"""Clocks may differ by this much before claims count as expired."""
CLAIMS = {
    "service": {"role": "service"},
    "admin": {"role": "admin"},
    "service, an hour left": {"role": "service", "exp": time.time() + HOUR},
    "admin, an hour left": {"role": "admin", "exp": time.time() + HOUR},
    "service, expired": {"role": "service", "exp": time.time() - 60},
    "admin, expired": {"role": "admin", "exp": time.time() - 60},
    "service, no date": {"role": "service", "exp": "tomorrow"},
    "none": {},
    "null": None,
    "somebody": {"role": "authenticated"},
    "a list": {"role": ["service"]},
    "another field": {"sub": "service", "roles": "service"},
    "another case": {"role": "Service"},
}
IN_FORCE = {
    "service": "service",
    "admin": "admin",
    "service, an hour left": "service",
    "admin, an hour left": "admin",
}
"""The role that claims open; the others open nothing."""
VERBS = ("select", "insert", "update", "delete")
NOT_GRANTED = {
    ("service", "audit_log", "update"),
    ("service", "audit_log", "delete"),
    ("service", "queue_switches", "delete"),
    ("service", "queue_tallies", "update"),
}
"""Beyond the rule that the service login may do all, the admin login only read."""

TABLES = """
    select relname::text from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
      and relname <> 'alembic_version'
    order by relname
"""
WRITABLE = """
    select column_name from information_schema.columns
    where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' and is_identity = 'NO'
    order by ordinal_position
"""


@pytest.fixture
def samples(service):
    """By table: the columns that can be written, a row as JSON, and how many rows there are."""
    found = {}
    with service.transaction() as conn:
        factories.fill_every_table(conn)
        for (table,) in conn.execute(TABLES).fetchall():
            columns = [name for (name,) in conn.execute(WRITABLE, [table])]
            name = sql.Identifier(table)
            rows = conn.execute(sql.SQL("select to_jsonb(t) from {} t").format(name)).fetchall()
            assert rows, (
                f"factories.fill_every_table leaves {table} empty: fill it, so that the matrix covers the table"
            )
            found[table] = (columns, {column: rows[0][0][column] for column in columns}, len(rows))
    return found


def statement(table, verb, columns):
    names = {"table": sql.Identifier(table), "first": sql.Identifier(columns[0])}
    text = {
        "select": "select * from {table}",
        "insert": "insert into {table} ({columns}) select {columns} from jsonb_populate_record(null::{table}, %(row)s)",
        "update": "update {table} set {first} = {first}",
        "delete": "delete from {table}",
    }[verb]
    return sql.SQL(text).format(columns=sql.SQL(", ").join(map(sql.Identifier, columns)), **names)


def attempt(database, query, row):
    """`no grant`, `no policy`, or how many rows the verb reached. Whatever it did is undone."""
    try:
        with database.transaction() as conn:
            try:
                return conn.execute(query, {"row": row}).rowcount
            finally:
                conn.rollback()
    except psycopg.errors.InsufficientPrivilege as error:
        return "no policy" if "row-level security" in str(error) else "no grant"
    except psycopg.errors.UniqueViolation:
        return 1  # it came as far as the table's own rules


def expected(login, role, table, verb, rows):
    """What the design says."""
    granted = verb == "select" or (login == "service" and (login, table, verb) not in NOT_GRANTED)
    if not granted:
        return "no grant"
    if role == "service" or (role == "admin" and verb == "select"):
        return 1 if verb == "insert" else rows
    return "no policy" if verb == "insert" else 0


@pytest.mark.parametrize("login", LOGINS)
def test_every_login_with_every_claim_does_what_it_may_and_nothing_else(login, samples, service_url, admin_url):
    address = {"service": service_url, "admin": admin_url}[login]
    wrong = []
    for name, claims in CLAIMS.items():
        database = Database(address, login, claims={} if claims is None else claims, max_size=1)
        if claims is None:
            database = Database(address, "owner", max_size=1)  # the role that sets no claims at all
        for (table, (columns, row, rows)), verb in product(samples.items(), VERBS):
            found = attempt(database, statement(table, verb, columns), Jsonb(row))
            wanted = expected(login, IN_FORCE.get(name), table, verb, rows)
            if found != wanted:
                wrong.append(f"{login} login, claims {name}: {verb} on {table} gave {found}, not {wanted}")
        database.close()
    assert not wrong, "\n".join(wrong)


def test_every_table_is_guarded_forced_and_has_the_three_policies(owner_url, samples):
    guards = """select relname::text, relrowsecurity and relforcerowsecurity from pg_class
                where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
                  and relname <> 'alembic_version'"""
    policies = "select policyname::text, permissive, cmd from pg_policies where tablename = %s order by 1"
    with psycopg.connect(owner_url) as conn:
        assert dict(conn.execute(guards)) == dict.fromkeys(samples, True)
        for table in samples:
            found = conn.execute(policies, [table]).fetchall()
            assert found == [
                ("admin_reads", "PERMISSIVE", "SELECT"),
                ("claims_in_force", "RESTRICTIVE", "ALL"),
                ("service_does_all", "PERMISSIVE", "ALL"),
            ], table


def test_nothing_is_granted_to_everybody(owner_url):
    """Nor to any role but the two logins and the owner."""
    query = """select distinct grantee::text from information_schema.role_table_grants where table_schema = 'public'"""
    with psycopg.connect(owner_url) as conn:
        (owner,) = conn.execute("select current_user::text").fetchone()
        assert {name for (name,) in conn.execute(query)} <= {owner, "quarry_service", "quarry_admin"}


def test_no_policy_calls_a_function_for_each_row(owner_url):
    """The calls stand in sub-selects, so that the planner makes them once a statement; the comparison stands there too,

    since it takes a truth value for one row in two, and a comparison with what it does not know for one in 200.
    """
    query = "select qual from pg_policies where tablename <> 'alembic_version'"
    with psycopg.connect(owner_url) as conn:
        rules = [rule for (rule,) in conn.execute(query)]
    assert rules
    for rule in rules:
        assert "( SELECT ((auth.jwt() ->> 'role'::text) =" in rule or "( SELECT claims_in_force()" in rule, rule


def test_claims_that_expire_close_a_connection_that_had_them(samples, service):
    """The same connection sees everything, then nothing."""
    count = "select count(*) from processed_documents"
    with service.transaction() as conn:
        claims = {"role": "service", "exp": time.time() - LEEWAY_S + 0.5}
        conn.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)])
        assert conn.execute(count).fetchone() == (1,)
        conn.execute("select pg_sleep(0.6)")
        assert conn.execute(count).fetchone() == (0,)


def test_claims_that_are_no_json_are_an_error_and_no_way_in(samples, service):
    refused = pytest.raises(psycopg.errors.InvalidTextRepresentation)
    with refused, service.transaction() as conn:
        conn.execute("select set_config('request.jwt.claims', 'service', true)")
        conn.execute("select * from processed_documents")

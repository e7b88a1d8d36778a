"""What stands beside the matrix of `test_access_matrix`: the owner, the trail that only grows, cascades."""

import json

import psycopg
import pytest
from psycopg import sql

from tests.integration import factories

OF_THE_SPECIFICATION = ("image_processing_queue", "ai_analysis_queue", "job_progress")


@pytest.fixture
def filled(service):
    with service.transaction() as conn:
        return factories.fill_every_table(conn)


@pytest.mark.parametrize("table", OF_THE_SPECIFICATION)
def test_even_the_owner_needs_a_claim(filled, owner_url, table):
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
    with psycopg.connect(owner_url) as conn:
        assert conn.execute(query).fetchone() == (0,)
        conn.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps({"role": "admin"})])
        assert conn.execute(query).fetchone()[0] >= 1


def test_the_audit_trail_only_grows(filled, owner_url):
    for statement in ("delete from audit_log", "update audit_log set actor = 'x'", "truncate audit_log"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
            psycopg.connect(owner_url) as conn,
        ):
            conn.execute(statement)


def test_logins_may_not_change_the_version(service, admin):
    for database in (service, admin):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction() as conn:
            conn.execute("update alembic_version set version_num = '0'")


def test_deleting_a_document_reaches_what_hangs_on_it(filled, service):
    """Cascades work below the policies, whatever the claims."""
    tables = """select distinct conrelid::regclass::text from pg_constraint
                where contype = 'f' and connamespace = 'public'::regnamespace"""
    with service.transaction() as conn:
        conn.execute("delete from processed_documents")
        hanging = [table for (table,) in conn.execute(tables)]
        assert "ai_analysis_queue" in hanging
        for table in hanging:
            query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            assert conn.execute(query).fetchone() == (0,)

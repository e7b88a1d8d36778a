from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from alembic import command

from db.connection import Database
from db.errors import DatabaseMisconfigured, DatabaseUnavailable
from db.metrics import get_queue_metrics
from db.migrate import alembic_config, current_version, expected_version, migrate, owner_engine
from db.roles import derive_url
from db.schema import SCHEMA_FILE, schema_of
from db.search import search_products
from tests.integration.conftest import in_database


def version(url):
    with psycopg.connect(url) as conn:
        return current_version(conn)


def test_an_empty_database_has_no_version(empty_url):
    assert version(empty_url) is None


def test_migrations_lead_to_the_newest_version(empty_url):
    assert migrate(empty_url) == expected_version() == version(empty_url)


def test_migrating_twice_changes_nothing(owner_url):
    before = schema_of(owner_url)
    migrate(owner_url)
    assert schema_of(owner_url) == before


def test_two_first_starts_at_once_take_turns(empty_url):
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(migrate, [empty_url] * 4)) == {expected_version()}


def test_schema_sql_is_what_the_migrations_build(owner_url):
    written = SCHEMA_FILE.read_text()
    assert schema_of(owner_url) == written, "run `python -m db.schema` and look at the difference"


def test_schema_sql_builds_the_same_database(empty_url):
    with psycopg.connect(empty_url) as conn:
        conn.execute(SCHEMA_FILE.read_text().encode())
    assert schema_of(empty_url) == SCHEMA_FILE.read_text()
    assert version(empty_url) == expected_version()


def test_a_newer_database_is_left_alone(owner_url):
    with psycopg.connect(owner_url) as conn:
        conn.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(DatabaseMisconfigured, match="9999"):
        migrate(owner_url)


def test_supabases_own_claims_function_is_kept(server, empty_url):
    """As there: the schema `auth` belongs to somebody else, and our logins have no right on it."""
    name = psycopg.conninfo.conninfo_to_dict(empty_url)["dbname"]
    with psycopg.connect(in_database(server.superuser_url, name)) as conn:
        conn.execute("create schema auth")
        conn.execute("""create function auth.jwt() returns jsonb language sql stable
                        as $$ select '{"role": "service", "from": "supabase"}'::jsonb $$""")
        conn.execute("grant usage on schema auth to quarry_owner")
    migrate(empty_url)
    with psycopg.connect(empty_url) as conn:
        assert conn.execute("select auth.jwt() ->> 'from'").fetchone() == ("supabase",)


def test_a_login_without_rights_on_supabases_schema_passes_its_check(server, empty_url, passwords):
    test_supabases_own_claims_function_is_kept(server, empty_url)
    service = Database(derive_url(empty_url, "service", passwords["service"]), "service")
    service.check_role()
    with service.transaction() as conn:
        assert conn.execute("select count(*) from processed_documents").fetchone() == (0,)
    service.close()


def test_without_pgvector_the_error_says_what_to_do(server, empty_url):
    name = psycopg.conninfo.conninfo_to_dict(empty_url)["dbname"]
    with psycopg.connect(in_database(server.superuser_url, name)) as conn:
        conn.execute("drop extension vector")
    with pytest.raises(DatabaseMisconfigured, match="create extension vector"):
        migrate(empty_url)
    assert version(empty_url) is None


def test_a_failed_migration_leaves_nothing_behind(server, empty_url):
    with psycopg.connect(empty_url) as conn:
        conn.execute("create table products (id int)")
    with pytest.raises(psycopg.errors.DuplicateTable):
        migrate(empty_url)
    with psycopg.connect(empty_url) as conn:
        tables = conn.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        assert [name for (name,) in tables] == ["products"]


def test_a_server_that_is_away_is_said_to_be_away():
    with pytest.raises(DatabaseUnavailable):
        migrate("postgresql://nobody:x@127.0.0.1:1/none")


def upgrade_to(revision, url):
    with owner_engine(url) as engine, engine.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def test_words_of_products_from_before_0017_are_found_after_it(empty_url, passwords):
    """What an older program has stored: plain SQL, since today's functions may know columns that 0016 has not."""
    upgrade_to("0016", empty_url)
    with closing(Database(derive_url(empty_url, "service", passwords["service"]), "service")) as service:
        with service.transaction() as conn:
            conn.execute(
                """insert into processed_documents
                       (filename, title, content_hash, size_bytes, storage_key, submitted_by)
                   values ('old.pdf', 'Old', 'hash', 1, 'aa/old.pdf', 'tester')"""
            )
            conn.execute(
                """insert into products (document_id, identity_key, name, code, finish, evidence, pages, confidence)
                   select id, name, name, code, 'matt', '[{}]', '{1}', 0.9
                   from processed_documents,
                        (values ('Älg Marmara', 'MW-120'), ('Nordic Oak', null)) as old (name, code)"""
            )
        migrate(empty_url)
        with service.transaction() as conn:
            found = {
                word: [one.product.name for one in search_products(conn, word)] for word in ("alg", "mw-120", "oak")
            }
            assert found == {"alg": ["Älg Marmara"], "mw-120": ["Älg Marmara"], "oak": ["Nordic Oak"]}
            assert len(search_products(conn, "matt")) == 2


def test_jobs_from_before_0018_are_counted_on_after_it(empty_url, passwords):
    """One ended before and one after it; both ran for a second and 3 microseconds. The first is deleted in the end."""
    queue_jobs = """
        with document as (
            insert into processed_documents (filename, title, content_hash, size_bytes, storage_key, submitted_by)
            values ('old.pdf', 'Old', 'hash', 1, 'aa/old.pdf', 'tester') returning id)
        insert into ai_analysis_queue (document_id, analysis_type)
        select id, kind from document, unnest(array['classification', 'metadata', 'product_detection']) as kind
    """
    claim = """
        update ai_analysis_queue set status = 'processing', worker = 'w', attempt = 1, started_at = now(),
            fence = nextval('fence_sequence'), lease_expires_at = now() where analysis_type <> 'product_detection'
    """
    complete = """
        update ai_analysis_queue set status = 'completed', worker = null, lease_expires_at = null, result = '{}',
            completed_at = started_at + interval '1.000003 s' where analysis_type = %s
    """
    upgrade_to("0017", empty_url)
    with closing(Database(derive_url(empty_url, "service", passwords["service"]), "service")) as service:
        with service.transaction() as conn:
            conn.execute(queue_jobs)
            conn.execute(claim)
            conn.execute(complete, ["classification"])
        migrate(empty_url)
        with service.transaction() as conn:
            conn.execute(complete, ["metadata"])
            found = get_queue_metrics(conn)["ai"]
            assert (found.pending, found.processing, found.completed, found.average_seconds) == (1, 0, 2, 1.000003)
            conn.execute("delete from ai_analysis_queue where analysis_type = 'classification'")
            found = get_queue_metrics(conn)["ai"]
            assert (found.total, found.completed, found.average_seconds) == (2, 1, 1.000003)

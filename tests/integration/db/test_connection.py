import threading
import time
from contextlib import ExitStack, closing

import psycopg
import pytest

from db.connection import Database
from db.errors import DatabaseMisconfigured, DatabaseUnavailable
from tests.integration import factories
from tests.integration.conftest import in_database


def count_documents(database):
    with database.transaction() as conn:
        return conn.execute("select count(*) from processed_documents").fetchone()[0]


def opened(url, role, **options):
    database = Database(url, role, **options)
    try:
        database.check_role()
    finally:
        database.close()


def test_work_is_committed_at_the_end(service, admin):
    with service.transaction() as conn:
        factories.add_document(conn)
    assert count_documents(admin) == 1


def test_an_exception_rolls_everything_back(service, admin):
    with pytest.raises(ZeroDivisionError), service.transaction() as conn:
        factories.add_document(conn)
        _ = 1 / 0
    assert count_documents(admin) == 0


def test_what_is_too_much_for_postgres_is_not_waited_for(service):
    words = "select to_tsvector('simple', string_agg('w' || number, ' ')) from generate_series(1, 200000) as number"
    with pytest.raises(psycopg.errors.ProgramLimitExceeded), service.transaction() as conn:
        conn.execute(words)


def test_times_are_utc(service):
    with service.transaction() as conn:
        assert conn.execute("show timezone").fetchone() == ("UTC",)
        assert conn.execute("select now()").fetchone()[0].utcoffset().total_seconds() == 0


def test_the_roles_pass_their_own_check(service, admin):
    service.check_role()
    admin.check_role()


def test_a_superuser_is_refused(server, owner_url):
    name = psycopg.conninfo.conninfo_to_dict(owner_url)["dbname"]
    with pytest.raises(DatabaseMisconfigured, match="'postgres' bypasses row-level security"):
        opened(in_database(server.superuser_url, name), "service")


def test_a_role_above_the_policies_is_refused(server, service_url):
    with psycopg.connect(server.superuser_url) as conn:
        conn.execute("alter role quarry_service bypassrls")
    try:
        with pytest.raises(DatabaseMisconfigured, match="bypasses"):
            opened(service_url, "service")
    finally:
        with psycopg.connect(server.superuser_url) as conn:
            conn.execute("alter role quarry_service nobypassrls")


@pytest.mark.parametrize("claims", [{}, {"role": "admin"}, {"role": "SERVICE"}, {"roles": ["service"]}])
def test_claims_that_show_an_empty_queue_are_refused(service_url, claims):
    with pytest.raises(DatabaseMisconfigured, match="every table would look empty"):
        opened(service_url, "service", claims=claims)


def test_more_claims_than_the_role_are_welcome(service_url):
    opened(service_url, "service", claims={"role": "service", "sub": "driver-1"})


def test_a_database_without_schema_is_refused(empty_url, passwords):
    url = empty_url.replace(empty_url.split("//")[1].split("@")[0], f"quarry_service:{passwords['service']}")
    with pytest.raises(DatabaseMisconfigured, match="migrations"):
        opened(url, "service")


def test_a_table_whose_policies_are_not_forced_is_named(owner_url, service_url):
    with psycopg.connect(owner_url) as conn:
        conn.execute("alter table job_progress no force row level security")
    with pytest.raises(DatabaseMisconfigured, match="job_progress"):
        opened(service_url, "service")


def test_a_server_that_is_away_is_told_at_once_with_the_reason():
    begun = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match="refused"):
        opened("postgresql://someone:x@127.0.0.1:1/none", "service")
    assert time.monotonic() - begun < 5


def test_a_transaction_waits_no_longer_than_its_limit():
    database = Database("postgresql://someone:x@127.0.0.1:1/none", "service", timeout_s=0.5)
    begun = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match=r"within 0\.5 s"), database.transaction():
        pass
    assert time.monotonic() - begun < 5
    database.close()


def test_a_full_pool_is_unavailable_not_for_ever(service_url):
    database = Database(service_url, "service", max_size=1, timeout_s=0.3)
    with database.transaction(), pytest.raises(DatabaseUnavailable), database.transaction():
        pass
    assert count_documents(database) == 0
    database.close()


def test_a_closed_database_says_so(service_url):
    database = Database(service_url, "service")
    database.close()
    with pytest.raises(DatabaseUnavailable), database.transaction():
        pass


def test_a_connection_that_the_server_ended_is_replaced(service, server):
    assert count_documents(service) == 0
    with psycopg.connect(server.superuser_url) as conn:
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'quarry service'")
    assert count_documents(service) == 0


def test_however_many_connections_a_restart_ended_the_next_caller_is_served(service_url, server):
    with closing(Database(service_url, "service", max_size=4, timeout_s=3)) as database:
        with ExitStack() as open_at_once:
            for _ in range(4):
                open_at_once.enter_context(database.transaction())
        with psycopg.connect(server.superuser_url) as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'quarry service'"
            )
        assert count_documents(database) == 0


def test_a_connection_lost_in_the_middle_is_unavailable_and_leaves_nothing(service, server, admin):
    with pytest.raises(DatabaseUnavailable), service.transaction() as conn:
        factories.add_document(conn)
        with psycopg.connect(server.superuser_url) as killer:
            killer.execute("select pg_terminate_backend(%s)", [conn.info.backend_pid])
        conn.execute("select 1")
    assert count_documents(admin) == 0


def test_a_statement_over_its_time_is_unavailable(service):
    with pytest.raises(DatabaseUnavailable, match="statement timeout"), service.transaction() as conn:
        conn.execute("set local statement_timeout = '50ms'")
        conn.execute("select pg_sleep(5)")


def test_threads_share_one_pool(service):
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(count_documents(service))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [0] * 40


@pytest.mark.parametrize("limit", ["idle_in_transaction_session_timeout", "transaction_timeout"])
def test_a_transaction_that_the_server_ended_for_its_length_is_unavailable(service, limit):
    with pytest.raises(DatabaseUnavailable, match="timeout"), service.transaction() as conn:
        conn.execute(f"set local {limit} = '50ms'")
        time.sleep(0.2)
        conn.execute("select 1")
    assert count_documents(service) == 0


def test_a_server_that_only_reads_after_a_failover_is_unavailable_and_left_at_once(service, owner_url):
    """New connections write again; the old ones would not."""
    name = psycopg.conninfo.conninfo_to_dict(owner_url)["dbname"]
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f"alter database {name} set default_transaction_read_only = on")
        with pytest.raises(DatabaseUnavailable, match="read-only"), service.transaction() as conn:
            factories.add_document(conn)
        owner.execute("set default_transaction_read_only = off")
        owner.execute(f"alter database {name} reset default_transaction_read_only")
    with service.transaction() as conn:
        factories.add_document(conn)

"""Logins, addresses and migrations of a first and a later start, on a real server as DATABASE_URL names one."""

import psycopg
import pytest
from pydantic import SecretStr

from cluster.access.secrets import read_secrets
from cluster.host.database import LoginsTaken, prepare_database, resolve_secrets
from cluster.settings import Settings
from db.embedded import EmbeddedServer
from db.errors import DatabaseMisconfigured, DatabaseUnavailable
from db.migrate import expected_version
from tests.integration.conftest import FAST


@pytest.fixture(scope="module")
def other_server(server_folder):
    """A server of this file's own, on which no login of Quarry's was ever made."""
    folder = server_folder.with_name(f"{server_folder.name}-start")
    folder.mkdir()
    folder.chmod(0o711)
    server = EmbeddedServer(folder, 0, settings=FAST)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database_url(other_server):
    """Owner's address of an empty database; afterwards neither it nor a login is there."""
    with psycopg.connect(other_server.owner_url, autocommit=True) as conn:
        conn.execute("create database started")
    yield other_server.owner_url.rpartition("/")[0] + "/started"
    with psycopg.connect(other_server.superuser_url, autocommit=True) as conn:
        conn.execute("drop database started with (force)")
        conn.execute("drop role if exists quarry_service")
        conn.execute("drop role if exists quarry_admin")


def settings_of(home, database_url, **given):
    home.mkdir(exist_ok=True)
    return Settings(home=home, database_url=database_url, **given)


def start(settings):
    resolved = resolve_secrets(settings)
    prepare_database(resolved)
    return resolved


def test_a_first_start_makes_logins_and_schema(tmp_path, database_url):
    settings = settings_of(tmp_path / "home", database_url)
    resolved = resolve_secrets(settings)
    assert prepare_database(resolved) == expected_version()
    with psycopg.connect(resolved.admin_url) as conn:
        assert conn.execute("select current_user").fetchone() == ("quarry_admin",)
    assert settings_of(tmp_path / "home", database_url).service_url == resolved.service_url


def test_a_later_start_keeps_the_passwords(tmp_path, database_url):
    first = start(settings_of(tmp_path / "home", database_url))
    second = start(settings_of(tmp_path / "home", database_url))
    assert second.service_url == first.service_url
    assert second.jwt_secret == first.jwt_secret


def test_an_address_that_was_made_follows_the_server(tmp_path):
    start_of = {}
    for port in (5001, 5002):
        settings = settings_of(tmp_path / "home", f"postgresql://owner@127.0.0.1:{port}/x")
        start_of[port] = resolve_secrets(settings).service_url
    assert ":5001/" in start_of[5001]
    assert start_of[5002] == start_of[5001].replace(":5001/", ":5002/")


def test_an_address_that_was_given_is_kept_and_not_written_down(tmp_path):
    given = {
        "service_database_url": SecretStr("postgresql://mine@db/x"),
        "admin_database_url": SecretStr("postgresql://boss@db/x"),
    }
    resolved = resolve_secrets(settings_of(tmp_path / "home", "postgresql://owner@db/x", **given))
    assert (resolved.service_url, resolved.admin_url) == ("postgresql://mine@db/x", "postgresql://boss@db/x")
    assert "QUARRY_SERVICE_DATABASE_URL" not in read_secrets(tmp_path / "home")


def test_a_second_installation_does_not_lock_the_first_one_out(tmp_path, database_url):
    first = start(settings_of(tmp_path / "first", database_url))
    with pytest.raises(LoginsTaken, match=r"secrets\.env"):
        start(settings_of(tmp_path / "second", database_url))
    with psycopg.connect(first.service_url) as conn:
        assert conn.execute("select current_user").fetchone() == ("quarry_service",)


def test_a_second_installation_may_be_given_the_logins_of_the_first(tmp_path, database_url):
    first = start(settings_of(tmp_path / "first", database_url))
    given = {"service_database_url": first.service_url, "admin_database_url": first.admin_url}
    assert start(settings_of(tmp_path / "second", database_url, **given)).service_url == first.service_url


def test_one_login_alone_is_refused(tmp_path, database_url):
    settings = settings_of(tmp_path / "home", database_url, service_database_url="postgresql://mine@db/x")
    with pytest.raises(DatabaseMisconfigured, match="QUARRY_ADMIN_DATABASE_URL"):
        start(settings)


def test_a_database_that_is_away_is_said_with_what_to_check(tmp_path):
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        start(settings_of(tmp_path / "home", "postgresql://owner@127.0.0.1:1/x"))

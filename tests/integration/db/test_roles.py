import psycopg
import pytest

from db.errors import DatabaseMisconfigured
from db.roles import LOGINS, derive_url, ensure_roles


@pytest.fixture(autouse=True)
def passwords_put_back(server, passwords, logins):
    yield
    with psycopg.connect(server.owner_url) as conn:
        ensure_roles(conn, passwords)


def test_the_logins_have_no_power_over_the_policies(server):
    with psycopg.connect(server.owner_url) as conn:
        rows = conn.execute(
            "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
            "where rolname = any (%s)",
            [list(LOGINS.values())],
        ).fetchall()
    assert sorted(rows) == [(login, True, False, False, False, False) for login in sorted(LOGINS.values())]


def test_making_them_again_gives_the_new_passwords(server, owner_url):
    with psycopg.connect(server.owner_url) as conn:
        ensure_roles(conn, {"service": "new", "admin": "new too"})
    for role, password in (("service", "new"), ("admin", "new too")):
        psycopg.connect(derive_url(owner_url, role, password)).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(derive_url(owner_url, "service", "old"))


def test_a_password_may_hold_anything(server, owner_url):
    password = "a:b/c@d?e=f&g h%20'i\"j\\k"
    with psycopg.connect(server.owner_url) as conn:
        ensure_roles(conn, {"service": password, "admin": password})
    psycopg.connect(derive_url(owner_url, "service", password)).close()
    psycopg.connect(derive_url(psycopg.conninfo.make_conninfo(owner_url), "admin", password)).close()


def test_an_owner_that_may_not_make_roles_is_told_what_to_do(server):
    with psycopg.connect(server.superuser_url) as conn:
        conn.execute("create role plain_owner login password 'plain'")
    try:
        url = server.owner_url.replace(server.owner_url.split("//")[1].split("@")[0], "plain_owner:plain")
        with (
            psycopg.connect(url) as conn,
            pytest.raises(DatabaseMisconfigured, match=r"CREATEROLE.*QUARRY_SERVICE_DATABASE_URL"),
        ):
            ensure_roles(conn, {"service": "x", "admin": "x"})
    finally:
        with psycopg.connect(server.superuser_url) as conn:
            conn.execute("drop role plain_owner")

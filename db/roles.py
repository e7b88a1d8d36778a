"""Owns the logins: who may read and write. What they may touch stands in the migrations (grants and policies).

The owner migrates, the service role runs the pipeline, the admin role only reads (the monitor).
"""

from collections.abc import Mapping
from typing import Any, Literal, LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.errors import DatabaseMisconfigured

LoginRole = Literal["service", "admin"]
LOGINS: dict[LoginRole, str] = {"service": "quarry_service", "admin": "quarry_admin"}

EXISTING: LiteralString = "select rolname::text from pg_roles where rolname = any (%(logins)s) order by rolname"
# Roles belong to the whole server, so two first starts against one server must take turns.
LOCK_ROLES: LiteralString = "select pg_advisory_xact_lock(hashtext('quarry roles'))"
# A new role is neither superuser nor above the policies; Postgres lets only a superuser spell that out in ALTER ROLE.
CREATE_LOGIN: LiteralString = "create role {login} login password {password}"
ALTER_LOGIN: LiteralString = "alter role {login} login password {password}"


def ensure_roles(conn: Connection[Any], passwords: Mapping[LoginRole, str]) -> None:
    """Make the service and the admin login, or give them these passwords; run it before the migrations.

    Args:
        conn: as a superuser or an owner with CREATEROLE.
        passwords: by role.

    Raises:
        DatabaseMisconfigured: the owner may not make roles, or an existing login is a superuser.
    """
    try:
        with conn.transaction():
            conn.execute(LOCK_ROLES)
            for role, login in LOGINS.items():
                ensure_login(conn, login, passwords[role])
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseMisconfigured(
            f"The owner may not make the logins {' and '.join(LOGINS.values())}: {error.diag.message_primary}.",
            "Give the owner CREATEROLE, or make both logins yourself and set QUARRY_SERVICE_DATABASE_URL and "
            "QUARRY_ADMIN_DATABASE_URL.",
        ) from error


def ensure_login(conn: Connection[Any], login: str, password: str) -> None:
    """One login without any power over the policies."""
    statement = ALTER_LOGIN if login in existing_logins(conn) else CREATE_LOGIN
    conn.execute(sql.SQL(statement).format(login=sql.Identifier(login), password=sql.Literal(password)))


def existing_logins(conn: Connection[Any]) -> list[str]:
    """Which of the two the server has already, whoever made them."""
    return [name for (name,) in conn.execute(EXISTING, {"logins": list(LOGINS.values())})]


def derive_url(owner_url: str, role: LoginRole, password: str) -> str:
    """The owner's address with another login: same server, same database, same options."""
    if "://" not in owner_url:
        return make_conninfo("", **{**conninfo_to_dict(owner_url), "user": LOGINS[role], "password": password})
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{LOGINS[role]}:{quote(password, safe='')}@{place}"))

"""Owns the schema's version: runs the migrations, says which one a database has. Knows no table but alembic's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import Connection
from sqlalchemy.pool import NullPool

from db.connection import first_line, with_timeouts
from db.errors import DatabaseMisconfigured, DatabaseUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"
# Two first starts against one database must take turns.
LOCK_SCHEMA = "select pg_advisory_lock(hashtext('quarry migrations'))"


def run_sql(revision_file: str) -> None:
    """Run the .sql file that stands beside a revision, in the migration's transaction."""
    script = Path(revision_file).with_suffix(".sql").read_text(encoding="utf-8")
    # Past SQLAlchemy, which would take a colon for a parameter; without parameters the driver sends it as it is.
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, Connection)
    driver.execute(script.encode())


def migrate(owner_url: str) -> str:
    """Bring a database to the newest version; does nothing when it is there.

    Args:
        owner_url: of a role that owns the database (or the schema `public` in it). The logins must exist (`db.roles`).

    Returns:
        The version that the database has now.

    Raises:
        DatabaseMisconfigured: an extension or a right is missing, or the database is newer than this program.
        DatabaseUnavailable: Postgres does not answer.
    """
    try:
        with owner_engine(owner_url) as engine, engine.connect() as connection:
            connection.execute(sqlalchemy.text(LOCK_SCHEMA))
            connection.commit()
            config = alembic_config()
            refuse_newer(driver_of(connection))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except sqlalchemy.exc.OperationalError as error:
        raise DatabaseUnavailable(f"The database cannot be reached: {first_line(error)}.") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseMisconfigured(
            f"The owner may not do what a migration needs: {error.diag.message_primary}.",
            "Let a superuser run `create extension vector` in this database, and let the owner own it.",
        ) from error
    except (psycopg.errors.UndefinedObject, psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
        raise DatabaseMisconfigured(
            f"A migration misses something: {error.diag.message_primary}.",
            "Make the logins first (`db.roles.ensure_roles`), and install pgvector on the server.",
        ) from error
    return expected_version()


@contextmanager
def owner_engine(owner_url: str) -> Iterator[sqlalchemy.Engine]:
    """SQLAlchemy's view of psycopg's connection: alembic asks for it, nothing else here uses SQLAlchemy."""
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(with_timeouts(owner_url)), poolclass=NullPool
    )
    try:
        yield engine
    finally:
        engine.dispose()


def driver_of(connection: sqlalchemy.Connection) -> Connection[Any]:
    """The psycopg connection inside."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, Connection)
    return driver


def alembic_config() -> Config:
    """Where alembic finds the versions; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def refuse_newer(conn: Connection[Any]) -> None:
    """A database that a later program has migrated must not be touched by this one."""
    version = current_version(conn)
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if version is not None and version not in known:
        raise DatabaseMisconfigured(
            f"The database has version {version}, which this program does not know.", "Use the newer Quarry."
        )


def current_version(conn: Connection[Any]) -> str | None:
    """The version of the database behind this connection; None when it was never migrated."""
    found = conn.execute("select to_regclass('public.alembic_version') is not null").fetchone()
    if found is None or not found[0]:
        return None
    row = conn.execute("select version_num from public.alembic_version").fetchone()
    return None if row is None else str(row[0])


def expected_version() -> str:
    """The newest version that this program knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head

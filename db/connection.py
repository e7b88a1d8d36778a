"""Owns connections: a pool in one role, with that role's claims set on each connection.

Its start-up check proves that row-level security is really in force. Knows no table by name.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, LiteralString

import psycopg
from psycopg import Connection as Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from db import values
from db.errors import DatabaseMisconfigured, DatabaseUnavailable

Role = Literal["owner", "service", "admin"]

# Without these a server that vanished from the network holds its callers for minutes (the system's TCP time-outs).
CONNECT_TIMEOUT_S = 5
TCP_DEFAULTS: dict[str, int] = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
STATEMENT_TIMEOUT_MS = 60_000
# Beside psycopg.OperationalError: SQL's own classes put these under internal errors, but waiting helps against them.
PASSING_ERRORS = (
    psycopg.OperationalError,
    psycopg.errors.ReadOnlySqlTransaction,  # a server that is no longer the first one, after a failover
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
)

# The driver has them under operational errors as well, but what is too much for Postgres is so every time.
LASTING_ERRORS = (
    psycopg.errors.ProgramLimitExceeded,
    psycopg.errors.StatementTooComplex,
    psycopg.errors.TooManyColumns,
    psycopg.errors.TooManyArguments,
)

CONFIGURE: LiteralString = """
    select set_config('TimeZone', 'UTC', false),
           set_config('statement_timeout', %(statement_timeout)s, false),
           set_config('idle_in_transaction_session_timeout', %(statement_timeout)s, false)
"""
SET_CLAIMS: LiteralString = "select set_config('request.jwt.claims', %(claims)s, false)"

SET_CALLERS_CLAIMS: LiteralString = "select set_config('request.jwt.claims', %(claims)s, true)"

ROLE_FACTS: LiteralString = """
    select current_user::text as login, rolsuper as superuser, rolbypassrls as bypasses
    from pg_roles where rolname = current_user
"""
# The tables that a policy does not guard for this login. Views of pg_class need no rights on the tables themselves.
UNGUARDED_TABLES: LiteralString = """
    select relname::text from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'alembic_version'
      and not (relrowsecurity and relforcerowsecurity)
    order by relname
"""
HAS_SCHEMA: LiteralString = "select to_regprocedure('public.claimed_role()') is not null"
CLAIMED_ROLE: LiteralString = "select public.claimed_role()"


def with_timeouts(url: str) -> str:
    """The address with Quarry's network time-outs, where it does not name its own."""
    return make_conninfo("", **{**TCP_DEFAULTS, **conninfo_to_dict(url)})


class Database:
    """A pool of connections in one role; safe to share between threads, not between processes.

    Opens its first connection when one is needed, so that constructing it never waits.
    """

    def __init__(
        self,
        url: str,
        role: Role,
        *,
        claims: Mapping[str, object] | None = None,
        max_size: int = 4,
        timeout_s: float = 10.0,
    ) -> None:
        """Remember where and as whom to connect.

        Args:
            url: address of the database with login and password.
            role: what this process is; the owner carries no claims.
            claims: what `auth.jwt()` answers on these connections; `{"role": role}` when None.
            max_size: most connections at a time.
            timeout_s: longest wait for a free or a new connection.
        """
        self.role = role
        self._claims: Mapping[str, object] | None = claims
        if claims is None and role != "owner":
            self._claims = {"role": role}
        self._timeout_s = timeout_s
        self._url = with_timeouts(url)
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            self._url,
            kwargs={"application_name": f"quarry {role}"},
            min_size=0,
            max_size=max_size,
            timeout=timeout_s,
            reconnect_timeout=timeout_s,  # the default of 5 minutes backs off so far that it misses the server's return
            num_workers=1,
            open=True,
            configure=self._configure,
            check=self._check_alive,
            name=f"quarry-{role}",
        )

    def _check_alive(self, conn: Connection[Any]) -> None:
        """Find out before it is handed out whether a connection has survived, and with it all others of its age.

        The pool waits longer after each dead one that it meets: after a restart of the server the first callers would
        be refused.
        """
        try:
            ConnectionPool.check_connection(conn)
        except psycopg.OperationalError:
            self._pool.drain()
            raise

    def _configure(self, conn: Connection[Any]) -> None:
        conn.execute(CONFIGURE, {"statement_timeout": str(STATEMENT_TIMEOUT_MS)})
        if self._claims is not None:
            conn.execute(SET_CLAIMS, {"claims": values.json_text(dict(self._claims))})
        conn.commit()

    @contextmanager
    def transaction(self) -> Iterator[Connection[Any]]:
        """A connection whose work is committed at the end, or rolled back when an exception leaves the block.

        Raises:
            DatabaseUnavailable: Postgres does not answer, the pool is exhausted, or the statement was cut off
                (time limit, deadlock, shutdown, failover). Nothing was committed, unless the line broke during the
                commit.
        """
        try:
            with self._pool.connection() as conn:
                yield conn
        except (PoolTimeout, PoolClosed) as error:
            raise DatabaseUnavailable(
                f"No database connection within {self._timeout_s:g} s.", "Is Postgres running and reachable?"
            ) from error
        except LASTING_ERRORS:
            raise
        except PASSING_ERRORS as error:
            if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
                self._pool.drain()  # the address may lead to another server by now, these connections do not
            raise DatabaseUnavailable(f"The database did not finish the work: {first_line(error)}.") from error

    def as_caller(self, claims: Mapping[str, object]) -> "CallersView":
        """The same connections, with a caller's claims in place of the process's own."""
        return CallersView(self, claims)

    def check_role(self) -> None:
        """Refuse a login for which row-level security is not in force, or that it would show an empty queue.

        Raises:
            DatabaseMisconfigured: a superuser or a role that bypasses the policies, a table without forced policies,
                or claims that do not carry this role.
            DatabaseUnavailable: Postgres does not answer.
        """
        # A connection of its own fails at once and says why, where the pool would go on trying.
        try:
            with psycopg.connect(self._url) as conn:
                self._configure(conn)
                self._check(conn)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable(f"The database cannot be reached: {first_line(error)}.") from error

    def _check(self, conn: Connection[Any]) -> None:
        login, superuser, bypasses = one_row(conn, ROLE_FACTS)
        if self.role == "owner":
            return
        if superuser or bypasses:
            raise DatabaseMisconfigured(
                f"The login '{login}' bypasses row-level security, so the {self.role} role may not use it.",
                "Use a login without SUPERUSER and BYPASSRLS; `db/roles.py` makes one.",
            )
        if not one_row(conn, HAS_SCHEMA)[0]:
            raise DatabaseMisconfigured("The database has no Quarry schema yet.", "Run the migrations first.")
        unguarded = [name for (name,) in conn.execute(UNGUARDED_TABLES)]
        if unguarded:
            raise DatabaseMisconfigured(
                f"Row-level security is not forced on {', '.join(unguarded)}.", "Run the migrations first."
            )
        (claimed,) = one_row(conn, CLAIMED_ROLE)
        if claimed != self.role:
            raise DatabaseMisconfigured(
                f"The claims of this connection say role {claimed!r}, not '{self.role}': every table would look empty.",
                "Set request.jwt.claims to the right role.",
            )

    def close(self) -> None:
        """Close the connections and end the pool's threads; transactions then raise `DatabaseUnavailable`."""
        self._pool.close()


class CallersView:
    """A database as row-level security shows it to a caller: each transaction carries the caller's claims.

    They end with the transaction, so that a connection goes back to the pool with none but its own.
    """

    def __init__(self, database: Database, claims: Mapping[str, object]) -> None:
        """`claims` become what `auth.jwt()` answers."""
        self._database = database
        self._claims = values.json_text(dict(claims))

    @contextmanager
    def transaction(self) -> Iterator[Connection[Any]]:
        """As `Database.transaction`."""
        with self._database.transaction() as conn:
            conn.execute(SET_CALLERS_CLAIMS, {"claims": self._claims})
            yield conn


def one_row(conn: Connection[Any], query: LiteralString) -> Any:
    """The only row of a query that always has one."""
    row = conn.execute(query).fetchone()
    assert row is not None
    return row


def first_line(error: BaseException) -> str:
    """The first line of a driver's message, without its final stop."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")

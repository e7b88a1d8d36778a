"""Brings the database to where the pipeline can start: server, logins, migrations, and the addresses that follow.

Which address belongs to whom is decided here: the owner's stays with the command line, the pipeline has the service's,
the monitor the admin's.
"""

from base64 import b64encode
from contextlib import closing
from secrets import token_bytes
from typing import Any

import psycopg
from psycopg import Connection
from pydantic import SecretStr

from cluster.access.secrets import keep_secrets, make_missing, read_secrets
from cluster.settings import Settings
from db.connection import Database
from db.embedded import EmbeddedServer
from db.errors import DatabaseMisconfigured, DatabaseUnavailable
from db.roles import LoginRole, derive_url, ensure_roles, existing_logins

LOGIN_ROLES: tuple[LoginRole, ...] = ("service", "admin")
PASSWORDS: dict[LoginRole, str] = {"service": "SERVICE_PASSWORD", "admin": "ADMIN_PASSWORD"}
ADDRESSES: dict[LoginRole, str] = {"service": "QUARRY_SERVICE_DATABASE_URL", "admin": "QUARRY_ADMIN_DATABASE_URL"}
CONNECT_TIMEOUT_S = 10


class LoginsTaken(DatabaseMisconfigured):
    """Another installation has its logins on the same server."""

    code = "logins_taken"


def embedded_server(settings: Settings) -> EmbeddedServer:
    """The server in `home`, whether it runs or not."""
    return EmbeddedServer(settings.root / "postgres", settings.postgres_port)


def resolve_secrets(settings: Settings) -> Settings:
    """Settings with everything that a start makes: secrets and both logins' addresses. Writes `secrets.env`.

    An address that the user gave is kept; one that we made is made anew, because the server's may have changed.
    """
    earlier = read_secrets(settings.root)
    made = make_missing(settings.root, ("QUARRY_JWT_SECRET", *PASSWORDS.values()))
    changes: dict[str, SecretStr] = {}
    if settings.jwt_secret is None:
        changes["jwt_secret"] = SecretStr(made["QUARRY_JWT_SECRET"])
    derived = {}
    for role in LOGIN_ROLES:
        if given_address(settings, role, earlier) is None:
            derived[ADDRESSES[role]] = derive_url(owner_url(settings), role, made[PASSWORDS[role]])
            changes[f"{role}_database_url"] = SecretStr(derived[ADDRESSES[role]])
    if settings.webhook_secret is None:
        made_secret = earlier.get("QUARRY_WEBHOOK_SECRET") or f"whsec_{b64encode(token_bytes(32)).decode()}"
        derived["QUARRY_WEBHOOK_SECRET"] = made_secret
        changes["webhook_secret"] = SecretStr(made_secret)
    keep_secrets(settings.root, derived)
    return settings.model_copy(update=changes)


def given_address(settings: Settings, role: LoginRole, secrets: dict[str, str]) -> str | None:
    """The login's address as the user set it; None when there is none or it is one that we made."""
    address: SecretStr | None = getattr(settings, f"{role}_database_url")
    if address is None or address.get_secret_value() == secrets.get(ADDRESSES[role]):
        return None
    return address.get_secret_value()


def owner_url(settings: Settings) -> str:
    """The address that migrations use."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    server = embedded_server(settings)
    server.folder.mkdir(exist_ok=True)  # its passwords are made when first asked for
    return server.owner_url


def prepare_database(settings: Settings) -> str:
    """Start the embedded server unless another is set, make the logins, migrate, and check what each login sees.

    Args:
        settings: from `resolve_secrets`.

    Returns:
        The schema's version.

    Raises:
        PortTaken, ServerFailed: of the embedded server.
        DatabaseUnavailable, DatabaseMisconfigured, LoginsTaken: with what to do about it.
    """
    if settings.database_url is None:
        embedded_server(settings).start()
    from db.migrate import migrate  # SQLAlchemy takes a second to import, while Ray and Postgres start

    address, secrets = owner_url(settings), read_secrets(settings.root)
    given = [role for role in LOGIN_ROLES if given_address(settings, role, secrets) is not None]
    if not given:
        make_logins(settings, address, {role: secrets[PASSWORDS[role]] for role in LOGIN_ROLES})
    elif len(given) < len(LOGIN_ROLES):
        raise DatabaseMisconfigured(
            f"Only the login of the role {given[0]} is set.", f"Set {' and '.join(ADDRESSES.values())}, or neither."
        )
    version = migrate(address)
    for role, url in (("service", settings.service_url), ("admin", settings.admin_url)):
        check_login(url, role)  # type: ignore[arg-type]
    return version


def make_logins(settings: Settings, address: str, passwords: dict[LoginRole, str]) -> None:
    """Make both logins unless they are there. Raises LoginsTaken when they are another installation's.

    Logins belong to the whole server: to change their passwords would lock the other installation out.
    """
    with closing(connect(address)) as conn:
        if settings.database_url is not None:
            taken = existing_logins(conn)
            if taken and not all(opens(derive_url(address, role, password)) for role, password in passwords.items()):
                names = " and ".join(taken)
                raise LoginsTaken(
                    f"The database server has the login {names} already, and with another password than this home's.",
                    f"Another installation uses them: copy its secrets.env, set {' and '.join(ADDRESSES.values())}, "
                    "or drop the logins when nobody uses them.",
                )
        ensure_roles(conn, passwords)


def opens(address: str) -> bool:
    """Whether the login exists and has this password."""
    try:
        psycopg.connect(address, connect_timeout=CONNECT_TIMEOUT_S).close()
    except psycopg.OperationalError:
        return False
    return True


def connect(address: str) -> Connection[Any]:
    """One connection, or DatabaseUnavailable."""
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The database does not answer: {str(error).strip().splitlines()[0]}.",
            "Check DATABASE_URL and that the server runs.",
        ) from error


def check_login(url: str, role: LoginRole) -> None:
    """Raise DatabaseMisconfigured unless row-level security is in force for the login and its claim opens the rows."""
    with closing(Database(url, role, max_size=1)) as database:
        database.check_role()


# Before the head starts on Kubernetes (deploy/kuberay.yaml); `quarry up` calls the functions.
if __name__ == "__main__":
    here = Settings()
    here.root.mkdir(parents=True, exist_ok=True)
    print(f"the schema is at {prepare_database(resolve_secrets(here))}")

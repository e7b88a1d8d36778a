"""`quarry sql`: the bundled psql in one of Quarry's roles, to look at what row-level security shows each."""

import json
import os
from typing import Literal

from psycopg.conninfo import conninfo_to_dict

from cluster.host.database import embedded_server
from cluster.settings import Settings
from db.embedded import psql_path
from db.errors import DatabaseUnavailable, QuarryError

SqlRole = Literal["admin", "service", "none"]


class NotStarted(QuarryError):
    """There is no login yet."""

    code = "not_started"


def psql_command(arguments: list[str]) -> list[str]:
    """The program, without the user's own start-up file."""
    return [str(psql_path()), "--no-psqlrc", *arguments]


def psql_environment(settings: Settings, role: SqlRole) -> dict[str, str]:
    """Address and claim, where `ps` does not show them.

    Args:
        settings: of a home that was started once.
        role: whose claim the session carries; `none` is the admin's login without a claim, which sees nothing.

    Raises:
        NotStarted, DatabaseUnavailable: with what to do.
    """
    try:
        url = settings.service_url if role == "service" else settings.admin_url
    except ValueError as error:
        raise NotStarted("Quarry has no database logins yet.", "Start it with `quarry up`.") from error
    if settings.database_url is None and not embedded_server(settings).is_running():
        raise DatabaseUnavailable("The embedded Postgres is not running.", "Start it with `quarry up`.")
    environment = dict(os.environ) | {"PSQL_HISTORY": str(settings.root / "psql_history")}
    environment |= {VARIABLES[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in VARIABLES}
    environment.pop("PGOPTIONS", None)
    if role != "none":
        claims = json.dumps({"role": role}, separators=(",", ":"))
        environment["PGOPTIONS"] = f"-c request.jwt.claims={claims}"
    return environment


VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}

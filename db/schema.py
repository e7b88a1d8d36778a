"""Owns schema.sql: what the migrations build, in one file, for people to read and for tests to hold them to.

`python -m db.schema` writes it anew after a migration was added.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from db.connection import Database
from db.embedded import EmbeddedServer, binaries
from db.errors import ServerFailed
from db.migrate import expected_version, migrate
from db.roles import ensure_roles

SCHEMA_FILE = Path(__file__).parent / "schema.sql"
HEADER = """\
-- What the migrations in db/migrations/versions build, as pg_dump writes it. Made by `python -m db.schema`.
-- Run it as the owner in an empty database, after db/roles.py has made the logins.
"""
DUMP_TIMEOUT_S = 60
NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET .*;|SELECT pg_catalog\.set_config\(.*\);)$\n?", re.MULTILINE)
THREE_LINES = re.compile(r"\n{3,}")


def schema_of(owner_url: str) -> str:
    """The schema of a migrated database, without what differs from dump to dump.

    Raises:
        ServerFailed: pg_dump said no.
    """
    parts = conninfo_to_dict(owner_url)
    command = [str(binaries() / "pg_dump"), "--schema-only", "--no-owner", "--no-comments", "--dbname"]
    dumped = subprocess.run(
        [*command, " ".join(f"{name}={parts[name]}" for name in ("host", "port", "user", "dbname"))],
        capture_output=True,
        text=True,
        check=False,
        timeout=DUMP_TIMEOUT_S,
        env={"PGPASSWORD": str(parts["password"]), "LC_ALL": "C"},
    )
    if dumped.returncode != 0:
        raise ServerFailed(f"pg_dump failed: {dumped.stderr.strip()}")
    body = THREE_LINES.sub("\n\n", NOISE.sub("", dumped.stdout)).strip()
    version = f"INSERT INTO public.alembic_version VALUES ('{expected_version()}');"
    return f"{HEADER}\n{body}\n\n{version}\n"


def dump_schema(file: Path = SCHEMA_FILE) -> None:
    """Migrate an empty database on a server of its own, and write what came out."""
    with tempfile.TemporaryDirectory(prefix="quarry-schema-") as folder:
        server = EmbeddedServer(Path(folder), 0, settings={"fsync": "off"})
        server.start()
        try:
            owner = Database(server.owner_url, "owner")
            with owner.transaction() as conn:
                ensure_roles(conn, {"service": "unused", "admin": "unused"})
            owner.close()
            migrate(server.owner_url)
            file.write_text(schema_of(server.owner_url), encoding="utf-8")
        finally:
            server.stop()


if __name__ == "__main__":
    dump_schema()

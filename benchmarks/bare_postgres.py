"""A Postgres of the benchmark's own with the schema in it and nothing else; no Ray, no models."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.connection import Database
from db.embedded import EmbeddedServer
from db.migrate import migrate
from db.roles import derive_url, ensure_roles


@contextmanager
def bare_postgres() -> Iterator[tuple[EmbeddedServer, str, str]]:
    """The server, and the addresses of the service and the admin login; all of it is removed at the end."""
    passwords = {"service": secrets.token_urlsafe(12), "admin": secrets.token_urlsafe(12)}
    with tempfile.TemporaryDirectory(prefix="quarry-bench-") as folder:
        Path(folder).chmod(0o711)  # Postgres may run as another user
        server = EmbeddedServer(Path(folder), 0)
        server.start()
        try:
            owner = Database(server.owner_url, "owner")
            with owner.transaction() as conn:
                ensure_roles(conn, {"service": passwords["service"], "admin": passwords["admin"]})
            owner.close()
            migrate(server.owner_url)
            service, admin = (derive_url(server.owner_url, role, passwords[role]) for role in ("service", "admin"))
            yield server, service, admin
        finally:
            server.stop()

"""Postgres goes away and comes back: what a process that holds a pool sees."""

import time
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from db.connection import Database
from db.embedded import EmbeddedServer
from db.errors import DatabaseUnavailable
from db.migrate import migrate
from db.roles import derive_url, ensure_roles
from tests.integration import factories


@pytest.fixture
def own_server(server_folder):
    folder = Path(mkdtemp(dir=server_folder.parent))
    folder.chmod(0o711)
    server = EmbeddedServer(folder, 0, settings={"fsync": "off"})
    server.start()
    yield server
    server.stop()


def test_the_pool_works_again_soon_after_the_server_is_back(own_server):
    with psycopg.connect(own_server.owner_url) as conn:
        ensure_roles(conn, {"service": "s", "admin": "a"})
    migrate(own_server.owner_url)
    service = Database(derive_url(own_server.owner_url, "service", "s"), "service", timeout_s=1.0)
    with service.transaction() as conn:
        document = factories.add_document(conn)
    own_server.stop()
    away_until = time.monotonic() + 4
    while time.monotonic() < away_until:
        with pytest.raises(DatabaseUnavailable), service.transaction():
            pass
    own_server.start()
    back = time.monotonic()
    while True:
        try:
            with service.transaction() as conn:
                assert factories.claim_document(conn).id == document.id
            break
        except DatabaseUnavailable:
            assert time.monotonic() - back < 10
    service.close()

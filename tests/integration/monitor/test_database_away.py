"""Postgres goes away under the monitor and comes back, as the reader of a page sees it."""

import re
import time
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from db.connection import Database
from db.embedded import EmbeddedServer
from db.migrate import migrate
from db.roles import derive_url, ensure_roles
from tests.integration.monitor import situations
from tests.integration.monitor.conftest import Monitor, forget_caches

BACK_WITHIN_S = 30


@pytest.fixture
def own_server(server_folder):
    """A server that may be stopped without harm to other tests."""
    folder = Path(mkdtemp(dir=server_folder.parent))
    folder.chmod(0o711)
    server = EmbeddedServer(folder, 0, settings={"fsync": "off"})
    server.start()
    with psycopg.connect(server.owner_url) as conn:
        ensure_roles(conn, {"service": "s", "admin": "a"})
    migrate(server.owner_url)
    yield server
    server.stop()


@pytest.fixture
def monitor(own_server, monkeypatch, storage):
    monkeypatch.setenv("QUARRY_ADMIN_DATABASE_URL", derive_url(own_server.owner_url, "admin", "a"))
    monkeypatch.setenv("QUARRY_STORAGE_URL", storage.address)
    forget_caches()
    yield Monitor()
    forget_caches()


def test_the_last_good_data_stays_and_one_line_says_since_when(monitor, own_server, storage):
    service = Database(derive_url(own_server.owner_url, "service", "s"), "service")
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=8, read=3)
    service.close()
    read_at = re.search(r"Live, read at (\S+)", monitor.open().text).group(1)

    own_server.stop()
    text = monitor.refresh().text
    away = re.search(r"Database away since (\S+)\.", text)
    assert away
    assert f"Shown is what was read at {read_at}." in text
    assert f"Last good read {read_at}" in text
    assert "Extraction 3 / 8 pages" in text
    assert "Processing 1 documents right now" in text
    time.sleep(1.1)
    assert f"Database away since {away.group(1)}." in monitor.refresh().text, "since the first failure, not the last"

    text = Monitor().open("queues").text
    assert "This page has not been read before; it fills by itself when the database answers." in text
    assert "Image queue" not in text, "nothing is made up"

    own_server.start()
    back = time.monotonic()
    while "away" in (text := monitor.refresh().text):
        assert time.monotonic() - back < BACK_WITHIN_S
    assert "Live, read at" in text
    assert "Extraction 3 / 8 pages" in text

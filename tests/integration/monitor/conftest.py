"""The monitor over the test's own database and file store."""

import re
import sys
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from cluster.access.tokens import issue_token
from cluster.storage import Storage
from monitor import frame, pictures
from serve_app import build_app
from tests.integration.api.conftest import make_settings, serving

SCRIPT = Path(__file__).parents[3] / "monitor_app.py"
CACHES = (frame.settings, frame.source, pictures.storage, pictures._read, pictures._marked, pictures._reduced)
PATIENCE_S = 60


def forget_caches() -> None:
    """A monitor process starts with empty caches; so does each test."""
    for cache in CACHES:
        cache.clear()


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """Streamlit puts the script in place of `__main__`, which processes that later tests start would import."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def storage(tmp_path):
    return Storage(f"file://{tmp_path / 'files'}")


@pytest.fixture
def monitor_settings(monkeypatch, admin_url, storage, tmp_path):
    """The environment that `quarry up` would give the monitor."""
    monkeypatch.setenv("QUARRY_ADMIN_DATABASE_URL", admin_url)
    monkeypatch.setenv("QUARRY_STORAGE_URL", storage.address)
    monkeypatch.setenv("QUARRY_HOME", str(tmp_path / "home"))
    forget_caches()
    yield
    forget_caches()


class Monitor:
    """A reader who opens a page of the monitor and reads what is on it."""

    def __init__(self) -> None:
        self.app = AppTest.from_file(str(SCRIPT), default_timeout=PATIENCE_S)

    def open(self, path: str = "", **query: Any) -> "Monitor":
        """Go to a page; its path is the one in the address bar."""
        # AppTest switches between files only; our pages are functions, which Streamlit finds by the hash of their path.
        self.app._page_hash = calc_hash(path)
        self.app.query_params = query
        return self.refresh()

    def refresh(self) -> "Monitor":
        self.app.run()
        assert not self.app.exception, [error.value for error in self.app.exception]
        return self

    def choose(self, kind: str, value: Any, place: int = 0) -> "Monitor":
        """Set a widget of the page, by its kind and place."""
        getattr(self.app.main, kind)[place].set_value(value)
        return self.refresh()

    def press(self, label: str) -> "Monitor":
        """Press the one button of this name."""
        (button,) = [button for button in self.app.main.button if button.label == label]
        button.click()
        return self.refresh()

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.app.main.button]

    @property
    def html(self) -> str:
        return "\n".join(piece.value for piece in self.app.main.get("html"))

    @property
    def text(self) -> str:
        """What the page says, without its tags and with single spaces."""
        return words_of(self.html)


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


@pytest.fixture
def monitor(monitor_settings):
    return Monitor()


@pytest.fixture
def api(owner_url, passwords, tmp_path, monkeypatch):
    """An API over the test's database, and a monitor that knows where it is and has a token for it."""
    settings = make_settings(tmp_path / "api", owner_url, passwords)
    with serving(build_app(settings)) as address:
        monkeypatch.setenv("QUARRY_API_PORT", str(urlsplit(address).port))
        monkeypatch.setenv("QUARRY_MONITOR_TOKEN", issue_token(settings, "monitor", "admin"))
        forget_caches()
        yield address

"""What every test gets: none of the settings of the shell that runs it, and one browser for all that ask for it."""

import logging
import os

import pytest

from cluster.host.logs import SharedFile
from tests.browser import running_browser

FOREIGN = ("QUARRY_", "DATABASE_URL", "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGOPTIONS")


@pytest.fixture(scope="session", autouse=True)
def own_settings():
    """A developer's DATABASE_URL must not become the tests' database."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(FOREIGN)}
    yield
    os.environ.update(kept)


@pytest.fixture(autouse=True)
def own_log():
    """What a test runs in this process, a worker say, sends everything to the log of its own home, which then goes."""
    root = logging.getLogger()
    level, before = root.level, list(root.handlers)
    yield
    for handler in [one for one in root.handlers if isinstance(one, SharedFile) and one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture(scope="session")
def browser():
    """One for the whole run: a second Playwright cannot start in the process of the first."""
    with running_browser() as found:
        yield found

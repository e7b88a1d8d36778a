"""Whether the service says that it cannot work, and why, when a part of it is away; and that it lives meanwhile."""

import os
import signal
import time
from contextlib import suppress

import httpx
import pytest

from cluster.host.database import embedded_server
from cluster.host.process_list import running_processes
from cluster.local import note_database
from tests.acceptance.conftest import settings_of

WITHIN_S = 120


def ask(checkout, path):
    return httpx.get(f"http://127.0.0.1:{checkout.port('API_PORT')}{path}", timeout=30, trust_env=False)


def wait_for(checkout, ready, part=None, word="", meanwhile=lambda: None):
    """The answer of /readyz once it is as it should be; /healthz is fine all the time."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        answer = ask(checkout, "/readyz")
        told = answer.json()
        if (answer.status_code == 200) is ready and (
            ready or (not told[part]["ready"] and word in told[part]["reason"])
        ):
            return told
        assert time.monotonic() < deadline, told
        assert ask(checkout, "/healthz").json() == {"status": "alive"}
        meanwhile()
        time.sleep(0.2)


@pytest.fixture(autouse=True)
def ready_before_and_after(checkout, client):
    wait_for(checkout, ready=True)
    yield
    wait_for(checkout, ready=True)


def test_without_postgres_it_is_not_ready(checkout):
    settings = settings_of(checkout)
    server = embedded_server(settings)
    server.stop()
    try:
        told = wait_for(checkout, ready=False, part="database")
    finally:
        server.start()
        note_database(settings, checkout.book)  # as `up` does, which knows what it started
    assert not told["ready"]
    assert told["storage"]["ready"]


def test_without_the_file_store_it_is_not_ready(checkout):
    files, aside = checkout.home / "files", checkout.home / "files-aside"
    files.rename(aside)
    files.touch()  # a file where the folder should be: nothing can be written, by no user
    try:
        told = wait_for(checkout, ready=False, part="storage")
    finally:
        files.unlink()
        aside.rename(files)
    assert told["database"]["ready"]


@pytest.mark.parametrize("duty", ["ocr", "supervisor"])
def test_without_an_actor_it_is_not_ready(checkout, duty):
    def kill():
        """Again when it is back: on an idle machine Ray needs less than a second, in which nobody may have looked."""
        for one in running_processes(checkout.home):
            if one.duty.startswith(duty):
                with suppress(ProcessLookupError):
                    os.kill(one.pid, signal.SIGKILL)

    told = wait_for(checkout, ready=False, part="pipeline", word=duty, meanwhile=kill)
    assert told["database"]["ready"] and told["storage"]["ready"]

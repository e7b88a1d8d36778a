"""The monitor as a process of its own, started the way `quarry up` starts it."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from db.embedded import claim_port

SERVER = Path(__file__).parents[3] / "monitor_server.py"
START_TIMEOUT_S = 90


def command(port, host="127.0.0.1"):
    return [
        sys.executable, "-m", "streamlit", "run", str(SERVER), "--server.address", host, "--server.port", str(port),
    ]  # fmt: skip


@contextmanager
def monitor_process(folder, admin_url, storage, **variables):
    """Over a database and a file store; gives its address. Nothing may be written to the user's own folder."""
    port, home = claim_port(0), folder / "user"
    home.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "QUARRY_ADMIN_DATABASE_URL": admin_url,
        "QUARRY_STORAGE_URL": storage.address,
        "QUARRY_HOME": str(folder / "home"),
        **variables,
    }
    with (folder / "monitor.log").open("w") as log:
        process = subprocess.Popen(command(port), env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, folder / "monitor.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
    assert not list(home.iterdir()), "nothing is written to the user's own folder"


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    ends = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The monitor did not start: {log.read_text()[-2000:]}")

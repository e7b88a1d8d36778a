"""`make test`: runs pytest with everything that it writes inside the project's own folder, and nothing of the user's.

Only the Postgres of the integration tests is in memory where there is room, and removed at the end.

Arguments go to pytest: `make test ARGS="tests/unit -k ports"`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster.access.secrets import private_token
from cluster.host.environment import cache_places, no_proxy, ray_environment
from cluster.host.processes import ProcessBook
from cluster.host.socket_folders import make_socket_folders, remove_short_folders
from cluster.settings import Settings
from tests import browser

PROJECT = Path(__file__).parent.parent
FOLDER = PROJECT / ".quarry-test"


def environment(settings, folders):
    """The user's environment with every place to write replaced."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "QUARRY_"))}
    variables |= {name: value for name, value in os.environ.items() if name.startswith("QUARRY_TEST_")}
    variables |= cache_places(settings, {}) | ray_environment(settings)
    variables |= {"TMPDIR": str(folders.temporary), "NO_PROXY": no_proxy()}
    # Ray appends its own name to it.
    variables["RAY_TMPDIR"] = str(FOLDER if folders.ray.is_relative_to(FOLDER) else folders.ray)
    private_token(Path(variables["RAY_AUTH_TOKEN_PATH"]))
    return variables


def provide_browser():
    """Install chromium before the clock of a test runs; a test that needs it says what to do when that fails."""
    if browser.installed():
        return
    print("installing chromium for the browser test ...", flush=True)
    try:
        browser.install()
    except pytest.fail.Exception as error:
        print(error)


def main(arguments):
    """Run pytest; its exit code."""
    os.chdir(PROJECT)
    for leftover in ("tmp", "ray"):
        shutil.rmtree(FOLDER / leftover, ignore_errors=True)
    settings = Settings(home=FOLDER)
    book = ProcessBook(FOLDER)
    folders = make_socket_folders(FOLDER, book)
    folders.temporary.chmod(0o711)  # Postgres runs as another user in some tests
    provide_browser()
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--basetemp={FOLDER / 'pytest'}",
        f"--override-ini=cache_dir={FOLDER / 'pytest-cache'}",
        *arguments,
    ]
    try:
        return subprocess.run(command, env=environment(settings, folders), check=False).returncode
    finally:
        remove_short_folders(book)


@contextmanager
def one_run_at_a_time():
    """pytest empties its folder at the start, which another run in this checkout may be using."""
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another test run in this checkout ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with one_run_at_a_time():
        sys.exit(main(sys.argv[1:]))

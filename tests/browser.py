"""A real browser for tests: Debian's chromium, headless, driven by Playwright, which downloads no browser of its own.

Installs chromium with apt-get where it is missing and that is allowed; says which command to type where it is not.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
WAIT_FOR_LOCK = ["-o", "DPkg::Lock::Timeout=300"]
UPDATE = ["apt-get", "update", "-qq"]
INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
ADVICE = f"The browser test needs chromium. Type as root: {' '.join(UPDATE)} && {' '.join(INSTALL)}"
INSTALL_TIMEOUT_S = 600
LAUNCH_TIMEOUT_MS = 120_000


def installed() -> Path | None:
    """Where the browser is; `QUARRY_TEST_BROWSER` names another one."""
    named = os.environ.get("QUARRY_TEST_BROWSER")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    return Path(found) if found else None


def install() -> None:
    """Install Debian's chromium, or fail with the command to type."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.fail(ADVICE)
    for command in (UPDATE, [*INSTALL, *WAIT_FOR_LOCK]):
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=INSTALL_TIMEOUT_S,
        )
        if done.returncode:
            pytest.fail(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{ADVICE}")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A browser that keeps what it writes in a folder of its own, which goes with it."""
    if not installed():
        install()
    executable = installed()
    if not executable:
        pytest.fail(ADVICE)
    with TemporaryDirectory(prefix="quarry-browser-") as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=FLAGS,
            timeout=LAUNCH_TIMEOUT_MS,
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home},
        )
        try:
            yield browser
        finally:
            browser.close()

"""Owns the local Ray: how its head is started, where it listens, when it is up.

Everything listens on 127.0.0.1 and wants a token. No other Ray of this machine is looked for, joined or ended:
`ray stop`, which ends them all, is never used.
"""

import os
import shutil
import sys
import time
from pathlib import Path

import psutil

from cluster.access.secrets import private_token
from cluster.host.environment import child_environment, ray_token_path
from cluster.host.ports import free_ports
from cluster.host.processes import ProcessBook
from cluster.host.socket_folders import make_socket_folders, ray_folder
from cluster.settings import MEBIBYTE, Settings
from db.errors import QuarryError

HOST = "127.0.0.1"
OBJECT_STORE_BYTES = 256 * MEBIBYTE
"""Calls carry storage keys and small records, never pages or pixels: Ray's default, 30 % of the memory, is waste."""
START_TIMEOUT_S = 180.0
POLL_S = 0.05
SESSION_NICENESS = 15
"""Of all of Ray towards other sessions of the machine, Postgres's backends before all (docs/decisions/0013)."""
SESSIONS_KEPT = 3
READY_FILE = "ray_current_cluster"
"""Ray writes the address there once head and raylet have found each other."""


class RayFailed(QuarryError):
    """The local Ray did not start."""

    code = "ray_failed"


def head_address(settings: Settings) -> str:
    """Where this checkout's Ray takes connections."""
    return f"{HOST}:{settings.ray_port}"


def dashboard_url(settings: Settings) -> str:
    """Ray's own dashboard; it asks for the token of `ray_token_path`."""
    return f"http://{HOST}:{settings.dashboard_port}"


def metrics_url(settings: Settings) -> str:
    """Where Ray's exporter answers Prometheus; without a token, on this machine only."""
    return f"http://{HOST}:{settings.metrics_port}/metrics"


def start_ray_head(settings: Settings, book: ProcessBook) -> psutil.Process:
    """Start the daemons and return at once; `wait_for_ray_head` waits."""
    folders = make_socket_folders(settings.root, book)
    remove_old_sessions(ray_folder(settings.root))
    (ray_folder(settings.root) / READY_FILE).unlink(missing_ok=True)
    private_token(ray_token_path(settings))
    environment = child_environment(settings, "ray", folders.temporary)
    # Two ports that Ray would take as fixed numbers, and not share with another Ray.
    autoscaler_port, dashboard_metrics_port = free_ports(2, HOST)
    environment["AUTOSCALER_METRIC_PORT"] = str(autoscaler_port)
    environment["DASHBOARD_METRIC_PORT"] = str(dashboard_metrics_port)
    return book.start(
        "ray",
        head_command(settings, folders.ray),
        environment=environment,
        folder=Path.cwd(),
        session_niceness=SESSION_NICENESS,
    )


def head_command(settings: Settings, folder: Path) -> list[str]:
    """The command line of `ray start` for the head."""
    program = [sys.executable, "-m", "cluster.host.ray_daemon", "start", "--head", "--block"]
    options = {
        "port": settings.ray_port,
        "node-ip-address": HOST,
        "dashboard-host": HOST,
        "dashboard-port": settings.dashboard_port,
        "dashboard-agent-listen-port": 0,
        "metrics-export-port": settings.metrics_port,
        "min-worker-port": 0,
        "max-worker-port": 0,
        "object-store-memory": OBJECT_STORE_BYTES,
        "temp-dir": folder,
        "log-color": "false",
    }
    return program + [f"--{name}={value}" for name, value in options.items()] + ["--disable-usage-stats"]


def wait_for_ray_head(settings: Settings, book: ProcessBook, process: psutil.Process) -> None:
    """Return when Ray takes connections. Raises RayFailed with the end of its log when it does not."""
    ready = ray_folder(settings.root) / READY_FILE
    deadline = time.monotonic() + START_TIMEOUT_S
    while not (ready.exists() and ready.read_text().strip() == head_address(settings)):
        if not book.leader("ray"):
            raise RayFailed(
                f"Ray ended while it started (pid {process.pid}): {tail(book.log('ray'))}", logs_are(settings)
            )
        if time.monotonic() > deadline:
            raise RayFailed(f"Ray is not up after {START_TIMEOUT_S:g} s: {tail(book.log('ray'))}", logs_are(settings))
        time.sleep(POLL_S)


def logs_are(settings: Settings) -> str:
    """Advice for the reader of an error."""
    session = ray_folder(settings.root) / "session_latest" / "logs"
    return f"Its logs are in {session} and {settings.root / 'logs' / 'ray.log'}."


def tail(log: Path, lines: int = 4) -> str:
    """The last words of a log, in one line."""
    try:
        return last_words(log.read_text(errors="replace"), lines)
    except FileNotFoundError:
        return ""


def last_words(text: str, lines: int) -> str:
    """The last lines that say anything, in one."""
    return " / ".join([line.strip() for line in text.splitlines() if line.strip()][-lines:])


def remove_old_sessions(folder: Path) -> None:
    """Ray makes a folder with all its logs at every start and never removes one."""
    sessions = sorted(folder.glob("session_2*"), key=os.path.getmtime)
    for session in sessions[: -SESSIONS_KEPT + 1]:
        shutil.rmtree(session, ignore_errors=True)

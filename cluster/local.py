"""Starts and stops all that one home runs: Postgres, Ray with the pipeline and the API on it, the monitor.

`up` starts what is missing and leaves alone what runs; `down` ends exactly what `up` started, also after a crash.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from cluster.access.monitor_guard import require_guarded
from cluster.host import ray_head
from cluster.host.database import embedded_server, prepare_database, resolve_secrets
from cluster.host.environment import child_environment, settings_environment
from cluster.host.ports import require_free
from cluster.host.processes import ProcessBook, exclusive
from cluster.host.readiness import wait_for_monitor, wait_until_ready, why_not_ready
from cluster.host.socket_folders import make_socket_folders, remove_short_folders
from cluster.serving import (
    ONLY_SERVE,
    Services,
    connected,
    import_services,
    services_there,
    start_services,
    stop_arguments,
)
from cluster.settings import Settings
from db import embedded
from db.errors import QuarryError, ServerFailed

GRACE_S = 10.0
"""What running documents get to come to their end."""
TAKE_BACK_GRACE_S = 1.0
"""The same after a start that failed: what was begun has only just been."""
ROLES = {"monitor": 5.0, "ray": 2.5, "postgres": 10.0}
"""In the order in which they end, with the seconds between SIGTERM and SIGKILL. Ray holds nothing any more by then, and
its head alone takes five seconds to give up."""
MONITOR_FILE = "monitor_server.py"

Report = Callable[[str], None]
"""Takes one short line that says what is being done."""


class ClusterNeedsPlaces(QuarryError):
    """Other machines cannot reach what is only on this one."""

    code = "cluster_needs_places"
    permanent = True


class RunsElsewhere(QuarryError):
    """What runs was started with other addresses."""

    code = "runs_elsewhere"


@dataclass
class Found:
    """What a call of `up` found, and leaves when it fails."""

    roles: set[str]
    addresses: dict[str, str]  # that the book held
    services: Services | None = None  # on somebody's Ray, as soon as something is put there


@dataclass(frozen=True)
class Running:
    """What `up` leaves behind."""

    settings: Settings  # with resolved database addresses
    addresses: dict[str, str]
    reused: bool


def addresses(settings: Settings) -> dict[str, str]:
    """Where everything answers, by name."""
    found = {
        "API": settings.api_url,
        "API documentation": f"{settings.api_url}/docs",
        "Monitor": settings.monitor_url,
    }
    if settings.ray_address is None:
        found["Ray dashboard"] = ray_head.dashboard_url(settings)
        found["Metrics"] = ray_head.metrics_url(settings)
    return found


def up(settings: Settings, report: Report) -> Running:
    """Start what is missing and wait until documents can be processed.

    Raises:
        PortTaken, ServerFailed, RayFailed, DatabaseMisconfigured, DatabaseUnavailable, NotReady, StartRunning,
        RunsElsewhere, MonitorUnguarded: and then nothing that this call started is left running, here or on somebody's
            Ray; where that Ray does not answer any more, `down` can try again.
    """
    require_shared_places(settings)
    require_guarded(settings.host, settings)
    settings.root.mkdir(parents=True, exist_ok=True)
    with exclusive(settings.root):
        book = ProcessBook(settings.root)
        require_same_addresses(settings, book)
        end_leftovers(settings, book, report)
        running = set(book.members()) | running_database(settings, book)
        require_ports(settings, running)
        settings = resolve_secrets(settings)
        if running >= wanted(settings) and why_not_ready(settings) is None:
            return Running(settings, addresses(settings), reused=True)
        found = Found(running, book.state.addresses)
        book.state.addresses = addresses(settings)
        book.save()
        try:
            start_missing(settings, book, found, report)
        except BaseException:
            take_back(settings, book, found, report)
            raise
        return Running(settings, addresses(settings), reused=False)


def wanted(settings: Settings) -> set[str]:
    """The roles that run here with these settings."""
    return {
        "monitor",
        *(["ray"] if settings.ray_address is None else []),
        *(["postgres"] if settings.database_url is None else []),
    }


def require_shared_places(settings: Settings) -> None:
    """On a cluster, the nodes must reach database and files. Raises ClusterNeedsPlaces."""
    address = settings.ray_address
    if address is None or address.startswith(("127.", "localhost")):
        return
    missing = [
        *(["DATABASE_URL"] if settings.database_url is None else []),
        *(["QUARRY_STORAGE_URL"] if settings.storage_url is None else []),
    ]
    if missing:
        raise ClusterNeedsPlaces(
            f"The nodes of the Ray cluster {address} cannot reach the database and the files of this machine.",
            f"Set {' and '.join(missing)} to what all of them reach, or unset QUARRY_RAY_ADDRESS.",
        )


def running_database(settings: Settings, book: ProcessBook) -> set[str]:
    """The embedded server found running although the book does not know it: it is ours by its folder, and noted."""
    if settings.database_url is None and embedded_server(settings).is_running():
        note_database(settings, book)
        return {"postgres"}
    return set()


def note_database(settings: Settings, book: ProcessBook) -> None:
    """Write down the server that pg_ctl started for us."""
    process = embedded_server(settings).process()
    if process is not None:
        book.record("postgres", process)


def require_same_addresses(settings: Settings, book: ProcessBook) -> None:
    """Other ports than those of what runs would start a second half beside the first."""
    before = book.state.addresses
    if before and before != addresses(settings) and book.members():
        raise RunsElsewhere(
            f"Quarry runs already in {settings.root} at {before['API']}, with other addresses than these settings say.",
            "End it with `quarry down` first, or use another QUARRY_HOME.",
        )


def end_leftovers(settings: Settings, book: ProcessBook, report: Report) -> None:
    """After a crash: a role without its leader is of no use, and holds ports and memory."""
    for role in ROLES:
        if book.members(role) and book.leader(role) is None:
            report(f"ending what a crash left of {role}")
            end_role(settings, book, role)


def require_ports(settings: Settings, running: set[str]) -> None:
    """Every port that is about to be used is free; raises PortTaken."""
    for role, host, port, setting in needed_ports(settings):
        if role not in running:
            require_free(host, port, setting)


def needed_ports(settings: Settings) -> list[tuple[str, str, int, str]]:
    """Role, host, port and the setting that moves it, of all that listens here on a fixed port."""
    ports = [
        ("ray", settings.host, settings.api_port, "QUARRY_API_PORT"),
        ("ray", ray_head.HOST, settings.dashboard_port, "QUARRY_DASHBOARD_PORT"),
        ("ray", ray_head.HOST, settings.ray_port, "QUARRY_RAY_PORT"),
        ("ray", ray_head.HOST, settings.metrics_port, "QUARRY_METRICS_PORT"),
        ("monitor", settings.host, settings.monitor_port, "QUARRY_MONITOR_PORT"),
        ("postgres", embedded.HOST, settings.postgres_port, "QUARRY_POSTGRES_PORT"),
    ]
    return [port for port in ports if port[0] in wanted(settings)]


# ---- start


def start_missing(settings: Settings, book: ProcessBook, found: Found, report: Report) -> None:
    """Everything at once where nothing depends on it: Ray's daemons take longest, so they go first."""
    ray = None
    if settings.ray_address is None and "ray" not in found.roles:
        report("starting Ray")
        ray = ray_head.start_ray_head(settings, book)
    with ThreadPoolExecutor(1) as threads:
        report("starting Postgres and migrating" if settings.database_url is None else "migrating the database")
        database = threads.submit(prepare_database, settings)
        if "monitor" not in found.roles:
            start_monitor(settings, book)
        import_services(settings)
        database.result()
    if settings.database_url is None:
        note_database(settings, book)
    if ray is not None:
        wait_for_ray(settings, book, ray, report)
    report("starting the pipeline and the API")
    with connected(settings):
        if settings.ray_address is not None:
            found.services = services_there()
        start_services(settings)
    wait_for_monitor(settings, book)
    report("loading the models")
    wait_until_ready(settings)


def wait_for_ray(settings: Settings, book: ProcessBook, process: psutil.Process, report: Report) -> None:
    """Return when Ray takes connections; it gets a second try. Raises RayFailed."""
    try:
        ray_head.wait_for_ray_head(settings, book, process)
    except ray_head.RayFailed:  # its daemons wait 30 s for each other, which a cold disk or a busy machine can use up
        report("starting Ray once more")
        end_role(settings, book, "ray")
        ray_head.wait_for_ray_head(settings, book, ray_head.start_ray_head(settings, book))


def start_monitor(settings: Settings, book: ProcessBook) -> psutil.Process:
    """Streamlit in a process of its own, in the folder whose `.streamlit/config.toml` says how it looks."""
    spec = find_spec(MONITOR_FILE.removesuffix(".py"))
    assert spec is not None and spec.origin is not None
    script = Path(spec.origin)
    temporary = make_socket_folders(settings.root, book).temporary
    argv = [sys.executable, "-m", "streamlit", "run", str(script)]
    environment = child_environment(settings, "monitor", temporary)
    return book.start("monitor", argv, environment=environment, folder=script.parent)


def take_back(settings: Settings, book: ProcessBook, found: Found, report: Report) -> None:
    """End what a start that failed has started, and say so; what was there before stays."""
    report("ending what was started")
    trouble = None
    try:
        if found.services is not None:
            report("taking off the Ray cluster what was put there")
            if (trouble := stop_politely(settings, TAKE_BACK_GRACE_S, found.services)) is not None:
                report(f"something of it may still be there, because {trouble}; `quarry down` tries again")
    finally:  # also when somebody does not want to wait for the cluster
        for role in ROLES:
            if role not in found.roles:
                end_role(settings, book, role)
        if not book.members():
            remove_short_folders(book)
    if trouble is None:  # else `down` must know that something was put there
        book.state.addresses = found.addresses
        book.save()


# ---- stop


def down(settings: Settings, report: Report, *, grace_s: float = GRACE_S) -> int:
    """End what `up` started here, and nothing else.

    Returns:
        How many processes that were; 0 when nothing ran.
    """
    if not settings.root.exists():
        return 0
    with exclusive(settings.root):
        book = ProcessBook(settings.root)
        running_database(settings, book)
        if book.leader("ray") is not None or (settings.ray_address is not None and book.state.addresses):
            report("giving running documents back")
            if (trouble := stop_politely(settings, grace_s)) is not None:
                report(f"they are taken up again when their leases run out, because {trouble}")
        count = 0
        for role in ROLES:
            if members := len(book.members(role).get(role, [])):
                report(f"ending {role}")
                count += members
            end_role(settings, book, role)
        remove_short_folders(book)
        book.state.addresses = {}
        book.save()
        return count


def stop_politely(settings: Settings, grace_s: float, kept: Services = ONLY_SERVE) -> str | None:
    """Let the pipeline give its leases back; gives the reason when it could not, and Ray is ended all the same.

    `kept` is what stays of it on somebody's Ray.
    """
    command = [sys.executable, "-m", "cluster.serving", *stop_arguments(grace_s, kept)]
    environment = dict(os.environ) | settings_environment(settings, without=set())
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60 + 3 * grace_s)
    except subprocess.TimeoutExpired:
        return "Ray did not answer in time"
    return None if done.returncode == 0 else ray_head.last_words(done.stderr, 1)


def end_role(settings: Settings, book: ProcessBook, role: str) -> None:
    """End one role's processes; Postgres in its own way first."""
    if role == "postgres" and settings.database_url is None:
        with suppress(ServerFailed):  # then the book ends it
            embedded_server(settings).stop()
    book.end(role, ROLES[role])

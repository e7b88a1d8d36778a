"""Lists the processes of one home with what each is for. Asks the system alone: it works while Ray or Postgres is ill.

What a process wrote down itself (`cluster.host.duties`) counts most; of what Quarry did not write, the command line
tells.
"""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from cluster.host.duties import Duty, noted_duties
from cluster.host.processes import ProcessBook

BY_COMMAND = [
    (re.compile(pattern), duty)
    for pattern, duty in (
        (r"^ray::IDLE", "idle worker"),
        (r"^ray::ServeReplica", "serve replica"),
        (r"^ray::ProxyActor", "serve proxy"),
        (r"^ray::ServeController", "serve controller"),
        (r"cluster\.stages\.reading\.page_worker", "page reader"),
        (r"cluster\.stages\.reading\.inspect_worker", "upload inspection"),
        (r"gcs/gcs_server", "gcs"),
        (r"raylet/raylet", "raylet"),
        (r"dashboard/agent\.py|^ray::DashboardAgent", "ray dashboard agent"),
        (r"runtime_env/agent/main\.py|^ray::RuntimeEnvAgent", "ray runtime env agent"),
        (r"dashboard/dashboard\.py|^ray-dashboard|multiprocessing\.", "ray dashboard"),
        (r"log_monitor\.py", "ray log monitor"),
        (r"autoscaler/_private/monitor\.py|autoscaler/v2/monitor\.py", "ray autoscaler"),
        (r"cluster\.host\.ray_daemon|ray start|ray\.scripts", "ray head"),
        (r"streamlit run", "monitor"),
    )
]
WORKER = re.compile(r"^ray::")


@dataclass(frozen=True)
class RunningProcess:
    """One living process of a home."""

    role: str  # "postgres", "ray", "monitor": which of the three that `up` starts it belongs to
    duty: str  # "ocr-0", "driver", "raylet", "serve replica" ...
    pid: int
    memory_bytes: int  # resident
    age_s: float
    document_id: str | None  # of a driver
    title: str | None
    command: str


def running_processes(root: Path) -> list[RunningProcess]:
    """All that `up` started in this home and what these started, in the order of role, duty and age."""
    if not root.exists():
        return []
    notes = noted_duties(root)
    found = list(_look_at(ProcessBook(root).members(), notes))
    return sorted(found, key=lambda one: (one.role, one.duty, -one.age_s))


def _look_at(members: Mapping[str, list[psutil.Process]], notes: Mapping[int, Duty]) -> Iterator[RunningProcess]:
    for role, processes in members.items():
        for process in processes:
            try:
                with process.oneshot():
                    yield _describe(role, process, notes)
            except psutil.Error:  # it has just ended
                continue


def _describe(role: str, process: psutil.Process, notes: Mapping[int, Duty]) -> RunningProcess:
    command = " ".join(process.cmdline()).strip()
    note = notes.get(process.pid)
    duty = note.name if note else duty_of_command(role, command)
    return RunningProcess(
        role=role,
        duty=duty,
        pid=process.pid,
        memory_bytes=process.memory_info().rss,
        age_s=max(0.0, time.time() - process.create_time()),
        document_id=note.document_id if note else None,
        title=note.title if note else None,
        command=command,
    )


def duty_of_command(role: str, command: str) -> str:
    """What a process is for by its command line; of a Ray worker that says nothing itself, its title."""
    if role == "postgres":
        return command if command.startswith("postgres: ") else "postgres"
    known = next((duty for pattern, duty in BY_COMMAND if pattern.search(command)), None)
    if known is not None:
        return known
    return f"worker of {command.removeprefix('ray::')}" if WORKER.match(command) else role

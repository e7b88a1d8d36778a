"""Owns `home/processes.json`: which processes this folder's `quarry up` started, and how to end exactly those.

A process is known by its pid and the time it began, so that a number which the system gave to somebody else is not
mistaken for ours. Each one leads a session of its own (setsid), and all that it starts stays in that session: members
are found by it also when the leader and the parents between are dead. Does not know what the processes do.
"""

import fcntl
import json
import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from db.errors import QuarryError

STATE_FILE = "processes.json"
LOCK_FILE = "processes.lock"
CLOCK_TOLERANCE_S = 2.0  # Linux counts from the boot, whose wall-clock time moves by a second when the clock is set
POLL_S = 0.1
KILLED_WITHIN_S = 60.0
"""A killed process that holds gigabytes is gone at once on an idle machine, and not on one that swaps or is crowded."""
LONGEST_LOG_BYTES = 20 * 1024 * 1024


class StartRunning(QuarryError):
    """Another command starts or ends things in the same folder right now."""

    code = "start_running"


class ProcessStuck(QuarryError):
    """A process survived SIGKILL."""

    code = "process_stuck"


@dataclass(frozen=True)
class Started:
    """One process that was started here."""

    role: str  # "postgres", "ray", "monitor"
    pid: int
    created: float  # seconds since the epoch
    argv: tuple[str, ...]
    leads_session: bool

    def process(self) -> psutil.Process | None:
        """The process itself while it lives."""
        process = living(self.pid)
        return process if process is not None and self._began(process, exactly=True) else None

    def members(self) -> list[psutil.Process]:
        """The process, what it started, and what these left behind; all that still lives."""
        leader = self.process()
        found = [] if leader is None else [leader, *descendants(leader)]
        # A number stays taken as long as a session bears it, so with another leader there it is another's session.
        if self.leads_session and (leader is not None or living(self.pid) is None):
            found += [process for process in session_of(self.pid) if self._began(process, exactly=False)]
        return list(dict.fromkeys(found))

    def _began(self, process: psutil.Process, *, exactly: bool) -> bool:
        try:
            later_s = process.create_time() - self.created
        except psutil.Error:
            return False
        return abs(later_s) < CLOCK_TOLERANCE_S if exactly else later_s > -CLOCK_TOLERANCE_S


@dataclass
class State:
    """The file's content."""

    started: list[Started] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)  # by what is there: "api", "monitor" ...
    folders: list[str] = field(default_factory=list)  # outside of home, removed by `down`


class ProcessBook:
    """The processes of one home. Every change is written at once: a crash in the middle of a start loses nothing."""

    def __init__(self, root: Path) -> None:
        """Read what stands there; `root` exists."""
        self._file = root / STATE_FILE
        self._logs = root / "logs"
        self.state = self._read()

    def _read(self) -> State:
        try:
            data = json.loads(self._file.read_text())
        except FileNotFoundError:
            return State()
        started = [Started(**{**item, "argv": tuple(item["argv"])}) for item in data["started"]]
        return State(started, data["addresses"], data["folders"])

    def save(self) -> None:
        """Replace the file whole."""
        draft = self._file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(asdict(self.state), indent=1))
        draft.replace(self._file)

    # ---- start

    def start(
        self,
        role: str,
        argv: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        session_niceness: int = 0,
    ) -> psutil.Process:
        """Start a program in a session of its own; its output goes to `home/logs/ROLE.log`.

        Args:
            role: what it is.
            argv: its command line.
            environment: all of it.
            folder: where it runs.
            session_niceness: how far the session as a whole gives way to others, where Linux shares cores by session.
        """
        self._logs.mkdir(exist_ok=True)
        log = self.log(role)
        if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
            log.unlink()
        with log.open("ab") as out:
            child = subprocess.Popen(
                argv, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        child.returncode = 0  # it outlives us: Popen must neither wait for it nor warn that it still runs
        process = psutil.Process(child.pid)
        if session_niceness:
            with suppress(OSError):  # another system, or one that shares cores by process alone
                Path(f"/proc/{child.pid}/autogroup").write_text(str(session_niceness))
        self.record(role, process, argv)
        return process

    def record(self, role: str, process: psutil.Process, argv: Sequence[str] = ()) -> None:
        """Remember a process; `argv` where we started it ourselves, for just after the fork it has none to ask for."""
        entry = Started(
            role=role,
            pid=process.pid,
            created=process.create_time(),
            argv=tuple(argv or process.cmdline()),
            leads_session=os.getsid(process.pid) == process.pid,
        )
        self.state.started = [one for one in self.state.started if (one.role, one.pid) != (role, process.pid)]
        self.state.started.append(entry)
        self.save()

    def log(self, role: str) -> Path:
        """Where the output of a role goes."""
        return self._logs / f"{role}.log"

    # ---- look

    def leader(self, role: str) -> psutil.Process | None:
        """The living process of a role."""
        return next((process for one in self.state.started if one.role == role and (process := one.process())), None)

    def members(self, role: str | None = None) -> dict[str, list[psutil.Process]]:
        """All that lives, by role."""
        found: dict[str, list[psutil.Process]] = {}
        for one in self.state.started:
            if role in (None, one.role):
                found.setdefault(one.role, []).extend(one.members())
        return {name: list(dict.fromkeys(processes)) for name, processes in found.items() if processes}

    # ---- end

    def end(self, role: str, grace_s: float) -> int:
        """End what belongs to a role: SIGTERM, a grace, then SIGKILL to whatever is left.

        All get SIGTERM at once: Ray's head, told alone, ends its daemons one after the other, which takes ten seconds.

        Returns:
            How many processes there were.

        Raises:
            ProcessStuck: something survived.
        """
        entries = [one for one in self.state.started if one.role == role]
        count = len(all_members(entries))
        send(all_members(entries), "terminate")
        wait_until_gone(entries, grace_s)
        kill_until_gone(entries, KILLED_WITHIN_S)
        if stuck := all_members(entries):
            pids = ", ".join(str(process.pid) for process in stuck)
            raise ProcessStuck(
                f"Processes of {role} do not end, {KILLED_WITHIN_S:g} s after they were killed: {pids}.",
                "The kernel holds them; look with `ps -o pid,stat,wchan:30,args`, then run `quarry down` again.",
            )
        self.state.started = [one for one in self.state.started if one.role != role]
        self.save()
        return count


@contextmanager
def exclusive(root: Path) -> Iterator[None]:
    """Hold the folder's lock; the system gives it back when the holder dies. Raises StartRunning."""
    with (root / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StartRunning(
                f"Another `quarry up` or `quarry down` is at work in {root}.", "Wait until it has ended."
            ) from error
        yield


def living(pid: int) -> psutil.Process | None:
    """The process of this number unless it is gone; a zombie is gone, and reaped when it is our own child."""
    try:
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process
        if process.ppid() == os.getpid():
            process.wait(0)
    except psutil.Error:
        pass
    return None


def descendants(process: psutil.Process) -> list[psutil.Process]:
    """Children and theirs, without zombies."""
    try:
        return [child for child in process.children(recursive=True) if living(child.pid)]
    except psutil.Error:
        return []


def session_of(leader: int) -> list[psutil.Process]:
    """Living processes of our own user (root: of anybody) in the session that this number began."""
    found = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == leader and (process := living(pid)) is not None:
                found.append(process)
    return found


def all_members(entries: Iterable[Started]) -> list[psutil.Process]:
    """What still lives of all of them, each once."""
    return list(dict.fromkeys(process for one in entries for process in one.members()))


def send(processes: Iterable[psutil.Process], signal: str) -> None:
    """`terminate` or `kill`; psutil looks again whether the number is still the same process."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            getattr(process, signal)()


def wait_until_gone(entries: Sequence[Started], seconds: float) -> None:
    """Return as soon as nothing of them lives, at the latest after `seconds`."""
    deadline = time.monotonic() + seconds
    while all_members(entries) and time.monotonic() < deadline:
        time.sleep(POLL_S)


def kill_until_gone(entries: Sequence[Started], seconds: float) -> None:
    """Kill what lives of them, and again what was just being started while the others were killed."""
    deadline = time.monotonic() + seconds
    while (left := all_members(entries)) and time.monotonic() < deadline:
        send(left, "kill")
        time.sleep(POLL_S)

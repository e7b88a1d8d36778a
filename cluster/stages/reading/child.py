"""A child process that can be killed at any moment: starts it, asks it, limits its time and memory, ends it.

Knows processes, pipes and limits. Knows nothing of PDFs: what is asked and answered is plain JSON. `serve` is the
child's side of the same pipe. A plain `python -m` is started, because multiprocessing's spawn would import the parent's
main module again, which in a Ray worker is Ray.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NoReturn, Self, cast

import psutil

from db.errors import QuarryError

PACKAGE_ROOT = Path(__file__).resolve().parents[3]
POLL_S = 0.2
STALLED_S = 90.0
"""A child that has used no processor for so long waits for something that will not come."""
CPU_BACKSTOP_S = 60.0
"""The kernel ends a child that works this much longer than its limit: nobody is left who would have killed it."""
ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "MALLOC_ARENA_MAX",
    )
}


class ChildLost(QuarryError):
    """The child has gone, and with it the answer.

    Attributes:
        step: what it was doing, in the child's own word; "start" before it was ready.
    """

    code = "page_crashed"

    def __init__(self, message: str, step: str) -> None:
        super().__init__(message)
        self.step = step


class ChildTimedOut(ChildLost):
    """It took longer than it may, and was killed."""

    code = "page_timeout"


class ChildOutOfMemory(ChildLost):
    """It took more memory than it may, and was killed or gave up."""

    code = "page_out_of_memory"


@dataclass(frozen=True)
class ChildLimits:
    """What one child may use."""

    memory_bytes: int
    step_s: float  # processor seconds for one step of an answer
    start_s: float = 60.0  # processor seconds until it is ready


class KillableChild:
    """One child process running a module that calls `serve`; started at the first question, and again after a loss."""

    def __init__(self, module: str, arguments: list[str], limits: ChildLimits) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self.limits = limits
        """Of the next process that is started."""
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._stderr: IO[bytes] | None = None
        self.starts = 0
        """How often a process was started."""
        self.answers = 0
        """How many questions the process that runs now has answered."""
        self.spent_s = 0.0
        """Processor time of all of them while they were asked, seconds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """Process id while one is running."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process now, without waiting for it; `ask` waits."""
        if self._process is not None:
            return
        ours, theirs = Pipe(duplex=True)
        path = os.pathsep.join([str(PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        try:
            self._process = subprocess.Popen(
                [*self._command, str(theirs.fileno()), json.dumps(self.limits.__dict__)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._pipe = ours
        self.starts += 1
        self.answers = 0
        self._ready = False

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The child's answer, as JSON.

        Raises:
            ChildTimedOut, ChildOutOfMemory, ChildLost: the child is gone then; the next question starts another.
        """
        self.start()
        if not self._ready:
            self._await("start", self.limits.start_s)
            self._ready = True
        assert self._pipe is not None
        try:
            self._pipe.send_bytes(json.dumps(question).encode())
        except OSError:
            self._lost("start")
        reply = self._await("start", self.limits.step_s)
        self.answers += 1
        if reply.get("exhausted"):
            self.stop()
        return reply

    def kill(self) -> None:
        """Kill the process while another thread waits for its answer; that one finds it lost, and clears up."""
        process = self._process
        if process is not None:
            process.kill()

    def stop(self) -> None:
        """Kill the process, if there is one, and wait for its end."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._stderr is not None:
            self._stderr.close()
            self._stderr = None

    def _await(self, step: str, limit_s: float) -> dict[str, Any]:
        """Wait for the answer; every message about a new step starts its clock again."""
        assert self._pipe is not None and self._process is not None
        clock = _Clock(self._process.pid, limit_s)
        try:
            while True:
                message = self._next_message(step, clock)
                if "step" not in message:
                    return message
                self.spent_s += clock.spent_s()
                step, clock = message["step"], _Clock(self._process.pid, self.limits.step_s)
        finally:
            self.spent_s += clock.spent_s()

    def _next_message(self, step: str, clock: "_Clock") -> dict[str, Any]:
        assert self._pipe is not None
        try:
            while not self._pipe.poll(POLL_S):
                if verdict := clock.verdict():
                    self.stop()
                    raise ChildTimedOut(f"'{step}' {verdict} and was stopped.", step)
            return cast(dict[str, Any], json.loads(self._pipe.recv_bytes()))
        except (EOFError, OSError):
            self._lost(step)

    def _lost(self, step: str) -> NoReturn:
        """Say how the process ended, from its exit status and its last words."""
        assert self._process is not None and self._stderr is not None
        try:
            status = self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            status = -9
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - 2000))
        words = self._stderr.read().decode(errors="replace").strip().splitlines()[-1:]
        self.stop()
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        if any(sign in " ".join(words) for sign in ("MemoryError", "bad_alloc", "malloc")):
            raise ChildOutOfMemory(f"'{step}' needed more memory than allowed: {words[0]}.", step)
        raise ChildLost(f"The process that read it ended in '{step}' with {how}. {' '.join(words)}".strip(), step)


class _Clock:
    """Measures a child's processor time, so that a busy machine is not taken for a page that never ends."""

    def __init__(self, pid: int, limit_s: float) -> None:
        self._limit_s = limit_s
        self._pid = pid
        self._began = self._seen = self._used()
        self._moved = time.monotonic()

    def verdict(self) -> str | None:
        """What is wrong with the child: it works for too long, or has not worked at all for a while."""
        used, now = self._used(), time.monotonic()
        if used > self._seen:
            self._seen, self._moved = used, now
        if used - self._began > self._limit_s:
            return f"took longer than {self._limit_s:g} s"
        return f"stood still for {STALLED_S:g} s" if now - self._moved > STALLED_S else None

    def spent_s(self) -> float:
        """Processor time since it was started; of a process that is gone, what was last seen."""
        return max(self._seen, self._used()) - self._began

    def _used(self) -> float:
        try:
            times = psutil.Process(self._pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)


# ---- the child's side ------------------------------------------------------------------------------------------


class Steps:
    """Tells the parent what comes next, so that it can say where time or memory ended."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def __call__(self, name: str) -> None:
        """`name` begins now."""
        self._pipe.send_bytes(json.dumps({"step": name}).encode())


def serve(make_answer: Callable[[], Callable[[dict[str, Any], Steps], dict[str, Any]]]) -> None:
    """Run in the child: set the limits, let `make_answer` import and load, then answer until the pipe closes.

    An answer with a true "exhausted" is the last one: memory ran out, and what is left of the process is not trusted.
    """
    limits = ChildLimits(**json.loads(sys.argv[-1]))
    pipe = Connection(int(sys.argv[-2]))
    answer = make_answer()
    # Not before: threads and mapped files of the imports are no sign of a hungry page.
    _limit_memory(limits.memory_bytes)
    pipe.send_bytes(b'{"ready": true}')
    while True:
        try:
            question = json.loads(pipe.recv_bytes())
        except EOFError:
            return
        _limit_processor(limits.step_s)
        reply = answer(question, Steps(pipe))
        pipe.send_bytes(json.dumps(reply).encode())
        if reply.get("exhausted"):
            return


def _limit_memory(memory_bytes: int) -> None:
    """Private memory, not address space: libraries that are merely mapped cost nothing."""
    limit = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    hard = resource.getrlimit(limit)[1]
    resource.setrlimit(limit, (memory_bytes, hard))


def _limit_processor(step_s: float) -> None:
    """The kernel's own limit, for a child whose parent died while it hangs."""
    used = time.process_time()
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + CPU_BACKSTOP_S + 10 * step_s), hard))

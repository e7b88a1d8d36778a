"""Faults of processes: killed, ended and started, frozen, out of memory."""

import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.chaos.stack import wait_until


def kill(*duties):
    """SIGKILL to every process of these duties."""

    @contextmanager
    def strike(stack, document_id):
        for process in [process for duty in duties for process in stack.find(duty)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        yield

    return strike


@contextmanager
def kill_the_analysis_actor_when_asked(stack, document_id):
    """Chunking asks it for vectors, which is a short question: the actor is stopped until it has been asked."""
    process = stack.wait_for("analysis actor")
    process.suspend()
    wait_until(lambda: stack.document(document_id)["stage"] == "chunking", "chunking does not begin")
    time.sleep(0.5)
    process.kill()
    yield


@contextmanager
def kill_raylet(stack, document_id):
    """All of Ray goes with it; the operator says `quarry up`."""
    stack.raylet().kill()
    wait_until(lambda: stack.checkout.book.leader("ray") is None, "Ray's head outlives its raylet")
    stack.up()
    yield


@contextmanager
def kill_everything(stack, document_id):
    def kill_all():
        """Again: Ray may be starting a worker meanwhile."""
        for process in stack.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return not stack.processes()

    wait_until(kill_all, "something survived SIGKILL")
    stack.up()
    yield


@contextmanager
def down_and_up(stack, document_id):
    stack.checkout.down()
    stack.up()
    yield


@contextmanager
def kill_serve_replica(stack, document_id):
    """Uploads are refused until Serve has started another; the document does not notice."""
    stack.wait_for("Serve replica").kill()
    yield
    stack.wait_until_ready()


def freeze(duty):
    """SIGSTOP: alive for the kernel, gone for everybody else. It must be ended by whoever waits for it."""

    @contextmanager
    def strike(stack, document_id):
        process = stack.wait_for(duty)
        process.suspend()
        try:
            yield
            wait_until(lambda: not process.is_running(), f"the {duty} that hangs was not ended", within_s=30)
        finally:
            with suppress(psutil.NoSuchProcess):
                process.resume()

    return strike


GROUPS = Path("/sys/fs/cgroup/memory")
LIMIT_BYTES = 64 << 10
"""Of what the process takes from then on: what it held before stays with the group that it came from."""


def may_make_groups():
    """Whether the kernel lets us bound the memory of a process: cgroups of version 1 or 2, writable by us."""
    for parent in (GROUPS, GROUPS.parent):
        folder = parent / f"quarry-chaos-{os.getpid()}"
        with suppress(OSError):
            folder.mkdir()
            able = limit_file(folder).exists()
            folder.rmdir()
            if able:
                return parent
    return None


def limit_file(group):
    """Of version 1 or 2."""
    return group / ("memory.limit_in_bytes" if group.parent == GROUPS else "memory.max")


def killed_for_memory(group):
    """How many processes of the group the kernel has killed for memory."""
    told = group / ("memory.oom_control" if group.parent == GROUPS else "memory.events")
    return dict(line.split() for line in told.read_text().splitlines())["oom_kill"] != "0"


GROUPS_AT = may_make_groups()
OUT_OF_MEMORY = "killed by the kernel for memory" if GROUPS_AT else "without address space (no cgroup to be killed in)"


@contextmanager
def out_of_memory(stack, document_id):
    """The kernel ends the OCR actor for memory, in a cgroup; where those are closed to us, its own limit does."""
    process = stack.wait_for("OCR actor")
    if GROUPS_AT is None:
        process.rlimit(psutil.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
        yield
        return
    group = GROUPS_AT / f"quarry-chaos-{process.pid}"
    group.mkdir()
    try:
        limit_file(group).write_text(str(LIMIT_BYTES))
        with suppress(OSError):  # swapping is no end
            (group / "memory.swap.max").write_text("0")
        (group / "cgroup.procs").write_text(str(process.pid))
        yield
        assert killed_for_memory(group), "the kernel has killed nobody"
    finally:
        with suppress(OSError):
            group.rmdir()

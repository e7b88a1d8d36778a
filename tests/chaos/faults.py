"""The faults. Each is a block: it strikes when it begins, and what it broke is mended, if at all, when it ends.

The block ends after the document has; `lasting` says how long the fault itself is upheld meanwhile.
"""

import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from tests.chaos.stack import wait_until
from tests.chaos.upgrade import upgrade
from tests.checkout import PROJECT

OUTAGE_S = 10.0
"""Longer than a lease of the suite's settings."""
FULL_S = 8.0


@dataclass(frozen=True)
class Fault:
    """One way to break something, and the states of the pipeline at which that is done."""

    name: str
    states: tuple[str, ...]
    strike: Callable  # a context manager over (stack, document_id)
    failed_images: int = 0  # that end failed because of it, and rightly so


# ---- processes


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
    for process in stack.processes():
        with suppress(psutil.NoSuchProcess):
            process.kill()
    wait_until(lambda: not stack.processes(), "something survived SIGKILL")
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


# ---- memory


@contextmanager
def out_of_memory(stack, document_id):
    """The kernel ends the OCR actor for memory, in a cgroup; where those are closed to us, its own limit does."""
    process = stack.wait_for("OCR actor")
    folder = Path(f"/sys/fs/cgroup/memory/quarry-chaos-{process.pid}")
    try:
        folder.mkdir()
        (folder / "memory.limit_in_bytes").write_text("64M")
        (folder / "cgroup.procs").write_text(str(process.pid))
    except OSError:
        psutil.Process(process.pid).rlimit(psutil.RLIMIT_AS, (64 << 20, 64 << 20))
    try:
        yield
    finally:
        with suppress(OSError):
            folder.rmdir()


# ---- Postgres


@contextmanager
def postgres_away(stack, document_id):
    """Stopped for longer than a lease, and started."""
    stack.server.stop()
    time.sleep(OUTAGE_S)
    stack.server.start()
    yield


@contextmanager
def supervisor_killed_meanwhile(stack, document_id):
    """The supervisor dies while Postgres is away, and has to start without it."""
    stack.server.stop()
    stack.wait_for("supervisor").kill()
    time.sleep(OUTAGE_S)
    stack.server.start()
    yield


@contextmanager
def kill_postgres(stack, document_id):
    """SIGKILL to the server and its children at once; the operator says `quarry up`."""
    server = stack.server.process()
    for process in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    stack.up()
    yield


@contextmanager
def connections_terminated(stack, document_id):
    """Some of the pipeline's connections at random, again and again until the document has ended."""
    chance = random.Random(5)

    def terminate(stop):
        while not stop.wait(chance.uniform(0.3, 0.9)):
            with suppress(psycopg.OperationalError), stack.database() as conn:
                pids = conn.execute(
                    "select pid from pg_stat_activity where application_name like 'quarry %' order by pid"
                ).fetchall()
                for row in chance.sample(pids, min(2, len(pids))):
                    conn.execute("select pg_terminate_backend(%s)", [row["pid"]])

    with in_a_thread(terminate):
        yield


@contextmanager
def replies_lost(stack, document_id):
    """A quarter of all commits are done, and their answers lost with the connection."""
    before, stack.proxy.lose_share = stack.proxy.lost, 0.25
    try:
        yield
    finally:
        stack.proxy.lose_share = 0.0
    assert stack.proxy.lost - before > 10, "the fault has not struck"


# ---- files


@contextmanager
def disk_full(stack, document_id):
    """The page reader may write files of 1 KiB at most for a while: what a quota or a full disk answers."""

    def limit(stop):
        until = time.monotonic() + FULL_S
        while not stop.wait(0.01):
            largest = 1024 if time.monotonic() < until else resource.RLIM_INFINITY
            for actor in stack.find("reader actor"):
                with suppress(psutil.Error):
                    for child in actor.children():
                        child.rlimit(psutil.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    with in_a_thread(limit):
        yield


@contextmanager
def files_away(stack, document_id):
    """A store that vanished, as a mount does: a file stands where its folder was."""
    files, kept = stack.home / "files", stack.home / "files.kept"
    files.rename(kept)
    files.touch()
    try:
        time.sleep(FULL_S)
    finally:
        files.unlink()
        kept.rename(files)
    yield


@contextmanager
def poison_image(stack, document_id):
    """An image whose reading kills whoever reads it: a pipe in its place, and SIGKILL to all that wait to open it."""
    (row,) = stack.query(
        "select i.storage_key from image_processing_queue q join document_images i on i.id = q.image_id "
        "where q.document_id = %s and q.status = 'pending' order by q.created_at desc limit 1",
        document_id,
    )
    file = stack.home / "files" / row["storage_key"]
    kept = file.rename(file.with_suffix(".kept"))
    os.mkfifo(file)

    def kill_readers(stop):
        while not stop.wait(0.01):
            for process in [*stack.find("OCR actor"), *stack.find("CLIP actor")]:
                if waits_for_a_pipe(process.pid):
                    with suppress(psutil.NoSuchProcess):
                        process.kill()

    try:
        with in_a_thread(kill_readers):
            yield
    finally:
        kept.replace(file)
    (job,) = stack.query(
        "select status, attempt, errors from image_processing_queue q join document_images i on i.id = q.image_id "
        "where q.document_id = %s and i.storage_key = %s",
        document_id,
        row["storage_key"],
    )
    assert (job["status"], job["attempt"], len(job["errors"])) == ("failed", 4, 4), job


def waits_for_a_pipe(pid):
    """Whether one of its threads waits in open(2) for the other end of a pipe."""
    with suppress(OSError):
        return any(thread.read_text() == "wait_for_partner" for thread in Path(f"/proc/{pid}/task").glob("*/wchan"))
    return False


# ---- drivers


@contextmanager
def stale_driver(stack, document_id):
    """Stopped until another has taken its document over, then woken: each of its writes must be refused."""
    process = stack.wait_for("driver")
    fence = stack.document(document_id)["fence"]
    process.suspend()
    try:
        wait_until(lambda: another_has(stack, document_id, fence), "nobody took the document over")
    finally:
        process.resume()
    yield
    wait_until(lambda: said_lost(stack, document_id), "the driver that woke has not said why it stopped", 30)


def said_lost(stack, document_id):
    """A claim or a write that was refused, or the lease's own thread, whichever came first."""
    words = stack.log()
    return f"{document_id} is no longer held" in words or f"{document_id} has been claimed by another" in words


def another_has(stack, document_id, fence):
    row = stack.document(document_id)
    return row["status"] == "processing" and row["fence"] > fence and row["stage"] is not None


@contextmanager
def second_driver(stack, document_id, *options):
    """Another driver for the same document, under the same name: the higher fence has it, the other one stops."""
    row = stack.document(document_id)
    arguments = [document_id, row["worker"], str(row["fence"]), *options]
    environment = {**stack.checkout.environment, "PYTHONPATH": str(PROJECT)}
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.second_driver", *arguments],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )
    yield
    assert other.wait(timeout=60) == 0


@contextmanager
def wrong_clock(stack, document_id):
    """The driver that has the document from now on believes that it is an hour later."""
    with second_driver(stack, document_id, "3600"):
        yield


@contextmanager
def in_a_thread(work):
    """`work(stop)` beside the block."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=[stop], daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


EVERY = ("extraction", "image_processing", "chunking", "ai_analysis", "product_creation")
FAULTS = (
    Fault("SIGKILL reader actor", ("extraction",), kill("reader actor")),
    Fault("SIGKILL OCR actor", ("image_processing",), kill("OCR actor")),
    Fault("SIGKILL CLIP actor", ("image_processing",), kill("CLIP actor")),
    Fault("SIGKILL analysis actor", ("ai_analysis",), kill("analysis actor")),
    Fault("SIGKILL analysis actor when asked", ("image_processing",), kill_the_analysis_actor_when_asked),
    Fault("SIGKILL progress actor", EVERY, kill("progress actor")),
    Fault("SIGKILL supervisor", EVERY, kill("supervisor")),
    Fault("SIGKILL driver", EVERY, kill("driver")),
    Fault("SIGKILL Serve replica", ("image_processing",), kill_serve_replica),
    Fault("SIGKILL raylet, up", EVERY, kill_raylet),
    Fault("SIGKILL everything, up", EVERY, kill_everything),
    Fault("down, up", ("image_processing",), down_and_up),
    Fault("Postgres away for 10 s", EVERY, postgres_away),
    Fault("SIGKILL supervisor, Postgres away", ("image_processing",), supervisor_killed_meanwhile),
    Fault("SIGKILL Postgres, up", ("image_processing",), kill_postgres),
    Fault("connections terminated at random", ("extraction", "image_processing"), connections_terminated),
    Fault("commit done, reply lost", ("extraction", "image_processing"), replies_lost),
    Fault("file store full for 8 s", ("extraction",), disk_full),
    Fault("file store away for 8 s", ("image_processing",), files_away),
    Fault("reader actor hangs", ("extraction",), freeze("reader actor")),
    Fault("OCR actor hangs", ("image_processing",), freeze("OCR actor")),
    Fault("CLIP actor hangs", ("image_processing",), freeze("CLIP actor")),
    Fault("analysis actor hangs", ("ai_analysis",), freeze("analysis actor")),
    Fault("progress actor hangs", ("image_processing",), freeze("progress actor")),
    Fault("OCR actor out of memory", ("image_processing",), out_of_memory),
    Fault("poison image", ("image_processing",), poison_image, failed_images=1),
    Fault("stale driver wakes", ("image_processing", "ai_analysis"), stale_driver),
    Fault("two drivers", ("extraction", "image_processing", "ai_analysis"), second_driver),
    Fault("clock of the driver 1 h ahead", ("extraction",), wrong_clock),
    Fault("upgrade with a migration", ("image_processing",), upgrade),
)

"""Faults of files: a full disk, a store that is away, an image that kills whoever reads it."""

import os
import resource
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from cluster.storage import UNFINISHED
from tests.chaos.block import in_a_thread

FULL_S = 8.0


def may_mount():
    """Whether we may put a disk of our own somewhere, which root may."""
    with TemporaryDirectory() as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode == 0
        if mounted:
            subprocess.run(["umount", folder], check=True)
    return mounted


MOUNTS = may_mount()
FULL = "file store's disk full" if MOUNTS else "files of 1 KiB at most (no disk to fill)"


@contextmanager
def disk_full(stack, document_id):
    """Nothing can be written for a while by whoever writes files: page readers, and the API that takes an upload.

    Not covered: the disk under Postgres, which stops by itself before it loses anything, and that under the log.
    """
    seen = len(stack.log())
    with in_a_thread(full_disk(stack) if MOUNTS else small_files(stack)):
        yield
    said = stack.log()[seen:]
    assert "No space left on device" in said or "File too large" in said, "the fault has not struck"


def full_disk(stack):
    """A disk of 64 KiB, filled, where files are written before they get their names."""
    folder = stack.home / "files" / UNFINISHED
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))

    def wait(stop):
        stop.wait(FULL_S)
        (folder / "filler").unlink()
        subprocess.run(["umount", "--lazy", folder], check=True)

    return wait


def small_files(stack):
    """The processes may write files of 1 KiB at most: what a quota answers."""

    def limit(stop):
        until = time.monotonic() + FULL_S
        while not stop.wait(0.01):
            largest = 1024 if time.monotonic() < until else resource.RLIM_INFINITY
            readers = [child for actor in stack.find("reader actor") for child in children_of(actor)]
            for writer in [*readers, *stack.find("Serve replica")]:
                with suppress(psutil.Error):
                    writer.rlimit(psutil.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    return limit


def children_of(process):
    with suppress(psutil.Error):
        return process.children()
    return []


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

"""How much of the machine catalogues use: what their work would take on cores without a gap, over what it took."""

import os
import time
from datetime import datetime
from pathlib import Path

import psutil

from benchmarks.figures import Figure
from benchmarks.stand import HOME, Stand
from cluster.host.processes import ProcessBook
from samples.large import make_large_catalogue, make_small_catalogue

PAGES, IMAGES = 71, 215
AT_ONCE = 10
PAGES_OF_TEN, IMAGES_OF_TEN = 20, 60
LEAST_SHARE = 0.9


def measure_busy(stand: Stand) -> list[Figure]:
    """One large catalogue alone, then ten at once; their work is the processor time of readers, models and drivers."""
    small = HOME / "busy-first.pdf"
    make_small_catalogue(small, seed=91)
    stand.process(small)  # the first document of a service loads what all later ones find
    alone = _drawn("busy-share", PAGES, IMAGES, seed=90)
    ten = [_drawn(f"busy-{n}", PAGES_OF_TEN, IMAGES_OF_TEN, seed=900 + n) for n in range(AT_ONCE)]
    return [
        *_shares(stand, [alone], f"{PAGES} pages, {IMAGES} images"),
        *_shares(stand, ten, f"{AT_ONCE} catalogues at once of {PAGES_OF_TEN} pages, {IMAGES_OF_TEN} images each"),
    ]


def _drawn(name: str, pages: int, images: int, *, seed: int) -> Path:
    path = HOME / f"{name}.pdf"
    make_large_catalogue(path, pages, images, seed=seed)
    return path


class Usage:
    """Processor time of all processes of a Quarry, those that end meanwhile as they were last seen."""

    def __init__(self, root: Path) -> None:
        """What was used before does not count."""
        self._book = ProcessBook(root)
        self._seconds: dict[int, float] = {}  # by process id
        self.look()
        self._before = sum(self._seconds.values())

    def look(self) -> None:
        """Read their clocks."""
        for process in (one for members in self._book.members().values() for one in members):
            try:
                times = process.cpu_times()
            except psutil.Error:  # it has just ended
                continue
            self._seconds[process.pid] = times.user + times.system

    @property
    def seconds(self) -> float:
        """Since the beginning, as of the last look."""
        return sum(self._seconds.values()) - self._before


def _shares(stand: Stand, paths: list[Path], what: str) -> list[Figure]:
    """Of the time from the first upload to the last document's end: the work itself, and all that runs."""
    usage, started = Usage(stand.settings.root), time.time()
    ids = [stand.upload(path) for path in paths]
    documents = [stand.wait(document_id, usage.look) for document_id in ids]
    usage.look()
    if wrong := [document for document in documents if document["status"] != "completed"]:
        raise RuntimeError(f"not all documents were completed: {wrong}")
    wall_s = max(datetime.fromisoformat(document["completed_at"]).timestamp() for document in documents) - started
    cores = len(os.sched_getaffinity(0))
    ideal_s = sum(span.cpu_seconds for document_id in ids for span in stand.spans(document_id)) / cores
    share, used = ideal_s / wall_s, usage.seconds / cores / wall_s
    return [
        Figure(
            f"ideal compute time ({ideal_s:.0f} s on {cores} cores) of {what} / wall time",
            f"{share:.2f} of {wall_s:.0f} s",
            f"at least {LEAST_SHARE}",
            share >= LEAST_SHARE,
        ),
        Figure("the same with what drives, moves and keeps it: the processor time of all processes", f"{used:.2f}", ""),
    ]

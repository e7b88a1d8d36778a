"""How much of the machine a catalogue uses: what its work would take on cores without a gap, over what it took."""

import os
import time

from benchmarks.batches import batches_since
from benchmarks.figures import Figure
from benchmarks.stand import HOME, Stand
from samples.large import make_large_catalogue

PAGES, IMAGES = 71, 215
LEAST_SHARE = 0.9


def measure_busy(stand: Stand) -> list[Figure]:
    """One large catalogue alone."""
    path = HOME / "busy-share.pdf"
    make_large_catalogue(path, PAGES, IMAGES, seed=90)
    began, started = time.time(), time.perf_counter()
    document = stand.wait(stand.upload(path))
    wall_s = time.perf_counter() - started
    if document["status"] != "completed":
        raise RuntimeError(f"the catalogue ended {document['status']}: {document}")
    cores = len(os.sched_getaffinity(0))
    share = computed_seconds(stand, began) / cores / wall_s
    return [
        Figure(
            f"ideal compute time (models alone, over {cores} cores) of a catalogue of {IMAGES} images / its wall time",
            f"{share:.2f} of {wall_s:.0f} s",
            f"at least {LEAST_SHARE}",
            share >= LEAST_SHARE,
        )
    ]


def computed_seconds(stand: Stand, began: float) -> float:
    """Seconds that actors computed since then; the extraction, which writes no such line, is not in it."""
    return sum(batch.seconds for batch in batches_since(stand.settings.root, began))

"""How much of the machine a catalogue uses: what its work would take on cores without a gap, over what it took."""

import os

from benchmarks.figures import Figure
from benchmarks.stand import HOME, Stand
from samples.large import make_large_catalogue, make_small_catalogue

PAGES, IMAGES = 71, 215
LEAST_SHARE = 0.9


def measure_busy(stand: Stand) -> list[Figure]:
    """One large catalogue alone; its work is the processor time of readers, models and driver."""
    small, path = HOME / "busy-first.pdf", HOME / "busy-share.pdf"
    make_small_catalogue(small, seed=91)
    stand.process(small)  # the first document of a service loads what all later ones find
    make_large_catalogue(path, PAGES, IMAGES, seed=90)
    document_id, wall_s = stand.process(path)
    cores = len(os.sched_getaffinity(0))
    ideal_s = sum(span.cpu_seconds for span in stand.spans(document_id)) / cores
    return [
        Figure(
            f"ideal compute time ({ideal_s:.0f} s on {cores} cores) of {PAGES} pages, {IMAGES} images / its wall time",
            f"{ideal_s / wall_s:.2f} of {wall_s:.0f} s",
            f"at least {LEAST_SHARE}",
            ideal_s / wall_s >= LEAST_SHARE,
        )
    ]

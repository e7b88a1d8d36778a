"""How long a small catalogue takes beside ten large ones, against how long it takes alone."""

import statistics
import time

from benchmarks.figures import Figure
from benchmarks.stand import ENDED, HOME, Stand
from samples.large import make_large_catalogue, make_small_catalogue

LARGE, PAGES, IMAGES = 10, 20, 60
ROUNDS = 3
MOST_TIMES = 3.0
WARM_UP_S = 300.0


def measure_fairness(stand: Stand) -> list[Figure]:
    """Alone first, then beside ten that are read at the time; those are cancelled at the end."""
    alone = [_small(stand, number) for number in range(ROUNDS + 1)][1:]  # the first one warms up
    large = []
    for number in range(LARGE):
        path = HOME / f"beside-{number}.pdf"
        make_large_catalogue(path, PAGES, IMAGES, seed=300 + number)
        large.append(path)
    documents = [stand.upload(path) for path in large]
    try:
        _until_all_are_read(stand, documents)
        beside = [_small(stand, ROUNDS + 1 + number) for number in range(ROUNDS)]
        running = sum(stand.document(document)["status"] not in ENDED for document in documents)
    finally:
        for document in documents:
            stand.client.post(f"/documents/{document}/cancel")
    for document in documents:
        stand.wait(document)
    if not running:
        raise RuntimeError("the large catalogues had ended before the small ones did")
    times = statistics.median(beside) / statistics.median(alone)
    return [
        Figure(
            f"5 images beside {LARGE} catalogues of {IMAGES} (alone {statistics.median(alone):.1f} s)",
            f"{statistics.median(beside):.1f} s, {times:.1f} times",
            f"{MOST_TIMES:.0f} times at most",
            times <= MOST_TIMES,
        )
    ]


def _until_all_are_read(stand: Stand, documents: list[str]) -> None:
    """Until each has left the queue."""
    deadline = time.monotonic() + WARM_UP_S
    while any(stand.document(document)["status"] == "pending" for document in documents):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the large catalogues are not all in work after {WARM_UP_S:g} s")
        time.sleep(0.2)


def _small(stand: Stand, number: int) -> float:
    """Seconds from the upload to the end of five images that nobody has read before."""
    path = HOME / f"small-beside-{number}.pdf"
    make_small_catalogue(path, seed=400 + number)
    return stand.process(path)[1]

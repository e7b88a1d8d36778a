"""How soon after the actors have ended an image's work somebody who asks Postgres sees it."""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import LiteralString

from benchmarks.figures import Figure, percentile
from benchmarks.stand import ENDED, HOME, Stand
from db.connection import Database
from db.spans import WorkSpan
from samples.large import make_large_catalogue

PAGES, IMAGES = 20, 60
AIM_S = 1.0
POLL_S = 0.02
STATUS_EVERY_S = 1.0
COMPLETED: LiteralString = """
    select count(*) from image_processing_queue where document_id = %(document_id)s and status = 'completed'
"""


def measure_visibility(stand: Stand) -> list[Figure]:
    """The n-th image is ended when both pools have ended n, and seen when so many rows say completed."""
    path = HOME / "visible.pdf"
    make_large_catalogue(path, PAGES, IMAGES, seed=91)
    document_id = stand.upload(path)
    seen = list(_seen(stand, document_id))
    spans = stand.spans(document_id)
    ended = [max(pair) for pair in zip(ends(spans, "ocr"), ends(spans, "clip"), strict=True)]
    if len(seen) != len(ended):
        raise RuntimeError(f"{len(seen)} images were seen to end, the actors say {len(ended)}")
    waits = [at - end for at, end in zip(seen, ended, strict=True)]
    p95 = percentile(waits, 95)
    shown = f"median {percentile(waits, 50):.2f} s, p95 {p95:.2f} s"
    return [Figure("an actor's end of an item to its row, as a poller sees it", shown, "p95 under 1 s", p95 < AIM_S)]


def ends(spans: Iterable[WorkSpan], pool: str) -> list[float]:
    """When each item of a pool ended, the first first: with its batch."""
    return sorted(span.ended_at for span in spans if span.actor.startswith(f"{pool}-") for _ in range(span.items))


def _seen(stand: Stand, document_id: str) -> Iterator[float]:
    """For each image the moment when its row was first seen completed."""
    known, next_status = 0, 0.0
    with closing(Database(stand.settings.service_url, "service", max_size=1)) as database:
        while True:
            if ended := time.monotonic() >= next_status:
                ended = stand.document(document_id)["status"] in ENDED
                next_status = time.monotonic() + STATUS_EVERY_S
            with database.transaction() as conn:
                row = conn.execute(COMPLETED, {"document_id": document_id}).fetchone()
            at, count = time.time(), int(row[0]) if row else 0
            for _ in range(count - known):
                yield at
            known = count
            if ended:
                return
            time.sleep(POLL_S)

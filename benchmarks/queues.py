"""The queues in Postgres over a million finished jobs: claims and completions a second, and how long metrics take.

`python -m benchmarks.queues 10000000` takes so many instead. Starts a server of its own with the settings of the
embedded one, fills it, measures, and removes it. No Ray, no models.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg

from benchmarks.bare_postgres import bare_postgres
from benchmarks.figures import Figure, percentile, show
from benchmarks.finished_jobs import fill
from db.chunks import save_chunks
from db.connection import Connection, Database
from db.document_claims import claim_next
from db.documents import Document, create_document
from db.error_log import error_log
from db.job_results import complete_ai_jobs
from db.metrics import document_totals, get_queue_metrics, recent_jobs
from db.queue import AnalysisJob, claim_ai_jobs, queue_ai_analysis_jobs
from db.tallies import fold_tallies

FINISHED = 1_000_000
BATCH = 20
WRITERS = 2
JOBS_A_WRITER = 30_000
ANALYSES = ("classification", "metadata", "product_detection")
READS = 200
PAGE_BYTES = 8192
LOOKS = 50
FOLD_EVERY_S = 10.0
T = TypeVar("T")
RESULT = {"value": {"label": "PRODUCT", "confidence": 0.9, "reasoning": "x" * 100}, "model": "benchmark"}


@contextmanager
def filled_server(finished: int) -> Iterator[tuple[str, Database, Database]]:
    """The service's address, its view and the monitor's of a database with so many finished jobs in each queue."""
    with bare_postgres() as (server, service_url, admin_url):
        with psycopg.connect(server.superuser_url, autocommit=True) as conn:
            fill(conn, finished, finished)
            conn.execute("vacuum")
        service, admin = Database(service_url, "service", max_size=8), Database(admin_url, "admin")
        with closing(service), closing(admin):
            yield service_url, service, admin


def held_document(conn: "Connection[Any]", jobs: int) -> Document:
    """A document in work with so many analyses waiting."""
    document_id = uuid4()
    create_document(
        conn, document_id=document_id, filename="f", title="Measured", tags=[], content_hash=str(document_id),
        size_bytes=1, storage_key=str(document_id), priority=1000, submitted_by="benchmark", max_retries=3,
    )  # fmt: skip
    document = claim_next(conn, worker="benchmark", lease_s=3600, max_active=1000)
    assert document is not None and document.fence is not None
    count = -(-jobs // len(ANALYSES))
    chunks = [
        {"chunk_id": uuid4(), "ordinal": n, "page": 1, "kind": "text", "text": "t", "box": [0, 0, 1, 1]}
        for n in range(count)
    ]
    save_chunks(conn, document.id, document.fence, chunks, [None] * count, "")
    queue_ai_analysis_jobs(conn, document.id, ANALYSES)
    return document


@dataclass
class Work:
    """What one writer did."""

    began_at: float  # time.time()
    ended_at: float = 0.0
    jobs: int = 0
    claims: list[float] = field(default_factory=list)  # seconds of each
    completions: list[float] = field(default_factory=list)


def work_off(service_url: str, document: Document) -> Work:
    """Claim and complete one document's jobs in batches, each in a transaction of its own; a process as a driver is."""
    with closing(Database(service_url, "service", max_size=1)) as service:
        service.check_role()  # connected
        work = Work(began_at=time.time())
        while True:
            claimed, seconds = timed(partial(_claim, service, document))
            if not claimed:
                work.ended_at = time.time()
                return work
            work.claims.append(seconds)
            ours, seconds = timed(partial(_complete, service, claimed))
            work.completions.append(seconds)
            assert len(ours) == len(claimed)
            work.jobs += len(ours)


def _claim(service: Database, document: Document) -> list[AnalysisJob]:
    assert document.fence is not None
    with service.transaction() as conn:
        return claim_ai_jobs(conn, document.id, document.fence, worker="benchmark", limit=BATCH, lease_s=60)


def _complete(service: Database, jobs: list[AnalysisJob]) -> set[UUID]:
    rows = [{"job_id": job.id, "fence": job.fence, "result": RESULT} for job in jobs]
    with service.transaction() as conn:
        return complete_ai_jobs(conn, rows)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gave, and its seconds."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def read_metrics(admin: Database) -> None:
    """What the monitor's first page counts."""
    with admin.transaction() as conn:
        get_queue_metrics(conn)
        document_totals(conn)


def forced_pages() -> list[float]:
    """Seconds for each page that is forced to the disk on which the server lies; every transaction waits for one."""
    with tempfile.TemporaryFile(buffering=0) as file:

        def force() -> None:
            file.write(os.urandom(PAGE_BYTES))
            os.fdatasync(file.fileno())

        return [timed(force)[1] for _ in range(READS)]


def measure_queues(finished: int = FINISHED) -> list[Figure]:
    """Claims and completions by several writers while somebody watches and the tallies are folded."""
    with filled_server(finished) as (service_url, service, admin):
        with service.transaction() as conn:
            documents = [held_document(conn, JOBS_A_WRITER) for _ in range(WRITERS)]
        forced = forced_pages()
        quiet = [timed(partial(read_metrics, admin))[1] for _ in range(READS)]
        watched: list[float] = []
        with ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as writers:
            running = [writers.submit(work_off, service_url, document) for document in documents]
            next_fold = time.perf_counter() + FOLD_EVERY_S
            while not all(future.done() for future in running):
                watched.append(timed(partial(read_metrics, admin))[1])
                if time.perf_counter() >= next_fold:
                    with service.transaction() as conn:
                        fold_tallies(conn)
                    next_fold += FOLD_EVERY_S
                time.sleep(0.1)
        works = [future.result() for future in running]
        forced += forced_pages()  # some disks allow only so many a minute
        seconds = max(work.ended_at for work in works) - min(work.began_at for work in works)
        return [
            rate_figure(finished, sum(work.jobs for work in works) / seconds),
            time_figure(f"claim of {BATCH} jobs", [one for work in works for one in work.claims], aim_ms=5),
            time_figure(f"completion of {BATCH} jobs", [one for work in works for one in work.completions]),
            time_figure("metrics, nobody writes", quiet, aim_ms=20),
            time_figure("metrics, beside the writers", watched, aim_ms=20),
            *looks_figures(admin),
            time_figure("a page forced to this disk, which every claim and completion waits for", forced),
        ]


def _newest_jobs(admin: Database) -> None:
    with admin.transaction() as conn:
        recent_jobs(conn, "ai")


def _newest_errors(admin: Database) -> None:
    with admin.transaction() as conn:
        error_log(conn)


def looks_figures(admin: Database) -> list[Figure]:
    """What the monitor's other pages ask of the queues."""
    return [time_figure(name, [timed(partial(look, admin))[1] for _ in range(LOOKS)]) for name, look in PAGES.items()]


PAGES = {"the monitor's newest jobs": _newest_jobs, "its error log": _newest_errors}


def rate_figure(finished: int, rate: float) -> Figure:
    """Jobs a second against the aim."""
    work = f"{finished:,} finished jobs a queue: claimed and completed, batches of {BATCH}, {WRITERS} writers"
    return Figure(work, f"{rate:,.0f} jobs/s", "10,000 jobs/s", rate >= 10_000)


def time_figure(work: str, seconds: list[float], *, aim_ms: float | None = None) -> Figure:
    """Median and p95 in milliseconds."""
    median, p95 = percentile(seconds, 50) * 1000, percentile(seconds, 95) * 1000
    aim = f"p95 {aim_ms:g} ms" if aim_ms else ""
    return Figure(work, f"median {median:.1f} ms, p95 {p95:.1f} ms", aim, p95 <= aim_ms if aim_ms else None)


if __name__ == "__main__":
    show(measure_queues(*map(int, sys.argv[1:2])))

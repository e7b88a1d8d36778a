"""What a driver holds while it takes one document through the stages: its lease, the database, storage and the pools.

Every write goes through `transact`, which waits while Postgres is away and carries the fence.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import ray
from psycopg import Connection
from ray.actor import ActorHandle
from ray.exceptions import RayActorError, RayError
from tenacity import Retrying, before_sleep_log, retry_if_exception_type, stop_after_attempt, stop_after_delay
from tenacity.wait import wait_random_exponential

from actors.records import ChunkAnalysis, PageContent
from cluster.lease import DocumentLease
from cluster.pools import NAMESPACE, Pool
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.stored import load_analyses, load_page_contents
from db.connection import Database
from db.documents import Document, Stage
from db.errors import DatabaseUnavailable

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE_S = 600.0
"""How long a driver waits for Postgres, or for a lost actor to come back, before its attempt fails."""

logger = logging.getLogger(__name__)


class DocumentRun:
    """One driver's view of one document."""

    def __init__(self, settings: Settings, database: Database, lease: DocumentLease) -> None:
        """Bring together what the stages need; pools are connected when first asked for."""
        self.settings = settings
        self.database = database
        self.lease = lease
        self.storage = Storage(settings.storage_address)

    @property
    def document(self) -> Document:
        """The document as it was when this driver took it."""
        return self.lease.document

    @property
    def worker(self) -> str:
        """The name under which this driver claims jobs; another attempt has another."""
        return f"{self.document.worker}/{self.lease.fence}"

    # ---- database

    def transact(
        self, write: Callable[Concatenate["Connection[Any]", UUID, int, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call `write(conn, document_id, fence, ...)` in a transaction; raises LeaseLost when the fence is not ours."""
        return self._patiently(lambda conn: write(conn, self.document.id, self.lease.fence, *args, **kwargs))

    def read(self, query: Callable[Concatenate["Connection[Any]", UUID, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `query(conn, document_id, ...)`; also for writes that carry fences of their own."""
        return self._patiently(lambda conn: query(conn, self.document.id, *args, **kwargs))

    def enqueue(
        self, queue_jobs: Callable[Concatenate["Connection[Any]", UUID, P], int], *args: P.args, **kwargs: P.kwargs
    ) -> int:
        """Queue the stage's jobs that are not queued yet, with the document's priority and the one max_retries."""
        options: dict[str, Any] = {"priority": self.document.priority, "max_retries": self.settings.max_retries}
        return self._patiently(lambda conn: queue_jobs(conn, self.document.id, *args, **{**options, **kwargs}))

    def _patiently(self, work: Callable[["Connection[Any]"], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type(DatabaseUnavailable),
            wait=wait_random_exponential(multiplier=0.2, max=5.0),
            stop=stop_after_delay(PATIENCE_S),
            before_sleep=before_sleep_log(logger, logging.WARNING),
            reraise=True,
        )
        result: T = retrying(self._once, work)
        return result

    def _once(self, work: Callable[["Connection[Any]"], T]) -> T:
        with self.database.transaction() as conn:
            return work(conn)

    # ---- Ray

    def pool(self, name: str) -> Pool:
        """The running actors of a pool, found by name."""
        return Pool.connect(name)

    @cached_property
    def progress(self) -> "ActorHandle[Any]":
        """The progress actor."""
        return ray.get_actor("progress", namespace=NAMESPACE)

    def report(self, stage: Stage, *, total: int, completed: int, current_item: str | None = None) -> None:
        """Hand the stage's progress to the progress actor and wait for its commit."""
        self.call_progress(
            "record_progress",
            str(self.document.id),
            stage,
            total=total,
            completed=completed,
            current_item=current_item,
        )

    def call_progress(self, method: str, *args: object, **kwargs: object) -> Any:
        """Call the progress actor; again while it restarts, which is safe: writing twice changes nothing."""
        retrying = Retrying(
            retry=retry_if_exception_type(RayActorError),
            wait=wait_random_exponential(multiplier=0.2, max=5.0),
            stop=stop_after_delay(PATIENCE_S),
            before_sleep=before_sleep_log(logger, logging.WARNING),
            reraise=True,
        )
        return retrying(
            lambda: ray.get(getattr(self.progress, method).remote(*args, **kwargs), timeout=PATIENCE_S + 60.0)
        )

    def encode_texts(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors of 384 numbers from an analysis actor; a lost call is sent again, four attempts in all."""
        if not texts:
            return []
        self.lease.check()
        pool = self.pool("analysis")
        retrying = Retrying(
            retry=retry_if_exception_type(RayError),
            wait=wait_random_exponential(multiplier=1.0, max=10.0),
            stop=stop_after_attempt(1 + self.settings.max_retries),
            before_sleep=before_sleep_log(logger, logging.WARNING),
            reraise=True,
        )
        vectors: list[list[float]] = retrying(
            lambda: ray.get(
                pool.actors[pool.take()].encode_texts.remote(list(texts)), timeout=self.settings.call_timeout_s
            )
        )
        return vectors

    # ---- what earlier stages stored

    def page_contents(self) -> list[PageContent]:
        """Text layer and OCR text of all pages together."""
        return self.read(load_page_contents)

    def chunk_analyses(self) -> list[ChunkAnalysis]:
        """Every chunk with what stage 4 said of it."""
        return self.read(load_analyses)

"""What a driver holds while it takes one document through the stages: its lease, the database, storage and the pools.

Every write goes through `transact`, which waits while Postgres is away and carries the fence.
"""

import logging
import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import ray
from psycopg import Connection
from ray.actor import ActorHandle
from ray.exceptions import ActorUnavailableError, RayActorError, RayError, RayTaskError
from structlog.contextvars import bind_contextvars

from actors.errors import StorageFailed
from actors.records import ChunkAnalysis, PageContent
from actors.served import Served
from cluster.lease import DocumentLease
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.stored import load_analyses, load_page_contents
from cluster.workers.actor_names import NAMESPACE, progress_of
from cluster.workers.dispatch import Pool, wait_for
from cluster.workers.fair_share import Turn
from cluster.write_behind import WriteBehind
from db.connection import Database
from db.document_claims import require_fence, set_stage
from db.documents import Document, Stage
from db.errors import QuarryError
from db.images import list_images
from db.patience import PATIENCE_S, patiently
from db.queue import JobOptions

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class StageTimedOut(QuarryError):
    """A stage has used up its time; the document's attempt fails, what is stored stays."""

    code = "stage_timed_out"


class DocumentRun:
    """One driver's view of one document."""

    def __init__(self, settings: Settings, database: Database, lease: DocumentLease) -> None:
        """Bring together what the stages need; pools are connected when first asked for."""
        self.settings = settings
        self.database = database
        self.lease = lease
        self.storage = Storage(settings.storage_address)
        self.writes = WriteBehind()
        self._stage: Stage | None = None
        self._pools: dict[str, Pool] = {}
        self._page_contents: list[PageContent] | None = None
        self._deadline = math.inf

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

    @property
    def job_options(self) -> JobOptions:
        """What every job of the document is queued with: its priority and the one max_retries."""
        return JobOptions(priority=self.document.priority, max_retries=self.settings.max_retries)

    def enqueue(
        self, queue_jobs: Callable[Concatenate["Connection[Any]", UUID, P], int], *args: P.args, **kwargs: P.kwargs
    ) -> int:
        """Queue the stage's jobs that are not queued yet; raises LeaseLost when the document is another driver's."""
        options: dict[str, Any] = {**self.job_options, **kwargs}

        def queue_held(conn: "Connection[Any]", document_id: UUID, fence: int) -> int:
            require_fence(conn, document_id, fence)
            return queue_jobs(conn, document_id, *args, **options)

        return self.transact(queue_held)

    def _patiently(self, work: Callable[["Connection[Any]"], T]) -> T:
        return patiently(lambda: self._once(work))

    def _once(self, work: Callable[["Connection[Any]"], T]) -> T:
        with self.database.transaction() as conn:
            return work(conn)

    # ---- time

    def begin(self, stage: Stage) -> None:
        """Say that a stage begins and the one before has ended; the new one has a deadline of its own."""
        self.look_around()
        self.end_stage()
        self._stage, self._deadline = stage, time.monotonic() + self.settings.stage_deadline_s
        bind_contextvars(stage=stage)
        self.transact(set_stage, stage)

    def end_stage(self) -> None:
        """Say in the log that the stage is done, once all is written that was handed over."""
        self.writes.settle()
        if self._stage is not None:
            logger.info("stage done", extra={"stage": self._stage})
            self._stage = None

    def look_around(self) -> None:
        """Raise LeaseLost, DocumentCancelled or StageTimedOut when there is a reason to stop; costs nothing."""
        self.lease.check()
        if time.monotonic() > self._deadline:
            raise StageTimedOut(
                f"The stage {self._stage} took longer than {self.settings.stage_deadline_s:g} s.",
                "What it has done is kept; see the error log for what holds it up.",
            )

    def pause(self, seconds: float) -> None:
        """Wait while nothing can be done, a queue is paused say: that does not count for the stage's deadline."""
        time.sleep(seconds)
        self._deadline += seconds

    def wait_for_storage(self, work: Callable[[], T]) -> T:
        """Do what the file store may refuse, a full disk say: again with growing pauses, as long as patience lasts."""
        return patiently(work, refusal=StorageFailed, look_around=self.look_around)

    def image_reader(self) -> Callable[[str], bytes]:
        """What gives the stored bytes of an image of the document, by the image's id."""
        keys = {str(image.id): image.storage_key for image in self.read(list_images)}
        return lambda image_id: self.wait_for_storage(partial(self.storage.read, keys[image_id]))

    def require_storage(self) -> None:
        """Raise StorageFailed while the store does not even hold the document's own file: then it is away."""
        if not self.storage.exists(self.document.storage_key):
            raise StorageFailed("The file store is away: it does not hold the document.", "Check QUARRY_STORAGE_URL.")

    # ---- Ray

    def pool(self, name: str) -> Pool:
        """The running actors of a pool, found by name when it is first asked for."""
        if name not in self._pools:
            self._pools[name] = Pool.connect(name, Turn(str(self.document.id), self.document.priority))
        return self._pools[name]

    def report(self, stage: Stage, *, total: int, completed: int, current_item: str | None = None) -> None:
        """Hand the progress to the progress actor; only the end of the stage waits for its commit."""
        reached = {"fence": self.lease.fence, "total": total, "completed": completed, "current_item": current_item}
        document_id = str(self.document.id)
        self.writes.put(partial(self.call_progress, "record_progress", document_id, stage, **reached))

    def call_progress(self, method: str, *args: object, **kwargs: object) -> Any:
        """Call the progress actor; again while it restarts, which is safe: writing twice changes nothing."""
        return patiently(lambda: self._call_progress(method, *args, **kwargs), refusal=RayActorError)

    def _call_progress(self, method: str, *args: object, **kwargs: object) -> Any:
        # Found anew each time: one that could not be restarted is replaced by another of its name.
        name = progress_of(self.document.id, self.settings)
        try:
            progress: ActorHandle[Any] = ray.get_actor(name, namespace=NAMESPACE)
        except ValueError as error:
            raise ActorUnavailableError("the progress actor is not running", None) from error
        answer = wait_for(getattr(progress, method).remote(*args, **kwargs), PATIENCE_S + 60.0, self.look_around)
        if isinstance(answer, RayError):
            raise answer
        return answer

    def call_pool(self, pool: Pool, method: str, *arguments: object) -> Any:
        """What any actor of a pool answers; a lost call is sent again, four attempts in all. Raises what it raises."""
        try:
            return pool.call(
                method,
                *arguments,
                tries=1 + self.settings.max_retries,
                timeout_s=self.settings.call_timeout_s,
                look_around=self.look_around,
            )
        except RayTaskError as error:
            raise error.cause if isinstance(error.cause, QuarryError) else error from None

    def encode_texts(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors of 384 numbers from an analysis actor."""
        if not texts:
            return []
        served: Served[list[float]] = self.call_pool(self.pool("analysis"), "encode_batch", list(texts))
        return list(served.results)

    # ---- what earlier stages stored

    def page_contents(self) -> list[PageContent]:
        """Text layer and OCR text of all pages together; loaded once, when every image is read."""
        if self._page_contents is None:
            self._page_contents = self.read(load_page_contents)
        return self._page_contents

    def chunk_analyses(self) -> list[ChunkAnalysis]:
        """Every chunk with what stage 4 said of it."""
        return self.read(load_analyses)

"""The one writer of job results and progress: gathers what drivers hand in and commits it in groups.

A caller gets its answer only after the commit. While Postgres is away the finished results wait here, in an inbox of
bounded size; the callers wait with them, so nothing is lost and nothing grows without end. It decides nothing: whether
a result still counts is decided by the fence that it carries, in the database.
"""

import logging
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection

from db.connection import Database
from db.documents import Stage
from db.errors import DatabaseUnavailable
from db.job_results import complete_ai_jobs, complete_image_jobs, mark_job_failed
from db.patience import PATIENCE_S, patiently
from db.progress import known_share, update_progress
from db.queue import count_jobs
from db.queues import QueueName
from db.spans import WorkSpan, add_spans

STAGE_OF_QUEUE: dict[QueueName, Stage] = {"image": "image_processing", "ai": "ai_analysis"}
INBOX_ENTRIES = 256
GROUP_ENTRIES = 64

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobFailure:
    """One attempt that failed."""

    job_id: str
    fence: int
    error: str
    permanent: bool


@dataclass(frozen=True)
class StageProgress:
    """How far a sync stage is, as its driver counted it."""

    stage: Stage
    total: int
    completed: int
    current_item: str | None
    fence: int  # of the claim under which the driver counted; what a driver says that was replaced is not written


@dataclass
class Entry:
    """What one driver hands in at once, and the answer that it waits for: the job ids that were no longer its own."""

    document_id: UUID
    queue: QueueName | None
    completions: Sequence[dict[str, Any]] = ()
    failures: Sequence[JobFailure] = ()
    spans: Sequence[WorkSpan] = ()
    stage_progress: "StageProgress | None" = None
    answer: "Future[list[str]]" = field(default_factory=Future)


class ProgressWriter:
    """Group commits in a thread of its own; every method may be called from many threads."""

    def __init__(self, service_url: str, *, retry_backoff_s: float, patience_s: float = PATIENCE_S) -> None:
        """Connect as the service role and start the writer's thread.

        Args:
            service_url: the database, as the pipeline's login.
            retry_backoff_s: first wait before a failed job's next attempt.
            patience_s: so long callers wait while Postgres is away; then what they handed in is theirs again.
        """
        self._database = Database(service_url, "service", max_size=2)
        self._backoff_s = retry_backoff_s
        self._patience_s = patience_s
        self._leases_lost = 0
        self._inbox: queue.Queue[Entry] = queue.Queue(maxsize=INBOX_ENTRIES)
        threading.Thread(target=self._write_forever, name="group-commit", daemon=True).start()

    def record_jobs(
        self,
        document_id: str,
        job_queue: QueueName,
        completions: Sequence[dict[str, Any]],
        failures: Sequence[JobFailure] = (),
        spans: Sequence[WorkSpan] = (),
    ) -> list[str]:
        """Store results and failed attempts, and the stage's progress with them; returns ids whose lease was lost.

        With nothing to store the stage is counted anew. `spans` say who worked for the results, and when.

        `completions` are what `complete_image_jobs` or `complete_ai_jobs` take. Writing twice changes nothing.
        """
        return self._hand_in(Entry(UUID(document_id), job_queue, completions, failures, spans))

    def record_progress(
        self,
        document_id: str,
        stage: Stage,
        *,
        fence: int,
        total: int,
        completed: int,
        current_item: str | None = None,
    ) -> None:
        """Store how far a sync stage is, unless another driver has the document by now."""
        progress = StageProgress(stage, total, completed, current_item, fence)
        self._hand_in(Entry(UUID(document_id), None, stage_progress=progress))

    def close(self) -> None:
        """Give the connections back; nothing may be handed in afterwards."""
        self._database.close()

    def facts(self) -> dict[str, Any]:
        """How many entries wait for a commit, and how many results came after their lease was lost."""
        return {"waiting": self._inbox.qsize(), "leases_lost": self._leases_lost}

    def _hand_in(self, entry: Entry) -> list[str]:
        self._inbox.put(entry)
        return entry.answer.result()

    def _write_forever(self) -> None:
        while True:
            group = [self._inbox.get()]
            while len(group) < GROUP_ENTRIES:
                try:
                    group.append(self._inbox.get_nowait())
                except queue.Empty:
                    break
            self._commit(group)

    def _commit(self, group: list[Entry]) -> None:
        """All of the group in one transaction, waiting while Postgres is away.

        Entry by entry when one of them is refused, so that only it fails; all at once when Postgres stays away.
        """
        try:
            answers = patiently(lambda: self._write(group), patience_s=self._patience_s)
        except DatabaseUnavailable as error:
            for entry in group:
                entry.answer.set_exception(error)
        except Exception as error:  # the boundary of one entry: whatever it was, the others are written
            if len(group) == 1:
                logger.exception("a result of document %s was refused", group[0].document_id)
                group[0].answer.set_exception(error)
                return
            for entry in group:
                self._commit([entry])
        else:
            for entry, lost in zip(group, answers, strict=True):
                self._tell_lost(entry, lost)
                entry.answer.set_result(lost)

    def _write(self, group: list[Entry]) -> list[list[str]]:
        with self._database.transaction() as conn:
            ours = complete_jobs(conn, group)
            answers = [self._lost(conn, entry, ours) for entry in group]
            for document_id, job_queue in sorted({(e.document_id, e.queue) for e in group if e.queue}, key=str):
                write_queue_progress(conn, document_id, job_queue)
            for entry, lost in zip(group, answers, strict=True):
                if len(lost) < len(entry.completions) + len(entry.failures):
                    add_spans(conn, entry.document_id, entry.spans)
                if entry.stage_progress is not None:
                    write_stage_progress(conn, entry.document_id, entry.stage_progress)
        return answers

    def _lost(self, conn: "Connection[Any]", entry: Entry, ours: set[str]) -> list[str]:
        """Write the entry's failed attempts; the ids of its jobs that are somebody else's by now."""
        lost = [str(completion["job_id"]) for completion in entry.completions if str(completion["job_id"]) not in ours]
        for failure in entry.failures:
            outcome = mark_job_failed(
                conn,
                entry.queue or "image",
                UUID(failure.job_id),
                failure.fence,
                failure.error,
                permanent=failure.permanent,
                backoff_s=self._backoff_s,
            )
            if outcome == "lease_lost":
                lost.append(failure.job_id)
        return lost

    def _tell_lost(self, entry: Entry, lost: Sequence[str]) -> None:
        """Once, after the commit: until then the group may be written again."""
        self._leases_lost += len(lost)
        for job_id in lost:
            told = {"document_id": str(entry.document_id), "queue": entry.queue, "job_id": job_id}
            logger.warning("lease lost: the result is discarded", extra=told)


def complete_jobs(conn: "Connection[Any]", group: Sequence[Entry]) -> set[str]:
    """Store the results of a whole group, one statement a queue; the ids of the jobs that were still ours."""
    by_queue: dict[QueueName, list[dict[str, Any]]] = {"image": [], "ai": []}
    for entry in group:
        if entry.queue is not None:
            by_queue[entry.queue].extend(entry.completions)
    ours = complete_image_jobs(conn, by_queue["image"]) | complete_ai_jobs(conn, by_queue["ai"])
    return {str(job_id) for job_id in ours}


def write_stage_progress(conn: "Connection[Any]", document_id: UUID, reached: StageProgress) -> None:
    """Store how far a sync stage is, as its driver counted it."""
    written = update_progress(
        conn,
        document_id,
        reached.stage,
        total=reached.total,
        completed=reached.completed,
        current_item_id=reached.current_item,
        fence=reached.fence,
    )
    if written is None:
        logger.warning("lease lost: progress of document %s in %s discarded", document_id, reached.stage)


def write_queue_progress(conn: "Connection[Any]", document_id: UUID, job_queue: QueueName) -> None:
    """Count the document's jobs and store that as its stage's progress; finally failed jobs count as done."""
    counts = count_jobs(conn, document_id, job_queue)
    stage = STAGE_OF_QUEUE[job_queue]
    update_progress(
        conn,
        document_id,
        stage,
        total=counts.total,
        completed=counts.completed + counts.failed + counts.cancelled,
        failed=counts.failed,
        known=known_share(conn, document_id, stage),
    )

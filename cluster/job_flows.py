"""The async stages: claims a document's jobs in batches, sends them to the pools, and settles what comes back.

A flow knows what a batch of its queue needs and what its answers mean. Bounds and time limits are `cluster.flow`'s,
the writing is the progress actor's, and whether a result still counts is decided by its fence in the database.
"""

import logging
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from psycopg import Connection
from ray.exceptions import RayError, RayTaskError

from actors.progress import JobFailure, JobQueue
from cluster.batch_size import BatchSize
from cluster.document_run import DocumentRun
from cluster.flow import Call, Outcome, run_bounded
from db.documents import Stage
from db.job_recovery import release_calls, release_jobs
from db.queue import AnalysisJob, ImageJob, job_counts

Batch = TypeVar("Batch")
Job = TypeVar("Job", ImageJob, AnalysisJob)
IDLE_LOOK_S = 0.5

logger = logging.getLogger(__name__)


class Claim(Protocol[Job]):
    """`db.queue.claim_image_jobs` or `claim_ai_jobs`."""

    def __call__(
        self,
        conn: "Connection[Any]",
        document_id: UUID,
        fence: int,
        /,
        *,
        worker: str,
        limit: int,
        lease_s: float,
        tried: bool | None,
    ) -> list[Job]:
        """Take jobs of a document."""


def work_off(run: DocumentRun, flow: "JobFlow[Any]") -> None:
    """Run until the document has no open job in that queue: retries wait for their time, lost actors are waited for."""
    while True:
        moved = False
        for outcome in run_bounded(
            flow.send_next,
            in_flight=flow.in_flight,
            timeout_s=run.settings.call_timeout_s,
            look_around=run.look_around,
        ):
            flow.settle(outcome)
            moved = True
        counts = run.read(job_counts)[flow.queue]
        if counts.pending + counts.processing == 0:
            flow.report_end()
            return
        run.look_around()
        if counts.processing:  # nothing is in flight: the answer to a claim was lost, so nobody has sent these
            run.read(release_jobs, run.worker, flow.queue)
        wait_s = counts.next_run_in_s or 0.0
        if not (moved or wait_s):  # it may run and cannot be claimed: the queue is paused, or the pool is away
            wait_s = IDLE_LOOK_S
        time.sleep(min(max(wait_s, 0.05), IDLE_LOOK_S))


@dataclass
class Settled:
    """What came of a batch, job by job."""

    completions: list[dict[str, Any]] = field(default_factory=list)
    failures: list[JobFailure] = field(default_factory=list)
    never_begun: list[tuple[UUID, int]] = field(default_factory=list)  # job and fence; they keep their attempt


class JobFlow(ABC, Generic[Batch]):
    """One queue of one document."""

    queue: JobQueue
    stage: Stage

    def __init__(self, run: DocumentRun) -> None:
        """Nothing is claimed yet."""
        self._run = run
        self._attempts: dict[str, int] = {}  # by job, while it is sent
        self._size = BatchSize(run.settings.batch_target_s, run.settings.max_batch_items)

    @property
    @abstractmethod
    def in_flight(self) -> int:
        """Most batches of this document at a time."""

    @abstractmethod
    def send_next(self) -> Call[Batch] | None:
        """Claim one more batch and send it; None when nothing can be claimed now."""

    @abstractmethod
    def settle(self, outcome: Outcome[Batch]) -> None:
        """Hand results and failures of a batch to the progress actor."""

    def report_end(self) -> None:
        """A stage without any job is complete, and has to say so."""
        if self._run.read(job_counts)[self.queue].total == 0:
            self._run.report(self.stage, total=0, completed=0)

    def _claim(self, claim: Claim[Job]) -> list[Job]:
        """Jobs of one batch. One that was tried before goes alone: if it kills its actor, it takes nobody along."""
        for tried, limit in ((False, self._size.items), (True, 1)):
            jobs = self._run.transact(
                claim, worker=self._run.worker, limit=limit, lease_s=self._run.settings.lease_s, tried=tried
            )
            if jobs:
                self._attempts.update({str(job.id): job.attempt for job in jobs})
                return jobs
        return []

    def _tell_failures(self, settled: Settled) -> None:
        """A line in the log for each attempt that failed; the database keeps them as well."""
        for failure in settled.failures:
            told = {"queue": self.queue, "job_id": failure.job_id, "attempt": self._attempts.get(failure.job_id)}
            logger.warning("attempt failed", extra={**told, "error": failure.error, "permanent": failure.permanent})
        ended = [completion["job_id"] for completion in settled.completions]
        for job_id in [*ended, *(failure.job_id for failure in settled.failures)]:
            self._attempts.pop(job_id, None)

    def _record(self, settled: Settled) -> None:
        self._tell_failures(settled)
        if settled.completions or settled.failures:
            try:
                self._hand_in(settled.completions, settled.failures)
            except RayTaskError:  # of the group's results the database refuses at least one
                self._hand_in([], settled.failures)
                for completion in settled.completions:
                    self._hand_in_alone(completion)
        if settled.never_begun:
            self._run.read(release_calls, self.queue, settled.never_begun)

    def _hand_in_alone(self, completion: dict[str, Any]) -> None:
        """A result that the database refuses is its own job's failure, not the document's."""
        try:
            self._hand_in([completion], [])
        except RayTaskError as error:
            reason = f"the result was refused: {str(error.cause).strip().splitlines()[0][:300]}"
            self._hand_in([], [JobFailure(completion["job_id"], completion["fence"], reason, permanent=True)])

    def _hand_in(self, completions: list[dict[str, Any]], failures: list[JobFailure]) -> None:
        self._run.call_progress("record_jobs", str(self._run.document.id), self.queue, completions, failures)


def answers_by_id(answer: object, key: str) -> dict[str, Any]:
    """A pool's results by the id that they carry; nothing when the call was lost."""
    return {getattr(result, key): result for result in answer} if isinstance(answer, list) else {}


def lost_call(answer: object, pool: str) -> str:
    """What to keep as the attempt's error when an actor gave no result for an item."""
    if isinstance(answer, RayError):
        return f"the {pool} call was lost: {type(answer).__name__}: {str(answer).strip().splitlines()[0][:300]}"
    return f"the {pool} actor gave no result for this item"

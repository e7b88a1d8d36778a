"""The async stages: claims a document's jobs in batches, sends them to the pools, and settles what comes back.

A flow knows what a batch of its queue needs and what its answers mean. Bounds and time limits are `cluster.flow`'s,
the writing is the progress actor's, and whether a result still counts is decided by its fence in the database.
"""

import time
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from ray.exceptions import RayError

from actors.progress import JobFailure, JobQueue
from cluster.batch_size import BatchSize
from cluster.document_run import DocumentRun
from cluster.flow import Call, Outcome, run_bounded
from db.documents import Stage
from db.queue import job_counts

Batch = TypeVar("Batch")
IDLE_LOOK_S = 0.5


def work_off(run: DocumentRun, flow: "JobFlow[Any]") -> None:
    """Run until the document has no open job in that queue: retries wait for their time, lost leases for the reaper."""
    while True:
        for outcome in run_bounded(
            flow.send_next,
            in_flight=flow.in_flight,
            timeout_s=run.settings.call_timeout_s,
            look_around=run.lease.check,
        ):
            flow.settle(outcome)
        counts = run.read(job_counts)[flow.queue]
        if counts.pending + counts.processing == 0:
            flow.report_end()
            return
        run.lease.check()
        time.sleep(min(max(counts.next_run_in_s or 0.0, 0.05), IDLE_LOOK_S))


class JobFlow(ABC, Generic[Batch]):
    """One queue of one document."""

    queue: JobQueue
    stage: Stage

    def __init__(self, run: DocumentRun) -> None:
        """Nothing is claimed yet."""
        self._run = run
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

    def _record(self, completions: list[dict[str, Any]], failures: list[JobFailure]) -> None:
        self._run.call_progress("record_jobs", str(self._run.document.id), self.queue, completions, failures)


def answers_by_id(answer: object, key: str) -> dict[str, Any]:
    """A pool's results by the id that they carry; nothing when the call was lost."""
    return {getattr(result, key): result for result in answer} if isinstance(answer, list) else {}


def lost_call(answer: object, pool: str) -> str:
    """What to keep as the attempt's error when an actor gave no result for an item."""
    if isinstance(answer, RayError):
        return f"the {pool} call was lost: {type(answer).__name__}: {str(answer).strip().splitlines()[0][:300]}"
    return f"the {pool} actor gave no result for this item"

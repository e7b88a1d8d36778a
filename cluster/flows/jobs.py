"""The async stages: claims a document's jobs in batches, sends them to the pools, and settles what comes back.

A flow knows what a batch of its queue needs and what its answers mean. Bounds and time limits are `cluster.flow`'s,
the writing is the progress actor's, and whether a result still counts is decided by its fence in the database.
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from psycopg import Connection
from ray.exceptions import RayError, RayTaskError

from actors.progress import JobFailure
from actors.served import Served
from cluster.document_run import DocumentRun
from cluster.flow import IDLE_LOOK_S, Call, Flow, Outcome, run_flows
from cluster.workers.batch_size import BatchSize
from cluster.workers.dispatch import Pool, Sent
from db.documents import Stage
from db.errors import DatabaseUnavailable
from db.job_recovery import release_calls, release_jobs
from db.queue import AnalysisJob, ImageJob, job_counts
from db.queues import QueueName
from db.spans import WorkSpan

Batch = TypeVar("Batch")
Job = TypeVar("Job", ImageJob, AnalysisJob)

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


class Source(Protocol):
    """What brings jobs about while they are worked off: pages that are read, chunks that are cut."""

    stage: Stage

    @property
    def in_flight(self) -> int:
        """Most batches at a time."""

    @property
    def stored(self) -> int:
        """Items whose jobs are queued."""

    @property
    def is_done(self) -> bool:
        """Whether no further job will come of it."""

    def send_next(self) -> Call[Any] | None:
        """As `Flow`'s."""

    def settle(self, outcome: Outcome[Any], /) -> None:
        """As `Flow`'s."""

    def rest(self) -> float | None:
        """As `Flow`'s."""


def work_off(run: DocumentRun, flow: "JobFlow[Any]", *, source: Source | None = None) -> None:
    """Run until the document has no open job in that queue: retries wait for their time, lost actors are waited for.

    With a source, its stage runs beside the flow's; the document is in the flow's stage once the source is done.
    """
    begun, stored = source is None, 0

    def look_around() -> None:
        nonlocal begun, stored
        if source is not None and source.stored > stored:
            stored = source.stored
            flow.look_again()
        if source is not None and source.is_done and not begun:
            run.begin(flow.stage)
            begun = True
        run.look_around()

    flows: list[Flow[Any]] = [flow] if source is None else [source, flow]
    run_flows(flows, timeout_s=run.settings.call_timeout_s, look_around=look_around, sleep=run.pause)
    flow.report_end()
    run.writes.settle()


@dataclass
class Settled:
    """What came of a batch, job by job."""

    spans: list[WorkSpan] = field(default_factory=list)
    completions: list[dict[str, Any]] = field(default_factory=list)
    failures: list[JobFailure] = field(default_factory=list)
    never_begun: list[tuple[UUID, int]] = field(default_factory=list)  # job and fence; they keep their attempt


class JobFlow(ABC, Generic[Batch]):
    """One queue of one document."""

    queue: QueueName
    stage: Stage

    def __init__(self, run: DocumentRun, most: int) -> None:
        """Nothing is claimed yet; a batch will hold `most` jobs at most."""
        self._run = run
        self._attempts: dict[str, int] = {}  # by job, while it is sent
        self._empty_until = 0.0  # time.monotonic(): until then there is nothing to be claimed, as far as is known
        self._size = BatchSize(run.settings.batch_target_s, most)

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

    def rest(self) -> float | None:
        """Seconds until a job may be claimed; None when none is open."""
        self._run.writes.settle()
        self._empty_until = 0.0
        counts = self._run.read(job_counts)[self.queue]
        if counts.pending + counts.processing == 0:
            return None
        if counts.processing:  # nothing is in flight: the answer to a claim was lost, so nobody has sent these
            self._run.read(release_jobs, self._run.worker, self.queue)
            return 0.0
        # It may run and was not to be claimed: the queue is paused, or the pool is away.
        return counts.next_run_in_s or IDLE_LOOK_S

    def report_end(self) -> None:
        """Have the stage counted once more: not all of it was known while its source ran, or it has no job."""
        self._run.writes.put(partial(self._hand_in, [], []))

    def look_again(self) -> None:
        """There may be jobs where there were none a moment ago."""
        self._empty_until = 0.0

    def _claim(self, claim: Claim[Job]) -> list[Job]:
        """Jobs of one batch; nobody is asked again right after there were none."""
        if time.monotonic() < self._empty_until:
            return []
        jobs = self._run.transact(partial(self._take, claim))
        if not jobs:
            self._empty_until = time.monotonic() + IDLE_LOOK_S
        self._attempts.update({str(job.id): job.attempt for job in jobs})
        return jobs

    def _take(self, claim: Claim[Job], conn: "Connection[Any]", document_id: UUID, fence: int) -> list[Job]:
        """One that was tried before goes alone: if it kills its actor, it takes nobody along."""
        worker, lease_s = self._run.worker, self._run.settings.lease_s
        for tried, limit in ((False, self._size.items), (True, 1)):
            if jobs := claim(conn, document_id, fence, worker=worker, limit=limit, lease_s=lease_s, tried=tried):
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
        """Have it written, and go on meanwhile."""
        self._tell_failures(settled)
        self._run.writes.put(partial(self._write, settled))

    def _write(self, settled: Settled) -> None:
        if settled.completions or settled.failures:
            try:
                self._hand_in(settled.completions, settled.failures, settled.spans)
            except RayTaskError as error:  # of the group's results the database refuses at least one
                if isinstance(error.cause, DatabaseUnavailable):
                    raise
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
            if isinstance(error.cause, DatabaseUnavailable):
                raise
            reason = f"the result was refused: {str(error.cause).strip().splitlines()[0][:300]}"
            self._hand_in([], [JobFailure(completion["job_id"], completion["fence"], reason, permanent=True)])

    def _hand_in(
        self, completions: list[dict[str, Any]], failures: list[JobFailure], spans: Sequence[WorkSpan] = ()
    ) -> None:
        document_id = str(self._run.document.id)
        self._run.call_progress("record_jobs", document_id, self.queue, completions, failures, list(spans))


def send_some(pool: Pool, method: str, tasks: Sequence[object]) -> Sent | None:
    """Send tasks to an actor of the pool; nothing is sent where there are none."""
    return pool.send(method, list(tasks)) if tasks else None


def span_of(stage: Stage, actor: str, served: Served[Any]) -> WorkSpan:
    """When an actor worked at a batch."""
    ended_at = max(served.began_at, served.ended_at)  # a clock may be set back
    return WorkSpan(stage, actor, served.began_at, ended_at, served.cpu_seconds, len(served.results))


def spans_of(stage: Stage, *answered: tuple[Sent, object]) -> list[WorkSpan]:
    """The same of each call that was answered, and had anything to do."""
    return [
        span_of(stage, sent.member.name, answer)
        for sent, answer in answered
        if isinstance(answer, Served) and answer.results
    ]


def answers_by_id(answer: object, key: str) -> dict[str, Any]:
    """A pool's results by the id that they carry; nothing when the call was lost."""
    return {getattr(result, key): result for result in answer.results} if isinstance(answer, Served) else {}


def crowd_of(answer: object) -> int:
    """Other documents that waited for the actor that answered."""
    return answer.crowd if isinstance(answer, Served) else 0


def lost_call(answer: object, pool: str) -> str:
    """What to keep as the attempt's error when an actor gave no result for an item."""
    if isinstance(answer, RayError):
        return f"the {pool} call was lost: {type(answer).__name__}: {str(answer).strip().splitlines()[0][:300]}"
    return f"the {pool} actor gave no result for this item"

"""Stage 4's flow: batches of chunk x analysis type go to the CPU actors, each with the picture of its page."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actors.progress import JobFailure
from actors.records import AnalysisResult, AnalysisTask, Chunk, PageContent
from cluster.document_run import DocumentRun
from cluster.flow import Call, Outcome
from cluster.flows.jobs import JobFlow, Settled, answers_by_id, crowd_of, lost_call, send_some, spans_of
from cluster.flows.prices import UNPRICED, Prices
from cluster.flows.reuse import ReuseOfAnalyses
from cluster.workers.dispatch import Sent
from db.content_results import KnownResult
from db.documents import Stage
from db.queue import claim_ai_jobs
from db.queues import QueueName


@dataclass(frozen=True)
class AnalysisBatch:
    """Analyses that were sent to one actor, but for those that are known already."""

    tasks: list[AnalysisTask]
    sent: Sent | None  # None where all are known
    known: Mapping[str, tuple[AnalysisResult, KnownResult]]  # by job id


class AnalysisFlow(JobFlow[AnalysisBatch]):
    """Batches of chunk x analysis type go to the CPU actors, each with the picture of its page."""

    queue: QueueName = "ai"
    stage: Stage = "ai_analysis"

    def __init__(self, run: DocumentRun, chunks: Mapping[str, Chunk]) -> None:
        """Take what the tasks carry: all chunks of the document by their id, those to come among them."""
        super().__init__(run, run.settings.max_batch_analyses)
        self._pool = run.pool("analysis")
        self._chunks = chunks
        self._pages: dict[int, PageContent] = {page.page: page for page in run.page_contents()}
        self._prices = Prices.of(run.settings)
        self._reuse = ReuseOfAnalyses(run.settings, run.read)

    @property
    def in_flight(self) -> int:
        """One batch for each actor, and the settings' number waiting behind them."""
        return len(self._pool) + self._run.settings.in_flight_batches - 1

    def send_next(self) -> Call[AnalysisBatch] | None:
        """Claim analyses and send them."""
        if not self._pool.is_up():
            return None
        jobs = self._claim(claim_ai_jobs)
        if not jobs:
            return None
        tasks = []
        for job in jobs:
            chunk = self._chunks[str(job.chunk_id)]
            tasks.append(
                AnalysisTask(
                    job_id=str(job.id),
                    fence=job.fence,
                    analysis_type=job.analysis_type,
                    chunk=chunk,
                    page=self._pages[chunk.page],
                )
            )
        known = self._reuse.known(tasks)
        sent = send_some(self._pool, "analyse", [task for task in tasks if task.job_id not in known])
        return Call(AnalysisBatch(tasks, sent, known), (sent.ref,) if sent else (), time.monotonic())

    def settle(self, outcome: Outcome[AnalysisBatch]) -> None:
        """One completion or failure for each task."""
        sent, answer = outcome.batch.sent, next(iter(outcome.answers), None)
        begun = sent is not None and self._pool.take_answer(sent, answer)
        results = answers_by_id(answer, "job_id")
        self._size.learn(len(results), sum(result.seconds for result in results.values()), crowd_of(answer))
        settled = Settled(spans_of(self.stage, (sent, answer)) if sent else [])
        for task in outcome.batch.tasks:
            found, origin = outcome.batch.known.get(task.job_id, (None, None))
            result = found or results.get(task.job_id)
            if isinstance(result, AnalysisResult) and result.error is None and result.result is not None:
                settled.completions.append(
                    self._reuse.settle(analysis_completion(task, result, self._prices), task, result, origin)
                )
            elif result is None and not begun:
                settled.never_begun.append((UUID(task.job_id), task.fence))
            else:
                error = result.error if result and result.error else lost_call(answer, "analysis")
                permanent = bool(result and result.permanent)
                settled.failures.append(JobFailure(task.job_id, task.fence, error, permanent))
        self._record(settled)


def analysis_completion(task: AnalysisTask, result: AnalysisResult, prices: Prices = UNPRICED) -> dict[str, Any]:
    """What `db.job_results.complete_ai_jobs` stores for one analysis."""
    return {"job_id": task.job_id, "fence": task.fence, "result": stored_result(result, prices)}


def stored_result(result: AnalysisResult, prices: Prices = UNPRICED) -> dict[str, Any]:
    """What the job's row keeps of a result; tokens and their cost where a language model was asked."""
    kept: dict[str, Any] = {"value": result.result, "model": result.model, "seconds": result.seconds}
    if result.input_tokens or result.output_tokens:
        kept |= {"input_tokens": result.input_tokens, "output_tokens": result.output_tokens}
        if cost := prices.cost(result.input_tokens, result.output_tokens):
            kept["cost"] = cost
    return kept

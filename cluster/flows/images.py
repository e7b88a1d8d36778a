"""Stage 2's flow: a batch of images goes to an OCR actor and to a CLIP actor; a job is done when both have answered."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actors.errors import StorageFailed
from actors.progress import JobFailure
from actors.records import EmbeddingResult, ImageTask, OcrResult
from cluster.document_run import DocumentRun
from cluster.flow import Call, Outcome
from cluster.flows.jobs import JobFlow, Settled, answers_by_id, crowd_of, lost_call, send_some, spans_of
from cluster.flows.reuse import ReuseOfImages
from cluster.workers.dispatch import Pool, Sent
from db.documents import Stage
from db.queue import claim_image_jobs
from db.queues import QueueName


@dataclass(frozen=True)
class ImageBatch:
    """Images that were sent to an OCR actor and to a CLIP actor, but for what is known of them already."""

    tasks: list[ImageTask]
    ocr: Sent | None  # None where all of it is known
    clip: Sent | None

    @property
    def sent(self) -> tuple[Sent, ...]:
        """The calls, in the order of their answers."""
        return tuple(one for one in (self.ocr, self.clip) if one is not None)


class ImageFlow(JobFlow[ImageBatch]):
    """Each batch of images goes to an OCR actor and to a CLIP actor at once; a job is done when both have answered."""

    queue: QueueName = "image"
    stage: Stage = "image_processing"

    def __init__(self, run: DocumentRun) -> None:
        """Connect both pools."""
        super().__init__(run, run.settings.max_batch_items)
        self._ocr = run.pool("ocr")
        self._clip = run.pool("clip")
        self._storage_back_at = -math.inf  # time.monotonic(); what was sent before may have met no files
        self._reuse = ReuseOfImages(run.settings, run.read)

    @property
    def in_flight(self) -> int:
        """One batch for each OCR actor, and the settings' number waiting behind them."""
        return len(self._ocr) + self._run.settings.in_flight_batches - 1

    def send_next(self) -> Call[ImageBatch] | None:
        """Claim images and send them to both pools."""
        if not (self._ocr.is_up() and self._clip.is_up()):
            return None
        jobs = self._claim(claim_image_jobs)
        if not jobs:
            return None
        self._reuse.look_up(jobs)
        tasks = [
            ImageTask(
                job_id=str(job.id),
                image_id=str(job.image_id),
                fence=job.fence,
                storage_key=job.storage_key,
                width_px=job.width_px,
                height_px=job.height_px,
            )
            for job in jobs
        ]
        batch = ImageBatch(
            tasks,
            send_some(self._ocr, "read", self._reuse.unknown(tasks, "ocr")),
            send_some(self._clip, "embed", self._reuse.unknown(tasks, "clip")),
        )
        return Call(batch, tuple(one.ref for one in batch.sent), time.monotonic())

    def settle(self, outcome: Outcome[ImageBatch]) -> None:
        """Bring both answers together, image by image."""
        batch = outcome.batch
        answers = dict(zip(batch.sent, outcome.answers, strict=True))
        read, no_text = take(self._ocr, batch.ocr, answers, "OCR")
        embedded, no_vector = take(self._clip, batch.clip, answers, "CLIP")
        texts, vectors = answers_by_id(read, "image_id"), answers_by_id(embedded, "image_id")
        self._size.learn(len(texts), sum(result.seconds for result in texts.values()), crowd_of(read))
        settled = Settled(spans_of(self.stage, *answers.items()))
        for task in batch.tasks:
            text = self._reuse.reading(task.image_id) or texts.get(task.image_id)
            vector = self._reuse.vector(task.image_id) or vectors.get(task.image_id)
            if errors := [*text_errors(text, no_text), *vector_errors(vector, no_vector)]:
                permanent = bool(text and text.permanent) or bool(vector and vector.permanent)
                settled.failures.append(JobFailure(task.job_id, task.fence, "; ".join(errors), permanent))
            elif text is not None and vector is not None:
                settled.completions.append(self._reuse.settle(image_completion(task, text, vector), text, vector))
            else:
                settled.never_begun.append((UUID(task.job_id), task.fence))
        sent_at = time.monotonic() - outcome.seconds
        away = bool(settled.failures) and (sent_at < self._storage_back_at or self._storage_is_away())
        if away:  # no attempt counts that was made without the images
            settled.never_begun += [(UUID(failure.job_id), failure.fence) for failure in settled.failures]
            settled.failures.clear()
        self._record(settled)
        if away:
            self._run.wait_for_storage(self._run.require_storage)
            self._storage_back_at = time.monotonic()

    def _storage_is_away(self) -> bool:
        try:
            self._run.require_storage()
        except StorageFailed:
            return True
        return False


def take(pool: Pool, sent: Sent | None, answers: Mapping[Sent, object], name: str) -> tuple[object, str | None]:
    """What a pool answered, and what to say of items without a result: None where the call was never begun."""
    if sent is None:
        return None, None
    answer = answers[sent]
    return answer, lost_call(answer, name) if pool.take_answer(sent, answer) else None


def text_errors(text: OcrResult | None, lost: str | None) -> list[str]:
    """Why this attempt failed at OCR; `lost` is what to say without an answer, None where the call was never begun."""
    if text is None:
        return [lost] if lost else []
    return [text.error] if text.error else []


def vector_errors(vector: EmbeddingResult | None, lost: str | None) -> list[str]:
    """Why this attempt failed at CLIP, in the same way. A missing model is no failure."""
    if vector is None:
        return [lost] if lost else []
    return [vector.error or "CLIP failed without a reason"] if vector.status == "failed" else []


def image_completion(task: ImageTask, text: OcrResult, vector: EmbeddingResult) -> dict[str, Any]:
    """What `db.job_results.complete_image_jobs` stores for one image."""
    confidences = [line.confidence for line in text.lines]
    return {
        "job_id": task.job_id,
        "image_id": task.image_id,
        "fence": task.fence,
        "ocr_status": "text" if text.lines else "no_text",
        "ocr_text": "\n".join(line.text for line in text.lines),
        "ocr_lines": [line.to_json() for line in text.lines],
        "ocr_confidence": sum(confidences) / len(confidences) if confidences else None,
        "embedding_status": vector.status,
        "embedding": list(vector.vector) or None,
        "embedding_model": vector.model or None,
        "result": {
            "lines": len(text.lines),
            "engine": text.engine,
            "ocr_seconds": text.seconds,
            "embedding_status": vector.status,
            "embedding_seconds": vector.seconds,
        },
    }

"""Stage 2's flow: a batch of images goes to an OCR actor and to a CLIP actor; a job is done when both have answered."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actors.progress import JobFailure, JobQueue
from actors.records import EmbeddingResult, ImageTask, OcrResult
from cluster.document_run import DocumentRun
from cluster.flow import Call, Outcome
from cluster.job_flows import JobFlow, answers_by_id, lost_call
from db.documents import Stage
from db.queue import claim_image_jobs


@dataclass(frozen=True)
class ImageBatch:
    """Images that were sent, and the numbers of the actors that have them."""

    tasks: list[ImageTask]
    ocr_actor: int
    clip_actor: int


class ImageFlow(JobFlow[ImageBatch]):
    """Each batch of images goes to an OCR actor and to a CLIP actor at once; a job is done when both have answered."""

    queue: JobQueue = "image"
    stage: Stage = "image_processing"

    def __init__(self, run: DocumentRun) -> None:
        """Connect both pools."""
        super().__init__(run)
        self._ocr = run.pool("ocr")
        self._clip = run.pool("clip")

    @property
    def in_flight(self) -> int:
        """One batch for each OCR actor, and the settings' number waiting behind them."""
        return len(self._ocr.actors) + self._run.settings.in_flight_batches - 1

    def send_next(self) -> Call[ImageBatch] | None:
        """Claim images and send them to both pools."""
        jobs = self._run.read(
            claim_image_jobs,
            worker=self._run.worker,
            limit=self._size.items,
            lease_s=self._run.settings.lease_s,
        )
        if not jobs:
            return None
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
        ocr, clip = self._ocr.take(), self._clip.take()
        refs = (self._ocr.actors[ocr].read.remote(tasks), self._clip.actors[clip].embed.remote(tasks))
        batch = ImageBatch(tasks, ocr, clip)
        return Call(batch, refs, time.monotonic(), on_timeout=lambda: self._restart(ocr, clip))

    def _restart(self, ocr: int, clip: int) -> None:
        self._ocr.restart(ocr)
        self._clip.restart(clip)

    def settle(self, outcome: Outcome[ImageBatch]) -> None:
        """Bring both answers together, image by image."""
        self._ocr.give_back(outcome.batch.ocr_actor)
        self._clip.give_back(outcome.batch.clip_actor)
        ocr = answers_by_id(outcome.answers[0], "image_id")
        clip = answers_by_id(outcome.answers[1], "image_id")
        self._size.learn(len(ocr), sum(result.seconds for result in ocr.values()))
        completions: list[dict[str, Any]] = []
        failures: list[JobFailure] = []
        for task in outcome.batch.tasks:
            text, vector = ocr.get(task.image_id), clip.get(task.image_id)
            if errors := image_errors(text, vector, outcome.answers):
                permanent = bool(text and text.permanent) or bool(vector and vector.permanent)
                failures.append(JobFailure(task.job_id, task.fence, "; ".join(errors), permanent))
            elif text is not None and vector is not None:
                completions.append(image_completion(task, text, vector))
        self._record(completions, failures)


def image_errors(text: OcrResult | None, vector: EmbeddingResult | None, answers: Sequence[object]) -> list[str]:
    """Why this attempt failed; empty when both answers are there. A missing model is no failure."""
    errors = []
    if text is None or text.error:
        errors.append(text.error if text and text.error else lost_call(answers[0], "OCR"))
    if vector is None or vector.status == "failed":
        errors.append(vector.error if vector and vector.error else lost_call(answers[1], "CLIP"))
    return errors


def image_completion(task: ImageTask, text: OcrResult, vector: EmbeddingResult) -> dict[str, Any]:
    """What `db.queue.complete_image_jobs` stores for one image."""
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

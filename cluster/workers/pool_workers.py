"""What runs inside a pool's actor: a model and the file store. Plain classes, testable without Ray.

A batch never fails as a whole for one item: each result carries its own error. Each constructor imports its own model:
drivers and the supervisor import this module too, and must not pay for torch.
"""

import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from actors.errors import StorageFailed
from actors.progress import ProgressWriter
from actors.records import (
    AnalysisResult,
    AnalysisTask,
    AnalysisType,
    EmbeddingResult,
    ImageTask,
    OcrResult,
    Retiring,
)
from actors.served import Served
from cluster.host.process_start import begin_process, give_way
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.workers.allowance import Allowance
from cluster.workers.fair_share import Turn
from cluster.workers.turns import Turns

if TYPE_CHECKING:
    from actors.language_model.analyses import LanguageModel

FETCHED_AT_ONCE = 8
"""Images that an actor asks the file store for at a time: an object store answers late, but to many."""
T = TypeVar("T")
ANYONE = Turn()
LAST = Turn(priority=-sys.maxsize)
"""Behind all that wait already."""
TOKENS = ("input_tokens", "output_tokens")
Result = TypeVar("Result")
Item = TypeVar("Item", OcrResult, EmbeddingResult, AnalysisResult)

logger = logging.getLogger(__name__)


def fetch(storage: Storage, tasks: Sequence[ImageTask]) -> tuple[list[tuple[str, bytes]], dict[str, str]]:
    """The bytes of each task's image as (image_id, bytes), and an error by image_id for those that cannot be read."""

    def read(task: ImageTask) -> bytes | StorageFailed:
        try:
            return storage.read(task.storage_key)
        except StorageFailed as error:
            return error

    images: list[tuple[str, bytes]] = []
    errors: dict[str, str] = {}
    with ThreadPoolExecutor(FETCHED_AT_ONCE, "fetch") as readers:
        for task, data in zip(tasks, readers.map(read, tasks), strict=True):
            if isinstance(data, bytes):
                images.append((task.image_id, data))
            else:
                errors[task.image_id] = str(data)
    return images, errors


def process_facts() -> dict[str, Any]:
    """Pid and resident memory in bytes."""
    return {"pid": os.getpid(), "memory_bytes": psutil.Process().memory_info().rss}


def connect_language_model(settings: Settings) -> "LanguageModel | None":
    """The endpoint of the settings, None where none is set."""
    if settings.llm_base_url is None:
        return None
    from actors.language_model.analyses import LanguageModel

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    return LanguageModel(
        settings.llm_base_url, settings.llm_model, api_key=key, timeout_s=settings.llm_timeout_s,
        max_retries=settings.llm_max_retries,
    )  # fmt: skip


class Shift:
    """One actor's process at work: what it is for, what it has served, and its lines in the log."""

    def __init__(self, settings: Settings, duty: str, niceness: int) -> None:
        """This process does `duty` from now on, and lets more urgent ones go first."""
        begin_process(settings, duty)
        self._niceness = niceness
        give_way(niceness)
        self._allowance = Allowance(settings)
        self._turns = Turns(settings.call_timeout_s)
        self.batches = 0
        self.seconds = 0.0
        self._at_work = False
        self._began_at = self._cpu_before = 0.0

    def batch(self, turn: Turn, work: Callable[[], T]) -> T | Retiring:
        """What `work` gives when its turn has come; nothing is done when this process has served enough."""
        return self._turns.take(turn, partial(self._begin, work))

    def _begin(self, work: Callable[[], T]) -> T | Retiring:
        """In the thread that computes."""
        give_way(self._niceness)
        self._began_at, self._cpu_before = time.time(), time.process_time()
        self._at_work = True
        try:
            return self._allowance.retiring() or work()
        finally:
            self._at_work = False

    @property
    def crowd(self) -> int:
        """Documents that wait while another one is served."""
        return self._turns.crowd

    def leave(self) -> None:
        """Take no further batch; returns when the one that is computed is done and those that wait are refused."""
        self._allowance.end("its pool has little to do")
        self._turns.take(LAST, lambda: None)

    def end_batch(self, results: Sequence[Result]) -> Served[Result]:
        """Count a batch: the answer to it. Nothing of nothing is no batch: the driver knew everything from before."""
        self._allowance.spend(len(results))
        self.batches += bool(results)
        ended_at = time.time()
        self.seconds += ended_at - self._began_at
        cpu_seconds = time.process_time() - self._cpu_before
        return Served(results, self._began_at, ended_at, cpu_seconds, crowd=self.crowd)

    def served(self, results: Sequence[Item]) -> Served[Item]:
        """`end_batch` with a line in the log, and one for each item that failed."""
        if not results:
            return self.end_batch(results)
        failed = [result for result in results if result.error]
        for result in failed:
            told = result.model_dump(include={"job_id", "image_id", "analysis_type", "error", "permanent"})
            logger.warning("item failed", extra=told)
        seconds = round(sum(result.seconds for result in results), 3)
        logger.info("batch done", extra={"items": len(results), "failed": len(failed), "model_seconds": seconds})
        return self.end_batch(results)

    def facts(self, model: str, device: str) -> dict[str, Any]:
        """What an operator wants to know of an actor's process; memory in bytes."""
        retiring = self._allowance.retiring()  # asked first: one that retires and is then not at work begins nothing
        return {
            **process_facts(),
            "at_work": self._at_work,
            "model": model,
            "device": device,
            "items": self._allowance.items,
            "batches": self.batches,
            "seconds": round(self.seconds, 3),
            "retiring": retiring.reason if retiring else None,
        }


class PoolWorker:
    """What every actor of a pool can do, whatever it computes."""

    _shift: Shift

    def leave(self) -> None:
        """The pool needs this actor no more: refuse batches from now on, and return when nothing is in work."""
        self._shift.leave()


class OcrWorker(PoolWorker):
    """Reads the text in images."""

    def __init__(self, settings: Settings, *, duty: str, gpu: bool, threads: int, niceness: int = 0) -> None:
        """Load the model; raises ModelMissing or DeviceMissing."""
        self._shift = Shift(settings, duty, niceness)
        from actors.ocr import OcrReader

        self._storage = Storage(settings.storage_address)
        self._reader = OcrReader(
            settings.ocr_languages,
            model_folder=settings.model_folder,
            canvas_px=settings.ocr_canvas_px,
            threads=threads,
            gpu=gpu,
            engine=settings.ocr_engine,
            magnification=settings.ocr_magnification,
            first_look=settings.ocr_first_look,
        )

    def read(self, tasks: Sequence[ImageTask], *, turn: Turn = ANYONE) -> Served[OcrResult] | Retiring:
        """One result for each task, or nothing done of them."""
        return self._shift.batch(turn, partial(self._read, tasks))

    def _read(self, tasks: Sequence[ImageTask]) -> Served[OcrResult]:
        images, errors = fetch(self._storage, tasks)
        lost = [OcrResult(image_id=key, error=text) for key, text in errors.items()]
        return self._shift.served([*self._reader.read(images), *lost])

    def facts(self) -> dict[str, Any]:
        """Process, model and device; answering shows that the model is loaded."""
        return self._shift.facts(self._reader.model, self._reader.device)


class ClipWorker(PoolWorker):
    """Turns images into vectors."""

    def __init__(self, settings: Settings, *, duty: str, gpu: bool, threads: int, niceness: int = 0) -> None:
        """Load the model; without weights every result says `model_missing`."""
        self._shift = Shift(settings, duty, niceness)
        from actors.clip import ClipEncoder

        self._storage = Storage(settings.storage_address)
        self._encoder = ClipEncoder(
            settings.clip_model,
            settings.clip_pretrained,
            model_folder=settings.model_folder,
            gpu=gpu,
            threads=threads,
        )

    def embed(self, tasks: Sequence[ImageTask], *, turn: Turn = ANYONE) -> Served[EmbeddingResult] | Retiring:
        """One result for each task, or nothing done of them; nothing is fetched while the model is missing."""
        return self._shift.batch(turn, partial(self._embed, tasks))

    def _embed(self, tasks: Sequence[ImageTask]) -> Served[EmbeddingResult]:
        if not self._encoder.available:
            missing = [EmbeddingResult(image_id=task.image_id, status="model_missing") for task in tasks]
            return self._shift.end_batch(missing)
        images, errors = fetch(self._storage, tasks)
        lost = [EmbeddingResult(image_id=key, status="failed", error=text) for key, text in errors.items()]
        return self._shift.served([*self._encoder.embed(images), *lost])

    def embed_example(self, data: bytes) -> EmbeddingResult:
        """The vector of a picture that somebody searches with; it may fail, or lack its model, and says so."""
        return self._encoder.embed([("example", data)])[0]

    def embed_text(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of words in the images' space; raises ModelMissing."""
        return self._encoder.embed_text(list(texts))

    def embed_words(self, model: str, texts: Sequence[str], *, turn: Turn = ANYONE) -> Served[list[float]] | Retiring:
        """The same as part of a document's work, for vectors of `model`; no result where another or none is here."""
        return self._shift.batch(turn, partial(self._embed_words, model, texts))

    def _embed_words(self, model: str, texts: Sequence[str]) -> Served[list[float]]:
        is_here = self._encoder.available and self._encoder.model == model
        return self._shift.end_batch(self._encoder.embed_text(texts) if is_here else [])

    def facts(self) -> dict[str, Any]:
        """Process, model and device, and whether the weights are there."""
        facts = self._shift.facts(self._encoder.model, self._encoder.device)
        return {**facts, "available": self._encoder.available}


class AnalysisWorker(PoolWorker):
    """The three analyses of a chunk, and text vectors."""

    def __init__(self, settings: Settings, *, duty: str, gpu: bool, threads: int, niceness: int = 0) -> None:
        """Load the text model; raises ModelMissing."""
        self._shift = Shift(settings, duty, niceness)
        from actors.classification import ChunkClassifier
        from actors.metadata import MetadataReader
        from actors.product_detection import ProductDetector
        from actors.text_embedding import TextEncoder

        del gpu  # the analyses run on CPUs
        self._encoder = TextEncoder(threads=threads, model_folder=settings.model_folder)
        local: dict[AnalysisType, Callable[[Sequence[AnalysisTask]], list[AnalysisResult]]] = {
            "classification": ChunkClassifier(self._encoder).classify,
            "metadata": MetadataReader().read,
            "product_detection": ProductDetector().detect,
        }
        self._local = local
        self._language_model = connect_language_model(settings)

    def analyse(self, tasks: Sequence[AnalysisTask], *, turn: Turn = ANYONE) -> Served[AnalysisResult] | Retiring:
        """One result for each task, of whatever type, or nothing done of them."""
        return self._shift.batch(turn, partial(self._analyse, tasks))

    def _analyse(self, tasks: Sequence[AnalysisTask]) -> Served[AnalysisResult]:
        results: list[AnalysisResult] = []
        for analysis_type, analyse in self._local.items():
            batch = [task for task in tasks if task.analysis_type == analysis_type]
            if batch:
                results.extend(self._with_language_model(batch, analyse))
        return self._shift.served(results)

    def _with_language_model(
        self, batch: list[AnalysisTask], local: Callable[[Sequence[AnalysisTask]], list[AnalysisResult]]
    ) -> list[AnalysisResult]:
        """The endpoint's answers where one is set; the local analyser for what it could not answer."""
        if self._language_model is None:
            return local(batch)
        answers = self._seen_on_pages(batch, self._language_model.analyse(batch))
        failed = {answer.job_id: answer for answer in answers if answer.error}
        for answer in failed.values():
            told = {"job_id": answer.job_id, "error": answer.error}
            logger.warning("the language model failed, local analysis instead", extra=told)
        instead = local([task for task in batch if task.job_id in failed]) if failed else []
        # An answer that is of no use has cost its tokens all the same.
        spent = [{name: getattr(failed[result.job_id], name) for name in TOKENS} for result in instead]
        return [
            *(answer for answer in answers if not answer.error),
            *(result.model_copy(update=tokens) for result, tokens in zip(instead, spent, strict=True)),
        ]

    def _seen_on_pages(self, batch: list[AnalysisTask], answers: list[AnalysisResult]) -> list[AnalysisResult]:
        """Detections of the model, which sees no page, with the pictures that the local detector finds."""
        from actors.language_model.pictures import with_pictures

        if batch[0].analysis_type != "product_detection":
            return answers
        local = self._local["product_detection"](batch)
        return [with_pictures(answer, seen) for answer, seen in zip(answers, local, strict=True)]

    def encode_batch(self, texts: Sequence[str], *, turn: Turn = ANYONE) -> Served[list[float]] | Retiring:
        """A unit vector of 384 numbers for each text, as part of a document's work."""
        return self._shift.batch(turn, lambda: self._shift.end_batch(self._encoder.encode(list(texts))))

    def encode_texts(self, texts: Sequence[str]) -> list[list[float]]:
        """The same for somebody who waits for the answer to a question, beside the batches."""
        return self._encoder.encode(list(texts))

    def facts(self) -> dict[str, Any]:
        """Process, model and device."""
        return self._shift.facts(self._encoder.model, "cpu")


class ProgressActor(ProgressWriter):
    """The progress writer in a process of its own."""

    def __init__(self, settings: Settings, *, duty: str) -> None:
        """Connect as the service role."""
        begin_process(settings, duty)
        self._allowance = Allowance(settings)
        super().__init__(settings.service_url, retry_backoff_s=settings.retry_backoff_s)
        from cluster.workers.watchdog import watch_supervisor  # it stands above: it knows the pools

        watch_supervisor(settings.silence_s)

    def facts(self) -> dict[str, Any]:
        """Process, and what the writer says of itself. It never refuses: whoever loses a call to it hands in again."""
        self._allowance.spend(0)
        retiring = self._allowance.retiring()
        return {**process_facts(), **super().facts(), "retiring": retiring.reason if retiring else None}

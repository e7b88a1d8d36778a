"""What a driver takes over instead of computing it: results that are known by content, under the keys of `result_keys`.

Holds what is known of the batches in work, and says in each job's result, of pages and chunks in their rows, what was
reused and from where.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from actors.records import (
    ANALYSIS_TYPES,
    AnalysisResult,
    AnalysisTask,
    AnalysisType,
    Chunk,
    EmbeddingResult,
    ExtractedPage,
    ImageTask,
    OcrResult,
    PageContent,
)
from cluster.flows.result_keys import PageDigests, analysis_input, renamed, result_key
from cluster.settings import Settings
from db.content_results import KnownResult, ResultKind, find_results
from db.contents import content_of
from db.job_results import StoredAnalysis
from db.queue import ImageJob

Ask = Callable[[Callable[["Connection[Any]", UUID], dict[str, KnownResult]]], dict[str, KnownResult]]
"""How the database is asked: `DocumentRun.read`."""


class ReuseOfImages:
    """Readings and vectors of images whose bytes were read before."""

    def __init__(self, settings: Settings, ask: Ask) -> None:
        """Nothing is known yet."""
        self._ask = ask if settings.reuse_results else ask_nobody
        self._keys: dict[ResultKind, str] = {kind: result_key(settings, kind) for kind in ("ocr", "clip")}
        self._hashes: dict[str, str] = {}  # by image id, of the images in work
        self._known: dict[tuple[str, ResultKind], KnownResult] = {}  # by image id and kind

    def look_up(self, jobs: Sequence[ImageJob]) -> None:
        """Ask for both results of each image."""
        hashes = {str(job.image_id): job.content_hash for job in jobs}
        self._hashes.update(hashes)
        for kind, key in self._keys.items():
            found = ask_for(self._ask, kind, key, set(hashes.values()))
            for image_id, content_hash in hashes.items():
                if content_hash in found:
                    self._known[image_id, kind] = found[content_hash]

    def unknown(self, tasks: Sequence[ImageTask], kind: ResultKind) -> list[ImageTask]:
        """The images for which an actor has to be asked."""
        return [task for task in tasks if (task.image_id, kind) not in self._known]

    def reading(self, image_id: str) -> OcrResult | None:
        """What is known of the text in an image."""
        known = self._known.get((image_id, "ocr"))
        return OcrResult.from_json({**known.result, "image_id": image_id, "seconds": 0.0}) if known else None

    def vector(self, image_id: str) -> EmbeddingResult | None:
        """Its vector, when it is known."""
        known = self._known.get((image_id, "clip"))
        if known is None:
            return None
        vector = tuple(known.embedding or ())
        return EmbeddingResult(image_id=image_id, status="stored", vector=vector, model=known.result["model"])

    def settle(self, completion: dict[str, Any], text: OcrResult, vector: EmbeddingResult) -> dict[str, Any]:
        """The completion with what is to be kept by content, and with what was reused; forgets the image."""
        image_id = completion["image_id"]
        content_hash = self._hashes.pop(image_id)
        known: dict[str, KnownResult] = {
            kind: found for kind in self._keys if (found := self._known.pop((image_id, kind), None))
        }
        kept = [
            self._entry("ocr", content_hash, known, {"lines": [line.to_json() for line in text.lines]}, text.engine)
        ]
        if vector.status == "stored":
            entry = self._entry("clip", content_hash, known, {"model": vector.model}, None)
            kept.append({**entry, "embedding": list(vector.vector)})
        reused = {kind: found.origin for kind, found in known.items()}
        result = completion["result"] | ({"reused": reused} if reused else {})
        return {**completion, "result": result, "keep": kept}

    def _entry(
        self,
        kind: ResultKind,
        content_hash: str,
        known: dict[str, KnownResult],
        result: dict[str, Any],
        engine: str | None,
    ) -> dict[str, Any]:
        if engine is not None:
            result = {**result, "engine": engine}
        return entry_of(kind, content_hash, self._keys[kind], result, known.get(kind))


class ReuseOfAnalyses:
    """Analyses of chunks that stood on the same page before."""

    def __init__(self, settings: Settings, ask: Ask) -> None:
        """Nothing is known yet."""
        self._settings = settings
        self._ask = ask if settings.reuse_results else ask_nobody
        self._keys: dict[AnalysisType, str] = {kind: result_key(settings, kind) for kind in ANALYSIS_TYPES}
        self._pages = PageDigests()
        self._inputs: dict[str, tuple[str, dict[str, str]]] = {}  # by job id: hash of the input, names of its images

    def known(self, tasks: Sequence[AnalysisTask]) -> dict[str, tuple[AnalysisResult, KnownResult]]:
        """What is known of these jobs, by job id, with this document's own ids in it."""
        inputs = {task.job_id: analysis_input(task, self._pages) for task in tasks}
        self._inputs.update(inputs)
        answers: dict[str, tuple[AnalysisResult, KnownResult]] = {}
        for kind in {task.analysis_type for task in tasks}:
            own = [task for task in tasks if task.analysis_type == kind]
            found = ask_for(self._ask, kind, self._keys[kind], {inputs[task.job_id][0] for task in own})
            for task in own:
                content_hash, names = inputs[task.job_id]
                if content_hash in found:
                    answers[task.job_id] = (self._answer(task, found[content_hash], names), found[content_hash])
        return answers

    def _answer(self, task: AnalysisTask, known: KnownResult, names: dict[str, str]) -> AnalysisResult:
        ids = {name: image_id for image_id, name in names.items()}
        return AnalysisResult(
            job_id=task.job_id,
            analysis_type=task.analysis_type,
            result=renamed(known.result["value"], ids),
            model=known.result["model"],
        )

    def settle(
        self, completion: dict[str, Any], task: AnalysisTask, result: AnalysisResult, known: KnownResult | None = None
    ) -> dict[str, Any]:
        """The completion with what it looked at, what to keep by content, and what was reused; forgets the job."""
        content_hash, names = self._inputs.pop(task.job_id)
        kept = {"value": renamed(result.result, names), "model": result.model}
        key = self._keys[task.analysis_type]
        reused = {"reused": {task.analysis_type: known.origin}} if known else {}
        keep = [] if self._is_stopgap(result) else [entry_of(task.analysis_type, content_hash, key, kept, known)]
        return {**completion, "result": completion["result"] | {"input": content_hash} | reused, "keep": keep}

    def _is_stopgap(self, result: AnalysisResult) -> bool:
        """Whether a local analyser stood in for the language model: the next run should ask the model again."""
        return self._settings.llm_base_url is not None and result.model != self._settings.llm_model


def made_of_another_reading(
    stored: Iterable[StoredAnalysis], chunks: Mapping[str, Chunk], pages: Mapping[int, PageContent]
) -> list[UUID]:
    """Jobs of stored analyses that looked at something else than what now stands there.

    The chunk may be the same while its page is not: a retry has read an image, or a page that its words lie on.

    Args:
        stored: finished analyses of one document.
        chunks: by id, as they are cut now.
        pages: by number, as they are read now.
    """
    digests, found = PageDigests(), []
    for analysis in stored:
        if chunk := chunks.get(str(analysis.chunk_id)):
            task = AnalysisTask(
                job_id=str(analysis.job_id),
                fence=0,
                analysis_type=analysis.analysis_type,
                chunk=chunk,
                page=pages[chunk.page],
            )
            if analysis_input(task, digests)[0] != analysis.input:
                found.append(analysis.job_id)
    return found


class ReuseOfPages:
    """Pages of a file that were read before. Each is asked for once: what was taken over in vain is then read."""

    def __init__(self, settings: Settings, ask: Ask, storage_key: str) -> None:
        """Nothing is known yet of the file under that key."""
        self._ask = ask if settings.reuse_results else ask_nobody
        self._key = result_key(settings, "page")
        self._file = content_of(storage_key)
        self._asked: set[int] = set()

    def known(self, pages: Iterable[int]) -> dict[int, KnownResult]:
        """Those of the pages that were read before."""
        names = {page: self._name(page) for page in pages if page not in self._asked}
        self._asked.update(names)
        found = ask_for(self._ask, "page", self._key, names.values())
        return {page: found[name] for page, name in names.items() if name in found}

    def rows(self, pages: Sequence[ExtractedPage], known: Mapping[int, KnownResult]) -> list[dict[str, Any]]:
        """Pages as they are stored, each with where it was taken over from."""
        return [page.to_json() | {"reused_from": origin_of(known.get(page.page))} for page in pages]

    def kept(self, pages: Sequence[ExtractedPage], known: Mapping[int, KnownResult]) -> list[dict[str, Any]]:
        """What to keep of them. Not a page of which something was left out: another time it may be read whole."""
        return [
            entry_of("page", self._name(page.page), self._key, page.to_json(), known.get(page.page))
            for page in pages
            if page.kind != "failed" and not page.warnings
        ]

    def _name(self, page: int) -> str:
        return f"{self._file} page {page}"


class ReuseOfVectors:
    """Vectors of texts that stood in a chunk before. Each chunk is asked for once."""

    def __init__(self, settings: Settings, ask: Ask) -> None:
        """Nothing is known yet."""
        self._ask = ask if settings.reuse_results else ask_nobody
        self._key = result_key(settings, "text_vector")
        self._asked: set[str] = set()

    def known(self, chunks: Iterable[Chunk]) -> dict[str, KnownResult]:
        """By chunk id, those whose text has a vector."""
        hashes = {chunk.chunk_id: text_hash(chunk.text) for chunk in chunks if chunk.chunk_id not in self._asked}
        self._asked.update(hashes)
        found = ask_for(self._ask, "text_vector", self._key, set(hashes.values()))
        return {chunk_id: found[text] for chunk_id, text in hashes.items() if text in found}

    def rows(self, chunks: Sequence[Chunk], known: Mapping[str, KnownResult]) -> list[dict[str, Any]]:
        """Chunks as they are stored, each with where its vector was taken over from."""
        return [chunk.to_json() | {"vector_reused_from": origin_of(known.get(chunk.chunk_id))} for chunk in chunks]

    def kept(
        self, chunks: Sequence[Chunk], vectors: Sequence[Sequence[float]], known: Mapping[str, KnownResult]
    ) -> list[dict[str, Any]]:
        """What to keep of them."""
        return [
            entry_of("text_vector", text_hash(chunk.text), self._key, {}, known.get(chunk.chunk_id))
            | {"embedding": list(vector)}
            for chunk, vector in zip(chunks, vectors, strict=True)
        ]


def text_hash(text: str) -> str:
    """sha256, hex, of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def origin_of(known: KnownResult | None) -> UUID | None:
    """The document that a result was computed for, where it was taken over."""
    return known.from_document if known else None


def ask_nobody(_: object) -> dict[str, KnownResult]:
    """Where nothing is to be taken over, nothing is known."""
    return {}


def ask_for(ask: Ask, kind: ResultKind, key: str, hashes: Collection[str]) -> dict[str, KnownResult]:
    """What is known of these contents, by content hash."""
    return ask(lambda conn, _: find_results(conn, kind, key, hashes))


def entry_of(
    kind: ResultKind, content_hash: str, key: str, result: dict[str, Any], known: KnownResult | None
) -> dict[str, Any]:
    """One result as `db.content_results.keep_results` takes it; one that was taken over keeps its origin."""
    entry: dict[str, Any] = {"kind": kind, "content_hash": content_hash, "model": key, "result": result}
    if known is not None:
        entry |= {"from_document": str(known.from_document)}
        entry |= {"from_job": str(known.from_job)} if known.from_job else {}
    return entry

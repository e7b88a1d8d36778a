"""Stage 3's flow: cuts the document into chunks, has their vectors made, and queues the analyses of what is stored."""

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection
from ray.exceptions import RayError

from actors.records import ANALYSIS_TYPES, Chunk
from actors.served import Served
from cluster.document_run import DocumentRun
from cluster.flow import IDLE_LOOK_S, Call, Outcome
from cluster.flows.jobs import span_of
from cluster.flows.reuse import ReuseOfVectors, made_of_another_reading
from cluster.stages.chunking import chunk_document
from cluster.stages.structure.page_contents import document_languages
from cluster.stored import chunk_record
from cluster.workers.dispatch import Sent
from db.chunks import drop_chunks_from, list_chunks, save_chunks
from db.content_results import KnownResult, keep_document_results
from db.document_claims import set_languages
from db.documents import Stage
from db.job_results import analysis_inputs, forget_analyses
from db.queue import JobOptions, queue_ai_analysis_jobs
from db.spans import WorkSpan, add_spans

CHUNKS_PER_CALL = 64


@dataclass(frozen=True)
class ChunkBatch:
    """Chunks whose texts were sent to one actor, or such as have known vectors and need none."""

    chunks: tuple[Chunk, ...]
    tries: int
    sent: Sent | None  # None where all are known
    known: Mapping[str, KnownResult] = field(default_factory=dict)  # by chunk id


class ChunkFlow:
    """The chunks of one document; what an earlier attempt has stored of the same is kept."""

    stage: Stage = "chunking"

    def __init__(self, run: DocumentRun) -> None:
        """Cut the whole document: headings, columns and page furniture are known only from all pages together."""
        self._run = run
        self._pool = run.pool("analysis")
        began_at, cpu_before = time.time(), time.process_time()
        pages = run.page_contents()
        run.transact(set_languages, document_languages(pages))
        chunks = chunk_document(run.document.id, pages, look_around=run.look_around)
        span = WorkSpan(self.stage, "driver", began_at, time.time(), time.process_time() - cpu_before, len(chunks))
        self.chunks = {chunk.chunk_id: chunk for chunk in chunks}
        kept = run.read(stored_chunks, run.settings.text_model)
        missing = [chunk for chunk in chunks if kept.get(chunk.chunk_id) != chunk]
        self._waiting = deque(
            (tuple(missing[start : start + CHUNKS_PER_CALL]), 0) for start in range(0, len(missing), CHUNKS_PER_CALL)
        )
        self.stored = len(chunks) - len(missing)
        """Chunks that are stored, with their analyses queued."""
        self._reuse = ReuseOfVectors(run.settings, run.read)
        self._out = 0  # batches that are with an actor
        analyses = run.read(analysis_inputs)
        stale = made_of_another_reading(analyses, self.chunks, {page.page: page for page in pages})
        run.transact(begin_chunks, len(chunks), span, stale)
        settled = [UUID(chunk.chunk_id) for chunk in chunks if kept.get(chunk.chunk_id) == chunk]
        run.enqueue(queue_ai_analysis_jobs, ANALYSIS_TYPES, settled)
        self._report(chunks[0].page if chunks else 1)

    @property
    def is_done(self) -> bool:
        """Whether every chunk is stored."""
        return not self._waiting and not self._out

    @property
    def in_flight(self) -> int:
        """One batch for each actor: encoding is quick, and the analyses wait behind it."""
        return len(self._pool)

    def send_next(self) -> Call[ChunkBatch] | None:
        """Send the texts of the next chunks, unless their vectors are known."""
        if not self._waiting or not self._pool.is_up():
            return None
        chunks, tries = self._waiting.popleft()
        self._out += 1
        if known := self._reuse.known(chunks):
            if unknown := tuple(chunk for chunk in chunks if chunk.chunk_id not in known):
                self._waiting.appendleft((unknown, tries))
            taken = tuple(chunk for chunk in chunks if chunk.chunk_id in known)
            return Call(ChunkBatch(taken, tries, None, known), (), time.monotonic())
        sent = self._pool.send("encode_batch", [chunk.text for chunk in chunks])
        return Call(ChunkBatch(chunks, tries, sent), (sent.ref,), time.monotonic())

    def settle(self, outcome: Outcome[ChunkBatch]) -> None:
        """Store the chunks with their vectors; a lost call is sent again, four times in all."""
        batch = outcome.batch
        self._out -= 1
        if batch.sent is None:
            self._store(batch, [batch.known[chunk.chunk_id].embedding or [] for chunk in batch.chunks], [])
            return
        (answer,) = outcome.answers
        begun = self._pool.take_answer(batch.sent, answer)
        if isinstance(answer, Served):
            self._store(batch, answer.results, [span_of(self.stage, batch.sent.member.name, answer)])
            return
        tries = batch.tries + begun
        if isinstance(answer, RayError) and tries > self._run.settings.max_retries:
            raise answer
        self._waiting.appendleft((batch.chunks, tries))

    def _store(self, batch: ChunkBatch, vectors: Sequence[list[float]], spans: Sequence[WorkSpan]) -> None:
        rows = self._reuse.rows(batch.chunks, batch.known)
        kept = self._reuse.kept(batch.chunks, vectors, batch.known)
        model, jobs = self._run.settings.text_model, self._run.job_options
        self._run.transact(store_chunks, rows, vectors, model, spans, kept, jobs=jobs)
        self.stored += len(batch.chunks)
        self._report(batch.chunks[-1].page)

    def _report(self, page: int) -> None:
        self._run.report(self.stage, total=len(self.chunks), completed=self.stored, current_item=f"page {page}")

    def rest(self) -> float | None:
        """Seconds until something may be sent; None when every chunk is stored."""
        return None if self.is_done else IDLE_LOOK_S


def stored_chunks(conn: "Connection[Any]", document_id: UUID, model: str) -> dict[str, Chunk]:
    """By id, the chunks that have a vector of this model."""
    rows = list_chunks(conn, document_id)
    return {str(row.id): chunk_record(row) for row in rows if row.embedding_model == model}


def begin_chunks(
    conn: "Connection[Any]", document_id: UUID, fence: int, count: int, span: WorkSpan, stale: Sequence[UUID]
) -> None:
    """Drop what an earlier attempt has cut more, and its analyses of what reads otherwise now; note the cutting."""
    drop_chunks_from(conn, document_id, fence, count)
    forget_analyses(conn, document_id, fence, stale)
    add_spans(conn, document_id, [span])


def store_chunks(
    conn: "Connection[Any]",
    document_id: UUID,
    fence: int,
    chunks: Sequence[Mapping[str, Any]],
    vectors: Sequence[list[float]],
    model: str,
    spans: Sequence[WorkSpan],
    kept: Sequence[Mapping[str, Any]],
    *,
    jobs: JobOptions,
) -> None:
    """Chunks, their vectors by content, the jobs of their analyses, and who made vectors when, in one transaction."""
    save_chunks(conn, document_id, fence, chunks, vectors, model)
    keep_document_results(conn, document_id, kept)
    queue_ai_analysis_jobs(conn, document_id, ANALYSIS_TYPES, [UUID(chunk["chunk_id"]) for chunk in chunks], **jobs)
    add_spans(conn, document_id, spans)

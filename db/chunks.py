"""Owns chunks: pieces of text with their page, box and vector. Jobs on them are in `queue`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values
from db.document_claims import require_fence


@dataclass(frozen=True)
class ChunkRow:
    """A row of document_chunks, without its vector."""

    id: UUID
    document_id: UUID
    ordinal: int  # reading order, from 0
    page: int
    kind: Literal["text", "table", "caption"]
    text: str
    box: list[float]  # x0, y0, x1, y1 in points
    heading_path: list[str]
    is_index: bool
    source: Literal["text_layer", "ocr"]
    image_id: UUID | None
    lines: list[dict[str, Any]]  # actors.records.TextLine
    rows: list[list[str]]
    embedding_model: str | None
    vector_reused_from: UUID | None  # the document that its vector was made for; None: for this one
    created_at: datetime


# Ids are made from the ordinal, so an earlier run's chunk of this ordinal may hold other text: its analyses are stale,
# finished or not. Those that are stale although the text is the same, `job_results.forget_analyses` takes away.
FORGET_STALE_JOBS: LiteralString = """
    delete from ai_analysis_queue q
    using document_chunks c, unnest(%(ordinals)s::int[], %(texts)s::text[]) as new (ordinal, text)
    where c.document_id = %(document_id)s and c.ordinal = new.ordinal and c.text <> new.text and q.chunk_id = c.id
"""
SAVE: LiteralString = """
    insert into document_chunks
        (id, document_id, ordinal, page, kind, text, box, heading_path, is_index, source, image_id, lines, rows,
         embedding, embedding_model, vector_reused_from)
    values
        (%(id)s, %(document_id)s, %(ordinal)s, %(page)s, %(kind)s, %(text)s, %(box)s, %(heading_path)s, %(is_index)s,
         %(source)s, %(image_id)s, %(lines)s, %(rows)s, %(embedding)s::vector, %(embedding_model)s,
         %(vector_reused_from)s)
    on conflict (document_id, ordinal) do update
    set page = excluded.page, kind = excluded.kind, text = excluded.text, box = excluded.box,
        heading_path = excluded.heading_path, is_index = excluded.is_index, source = excluded.source,
        image_id = excluded.image_id, lines = excluded.lines, rows = excluded.rows,
        embedding = excluded.embedding, embedding_model = excluded.embedding_model,
        vector_reused_from = excluded.vector_reused_from
"""


def save_chunks(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    chunks: Sequence[Mapping[str, Any]],
    embeddings: Sequence[Sequence[float] | None],
    model: str,
) -> None:
    """Store chunks by their ordinal; storing the same twice changes nothing.

    Analyses of a chunk whose text has changed are forgotten, so that they are queued again.

    Args:
        conn: the transaction.
        document_id: whose chunks.
        fence: of the claim; raises `LeaseLost`.
        chunks: each in the JSON form of `actors.records.Chunk`, with `vector_reused_from` where that was taken over.
        embeddings: for each chunk 384 numbers of unit length, or None.
        model: that made them.
    """
    require_fence(conn, document_id, fence)
    rows = [
        chunk_row(document_id, chunk, embedding, model) for chunk, embedding in zip(chunks, embeddings, strict=True)
    ]
    texts = {"ordinals": [row["ordinal"] for row in rows], "texts": [row["text"] for row in rows]}
    conn.execute(FORGET_STALE_JOBS, {"document_id": document_id, **texts})
    with conn.cursor() as cursor:
        cursor.executemany(SAVE, rows)


def chunk_row(
    document_id: UUID, chunk: Mapping[str, Any], embedding: Sequence[float] | None, model: str
) -> dict[str, object]:
    """The parameters of one chunk."""
    return {
        "id": chunk["chunk_id"],
        "document_id": document_id,
        "text": values.text(chunk["text"]),
        "box": list(chunk["box"]),
        "heading_path": [values.text(heading) for heading in chunk.get("heading_path", ())],
        "is_index": chunk.get("is_index", False),
        "source": chunk.get("source", "text_layer"),
        "image_id": chunk.get("image_id"),
        "lines": values.jsonb(chunk.get("lines", ())),
        "rows": values.jsonb(chunk.get("rows", ())),
        "embedding": values.vector(embedding),
        "embedding_model": None if embedding is None else model,
        "vector_reused_from": chunk.get("vector_reused_from"),
        **{name: chunk[name] for name in ("ordinal", "page", "kind")},
    }


DROP_FROM: LiteralString = """
    delete from document_chunks where document_id = %(document_id)s and ordinal >= %(count)s
"""


def drop_chunks_from(conn: Connection[Any], document_id: UUID, fence: int, count: int) -> int:
    """Remove what an earlier run had beyond the `count` chunks of this one; returns how many. Raises `LeaseLost`."""
    require_fence(conn, document_id, fence)
    return conn.execute(DROP_FROM, {"document_id": document_id, "count": count}).rowcount


LIST: LiteralString = """
    select id, document_id, ordinal, page, kind, text, box, heading_path, is_index, source, image_id, lines, rows,
           embedding_model, vector_reused_from, created_at
    from document_chunks
    where document_id = %(document_id)s
    order by ordinal
    limit %(limit)s offset %(offset)s
"""


def list_chunks(conn: Connection[Any], document_id: UUID, limit: int | None = None, offset: int = 0) -> list[ChunkRow]:
    """A document's chunks in reading order; all of them without a limit."""
    with conn.cursor(row_factory=class_row(ChunkRow)) as cursor:
        return cursor.execute(LIST, {"document_id": document_id, "limit": limit, "offset": offset}).fetchall()


COUNT: LiteralString = "select count(*) from document_chunks where document_id = %(document_id)s"


def count_chunks(conn: Connection[Any], document_id: UUID) -> int:
    """How many chunks a document has."""
    row = conn.execute(COUNT, {"document_id": document_id}).fetchone()
    return int(row[0]) if row else 0

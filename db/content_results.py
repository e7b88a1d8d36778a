"""Owns results by content: what was read of these bytes, by this model under these parameters, whoever asked first.

A result is stored with the job that computed it (`job_results`), or with the page or chunk that it is of, and taken
over by those that find it here. Keys of models are made in `cluster.flows.result_keys`; here they are only compared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values
from db.queues import QueueName, for_both

AnalysisKind = Literal["classification", "metadata", "product_detection"]
ResultKind = Literal["page", "ocr", "clip", "text_vector", AnalysisKind]


@dataclass(frozen=True)
class KnownResult:
    """A result that is there already."""

    content_hash: str
    result: dict[str, Any]
    embedding: list[float] | None  # of the kinds `clip` and `text_vector`
    from_document: UUID  # where it was computed
    from_job: UUID | None  # None: no job makes such a result

    @property
    def origin(self) -> dict[str, str]:
        """Where it comes from, as the job that takes it over says in its result."""
        job = {"job_id": str(self.from_job)} if self.from_job else {}
        return {"document_id": str(self.from_document), **job}


FIND: LiteralString = """
    select distinct on (content_hash) content_hash, result, embedding::real[] as embedding, from_document, from_job
    from content_results
    where kind = %(kind)s and model = %(model)s and content_hash = any (%(hashes)s)
    order by content_hash, created_at
"""


def find_results(
    conn: Connection[Any], kind: ResultKind, model: str, hashes: Collection[str]
) -> dict[str, KnownResult]:
    """What is known of these contents, by content hash; the oldest of several equal ones."""
    if not hashes:
        return {}
    asked = {"kind": kind, "model": model, "hashes": list(hashes)}
    with conn.cursor(row_factory=class_row(KnownResult)) as cursor:
        return {row.content_hash: row for row in cursor.execute(FIND, asked)}


KEEP = for_both("""
    insert into content_results (document_id, kind, content_hash, model, result, embedding, from_document, from_job)
    select q.document_id, g.kind, g.content_hash, g.model, g.result, g.embedding::vector,
           coalesce(g.from_document, q.document_id), coalesce(g.from_job, q.id)
    from jsonb_to_recordset(%(kept)s) as g (
        job_id uuid, kind text, content_hash text, model text, result jsonb, embedding text,
        from_document uuid, from_job uuid)
    join {queue} q on q.id = g.job_id
    on conflict do nothing
""")


def keep_results(conn: Connection[Any], queue: QueueName, kept: Sequence[Mapping[str, Any]]) -> None:
    """Keep what these jobs read, or took over, under its content; `job_results` says what each entry holds."""
    if kept:
        conn.execute(KEEP[queue], {"kept": values.jsonb(_rows(kept))})


KEEP_OF_DOCUMENT: LiteralString = """
    insert into content_results (document_id, kind, content_hash, model, result, embedding, from_document)
    select %(document_id)s, kind, content_hash, model, result, embedding::vector,
           coalesce(from_document, %(document_id)s)
    from jsonb_to_recordset(%(kept)s) as g (
        kind text, content_hash text, model text, result jsonb, embedding text, from_document uuid)
    on conflict do nothing
"""


def keep_document_results(conn: Connection[Any], document_id: UUID, kept: Sequence[Mapping[str, Any]]) -> None:
    """Keep what no job reads, pages and text vectors, in the transaction that stores them under the document's fence.

    Args:
        conn: the transaction.
        document_id: whose.
        kept: each with `kind`, `content_hash`, `model`, `result`, of a vector `embedding`, and `from_document` where it
            was taken over.
    """
    if kept:
        conn.execute(KEEP_OF_DOCUMENT, {"document_id": document_id, "kept": values.jsonb(_rows(kept))})


def _rows(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: str(value) if key.endswith("_id") else value for key, value in entry.items()}
        | {"embedding": values.vector(entry.get("embedding"))}
        for entry in kept
    ]

"""Owns results by content: what was read of these bytes, by this model under these parameters, whoever asked first.

A result is stored with the job that computed it (`job_results`), and taken over by the jobs that find it here. Keys of
models are made in `cluster.result_keys`; here they are only compared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values
from db.queues import QueueName, for_both

ResultKind = Literal["ocr", "clip", "classification", "metadata", "product_detection"]


@dataclass(frozen=True)
class KnownResult:
    """A result that is there already."""

    content_hash: str
    result: dict[str, Any]
    embedding: list[float] | None  # of kind `clip`
    from_document: UUID  # where it was computed
    from_job: UUID

    @property
    def origin(self) -> dict[str, str]:
        """Where it comes from, as the job that takes it over says in its result."""
        return {"document_id": str(self.from_document), "job_id": str(self.from_job)}


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
    if not kept:
        return
    rows = [
        {key: str(value) if key.endswith("_id") else value for key, value in entry.items()}
        | {"embedding": values.vector(entry.get("embedding"))}
        for entry in kept
    ]
    conn.execute(KEEP[queue], {"kept": values.jsonb(rows)})

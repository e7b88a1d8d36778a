"""Owns the numbers that monitor and API show: over everything that there is, never over a sample.

Rows by state are not counted here but summed from the tallies that move with them. The error log is in `error_log`,
the speed by minutes in `throughput`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from db.documents import COLUMNS, Document, Stage, get_document
from db.progress import STAGE_RANGES
from db.queues import QUEUES, QueueName, for_both
from db.tallies import SUMS


@dataclass(frozen=True)
class QueueMetrics:
    """One queue, over all documents."""

    pending: int
    processing: int
    completed: int
    failed: int  # for good
    cancelled: int
    total: int
    average_seconds: float | None  # from claim to result, of completed jobs; None while there is none
    success_rate: float | None  # completed of completed and failed, 0-1; None while there is neither
    oldest_pending_s: float | None  # age of the job that waits longest; None when none waits


METRICS = for_both(f"""
    with counted as ({SUMS} where queue = {{name}}),
    waiting as materialized (select (
        select created_at from {{queue}} where status = 'pending' order by created_at limit 1) as oldest)
    select pending, processing, completed, failed, cancelled,
           pending + processing + completed + failed + cancelled as total,
           run_us / 1e6::float8 / nullif(completed, 0) as average_seconds,
           completed::float8 / nullif(completed + failed, 0) as success_rate,
           case when oldest is not null then greatest(0, extract(epoch from now() - oldest)) end::float8
               as oldest_pending_s
    from counted, waiting
""")


def get_queue_metrics(conn: Connection[Any]) -> dict[QueueName, QueueMetrics]:
    """Both queues in numbers."""
    metrics: dict[QueueName, QueueMetrics] = {}
    with conn.cursor(row_factory=class_row(QueueMetrics)) as cursor:
        for queue in QUEUES:
            row = cursor.execute(METRICS[queue]).fetchone()
            assert row is not None
            metrics[queue] = row
    return metrics


@dataclass(frozen=True)
class RecentJob:
    """A job that moved lately."""

    id: UUID
    document_id: UUID
    document_title: str
    item: str  # "image on page 3", "chunk 12 on page 3"
    analysis_type: str | None
    status: str
    attempt: int
    max_attempts: int
    error_message: str | None  # of the last failed attempt
    seconds: float | None  # from claim to end; None before
    updated_at: datetime


# Each part has an index that is in its order; an ended job moved last when it ended. Few are in work.
NEWEST: LiteralString = """(
        (select * from {queue} where status = 'pending' order by updated_at desc limit %(limit)s)
        union all
        (select * from {queue} where status = 'processing' order by updated_at desc limit %(limit)s)
        union all
        (select * from {queue} where status = 'completed' order by completed_at desc limit %(limit)s)
        union all
        (select * from {queue} where status = 'failed' order by completed_at desc limit %(limit)s)
        union all
        (select * from {queue} where status = 'cancelled' order by completed_at desc limit %(limit)s)
        order by updated_at desc limit %(limit)s) as q"""
RECENT_IMAGES: LiteralString = f"""
    select q.id, q.document_id, d.title as document_title,
           format(case i.kind when 'page' then 'page %%s as an image' else 'image on page %%s' end, i.page) as item,
           null as analysis_type, q.status, q.attempt, q.max_retries + 1 as max_attempts, q.error_message,
           extract(epoch from q.completed_at - q.started_at)::float8 as seconds, q.updated_at
    from {NEWEST}
    join processed_documents d on d.id = q.document_id
    join document_images i on i.id = q.image_id
    order by q.updated_at desc, q.id
"""
RECENT_ANALYSES: LiteralString = f"""
    select q.id, q.document_id, d.title as document_title,
           coalesce(format('chunk %%s on page %%s', c.ordinal, c.page), 'document') as item,
           q.analysis_type, q.status, q.attempt, q.max_retries + 1 as max_attempts, q.error_message,
           extract(epoch from q.completed_at - q.started_at)::float8 as seconds, q.updated_at
    from {NEWEST}
    join processed_documents d on d.id = q.document_id
    left join document_chunks c on c.id = q.chunk_id
    order by q.updated_at desc, q.id
"""
RECENT = {"image": for_both(RECENT_IMAGES)["image"], "ai": for_both(RECENT_ANALYSES)["ai"]}


def recent_jobs(conn: Connection[Any], queue: QueueName, limit: int = 50) -> list[RecentJob]:
    """The jobs of a queue that moved last, newest first."""
    with conn.cursor(row_factory=class_row(RecentJob)) as cursor:
        return cursor.execute(RECENT[queue], {"limit": limit}).fetchall()


@dataclass(frozen=True)
class DocumentTotals:
    """All documents by state."""

    pending: int
    processing: int
    completed: int
    partial: int
    failed: int
    cancelled: int
    total: int
    success_rate: float | None  # completed of completed, partial and failed, 0-1; None while there is none of them


TOTALS: LiteralString = f"""
    with counted as ({SUMS} where queue = 'documents')
    select pending, processing, completed, partial, failed, cancelled,
           pending + processing + completed + partial + failed + cancelled as total,
           completed::float8 / nullif(completed + partial + failed, 0) as success_rate
    from counted
"""


def document_totals(conn: Connection[Any]) -> DocumentTotals:
    """How many documents stand in each state."""
    with conn.cursor(row_factory=class_row(DocumentTotals)) as cursor:
        row = cursor.execute(TOTALS).fetchone()
    assert row is not None
    return row


@dataclass(frozen=True)
class StageProgress:
    """One stage of one document."""

    stage: Stage
    progress: int  # percent of the stage
    total: int
    completed: int  # finally failed items are done and count here
    failed: int
    rate_per_s: float | None  # over the last half minute to minute; of a finished stage over all of it; None: unknown
    seconds_left: float | None  # None: no estimate
    updated_at: datetime


@dataclass(frozen=True)
class DocumentProgress:
    """A document and the stages that have begun, in their order."""

    document: Document
    stages: tuple[StageProgress, ...]


# A stage that stands still gets slower by the second: its rate runs to now, not to its last change.
STAGES: LiteralString = """
    with measured as (
        select *,
               progress = 100 as done,
               coalesce((metadata #>> '{previous,at}')::timestamptz, updated_at) as since,
               coalesce((metadata #>> '{previous,completed}')::int, completed_items) as before,
               coalesce((metadata ->> 'started_at')::timestamptz, updated_at) as started
        from job_progress
        where document_id = any (%(ids)s)),
    rated as (
        select *,
               case when done then completed_items / nullif(extract(epoch from updated_at - started), 0)
                    else (completed_items - before) / nullif(extract(epoch from now() - since), 0) end as rate
        from measured)
    select document_id, stage, progress, total_items as total, completed_items as completed,
           coalesce((metadata ->> 'failed')::int, 0) as failed,
           nullif(rate, 0)::float8 as rate_per_s,
           case when done then 0 else (total_items - completed_items) / nullif(rate, 0) end::float8 as seconds_left,
           updated_at
    from rated
    order by document_id, array_position(%(stages)s::text[], stage)
"""
OPEN_DOCUMENTS: LiteralString = f"""
    select {COLUMNS} from processed_documents
    where status in ('pending', 'processing')
    order by status desc, priority desc, created_at, id
    limit %(limit)s offset %(offset)s
"""
ALL_DOCUMENTS: LiteralString = f"""
    select {COLUMNS} from processed_documents order by created_at desc, id limit %(limit)s offset %(offset)s
"""


def documents_progress(
    conn: Connection[Any], *, open_only: bool = True, limit: int = 50, offset: int = 0
) -> list[DocumentProgress]:
    """Documents with their stages.

    Args:
        conn: the transaction.
        open_only: those that are processed, then those that wait, in the order of their turn; else all, newest first.
        limit: most documents.
        offset: documents to skip.
    """
    query = OPEN_DOCUMENTS if open_only else ALL_DOCUMENTS
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        documents = cursor.execute(query, {"limit": limit, "offset": offset}).fetchall()
    return _with_stages(conn, documents)


def document_progress(conn: Connection[Any], document_id: UUID) -> DocumentProgress | None:
    """One document with its stages, or None."""
    document = get_document(conn, document_id)
    return None if document is None else _with_stages(conn, [document])[0]


def _with_stages(conn: Connection[Any], documents: list[Document]) -> list[DocumentProgress]:
    stages: dict[UUID, list[StageProgress]] = {document.id: [] for document in documents}
    asked = {"ids": list(stages), "stages": list(STAGE_RANGES)}
    with conn.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(STAGES, asked):
            stages[row.pop("document_id")].append(StageProgress(**row))
    return [DocumentProgress(document, tuple(stages[document.id])) for document in documents]


def server_time(conn: Connection[Any]) -> datetime:
    """The database's clock, in UTC: the one by which leases and ages are counted."""
    row = conn.execute("select now()").fetchone()
    assert row is not None
    now: datetime = row[0]
    return now

"""Owns the two queues: putting jobs in, claiming and counting them. `job_results` ends, `job_recovery` saves them.

States of a job: who moves it there, and what a crash leaves.

    pending     `queue_...`, a failed attempt that may be tried again (after `run_after`), a release; nobody holds it
    processing  claimed by a driver for one call on an actor; a crash leaves it here until the lease runs out
    completed   `complete_...`, with a result, in the same transaction
    failed      the fourth failed attempt or a permanent error, with every attempt's error
    cancelled   the document ended or was cancelled before the job was done
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, TypedDict, TypeVar
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from db.document_claims import hold_claim
from db.queues import QUEUES, QueueName, for_both


class JobOptions(TypedDict):
    """What all jobs of a document are queued with."""

    priority: int  # higher goes first within the document
    max_retries: int  # tries after the first


@dataclass(frozen=True)
class ImageJob:
    """A claimed image job, with what its actor needs of the image."""

    id: UUID
    document_id: UUID
    image_id: UUID
    attempt: int  # the first is 1
    max_retries: int
    fence: int
    storage_key: str
    media_type: str
    width_px: int
    height_px: int
    page: int  # the first page that shows the image
    content_hash: str  # of its bytes


@dataclass(frozen=True)
class AnalysisJob:
    """A claimed chunk x analysis type."""

    id: UUID
    document_id: UUID
    chunk_id: UUID | None
    analysis_type: str
    attempt: int  # the first is 1
    max_retries: int
    fence: int


Job = TypeVar("Job", ImageJob, AnalysisJob)


@dataclass(frozen=True)
class JobCounts:
    """One document's jobs in one queue."""

    pending: int
    processing: int
    completed: int
    failed: int
    cancelled: int
    total: int
    next_run_in_s: float | None  # until the next pending job may run, 0 when it may now, None when none is pending

    @property
    def done(self) -> int:
        """Completed and finally failed ones: what progress counts."""
        return self.completed + self.failed


# clock_timestamp keeps the order of the pages among jobs of one insert; claims follow it.
QUEUE_IMAGES: LiteralString = """
    insert into image_processing_queue (document_id, image_id, priority, max_retries, created_at)
    select document_id, id, %(priority)s, %(max_retries)s, clock_timestamp()
    from (
        select document_id, id from document_images
        where document_id = %(document_id)s and (%(image_ids)s::uuid[] is null or id = any (%(image_ids)s))
        order by page, id) as images
    on conflict (image_id) do nothing
"""


def queue_image_processing_jobs(
    conn: Connection[Any],
    document_id: UUID,
    image_ids: Sequence[UUID] | None = None,
    *,
    priority: int = 0,
    max_retries: int = 3,
) -> int:
    """Queue one job for each image that has none yet; doing it twice changes nothing.

    Args:
        conn: the transaction.
        document_id: whose images.
        image_ids: only these; None is all of the document.
        priority: higher goes first within the document.
        max_retries: tries after the first.

    Returns:
        How many jobs are new.
    """
    params = {
        "document_id": document_id,
        "image_ids": None if image_ids is None else list(image_ids),
        "priority": priority,
        "max_retries": max_retries,
    }
    return conn.execute(QUEUE_IMAGES, params).rowcount


QUEUE_ANALYSES: LiteralString = """
    insert into ai_analysis_queue (document_id, chunk_id, analysis_type, priority, max_retries, created_at)
    select document_id, id, analysis_type, %(priority)s, %(max_retries)s, clock_timestamp()
    from (
        select document_id, id, analysis_type
        from document_chunks, unnest(%(analysis_types)s::text[]) with ordinality as types (analysis_type, place)
        where document_id = %(document_id)s and (%(chunk_ids)s::uuid[] is null or id = any (%(chunk_ids)s))
        order by place, ordinal) as analyses
    on conflict (chunk_id, analysis_type) do nothing
"""


def queue_ai_analysis_jobs(
    conn: Connection[Any],
    document_id: UUID,
    analysis_types: Sequence[str],
    chunk_ids: Sequence[UUID] | None = None,
    *,
    priority: int = 0,
    max_retries: int = 3,
) -> int:
    """Queue one job for each chunk x analysis type that has none yet; doing it twice changes nothing.

    Args:
        conn: the transaction.
        document_id: whose chunks.
        analysis_types: in the order in which they should be done.
        chunk_ids: only these; None is all of the document.
        priority: higher goes first within the document.
        max_retries: tries after the first.

    Returns:
        How many jobs are new.
    """
    params = {
        "document_id": document_id,
        "analysis_types": list(analysis_types),
        "chunk_ids": None if chunk_ids is None else list(chunk_ids),
        "priority": priority,
        "max_retries": max_retries,
    }
    return conn.execute(QUEUE_ANALYSES, params).rowcount


# Sent before each claim: it must read its index in order. The planner takes each document for an average one, and of a
# large one it would collect all 30,000 waiting jobs and sort them for the first twenty.
READ_IN_ORDER: LiteralString = "set local enable_sort = off"
# The document is held, shared: claims of jobs need not wait for each other, only a take-over waits for them. array(...)
# is evaluated once; `in (select ... limit)` may be run again by a join and take more than the limit. What is locked
# keeps its place, so that no index has to be asked for it again.
CLAIM: LiteralString = """
    update {queue}
    set status = 'processing', worker = %(worker)s, attempt = attempt + 1, retry_count = attempt,
        fence = nextval('fence_sequence'), lease_expires_at = now() + make_interval(secs => %(lease_s)s),
        started_at = now(), updated_at = now()
    where ctid = any (array(
        select ctid from {queue}
        where document_id = (
              select d.id from processed_documents d
              where d.id = %(document_id)s and d.fence = %(fence)s and d.status = 'processing'
              for share)
          and status = 'pending' and run_after <= now()
          and (%(tried)s::bool is null or (attempt > 0) = %(tried)s)
          and not exists (select from queue_switches s where s.queue = {name} and s.paused)
        order by priority desc, created_at
        limit %(limit)s
        for update skip locked))
    returning *
"""
CLAIM_IMAGES = for_both(f"""
    with taken as ({CLAIM})
    select t.id, t.document_id, t.image_id, t.attempt, t.max_retries, t.fence,
           i.storage_key, i.media_type, i.width_px, i.height_px, i.page, i.content_hash
    from taken t join document_images i on i.id = t.image_id
    order by t.priority desc, t.created_at
""")["image"]
CLAIM_ANALYSES = for_both(f"""
    with taken as ({CLAIM})
    select id, document_id, chunk_id, analysis_type, attempt, max_retries, fence
    from taken
    order by priority desc, created_at
""")["ai"]


def claim_image_jobs(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    *,
    worker: str,
    limit: int,
    lease_s: float,
    tried: bool | None = None,
) -> list[ImageJob]:
    """Take image jobs of a document that may run now, in order: each with a new fence and attempt.

    Args:
        conn: the transaction.
        document_id: whose jobs.
        fence: of the document's claim; raises `LeaseLost`, so that a driver that wakes late takes nothing.
        worker: who takes them.
        limit: most jobs.
        lease_s: seconds until the reaper may give them to somebody else.
        tried: only jobs that have had an attempt, or only those that have not; None takes either.

    Returns:
        At most `limit` jobs; none while the queue is paused.
    """
    params = {"worker": worker, "limit": limit, "lease_s": lease_s, "tried": tried}
    return _claim(conn, CLAIM_IMAGES, ImageJob, document_id, fence, params)


def claim_ai_jobs(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    *,
    worker: str,
    limit: int,
    lease_s: float,
    tried: bool | None = None,
) -> list[AnalysisJob]:
    """Take analysis jobs of a document that may run now, as `claim_image_jobs` does."""
    params = {"worker": worker, "limit": limit, "lease_s": lease_s, "tried": tried}
    return _claim(conn, CLAIM_ANALYSES, AnalysisJob, document_id, fence, params)


def _claim(
    conn: Connection[Any],
    statement: sql.Composed,
    kind: type[Job],
    document_id: UUID,
    fence: int,
    params: Mapping[str, object],
) -> list[Job]:
    """Take the jobs; none is no answer before it is clear that the document is still held."""
    held_under = {"document_id": document_id, "fence": fence}
    with conn.cursor(row_factory=class_row(kind)) as cursor:
        with conn.pipeline():  # both are sent at once
            conn.execute(READ_IN_ORDER)
            cursor.execute(statement, {**held_under, **params})
        jobs = cursor.fetchall()
    if not jobs:
        hold_claim(conn, document_id, fence)
    return jobs


COUNTS = for_both("""
    select count(*) filter (where status = 'pending') as pending,
           count(*) filter (where status = 'processing') as processing,
           count(*) filter (where status = 'completed') as completed,
           count(*) filter (where status = 'failed') as failed,
           count(*) filter (where status = 'cancelled') as cancelled,
           count(*) as total,
           case when count(*) filter (where status = 'pending') > 0 then greatest(0, extract(
               epoch from min(run_after) filter (where status = 'pending') - clock_timestamp())) end::float8
               as next_run_in_s
    from {queue}
    where document_id = %(document_id)s
""")


def count_jobs(conn: Connection[Any], document_id: UUID, queue: QueueName) -> JobCounts:
    """How one document's jobs stand in one queue."""
    with conn.cursor(row_factory=class_row(JobCounts)) as cursor:
        counts = cursor.execute(COUNTS[queue], {"document_id": document_id}).fetchone()
    assert counts is not None
    return counts


def job_counts(conn: Connection[Any], document_id: UUID) -> dict[QueueName, JobCounts]:
    """How one document's jobs stand, by queue."""
    return {queue: count_jobs(conn, document_id, queue) for queue in QUEUES}

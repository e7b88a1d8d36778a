"""Owns what becomes of claimed jobs when their holder goes: renewed with the document, given back, lapsed, cancelled.

Jobs carry fences from the same sequence as documents: a job claimed after its document's claim has the higher fence,
and only such jobs belong to the driver that holds the document now.
"""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection, sql

from db.queues import QUEUES, TABLES, QueueName, for_both

# Rows that somebody holds are being completed or failed right now: waiting for them could only end in a deadlock.
RENEW = for_both("""
    update {queue} set lease_expires_at = now() + make_interval(secs => %(lease_s)s)
    where id = any (array(
        select id from {queue}
        where document_id = %(document_id)s and status = 'processing' and fence > %(fence)s
        for update skip locked))
""")


def renew_jobs(conn: Connection[Any], document_id: UUID, fence: int, lease_s: float) -> None:
    """Lengthen the leases of the jobs that were claimed under this claim of the document."""
    for statement in RENEW.values():
        conn.execute(statement, {"document_id": document_id, "fence": fence, "lease_s": lease_s})


# An image whose job has finally failed says so itself: 'pending' for ever would look like work to come.
MARK_IMAGES_FAILED: LiteralString = """
    update document_images
    set ocr_status = case when ocr_status = 'pending' then 'failed' else ocr_status end,
        embedding_status = case when embedding_status = 'pending' then 'failed' else embedding_status end
    where id in (select image_id from image_processing_queue where id = any (%(job_ids)s))
"""

LAPSE: LiteralString = """
    update {queue}
    set status = case when attempt > max_retries then 'failed' else 'pending' end,
        completed_at = case when attempt > max_retries then now() end,
        run_after = now(),
        errors = errors || jsonb_build_object('attempt', attempt, 'at', now(), 'error', %(reason)s::text),
        last_error_at = now(), error_message = %(reason)s,
        worker = null, lease_expires_at = null, updated_at = now()
    where id = any (array({lapsed}))
    returning id, status
"""
OF_EARLIER_DRIVER: LiteralString = """
    select q.id from {queue} q join processed_documents d on d.id = q.document_id
    where q.document_id = %(document_id)s and q.status = 'processing' and q.fence < d.fence
    order by q.id
    for update of q skip locked
"""
EXPIRED: LiteralString = """
    select id from {queue} where status = 'processing' and lease_expires_at < now() order by id for update skip locked
"""


def _lapse_statements(lapsed: LiteralString) -> dict[QueueName, sql.Composed]:
    return {
        queue: sql.SQL(LAPSE).format(queue=table, lapsed=sql.SQL(lapsed).format(queue=table))
        for queue, table in TABLES.items()
    }


LAPSE_OF_EARLIER_DRIVER = _lapse_statements(OF_EARLIER_DRIVER)
LAPSE_EXPIRED = _lapse_statements(EXPIRED)


def lapse_jobs(conn: Connection[Any], document_id: UUID) -> int:
    """Count the calls of an earlier driver as failed attempts, so that their jobs can be claimed at once.

    Returns:
        How many jobs that were.
    """
    params = {"document_id": document_id, "reason": "The driver that had sent this job was lost."}
    return sum(_lapse(conn, queue, LAPSE_OF_EARLIER_DRIVER[queue], params) for queue in QUEUES)


def reap_jobs(conn: Connection[Any]) -> int:
    """The same for jobs whose lease has run out; returns how many that were."""
    params = {"reason": "The lease of this job ran out: its worker died or stopped renewing."}
    return sum(_lapse(conn, queue, LAPSE_EXPIRED[queue], params) for queue in QUEUES)


def _lapse(conn: Connection[Any], queue: QueueName, statement: sql.Composed, params: Mapping[str, object]) -> int:
    rows = conn.execute(statement, params).fetchall()
    failed = [job_id for job_id, status in rows if status == "failed"]
    if queue == "image" and failed:
        conn.execute(MARK_IMAGES_FAILED, {"job_ids": failed})
    return len(rows)


GIVE_BACK: LiteralString = """
    update {queue}
    set status = 'pending', attempt = greatest(attempt - 1, 0), retry_count = greatest(retry_count - 1, 0),
        run_after = now(), worker = null, lease_expires_at = null, updated_at = now()
    where document_id = %(document_id)s and status = 'processing'
"""
# As every writer does: the document before its jobs.
HOLD_DOCUMENT: LiteralString = "select 1 from processed_documents where id = %(document_id)s for no key update"
RELEASE_OF_WORKER = for_both(GIVE_BACK + " and worker = %(worker)s")
RELEASE_SINCE = for_both(GIVE_BACK + " and fence > %(fence)s")
RELEASE_CALLS = for_both(
    GIVE_BACK + " and (id, fence) in (select * from unnest(%(ids)s::uuid[], %(fences)s::bigint[]))"
)


def release_jobs(conn: Connection[Any], document_id: UUID, worker: str, queue: QueueName | None = None) -> int:
    """Give back what a worker has claimed of a document, with the attempt restored; returns how many jobs.

    Args:
        conn: the transaction.
        document_id: whose jobs.
        worker: who claimed them.
        queue: only of this one; None is both.
    """
    params = {"document_id": document_id, "worker": worker}
    conn.execute(HOLD_DOCUMENT, params)
    return sum(conn.execute(RELEASE_OF_WORKER[name], params).rowcount for name in QUEUES if queue in (None, name))


def release_calls(
    conn: Connection[Any], document_id: UUID, queue: QueueName, claims: Sequence[tuple[UUID, int]]
) -> int:
    """Give jobs back whose calls were lost before an actor began them, with the attempt restored.

    Args:
        conn: the transaction.
        document_id: whose jobs.
        queue: which of the two.
        claims: id and fence of each; those that are somebody else's by now are left alone.

    Returns:
        How many jobs that were.
    """
    ids, fences = [job_id for job_id, _ in claims], [fence for _, fence in claims]
    conn.execute(HOLD_DOCUMENT, {"document_id": document_id})
    return conn.execute(RELEASE_CALLS[queue], {"document_id": document_id, "ids": ids, "fences": fences}).rowcount


def release_jobs_since(conn: Connection[Any], document_id: UUID, fence: int) -> int:
    """Give back what was claimed under this claim of the document; returns how many jobs."""
    params = {"document_id": document_id, "fence": fence}
    return sum(conn.execute(statement, params).rowcount for statement in RELEASE_SINCE.values())


CANCEL = for_both("""
    update {queue}
    set status = 'cancelled', worker = null, lease_expires_at = null, completed_at = now(), updated_at = now()
    where document_id = %(document_id)s and status in ('pending', 'processing')
""")


def cancel_jobs(conn: Connection[Any], document_id: UUID) -> int:
    """Cancel what is still queued or claimed of a document; results on their way are then discarded.

    Returns:
        How many jobs that were.
    """
    return sum(conn.execute(statement, {"document_id": document_id}).rowcount for statement in CANCEL.values())

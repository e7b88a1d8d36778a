"""Owns the second chance: what a dead driver or worker held goes back in line, or ends when its attempts are used up.

Safe to run in several places at once: each statement is one conditional UPDATE over rows that nobody holds.
"""

from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection

from db import job_recovery

REAP_DOCUMENTS: LiteralString = """
    update processed_documents
    set status = case when cancel_requested then 'cancelled'
                      when attempt > max_retries then 'failed'
                      else 'pending' end,
        completed_at = case when cancel_requested or attempt > max_retries then now() end,
        run_after = now() + make_interval(
            secs => least(300, %(backoff_s)s * 2 ^ greatest(attempt - 1, 0)) * (0.5 + random())),
        errors = errors || jsonb_build_object(
            'attempt', attempt, 'at', now(), 'code', 'driver_lost',
            'error', format('The driver %%s was lost in stage %%s, its lease ran out.',
                            worker, coalesce(stage, 'none'))),
        last_error_at = now(), error_code = 'driver_lost',
        error_message = format('The driver was lost %%s time(s), the last time in stage %%s.',
                               attempt, coalesce(stage, 'none')),
        stage = null, worker = null, lease_expires_at = null, updated_at = now()
    where id = any (array(
        select id from processed_documents
        where status = 'processing' and lease_expires_at < now()
        order by id
        for update skip locked))
    returning id, status
"""


class Reaped(NamedTuple):
    """What one round took back."""

    documents: list[UUID]
    jobs: int  # whose call was lost; those of living documents as well


def reap_expired(conn: Connection[Any], *, backoff_s: float) -> Reaped:
    """Take documents and jobs whose lease has run out from their dead holders.

    Args:
        conn: the transaction.
        backoff_s: wait before a document's second attempt, seconds; doubles each time up to 5 minutes, with jitter.
    """
    reaped: list[UUID] = []
    for document_id, status in conn.execute(REAP_DOCUMENTS, {"backoff_s": backoff_s}).fetchall():
        reaped.append(document_id)
        if status != "pending":
            job_recovery.cancel_jobs(conn, document_id)
    return Reaped(reaped, job_recovery.reap_jobs(conn))

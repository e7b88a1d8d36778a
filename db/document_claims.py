"""Owns a document while a driver holds it: claim, lease, fenced writes, and the ways to let it go.

A claim gives a fence. Every later write carries id and fence and expects status 'processing'; where no row changes the
lease is lost and `LeaseLost` is raised. A fence is never reused and always grows.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import job_recovery, values
from db.documents import COLUMNS, Document, Stage
from db.errors import LeaseLost

MANY = 1_000_000
# The bound on active documents is counted and used in one go, so claims of documents take turns.
LOCK_CLAIMS: LiteralString = "select pg_advisory_xact_lock(hashtext('quarry document claims'))"
# Small: few bytes, or somebody wants it sooner. The others leave some places to them.
SMALL: LiteralString = "(priority > 0 or size_bytes <= %(small_bytes)s)"
CLAIM_NEXT: LiteralString = f"""
    with active as (
        select count(*) as documents, count(*) filter (where not {SMALL}) as large,
               count(*) filter (where stage is null) as starting
        from processed_documents where status = 'processing' and lease_expires_at > now())
    update processed_documents
    set status = 'processing', worker = %(worker)s, attempt = attempt + 1, fence = nextval('fence_sequence'),
        lease_expires_at = now() + make_interval(secs => %(lease_s)s), stage = null,
        started_at = coalesce(started_at, now()), updated_at = now()
    where id = (
        select id from processed_documents
        where status = 'pending' and run_after <= now() and id <> all (%(exclude)s)
          and not exists (select from queue_switches s where s.queue = 'documents' and s.paused)
          and (select documents from active) < %(max_active)s
          and ({SMALL} or (select large from active) < greatest(1, %(max_active)s - %(reserved)s))
          and (priority > 0 or (select starting from active) < %(max_starting)s)
        order by priority desc, created_at
        limit 1
        for update skip locked)
    returning {COLUMNS}
"""


def claim_next(
    conn: Connection[Any],
    *,
    worker: str,
    lease_s: float,
    max_active: int,
    reserved: int = 0,
    small_bytes: int = 0,
    max_starting: int = MANY,
    exclude: Collection[UUID] = (),
) -> Document | None:
    """Take the document that is next by priority and order of arrival, of those for which there is a place.

    Args:
        conn: a short transaction: other claims wait until it ends.
        worker: who takes it; a driver's retry by Ray shows the same name.
        lease_s: seconds until the reaper may give it to somebody else.
        max_active: nothing is given while so many documents are held under live leases.
        reserved: so many of these places are given to small documents, and to those with a priority above 0, alone.
        small_bytes: the size of a PDF up to which it is small.
        max_starting: while the drivers of so many documents are starting, only those with a priority above 0 are given.
        exclude: documents that this caller does not want now.

    Returns:
        The document as it stands after the claim (attempt counted, new fence), or None; None while the queue of
        documents is paused.
    """
    conn.execute(LOCK_CLAIMS)
    asked = {
        "worker": worker,
        "lease_s": lease_s,
        "max_active": max_active,
        "reserved": reserved,
        "small_bytes": small_bytes,
        "max_starting": max_starting,
        "exclude": list(exclude),
    }
    return _claim(conn, CLAIM_NEXT, asked)


TAKE_OVER: LiteralString = f"""
    update processed_documents
    set attempt = attempt + case when fence = %(claimed_fence)s then 0 else 1 end,
        fence = nextval('fence_sequence'), stage = null,
        lease_expires_at = now() + make_interval(secs => %(lease_s)s), updated_at = now()
    where id = %(id)s and status = 'processing' and worker = %(worker)s
      and (fence = %(claimed_fence)s or attempt <= max_retries)
    returning {COLUMNS}
"""


def take_over(
    conn: Connection[Any], document_id: UUID, *, worker: str, lease_s: float, claimed_fence: int | None = None
) -> Document | None:
    """Hold a document that was claimed for this worker, also after a dead run of it: a new fence.

    Args:
        conn: the transaction.
        document_id: which.
        worker: the name under which it was claimed; Ray's retry of a driver shows the same one.
        lease_s: seconds until the reaper may give it to somebody else.
        claimed_fence: of the claim. While the document still carries it, this is the first run, which the claim has
            counted; else, and without it, one attempt more is counted.

    Returns:
        The document under its new fence. None when somebody else has it, or when no attempt is left: then its lease
        runs out and the reaper ends it.
    """
    asked = {"id": document_id, "worker": worker, "lease_s": lease_s, "claimed_fence": claimed_fence}
    return _claim(conn, TAKE_OVER, asked)


def _claim(conn: Connection[Any], query: LiteralString, params: Mapping[str, object]) -> Document | None:
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        document = cursor.execute(query, params).fetchone()
    if document is not None:
        # Jobs that an earlier driver had claimed: their calls are lost with it.
        job_recovery.lapse_jobs(conn, document.id)
    return document


RENEW: LiteralString = """
    update processed_documents
    set lease_expires_at = now() + make_interval(secs => %(lease_s)s)
    where id = %(id)s and fence = %(fence)s and status = 'processing'
    returning cancel_requested
"""


def renew_document(conn: Connection[Any], document_id: UUID, fence: int, lease_s: float) -> bool | None:
    """Lengthen the lease of a document, and of the jobs claimed since its claim.

    Returns:
        The cancel flag, or None when the lease is lost.
    """
    row = conn.execute(RENEW, {"id": document_id, "fence": fence, "lease_s": lease_s}).fetchone()
    if row is None:
        return None
    job_recovery.renew_jobs(conn, document_id, fence, lease_s)
    return bool(row[0])


# Not FOR UPDATE: that would make every insert of a row that refers to this document wait.
REQUIRE_FENCE: LiteralString = """
    select 1 from processed_documents
    where id = %(id)s and fence = %(fence)s and status = 'processing'
    for no key update
"""


def require_fence(conn: Connection[Any], document_id: UUID, fence: int) -> None:
    """Hold the document for this transaction; raises `LeaseLost` when it is somebody else's."""
    _fenced(conn, REQUIRE_FENCE, document_id, fence)


HOLD_CLAIM: LiteralString = """
    select 1 from processed_documents where id = %(id)s and fence = %(fence)s and status = 'processing'
    for share
"""


def hold_claim(conn: Connection[Any], document_id: UUID, fence: int) -> None:
    """Keep the document this driver's for the transaction of a claim of jobs, without writing; raises `LeaseLost`."""
    _fenced(conn, HOLD_CLAIM, document_id, fence)


def _fenced(conn: Connection[Any], query: LiteralString, document_id: UUID, fence: int, **params: object) -> None:
    """Run a statement that changes one row under the fence, or raise."""
    if conn.execute(query, {"id": document_id, "fence": fence, **params}).rowcount == 0:
        raise lease_lost(document_id, fence)


def lease_lost(document_id: UUID, fence: int) -> LeaseLost:
    """The error that says so."""
    return LeaseLost(f"Document {document_id} is no longer held under fence {fence}.", "Stop; discard the result.")


SET_STAGE: LiteralString = """
    update processed_documents set stage = %(stage)s, updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def set_stage(conn: Connection[Any], document_id: UUID, fence: int, stage: Stage) -> None:
    """Say which stage the driver is in; raises `LeaseLost`."""
    _fenced(conn, SET_STAGE, document_id, fence, stage=stage)


SET_PAGE_COUNT: LiteralString = """
    update processed_documents set page_count = %(page_count)s, updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def set_page_count(conn: Connection[Any], document_id: UUID, fence: int, page_count: int) -> None:
    """Keep how many pages the document has; raises `LeaseLost`."""
    _fenced(conn, SET_PAGE_COUNT, document_id, fence, page_count=page_count)


SET_LANGUAGES: LiteralString = """
    update processed_documents set languages = %(languages)s, updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def set_languages(conn: Connection[Any], document_id: UUID, fence: int, languages: Sequence[str]) -> None:
    """Keep in which languages the document is, best first; raises `LeaseLost`."""
    _fenced(conn, SET_LANGUAGES, document_id, fence, languages=list(languages))


ADD_WARNING: LiteralString = """
    update processed_documents
    set warnings = case when warnings @> jsonb_build_array(%(warning)s::jsonb) then warnings
                        else warnings || %(warning)s::jsonb end,
        updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def add_warning(conn: Connection[Any], document_id: UUID, fence: int, code: str, message: str) -> None:
    """Keep a warning, each one once; raises `LeaseLost`."""
    warning = values.jsonb({"code": code, "message": message})
    _fenced(conn, ADD_WARNING, document_id, fence, warning=warning)


SET_COUNTS: LiteralString = """
    update processed_documents set counts = counts || %(counts)s::jsonb, updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def set_counts(conn: Connection[Any], document_id: UUID, fence: int, counts: Mapping[str, object]) -> None:
    """Set these counts and keep the others; raises `LeaseLost`."""
    _fenced(conn, SET_COUNTS, document_id, fence, counts=values.jsonb(dict(counts)))


FINISH: LiteralString = """
    update processed_documents
    set status = %(status)s, stage = null, worker = null, lease_expires_at = null,
        progress = case when %(status)s in ('completed', 'partial') then 100 else progress end,
        error_code = %(error_code)s, error_message = %(error_message)s, completed_at = now(), updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def finish_document(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    status: Literal["completed", "partial", "failed", "cancelled"],
    *,
    error_code: str | None = None,
    error_message: str | None = None,
) -> None:
    """End a document; what is still queued for it is cancelled. Raises `LeaseLost`.

    A failed one needs a code and a message; a partial one may carry them.
    """
    _fenced(
        conn,
        FINISH,
        document_id,
        fence,
        status=status,
        error_code=error_code,
        error_message=values.text_or_none(error_message),
    )
    job_recovery.cancel_jobs(conn, document_id)


FAIL_ATTEMPT: LiteralString = """
    update processed_documents
    set status = case when cancel_requested then 'cancelled'
                      when %(permanent)s or attempt > max_retries then 'failed'
                      else 'pending' end,
        completed_at = case when cancel_requested or %(permanent)s or attempt > max_retries then now() end,
        run_after = now() + make_interval(
            secs => least(300, %(backoff_s)s * 2 ^ greatest(attempt - 1, 0)) * (0.5 + random())),
        errors = errors || jsonb_build_object(
            'attempt', attempt, 'at', now(), 'error', %(error)s::text, 'code', %(code)s::text),
        last_error_at = now(), error_code = %(code)s, error_message = %(error)s,
        stage = null, worker = null, lease_expires_at = null, updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
    returning status
"""


def fail_document_attempt(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    error: str,
    *,
    code: str,
    permanent: bool,
    backoff_s: float,
) -> Literal["pending", "failed", "cancelled"]:
    """Let a document go after an error: it waits and is tried again, or has failed for good.

    Args:
        conn: the transaction.
        document_id: which.
        fence: of the claim.
        error: the whole message; kept beside those of the earlier attempts.
        code: stable name of the error.
        permanent: another try cannot help.
        backoff_s: wait before the second attempt, seconds; doubles each time up to 5 minutes, half to one and a half
            times that at random.

    Returns:
        Where it stands now; `cancelled` when that had been asked for meanwhile. Raises `LeaseLost`.
    """
    params = {"error": values.text(error), "code": code, "permanent": permanent, "backoff_s": backoff_s}
    row = conn.execute(FAIL_ATTEMPT, {"id": document_id, "fence": fence, **params}).fetchone()
    if row is None:
        raise lease_lost(document_id, fence)
    status: Literal["pending", "failed", "cancelled"] = row[0]
    if status != "pending":
        job_recovery.cancel_jobs(conn, document_id)
    return status


RELEASE: LiteralString = """
    update processed_documents
    set status = 'pending', attempt = greatest(attempt - 1, 0), run_after = now(),
        stage = null, worker = null, lease_expires_at = null, updated_at = now()
    where id = %(id)s and (fence = %(fence)s or worker = %(worker)s) and status = 'processing'
    returning fence
"""


def release_document(
    conn: Connection[Any], document_id: UUID, fence: int | None = None, *, worker: str | None = None
) -> bool:
    """Give a document and its claimed jobs back as if they had not been taken.

    Args:
        conn: the transaction.
        document_id: which.
        fence: of the claim, or
        worker: who holds it, for a caller that does not know the driver's fence.

    Returns:
        Whether it was still held so.
    """
    row = conn.execute(RELEASE, {"id": document_id, "fence": fence, "worker": worker}).fetchone()
    if row is None:
        return False
    job_recovery.release_jobs_since(conn, document_id, row[0])
    return True

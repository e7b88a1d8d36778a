"""Owns what a user may do to a document: cancel, retry, reprocess, delete. Each leaves a line in the audit trail."""

from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import audit, contents, job_recovery, progress
from db.documents import COLUMNS, Document
from db.errors import DocumentBusy, DocumentNotFound
from db.queues import for_both

HOLD: LiteralString = f"select {COLUMNS} from processed_documents where id = %(id)s for update"


def _hold(conn: Connection[Any], document_id: UUID) -> Document:
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        document = cursor.execute(HOLD, {"id": document_id}).fetchone()
    if document is None:
        raise DocumentNotFound(f"There is no document {document_id}.", "GET /documents lists those that exist.")
    return document


def _hold_ended(conn: Connection[Any], document_id: UUID) -> Document:
    document = _hold(conn, document_id)
    if document.status in ("pending", "processing"):
        raise DocumentBusy(f"Document {document_id} is {document.status}.", "Wait until it has ended, or cancel it.")
    if document.pruned_at is not None:
        raise DocumentBusy(
            f"Document {document_id} was pruned on {document.pruned_at:%d %B %Y}: its file is gone.", "Upload it again."
        )
    return document


CANCEL_PENDING: LiteralString = """
    update processed_documents
    set status = 'cancelled', cancel_requested = true, completed_at = now(), updated_at = now()
    where id = %(id)s
"""
ASK_TO_CANCEL: LiteralString = """
    update processed_documents set cancel_requested = true, updated_at = now() where id = %(id)s
"""


def request_cancel(conn: Connection[Any], document_id: UUID, actor: str) -> str:
    """End a pending document, or ask the driver of a running one to stop.

    Returns:
        `cancelled` when it is already out, `cancelling` when its driver has been asked, else the state in which it had
        ended before (nothing is changed then).

    Raises:
        DocumentNotFound: no such document.
    """
    document = _hold(conn, document_id)
    if document.status == "pending":
        conn.execute(CANCEL_PENDING, {"id": document_id})
        job_recovery.cancel_jobs(conn, document_id)
        answer = "cancelled"
    elif document.status == "processing":
        conn.execute(ASK_TO_CANCEL, {"id": document_id})
        answer = "cancelling"
    else:
        return document.status
    audit.record(conn, actor, "cancel", document_id, {"was": document.status})
    return answer


# Failed pages are read again; why they failed moves to the errors of the document first.
KEEP_PAGE_ERRORS: LiteralString = """
    with gone as (
        delete from document_pages where document_id = %(id)s and kind = 'failed'
        returning page, error_code, error_message, created_at),
    found as (
        select jsonb_agg(jsonb_build_object(
                   'attempt', %(attempt)s::int, 'at', created_at, 'page', page,
                   'code', error_code, 'error', error_message) order by page) as entries,
               max(created_at) as newest
        from gone
        having count(*) > 0)
    update processed_documents d
    set errors = d.errors || found.entries, last_error_at = greatest(d.last_error_at, found.newest)
    from found
    where d.id = %(id)s
"""
# What the warnings say may hold no longer; the next end says anew what holds.
REQUEUE: LiteralString = """
    update processed_documents
    set status = 'pending', attempt = 0, stage = null, run_after = now(), cancel_requested = false,
        error_code = null, error_message = null, warnings = '[]', started_at = null, completed_at = null,
        updated_at = now()
    where id = %(id)s
"""
REQUEUE_JOBS = for_both("""
    update {queue}
    set status = 'pending', attempt = 0, retry_count = 0, run_after = now(), completed_at = null, updated_at = now()
    where document_id = %(id)s and status in ('failed', 'cancelled')
""")
IMAGES_PENDING: LiteralString = """
    update document_images i
    set ocr_status = case when i.ocr_status = 'failed' then 'pending' else i.ocr_status end,
        embedding_status = case when i.embedding_status = 'failed' then 'pending' else i.embedding_status end
    from image_processing_queue q
    where q.image_id = i.id and q.document_id = %(id)s and q.status = 'pending'
"""
# What has to be done again is not done: the bars go back to what is really stored.
PROGRESS_BACK: LiteralString = """
    update job_progress p
    set completed_items = least(p.completed_items, done.items),
        progress = case when p.total_items = 0 then p.progress
                        else floor(100.0 * least(p.completed_items, done.items) / p.total_items) end,
        metadata = p.metadata || '{"failed": 0}', updated_at = now()
    from (values
        ('image_processing', (select count(*) from image_processing_queue
                              where document_id = %(id)s and status = 'completed')),
        ('ai_analysis', (select count(*) from ai_analysis_queue where document_id = %(id)s and status = 'completed')),
        ('extraction', (select count(*) from document_pages where document_id = %(id)s)),
        ('product_creation', 0)) as done (stage, items)
    where p.document_id = %(id)s and p.stage = done.stage
"""


def retry_document(conn: Connection[Any], document_id: UUID, actor: str) -> int:
    """Put an ended document back in line for what failed or was cancelled; what is stored stays.

    The errors of all attempts are kept. A completed document has nothing to retry and is left alone.

    Returns:
        How many jobs will run again.

    Raises:
        DocumentNotFound: no such document.
        DocumentBusy: it has not ended.
    """
    document = _hold_ended(conn, document_id)
    if document.status == "completed":
        return 0
    conn.execute(KEEP_PAGE_ERRORS, {"id": document_id, "attempt": document.attempt})
    jobs = sum(conn.execute(statement, {"id": document_id}).rowcount for statement in REQUEUE_JOBS.values())
    conn.execute(IMAGES_PENDING, {"id": document_id})
    conn.execute(PROGRESS_BACK, {"id": document_id})
    conn.execute(REQUEUE, {"id": document_id})
    progress.recount_progress(conn, document_id)
    audit.record(conn, actor, "retry", document_id, {"was": document.status, "jobs": jobs})
    return jobs


FORGET: tuple[LiteralString, ...] = (
    "delete from products where document_id = %(id)s",
    "delete from ai_analysis_queue where document_id = %(id)s",
    "delete from document_chunks where document_id = %(id)s",
    "delete from document_images where document_id = %(id)s",  # takes the image jobs along
    "delete from document_pages where document_id = %(id)s",
    "delete from job_progress where document_id = %(id)s",
    """
    update processed_documents
    set progress = 0, page_count = null, languages = '{}', counts = '{}' where id = %(id)s
    """,
)


def reprocess_document(conn: Connection[Any], document_id: UUID, actor: str) -> None:
    """Forget everything made of an ended document and begin anew.

    Files stay for now, because the same bytes get the same keys; those that are not made again are removed later.
    Results stay by content (`content_results`), pages and vectors among them: what has not changed is taken from there.

    Raises:
        DocumentNotFound: no such document.
        DocumentBusy: it has not ended.
    """
    document = _hold_ended(conn, document_id)
    contents.drop_files(conn, [key for key in contents.files_of(conn, document_id) if key != document.storage_key])
    for statement in FORGET:
        conn.execute(statement, {"id": document_id})
    conn.execute(REQUEUE, {"id": document_id})
    audit.record(conn, actor, "reprocess", document_id, {"was": document.status})


DELETE: LiteralString = "delete from processed_documents where id = %(id)s"


def delete_document(conn: Connection[Any], document_id: UUID, actor: str) -> list[str]:
    """Remove a document and everything made of it, in any state: a driver that holds it finds its lease lost.

    Returns:
        Storage keys that it named. Others may name them as well: give them to `cluster.upkeep.file_removal` after this
        transaction has been committed; until then they are remembered as dropped.

    Raises:
        DocumentNotFound: no such document.
    """
    document = _hold(conn, document_id)
    keys = remove(conn, document_id)
    audit.record(conn, actor, "delete", document_id, {"was": document.status, "filename": document.filename})
    return keys


def remove(conn: Connection[Any], document_id: UUID) -> list[str]:
    """Remove the rows of a document that the transaction holds, and drop its files; returns their keys."""
    keys = contents.files_of(conn, document_id)
    conn.execute(DELETE, {"id": document_id})
    contents.drop_files(conn, keys)
    return keys

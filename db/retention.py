"""Owns what becomes of documents that ended long ago: rows and files go, products stay unless asked otherwise.

One document a transaction, the oldest first: nobody sees half of one. The audit trail stays
(decision 25). Files are dropped here and removed by `cluster.upkeep.file_removal`.
"""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import audit, contents, document_actions
from db.documents import COLUMNS, Document

ACTOR = "retention"
NEXT: LiteralString = f"""
    select {COLUMNS} from processed_documents
    where pruned_at is null and status in ('completed', 'partial', 'failed', 'cancelled')
      and completed_at < now() - make_interval(secs => %(seconds)s)
    order by completed_at
    limit 1
    for update skip locked
"""
# The images of products are evidence of theirs and stay, with their files.
PRUNE: dict[str, LiteralString] = {
    "ai_jobs": "delete from ai_analysis_queue where document_id = %(id)s",
    "image_jobs": "delete from image_processing_queue where document_id = %(id)s",
    "chunks": "delete from document_chunks where document_id = %(id)s",
    "images": """
        delete from document_images i
        where document_id = %(id)s and not exists (select from product_images p where p.image_id = i.id)""",
    "pages": "delete from document_pages where document_id = %(id)s",
    "results": "delete from content_results where document_id = %(id)s",
    "stages": "delete from job_progress where document_id = %(id)s",
    "deliveries": """
        delete from webhook_deliveries where document_id = %(id)s and status in ('completed', 'failed')""",
}
MARK: LiteralString = """
    update processed_documents
    set pruned_at = now(), updated_at = now(),
        warnings = warnings || jsonb_build_object('code', 'pruned', 'message', %(message)s::text)
    where id = %(id)s
"""
MESSAGE = (
    "Its file, pages, chunks, jobs and webhooks were removed by retention; its products and their images are kept."
)


@dataclass(frozen=True)
class Pruned:
    """A document that retention has dealt with."""

    id: UUID
    files: list[str]  # storage keys that may be needed by nobody any more


def prune_next(conn: Connection[Any], *, days: float, products: bool) -> Pruned | None:
    """Prune the document that ended first, if that was so many days ago.

    Args:
        conn: the transaction.
        days: since the end of the document.
        products: remove the products as well, and with them the document itself.

    Returns:
        The document and its files, which are dropped; None when nothing is old enough.
    """
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        document = cursor.execute(NEXT, {"seconds": days * 86400}).fetchone()
    if document is None:
        return None
    if products:
        files = document_actions.remove(conn, document.id)
        removed: dict[str, object] = {"everything": True}
    else:
        before = set(contents.files_of(conn, document.id))
        removed = {name: conn.execute(statement, {"id": document.id}).rowcount for name, statement in PRUNE.items()}
        conn.execute(MARK, {"id": document.id, "message": MESSAGE})
        kept = set(contents.files_of(conn, document.id)) - {document.storage_key}
        files = sorted(before - kept)
        contents.drop_files(conn, files)
    detail = {"was": document.status, "title": document.title, "ended": str(document.completed_at), "removed": removed}
    audit.record(conn, ACTOR, "prune", document.id, detail)
    return Pruned(document.id, files)

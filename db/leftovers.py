"""Owns the look for what no ended document may leave behind: open jobs, images and pages without a yes or a no."""

from typing import Any, LiteralString

from psycopg import Connection

LOOKS: dict[str, LiteralString] = {
    "image jobs still open": """
        select count(*) from image_processing_queue q join processed_documents d on d.id = q.document_id
        where q.status in ('pending', 'processing') and d.status not in ('pending', 'processing')
    """,
    "analyses still open": """
        select count(*) from ai_analysis_queue q join processed_documents d on d.id = q.document_id
        where q.status in ('pending', 'processing') and d.status not in ('pending', 'processing')
    """,
    "images of finished documents neither read nor failed": """
        select count(*) from document_images i join processed_documents d on d.id = i.document_id
        where i.ocr_status = 'pending' and d.status in ('completed', 'partial')
    """,
    "finished documents with pages that are not stored": """
        select count(*) from processed_documents d
        where d.status in ('completed', 'partial')
          and d.page_count <> (select count(*) from document_pages p where p.document_id = d.id)
    """,
    "failed pages without a reason": """
        select count(*) from document_pages where kind = 'failed' and (error_code is null or error_message is null)
    """,
    "failed or partial documents without a reason": """
        select count(*) from processed_documents
        where (status = 'failed' and error_message is null) or (status = 'partial' and warnings = '[]')
    """,
    "ended documents that somebody still holds": """
        select count(*) from processed_documents
        where status not in ('pending', 'processing') and (worker is not null or lease_expires_at is not null)
    """,
}
FILES: LiteralString = """
    select storage_key from processed_documents where pruned_at is null
    union select storage_key from document_images
    union select thumbnail_key from document_pages where thumbnail_key is not null
"""


def half_done(conn: Connection[Any]) -> dict[str, int]:
    """What ended documents left half done, each with its number; empty when all is well."""
    found: dict[str, int] = {}
    for what, query in LOOKS.items():
        row = conn.execute(query).fetchone()
        if row and row[0]:
            found[what] = row[0]
    return found


def named_files(conn: Connection[Any]) -> set[str]:
    """Every key of the file store that a row names."""
    return {key for (key,) in conn.execute(FILES)}


ATTEMPTS: LiteralString = """
    select (select count(*) from processed_documents where attempt > 1 or errors <> '[]')
         + (select count(*) from image_processing_queue where attempt > 1 or errors <> '[]')
         + (select count(*) from ai_analysis_queue where attempt > 1 or errors <> '[]')
"""


def extra_attempts(conn: Connection[Any]) -> dict[str, int]:
    """Documents and jobs that were tried more than once, or failed once; empty when there is none."""
    row = conn.execute(ATTEMPTS).fetchone()
    return {"documents and jobs that were tried again": row[0]} if row and row[0] else {}

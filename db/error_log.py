"""Owns the error log: every attempt's error of documents, pages and jobs, newest first, read from where it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

ErrorSource = Literal["document", "page", "image", "ai"]


@dataclass(frozen=True)
class ErrorEntry:
    """One error."""

    at: datetime
    document_id: UUID
    document_title: str
    source: ErrorSource
    item: str  # "document", "page 3", "image on page 3", "chunk 12 on page 3, metadata"
    attempt: int | None  # None where nothing is tried again
    max_attempts: int | None
    code: str | None
    error: str  # the whole message
    final: bool  # it ended the document, page or job; not followed by another try


# Each part takes the rows whose newest error is among the newest: they hold all entries that can be on this page of the
# log, because a row that is left out has only older ones. `last` says whether an entry is its row's newest.
ENTRIES: LiteralString = """
    cross join lateral (
        select (e.entry ->> 'at')::timestamptz as at, (e.entry ->> 'attempt')::int as attempt,
               (e.entry ->> 'page')::int as page, e.entry ->> 'code' as code, e.entry ->> 'error' as error,
               e.place = jsonb_array_length(r.errors) as last
        from jsonb_array_elements(r.errors) with ordinality as e (entry, place)) as e
"""
# A filter works before the rows are limited, or it would search the newest ones only.
WORTH_READING: LiteralString = """
    (not %(final_only)s or status = 'failed')
    and (%(text)s::text is null or exists (
        select from jsonb_array_elements(errors) as kept where strpos(lower(kept ->> 'error'), lower(%(text)s)) > 0))
"""
OF_DOCUMENTS: LiteralString = f"""
    select e.at, r.id as document_id, case when e.page is null then 'document' else 'page' end as source,
           coalesce('page ' || e.page, 'document') as item, e.attempt, r.max_retries + 1 as max_attempts,
           e.code, e.error, e.last and r.status = 'failed' as final
    from (select * from processed_documents
          where last_error_at is not null and (%(document_id)s::uuid is null or id = %(document_id)s)
            and {WORTH_READING}
          order by last_error_at desc
          limit %(reach)s) as r
    {ENTRIES}
"""
OF_PAGES: LiteralString = """
    select created_at, document_id, 'page', 'page ' || page, null, null, error_code, error_message, true
    from (select * from document_pages
          where kind = 'failed' and (%(document_id)s::uuid is null or document_id = %(document_id)s)
            and (%(text)s::text is null or strpos(lower(error_message), lower(%(text)s)) > 0)
          order by created_at desc
          limit %(reach)s) as r
"""
OF_IMAGE_JOBS: LiteralString = f"""
    select e.at, r.document_id, 'image', 'image on page ' || i.page, e.attempt, r.max_retries + 1, e.code, e.error,
           e.last and r.status = 'failed'
    from (select * from image_processing_queue
          where last_error_at is not null and (%(document_id)s::uuid is null or document_id = %(document_id)s)
            and {WORTH_READING}
          order by last_error_at desc
          limit %(reach)s) as r
    join document_images i on i.id = r.image_id
    {ENTRIES}
"""
OF_ANALYSIS_JOBS: LiteralString = f"""
    select e.at, r.document_id, 'ai',
           coalesce('chunk ' || c.ordinal || ' on page ' || c.page, 'document') || ', ' || r.analysis_type,
           e.attempt, r.max_retries + 1, e.code, e.error, e.last and r.status = 'failed'
    from (select * from ai_analysis_queue
          where last_error_at is not null and (%(document_id)s::uuid is null or document_id = %(document_id)s)
            and {WORTH_READING}
          order by last_error_at desc
          limit %(reach)s) as r
    left join document_chunks c on c.id = r.chunk_id
    {ENTRIES}
"""
LOG: LiteralString = f"""
    select found.at, found.document_id, d.title as document_title, source, item, found.attempt, max_attempts, code,
           coalesce(error, 'no message was kept') as error, final
    from ({OF_DOCUMENTS} union all {OF_PAGES} union all {OF_IMAGE_JOBS} union all {OF_ANALYSIS_JOBS}) as found
    join processed_documents d on d.id = found.document_id
    where (%(source)s::text is null or source = %(source)s) and (final or not %(final_only)s)
      and (%(text)s::text is null or strpos(lower(error), lower(%(text)s)) > 0)
    order by found.at desc, found.document_id, source, item, found.attempt desc
    limit %(limit)s offset %(offset)s
"""


def error_log(
    conn: Connection[Any],
    *,
    limit: int = 200,
    offset: int = 0,
    document_id: UUID | None = None,
    source: ErrorSource | None = None,
    text: str | None = None,
    final_only: bool = False,
) -> list[ErrorEntry]:
    """Errors of all attempts, newest first.

    Args:
        conn: the transaction.
        limit: most rows.
        offset: rows to skip.
        document_id: only those of this document.
        source: only those of documents, pages, image jobs or AI jobs.
        text: only those whose message contains this, whatever the case.
        final_only: only those that ended their document, page or job.
    """
    asked: dict[str, object] = {"limit": limit, "offset": offset, "document_id": document_id}
    asked |= {"source": source, "text": text or None, "final_only": final_only}
    # What fits may be an older entry of a row: then all rows are looked at, as the newest entry does not order them.
    asked["reach"] = None if text or source == "page" else limit + offset
    with conn.cursor(row_factory=class_row(ErrorEntry)) as cursor:
        return cursor.execute(LOG, asked).fetchall()

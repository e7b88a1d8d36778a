"""Owns the row of a document: its creation and the ways to find it.

Claims are in `document_claims`, what users do to a document is in `document_actions`.

States of a document: who moves it there, and what a crash leaves.

    pending     created, released, or to be tried again after `run_after`; nobody holds it
    processing  claimed by a driver (`claim_next`, `take_over`); a crash leaves it here until the reaper finds the
                lease expired
    completed   `finish_document`: everything was done
    partial     `finish_document`: some pages or jobs finally failed, the rest is stored
    failed      `finish_document`, `fail_document_attempt` or the reaper, with a code and a reason
    cancelled   `request_cancel` on a pending one, else by the driver that reads the flag
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import audit, values

DocumentStatus = Literal["pending", "processing", "completed", "partial", "failed", "cancelled"]
Stage = Literal["extraction", "image_processing", "chunking", "ai_analysis", "product_creation"]


@dataclass(frozen=True)
class Document:
    """A row of processed_documents; the comments of the migration say what each column means."""

    id: UUID
    filename: str
    title: str
    tags: list[str]
    content_hash: str  # sha256, hex
    size_bytes: int
    storage_key: str
    status: DocumentStatus
    stage: Stage | None
    progress: float  # 0-100, over all stages
    priority: int
    page_count: int | None
    languages: list[str]  # ISO 639-1, best first; empty until they are known
    submitted_by: str
    worker: str | None
    attempt: int  # counted at the claim; the first is 1
    max_retries: int
    fence: int | None
    lease_expires_at: datetime | None
    run_after: datetime
    cancel_requested: bool
    error_code: str | None
    error_message: str | None
    errors: list[dict[str, Any]]  # [{attempt, at, error, code}]
    last_error_at: datetime | None
    warnings: list[dict[str, Any]]  # [{code, message}]
    counts: dict[str, Any]
    callback_url: str | None  # who is told of the end
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    pruned_at: datetime | None  # when retention removed all but its products

    @property
    def max_attempts(self) -> int:
        """The first try and its retries."""
        return self.max_retries + 1


COLUMNS: LiteralString = """
    id, filename, title, tags, content_hash, size_bytes, storage_key, status, stage, progress::float8 as progress,
    priority, page_count, languages, submitted_by, worker, attempt, max_retries, fence, lease_expires_at, run_after,
    cancel_requested, error_code, error_message, errors, last_error_at, warnings, counts,
    callback_url, created_at, updated_at, started_at, completed_at, pruned_at
"""

CREATE: LiteralString = f"""
    insert into processed_documents
        (id, filename, title, tags, content_hash, size_bytes, storage_key, priority, submitted_by, max_retries,
         callback_url)
    values
        (%(id)s, %(filename)s, %(title)s, %(tags)s, %(content_hash)s, %(size_bytes)s, %(storage_key)s, %(priority)s,
         %(submitted_by)s, %(max_retries)s, %(callback_url)s)
    returning {COLUMNS}
"""


def create_document(
    conn: Connection[Any],
    *,
    document_id: UUID,
    filename: str,
    title: str,
    tags: list[str],
    content_hash: str,
    size_bytes: int,
    storage_key: str,
    priority: int,
    submitted_by: str,
    max_retries: int,
    callback_url: str | None = None,
) -> Document:
    """Put a document in line, and its arrival in the audit trail.

    Args:
        conn: the transaction.
        document_id: chosen by the caller.
        filename: as the client named it.
        title: what people read.
        tags: free words.
        content_hash: sha256 of the bytes, hex.
        size_bytes: of the file.
        storage_key: where the file is.
        priority: higher goes first.
        submitted_by: subject of the token.
        max_retries: tries after the first.
        callback_url: whom to tell of every end.
    """
    row = {
        "id": document_id,
        "filename": values.text(filename),
        "title": values.text(title),
        "tags": [values.text(tag) for tag in tags],
        "content_hash": content_hash,
        "size_bytes": size_bytes,
        "storage_key": storage_key,
        "priority": priority,
        "submitted_by": values.text(submitted_by),
        "max_retries": max_retries,
        "callback_url": callback_url,
    }
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        document = cursor.execute(CREATE, row).fetchone()
    assert document is not None
    audit.record(conn, submitted_by, "submit", document_id, {"filename": filename, "content_hash": content_hash})
    return document


FIND_BY_HASH: LiteralString = f"""
    select {COLUMNS} from processed_documents
    where content_hash = %(content_hash)s and status not in ('failed', 'cancelled') and pruned_at is null
    order by created_at desc
    limit 1
"""


def find_by_hash(conn: Connection[Any], content_hash: str) -> Document | None:
    """The newest document of the same bytes that stands for them: neither failed nor cancelled nor pruned."""
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        return cursor.execute(FIND_BY_HASH, {"content_hash": content_hash}).fetchone()


GET: LiteralString = f"select {COLUMNS} from processed_documents where id = %(id)s"


def get_document(conn: Connection[Any], document_id: UUID) -> Document | None:
    """One document, or None."""
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        return cursor.execute(GET, {"id": document_id}).fetchone()


MATCHES: LiteralString = """
    (%(status)s::text is null or status = %(status)s)
    and (%(text)s::text is null
         or strpos(lower(concat_ws(' ', title, filename, array_to_string(tags, ' '), id::text)), lower(%(text)s)) > 0)
"""
LIST: LiteralString = f"""
    select {COLUMNS} from processed_documents where {MATCHES}
    order by created_at desc, id
    limit %(limit)s offset %(offset)s
"""
COUNT: LiteralString = f"select count(*) from processed_documents where {MATCHES}"


def list_documents(
    conn: Connection[Any],
    *,
    status: str | None = None,
    text: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Document], int]:
    """Documents, newest first, and how many match in all.

    Args:
        conn: the transaction.
        status: only those in this state.
        text: only those whose title, file name, tags or id contain this, whatever the case.
        limit: rows to return.
        offset: rows to skip.
    """
    asked = {"status": status, "text": text or None, "limit": limit, "offset": offset}
    with conn.cursor(row_factory=class_row(Document)) as cursor:
        found = cursor.execute(LIST, asked).fetchall()
    counted = conn.execute(COUNT, asked).fetchone()
    return found, counted[0] if counted else 0


COUNT_OPEN: LiteralString = "select count(*) from processed_documents where status in ('pending', 'processing')"


def count_open(conn: Connection[Any]) -> int:
    """How many documents are pending or processing."""
    row = conn.execute(COUNT_OPEN).fetchone()
    return int(row[0]) if row else 0

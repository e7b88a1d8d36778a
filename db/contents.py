"""Owns what keeps uploads and deletions of the same bytes apart: they share one stored file, named by its content."""

from typing import Any, LiteralString

from psycopg import Connection

LOCK: LiteralString = "select pg_advisory_xact_lock(hashtextextended(%(content_hash)s, 0))"
USES: LiteralString = "select exists (select from processed_documents where storage_key = %(storage_key)s)"


def lock_content(conn: Connection[Any], content_hash: str) -> None:
    """Be the only one that adds or removes documents of these bytes until the transaction ends."""
    conn.execute(LOCK, {"content_hash": content_hash})


def is_used(conn: Connection[Any], storage_key: str) -> bool:
    """Whether a document was made of this file; hold the content's lock while acting on the answer."""
    row = conn.execute(USES, {"storage_key": storage_key}).fetchone()
    return bool(row and row[0])

"""Owns what keeps writers and removers of the same bytes apart: documents share stored files, named by their content.

Whoever makes a row that names a file, and whoever removes a file, first takes the lock of its content. So a row never
names a file that is being removed: either the remover sees the row, or the writer sees that the file is gone.
"""

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Any, LiteralString

from psycopg import Connection

LOCK: LiteralString = "select pg_advisory_xact_lock(hashtextextended(%(content_hash)s, 0))"
# In the order of the array, which is sorted: two that lock several contents cannot wait for each other in a circle.
LOCK_ALL: LiteralString = "select pg_advisory_xact_lock(hashtextextended(h, 0)) from unnest(%(hashes)s::text[]) as h"
USES: LiteralString = """
    select exists (select from processed_documents where storage_key = %(key)s and pruned_at is null)
        or exists (select from document_images where storage_key = %(key)s)
        or exists (select from document_pages where thumbnail_key = %(key)s)
"""


def lock_content(conn: Connection[Any], content_hash: str) -> None:
    """Be the only one that adds or removes uses of these bytes until the transaction ends."""
    conn.execute(LOCK, {"content_hash": content_hash})


def lock_contents(conn: Connection[Any], content_hashes: Collection[str]) -> None:
    """The same for several contents at once."""
    conn.execute(LOCK_ALL, {"hashes": sorted(set(content_hashes))})


def lock_files(conn: Connection[Any], storage_keys: Collection[str]) -> None:
    """The same for the contents of these files."""
    lock_contents(conn, [content_of(key) for key in storage_keys])


def content_of(storage_key: str) -> str:
    """The hash in a key of the file store: keys are `ab/abcdef....png`."""
    return PurePosixPath(storage_key).name.partition(".")[0]


def is_used(conn: Connection[Any], storage_key: str) -> bool:
    """Whether a row names this file; hold the content's lock while acting on the answer."""
    row = conn.execute(USES, {"key": storage_key}).fetchone()
    return bool(row and row[0])


UNUSED: LiteralString = """
    select key from unnest(%(keys)s::text[]) as stored (key)
    where not exists (select from processed_documents where storage_key = key and pruned_at is null)
      and not exists (select from document_images where storage_key = key)
      and not exists (select from document_pages where thumbnail_key = key)
"""


def unused_among(conn: Connection[Any], storage_keys: Sequence[str]) -> list[str]:
    """Those of the keys that no row names now; ask `is_used` again under the content's lock before acting on it."""
    return [key for (key,) in conn.execute(UNUSED, {"keys": list(storage_keys)})]


OF_DOCUMENT: LiteralString = """
    select storage_key as key from processed_documents where id = %(id)s
    union select storage_key from document_images where document_id = %(id)s
    union select thumbnail_key from document_pages where document_id = %(id)s and thumbnail_key is not null
    order by key
"""
DROP: LiteralString = """
    insert into unused_files (storage_key) select unnest(%(keys)s::text[])
    on conflict (storage_key) do update set since = now()
"""
DROPPED: LiteralString = """
    select storage_key from unused_files where since < now() - make_interval(secs => %(older_than_s)s)
    order by since limit %(limit)s
"""
SETTLE: LiteralString = "delete from unused_files where storage_key = %(key)s"


def files_of(conn: Connection[Any], document_id: object) -> list[str]:
    """Storage keys of everything that a document's rows name."""
    return [key for (key,) in conn.execute(OF_DOCUMENT, {"id": document_id})]


def drop_files(conn: Connection[Any], storage_keys: Sequence[str]) -> None:
    """Remember, in the transaction that removes the rows, that these files may be needed by nobody any more."""
    conn.execute(DROP, {"keys": sorted(storage_keys)})


def dropped_files(conn: Connection[Any], *, older_than_s: float, limit: int) -> list[str]:
    """Files that were dropped so long ago and are still remembered, the oldest first."""
    return [key for (key,) in conn.execute(DROPPED, {"older_than_s": older_than_s, "limit": limit})]


def settle_file(conn: Connection[Any], storage_key: str) -> None:
    """Forget a dropped file: it is removed, or somebody uses it."""
    conn.execute(SETTLE, {"key": storage_key})

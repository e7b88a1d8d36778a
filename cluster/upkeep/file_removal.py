"""Removes files that no row names any more: each under the lock of its content, so that nobody begins to use it.

What a deletion dropped is removed at once by who deleted; what a crash left is removed by the housekeeping: files that
were dropped and remembered, and files that were written before a row that never came.
"""

import logging
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from psycopg import Connection

from actors.errors import StorageFailed
from cluster.storage import Storage
from db.contents import content_of, dropped_files, is_used, lock_content, settle_file, unused_among

logger = logging.getLogger(__name__)


class Transactions(Protocol):
    """A database, or a caller's view of one."""

    def transaction(self) -> "AbstractContextManager[Connection[Any]]":
        """A connection whose work is committed at the end."""


def remove_files(database: Transactions, storage: Storage, keys: Iterable[str]) -> int:
    """Remove the files among these that no row names; returns how many. One that storage keeps stays remembered."""
    removed = 0
    for key in keys:
        try:
            with database.transaction() as conn:
                lock_content(conn, content_of(key))
                if not is_used(conn, key):
                    storage.delete(key)
                    removed += 1
                settle_file(conn, key)
        except StorageFailed as error:
            logger.warning("an unused file stays in the store for now: %s", error)
    return removed


def remove_dropped_files(database: Transactions, storage: Storage, *, older_than_s: float, limit: int) -> int:
    """Remove what was dropped so long ago and not removed since; returns how many files."""
    with database.transaction() as conn:
        keys = dropped_files(conn, older_than_s=older_than_s, limit=limit)
    return remove_files(database, storage, keys)


def remove_unnamed_files(database: Transactions, storage: Storage, folder: str, *, older_than_s: float) -> int:
    """Remove what stands in one folder of the store, is so old, and no row names; returns how many files.

    Whoever writes a file names it soon after, or was killed, or lost its lease. A key that is old because the same
    bytes were stored before is safe as well: its writer looks under the content's lock whether it is still there.
    """
    with database.transaction() as conn:
        keys = unused_among(conn, storage.keys(folder))
    return remove_files(database, storage, [key for key in keys if storage.age_s(key) > older_than_s])

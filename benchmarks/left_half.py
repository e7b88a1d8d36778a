"""What no ended document may leave behind in database and file store, whatever happened to it."""

from collections.abc import Iterator
from pathlib import Path

from cluster.storage import FOLDERS, Storage
from cluster.upkeep.file_removal import remove_unnamed_files
from db.connection import Database
from db.leftovers import half_done, named_files

PROBE = ".txt"
"""What `/readyz` writes and removes again."""


def left_half(database: Database, storage: Storage, home: Path) -> Iterator[str]:
    """Each half row, missing file, and file that nobody names or that is unfinished; nothing may run meanwhile.

    Killed writers leave files, which the housekeeping removes within hours; here it does so at once. What is left then
    it would never find.
    """
    with database.transaction() as conn:
        yield from (f"{number} {what}" for what, number in half_done(conn).items())
        named = named_files(conn)
    yield from (f"a file is missing: {key}" for key in sorted(named - stored_files(storage)))
    for folder in FOLDERS:
        remove_unnamed_files(database, storage, folder, older_than_s=-1.0)
    storage.sweep(older_than_s=-1.0)
    stored = stored_files(storage)
    yield from (f"a file belongs to no row: {key}" for key in sorted(stored - named) if not key.endswith(PROBE))
    yield from (f"an upload is half written: {part}" for part in (home / "uploads").glob("*.part"))


def stored_files(storage: Storage) -> set[str]:
    """The keys of all finished files, in a folder or in a bucket."""
    return {key for folder in FOLDERS for key in storage.keys(folder)}

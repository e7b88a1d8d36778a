"""What has to be done now and then, in a thread of the supervisor: fold tallies, prune old documents, remove files.

Files that nobody names are looked for in one of the store's 256 folders a round, so that a large store is never listed
at once: all of it in three quarters of an hour.

Safe to run in several places at once, and to be killed at any point: each step is one short transaction, and what is
left is found again.
"""

import logging
import threading
import time
from itertools import cycle

from actors.errors import StorageFailed
from cluster.settings import Settings
from cluster.storage import FOLDERS, Storage
from cluster.upkeep.file_removal import remove_dropped_files, remove_files, remove_unnamed_files
from db.connection import Database
from db.errors import DatabaseUnavailable
from db.retention import prune_next
from db.tallies import fold_tallies

ROUND_S = 10.0
PRUNED_A_ROUND = 20
FILES_A_ROUND = 200
LEFT_BEHIND_S = 3600.0
"""Files that were dropped so long ago were left by a crash, or by a reprocess that did not make them again."""
SWEEP_EVERY_S = 3600.0

logger = logging.getLogger(__name__)


class Housekeeping:
    """A round every ten seconds until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        """Nothing runs yet."""
        self._settings = settings
        self._database = Database(settings.service_url, "service", max_size=1)
        self._storage = Storage(settings.storage_address)
        self._stopping = threading.Event()
        self._folders = cycle(FOLDERS)
        self._next_sweep = 0.0  # time.monotonic()

    def start(self) -> None:
        """Begin, in a thread of its own: storage may be slow, and the supervisor must not wait for it."""
        threading.Thread(target=self._run, name="housekeeping", daemon=True).start()

    def stop(self) -> None:
        """Begin no other round."""
        self._stopping.set()

    def close(self) -> None:
        """Give the connection back."""
        self._database.close()

    def round(self) -> None:
        """Do everything once, in small pieces."""
        with self._database.transaction() as conn:
            fold_tallies(conn)
        self._prune()
        remove_dropped_files(self._database, self._storage, older_than_s=LEFT_BEHIND_S, limit=FILES_A_ROUND)
        unnamed = remove_unnamed_files(self._database, self._storage, next(self._folders), older_than_s=LEFT_BEHIND_S)
        if unnamed:
            logger.info("removed %d files that no row came to name", unnamed)
        self._sweep()

    def _sweep(self) -> None:
        """What killed writers left half written."""
        if time.monotonic() < self._next_sweep:
            return
        if parts := self._storage.sweep():
            logger.info("removed %d files that were never finished", parts)
        self._next_sweep = time.monotonic() + SWEEP_EVERY_S

    def _run(self) -> None:
        while not self._stopping.wait(ROUND_S):
            try:
                self.round()
            except (DatabaseUnavailable, StorageFailed) as error:
                logger.warning("housekeeping goes on later: %s", error)
            except Exception:  # the round's boundary: whatever it was, the next round is tried
                logger.exception("a round of housekeeping failed")
        self.close()

    def _prune(self) -> None:
        if self._settings.retention_days is None:
            return
        for _ in range(PRUNED_A_ROUND):
            started = time.monotonic()
            with self._database.transaction() as conn:
                pruned = prune_next(
                    conn, days=self._settings.retention_days, products=self._settings.retention_products
                )
            if pruned is None or self._stopping.is_set():
                return
            files = remove_files(self._database, self._storage, pruned.files)
            logger.info("pruned document %s and %d files, %.1f s", pruned.id, files, time.monotonic() - started)

"""A driver's hold on its document: the fence, the thread that renews it, and the two ways to lose it.

The renewal runs in its own thread with its own connection, so that a busy stage cannot block it. The lease's time is
the database's; this process never compares its clock with it.
"""

import logging
import threading
import time
from types import TracebackType
from typing import Self
from uuid import UUID

from cluster.settings import Settings
from db.connection import Database
from db.document_claims import renew_document, take_over
from db.documents import Document, get_document
from db.errors import DatabaseUnavailable, LeaseLost, QuarryError
from db.patience import patiently

LOOK_EVERY_S = 1.0

logger = logging.getLogger(__name__)


class DocumentCancelled(QuarryError):
    """Somebody asked to stop; the driver frees its actors and ends the document as cancelled."""

    code = "cancelled"
    permanent = True


class DocumentLease:
    """Holds a claimed document until the `with` block ends; `check` raises when it is held no longer."""

    def __init__(self, database: Database, document: Document, settings: Settings) -> None:
        """Take the claimed document; renewal starts with the `with` block."""
        if document.fence is None:
            raise ValueError("a lease needs a claimed document")
        self.document = document
        self.fence: int = document.fence
        self._database = database
        self._lease_s = settings.lease_s
        self._ended = threading.Event()
        self._lost = threading.Event()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_ended, name="lease", daemon=True)

    @classmethod
    def take(cls, database: Database, document_id: UUID, worker: str, fence: int, settings: Settings) -> Self | None:
        """Take over what the supervisor claimed under `worker`; None when it is somebody else's by now."""

        def take() -> Document | None:
            with database.transaction() as conn:
                return take_over(conn, document_id, worker=worker, claimed_fence=fence, lease_s=settings.lease_s)

        document = patiently(take)
        return cls(database, document, settings) if document else None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._thread.join(timeout=self._lease_s)

    def check(self) -> None:
        """Raise LeaseLost or DocumentCancelled when there is a reason to stop; costs nothing."""
        if self._lost.is_set():
            raise LeaseLost(f"Document {self.document.id} was given back or claimed by another driver.")
        if self._cancelled.is_set():
            raise DocumentCancelled("The document was cancelled.", "Upload it again, or retry it, to process it.")

    def _renew_until_ended(self) -> None:
        next_renewal = 0.0
        while not self._lost.is_set():
            try:
                if time.monotonic() >= next_renewal:
                    self._renew()
                    next_renewal = time.monotonic() + self._lease_s / 3
                else:
                    self._look()
            except DatabaseUnavailable as error:
                logger.warning("lease of %s not renewed, trying on: %s", self.document.id, error)
            except Exception:  # the thread's boundary: without it a lost lease or a cancel would go unnoticed
                logger.exception("lease of %s not renewed, trying on", self.document.id)
            if self._ended.wait(LOOK_EVERY_S):
                return

    def _renew(self) -> None:
        with self._database.transaction() as conn:
            cancel_requested = renew_document(conn, self.document.id, self.fence, self._lease_s)
        if cancel_requested is None:
            self._lost.set()
        elif cancel_requested:
            self._cancelled.set()

    def _look(self) -> None:
        """Read the row only: a cancel, or that it was given back, must be seen sooner than the next renewal.

        What is given back keeps its fence until somebody claims it again; its state says that it is nobody's.
        """
        with self._database.transaction() as conn:
            document = get_document(conn, self.document.id)
        if document is None or document.fence != self.fence or document.status != "processing":
            self._lost.set()
        elif document.cancel_requested:
            self._cancelled.set()

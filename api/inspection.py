"""Looks into uploads before they are accepted, in warm child processes, and never longer than an upload can wait.

What cannot be known in time is not refused: the pipeline inspects every document again, without hurry.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from actors.errors import DocumentRefused
from cluster.stages.extraction import DocumentFacts, Inspector
from cluster.stages.limits import ExtractionLimits
from db.errors import QuarryError

INSPECTORS = 2
"""One PDF that takes its time leaves the other for everybody else."""
ANSWER_WITHIN_S = 0.6
"""Of the second that an upload may take."""
BEGUN_WITHIN_S = 0.2
"""Of that, waiting for those before it. Of many uploads at once most are not inspected here: each that waits keeps one
of the uploads' threads, and with it the bytes of the others."""
UNLOCKED_WITHIN_S = 30.0
MOST_UNLOCKS = 2 * INSPECTORS
"""At work or waiting; each takes one of the uploads' threads for as long as that."""
ENDED_WITHIN_S = 5.0
START_WITHIN_S = 30.0
ONE_PAGE_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"
)

logger = logging.getLogger(__name__)


class InspectionBusy(QuarryError):
    """Too many uploads are being looked into."""

    code = "inspection_busy"


@dataclass
class Look:
    """One file to look into, and by whom it is done at this moment."""

    path: Path
    password: str | None = None
    target: Path | None = None
    inspector: Inspector | None = None
    ended: bool = False
    begun: threading.Event = field(default_factory=threading.Event)
    changing: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        """Kill the process that is at it, and no other one's; where none is yet, none begins."""
        with self.changing:
            self.ended = True
            if self.inspector is not None:
                self.inspector.kill()


class UploadInspection:
    """Shared by all requests of one app; safe to use from many threads."""

    def __init__(self, limits: ExtractionLimits) -> None:
        """Nothing runs before `open_inspection`."""
        self._inspectors = [Inspector(limits) for _ in range(INSPECTORS)]
        self._idle: SimpleQueue[Inspector] = SimpleQueue()
        for inspector in self._inspectors:
            self._idle.put(inspector)
        self._threads = ThreadPoolExecutor(INSPECTORS, thread_name_prefix="inspection")
        self._unlocks = threading.BoundedSemaphore(MOST_UNLOCKS)

    def inspect(self, path: Path) -> DocumentFacts | None:
        """Page count and the like; None when that cannot be known in time. Raises the leaves of DocumentRefused."""
        look, until = Look(path), time.monotonic() + ANSWER_WITHIN_S
        future = self._begin(look)
        try:
            if look.begun.wait(BEGUN_WITHIN_S):
                return future.result(timeout=until - time.monotonic())
        except TimeoutError:
            pass
        future.cancel()
        logger.info("no inspection in time; the document is accepted and inspected by the pipeline")
        return None

    def unlock(self, path: Path, password: str, target: Path) -> bool:
        """Write a copy that asks for no password to `target`; False when the file asks for none itself.

        Raises:
            InspectionBusy: not known in time, or too many wait for it. Unlike `inspect` this cannot be left to the
                pipeline, which must not need the password.
            DocumentRefused: one of its leaves, `PasswordWrong` among them.
        """
        if not self._unlocks.acquire(blocking=False):
            raise InspectionBusy(f"{MOST_UNLOCKS} PDFs are being decrypted.", "Send it again in a minute.")
        try:
            return self._unlock(Look(path, password, target)).locked
        finally:
            self._unlocks.release()

    def _unlock(self, look: Look) -> DocumentFacts:
        future = self._begin(look)
        try:
            return future.result(timeout=UNLOCKED_WITHIN_S)
        except TimeoutError as error:
            # The child would write the readable copy after its upload is over, when nobody removes it any more.
            if not future.cancel():
                look.end()
                wait([future], timeout=ENDED_WITHIN_S)
            raise InspectionBusy(
                f"The PDF could not be decrypted within {UNLOCKED_WITHIN_S:g} s.", "Send it again in a minute."
            ) from error

    def warm_up(self, folder: Path) -> None:
        """Start the child processes and wait until they open a PDF, so that the first upload does not wait for them."""
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".pdf") as file:
            file.write(ONE_PAGE_PDF)
            file.flush()
            waiting = [self._begin(Look(Path(file.name))) for _ in self._inspectors]
            for future in waiting:
                future.result(timeout=START_WITHIN_S)

    def close(self) -> None:
        """End the child processes, whatever they are at."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for inspector in self._inspectors:
            inspector.close()

    def _begin(self, look: Look) -> "Future[DocumentFacts]":
        return self._threads.submit(self._look, look)

    def _look(self, look: Look) -> DocumentFacts:
        inspector = self._idle.get()
        look.begun.set()
        try:
            with look.changing:
                if look.ended:
                    raise TimeoutError
                look.inspector = inspector
            return inspector.inspect(look.path, look.password, look.target)
        finally:
            with look.changing:
                look.inspector = None
            if look.ended:
                inspector.close()  # what was killed starts anew for the next one
            self._idle.put(inspector)


@contextmanager
def open_inspection(limits: ExtractionLimits, folder: Path) -> Iterator[UploadInspection]:
    """A warm inspection, closed at the end; `folder` takes one small file for a moment."""
    inspection = UploadInspection(limits)
    try:
        try:
            inspection.warm_up(folder)
        except (TimeoutError, DocumentRefused) as error:
            logger.warning("the PDF library is slow or broken; uploads are accepted without a look inside: %s", error)
        yield inspection
    finally:
        inspection.close()

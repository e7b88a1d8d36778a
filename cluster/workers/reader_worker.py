"""What runs inside an actor of the pool `reader`: reads ranges of pages of whatever documents, in one warm child.

The child may crash, hang or eat memory without harm to this process. Several documents are read in turn; what is known
of each (steps that take too long, images already written) is kept for the few that were asked for last.
"""

import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from actors.errors import StorageFailed
from actors.records import ExtractedPage, Retiring
from actors.served import ServedPages
from cluster.settings import Settings
from cluster.stages.extraction import PageReader, warm_child
from cluster.stages.limits import ExtractionLimits
from cluster.storage import Storage
from cluster.workers.batch_size import work_at_a_time
from cluster.workers.fair_share import Turn
from cluster.workers.pool_workers import ANYONE, PoolWorker, Shift

DOCUMENTS_AT_HAND = 3
"""Local copies of documents that are kept; on a local store they are the files themselves."""


@dataclass(frozen=True)
class PageRange:
    """Pages to be read of one document."""

    storage_key: str  # of the PDF
    edition: str  # what is known of the file's images from another edition may be gone from the store
    pages: tuple[int, ...]  # 1-based, in order
    seconds: float  # when these have passed, no further page is begun; sooner while other documents wait


class ReaderWorker(PoolWorker):
    """Reads pages; extraction's part of a pool."""

    def __init__(self, settings: Settings, *, duty: str, gpu: bool, threads: int, niceness: int = 0) -> None:
        """Start the child; it loads the layout model meanwhile."""
        del gpu, threads  # the child reads on one core
        self._shift = Shift(settings, duty, niceness)
        self._storage = Storage(settings.storage_address)
        self._address = settings.storage_address
        self._limits = ExtractionLimits.from_settings(settings)
        self._child = warm_child(self._limits)
        self._child.start()
        self._at_hand: OrderedDict[tuple[str, str], tuple[PageReader, ExitStack]] = OrderedDict()

    def count_pages(self, storage_key: str, *, turn: Turn = ANYONE) -> int | Retiring:
        """Pages of a document; raises StorageFailed, or the DocumentRefused that says why it cannot be read."""
        return self._shift.batch(turn, partial(self._count_pages, storage_key))

    def _count_pages(self, storage_key: str) -> int:
        with self._reading(storage_key, "") as reader:
            return reader.count_pages()

    def read_pages(self, wanted: PageRange, *, turn: Turn = ANYONE) -> ServedPages[ExtractedPage] | Retiring:
        """The pages in their order until time is up; at least one, unless the file store refuses it.

        Raises:
            DocumentRefused: the document itself can no longer be opened.
        """
        return self._shift.batch(turn, partial(self._read_pages, wanted))

    def _read_pages(self, wanted: PageRange) -> ServedPages[ExtractedPage]:
        began = time.monotonic()
        pages: list[ExtractedPage] = []
        storage_error, cpu_seconds = None, 0.0
        try:
            with self._reading(wanted.storage_key, wanted.edition) as reader:
                before = reader.cpu_seconds
                for page in wanted.pages:
                    pages.append(reader.read(page))
                    cpu_seconds = reader.cpu_seconds - before
                    if time.monotonic() - began > work_at_a_time(wanted.seconds, self._shift.crowd):
                        break
        except StorageFailed as error:
            storage_error = str(error)
        served = self._shift.end_batch(pages)
        return ServedPages(
            served.results, served.began_at, served.ended_at, served.cpu_seconds + cpu_seconds, storage_error
        )

    @contextmanager
    def _reading(self, storage_key: str, edition: str) -> Iterator[PageReader]:
        """The document's reader; the one that was used longest ago makes room for it."""
        key = (storage_key, edition)
        if key not in self._at_hand:
            while len(self._at_hand) >= DOCUMENTS_AT_HAND:
                self._at_hand.popitem(last=False)[1][1].close()
            with ExitStack() as stack:
                path = stack.enter_context(self._storage.local_path(storage_key))
                reader = PageReader(path, self._address, self._limits, child=self._child, edition=edition)
                self._at_hand[key] = (reader, stack.pop_all())
        self._at_hand.move_to_end(key)
        yield self._at_hand[key][0]

    def facts(self) -> dict[str, Any]:
        """Process, and what it has read; answering shows that it lives, the child may be starting."""
        return self._shift.facts("pymupdf", "cpu")

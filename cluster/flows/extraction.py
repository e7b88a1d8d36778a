"""Stage 1's flow: ranges of pages go to the reader actors; the images of a range are queued when it is stored."""

import logging
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection
from ray.exceptions import RayTaskError

from actors.errors import DocumentTooLarge, StorageFailed
from actors.records import ExtractedPage
from actors.served import ServedPages
from cluster.document_run import DocumentRun
from cluster.flow import IDLE_LOOK_S, Call, Outcome
from cluster.flows.jobs import span_of
from cluster.flows.reuse import ReuseOfPages
from cluster.stages.extraction import failed_page, require_time
from cluster.workers.dispatch import Sent
from cluster.workers.reader_worker import PageRange
from db.content_results import KnownResult, keep_document_results
from db.document_claims import set_page_count
from db.documents import Stage
from db.errors import FilesGone, QuarryError
from db.pages import save_pages, stored_characters, stored_pages
from db.patience import LONGEST_PAUSE_S, PATIENCE_S
from db.queue import JobOptions, queue_image_processing_jobs
from db.spans import WorkSpan, add_spans

log = logging.getLogger(__name__)

MOST_PAGES = 16
"""Of one call; the reader stops after two seconds of work, and what it has not read goes elsewhere."""


@dataclass(frozen=True)
class PageBatch:
    """Pages that were sent to one reader, or such as are known from before and need none."""

    pages: tuple[int, ...]
    sent: Sent | None  # None where all are known
    known: Mapping[int, KnownResult] = field(default_factory=dict)  # by page


class ExtractionFlow:
    """The pages of one document that are not stored yet."""

    stage: Stage = "extraction"

    def __init__(self, run: DocumentRun) -> None:
        """Ask a reader how many pages there are; raises the DocumentRefused that says why it cannot be read."""
        self._run = run
        self._pool = run.pool("reader")
        self._total = run.document.page_count or run.call_pool(self._pool, "count_pages", run.document.storage_key)
        run.transact(set_page_count, self._total)
        stored = run.read(stored_pages)
        self._unread = deque(page for page in range(1, self._total + 1) if page not in stored)
        self._reuse = ReuseOfPages(run.settings, run.read, run.document.storage_key)
        self._out = 0  # pages that are with a reader
        self._cpu_seconds = 0.0
        self._files_gone = 0
        self._characters = run.read(stored_characters)
        self._losses: Counter[int] = Counter()  # by page: calls that were lost with it
        self._refused_since: float | None = None  # time.monotonic() of the file store's first refusal in a row
        self._refusals = 0
        self._not_before = 0.0
        self._report(f"page {max(stored, default=0)}")

    @property
    def stored(self) -> int:
        """Pages that are stored, with their images queued."""
        return self._total - len(self._unread) - self._out

    @property
    def is_done(self) -> bool:
        """Whether every page is stored."""
        return not self._unread and not self._out

    @property
    def in_flight(self) -> int:
        """One range for each reader, and the settings' number waiting behind them."""
        return len(self._pool) + self._run.settings.in_flight_batches - 1

    def send_next(self) -> Call[PageBatch] | None:
        """Send the next pages, unless they are known; what was lost before goes alone and takes nobody along."""
        if not self._unread or time.monotonic() < self._not_before or not self._pool.is_up():
            return None
        pages = self._take()
        if known := self._reuse.known(pages):
            self._unread.extendleft(page for page in reversed(pages) if page not in known)
            self._out += len(known)
            return Call(PageBatch(tuple(known), None, known), (), time.monotonic())
        self._out += len(pages)
        edition = f"{self._run.document.id}/{self._run.lease.fence}/{self._files_gone}"
        wanted = PageRange(self._run.document.storage_key, edition, pages, self._run.settings.batch_target_s)
        sent = self._pool.send("read_pages", wanted)
        return Call(PageBatch(pages, sent), (sent.ref,), time.monotonic())

    def _take(self) -> tuple[int, ...]:
        most = min(MOST_PAGES, -(-len(self._unread) // max(1, len(self._pool))))
        pages = [self._unread.popleft()]
        while self._unread and len(pages) < most and not self._losses[pages[0]] and not self._losses[self._unread[0]]:
            pages.append(self._unread.popleft())
        return tuple(pages)

    def settle(self, outcome: Outcome[PageBatch]) -> None:
        """Store what was read; what was not goes to the front of the line."""
        pages, sent = outcome.batch.pages, outcome.batch.sent
        self._out -= len(pages)
        if sent is None:
            read = [ExtractedPage.from_json(known.result) for known in outcome.batch.known.values()]
            self._end(pages, self._store(read, None, outcome.batch.known))
            return
        (answer,) = outcome.answers
        begun = self._pool.take_answer(sent, answer)
        self._end(pages, self._settle_answer(pages, sent, answer, begun))

    def _settle_answer(self, pages: tuple[int, ...], sent: Sent, answer: object, begun: bool) -> int:
        """Store what a reader has read; how many pages those are, from the first on."""
        read: Sequence[ExtractedPage] = ()
        if isinstance(answer, ServedPages):
            read = answer.results
            self._note_storage(answer)
            self._cpu_seconds += answer.cpu_seconds
            require_time(self._cpu_seconds, self._run.settings.document_timeout_s)
        elif isinstance(answer, RayTaskError):  # it says something of the document or the program, not of the actor
            raise answer.cause if isinstance(answer.cause, QuarryError) else answer
        elif begun:
            self._losses.update(pages)
            if self._losses[pages[0]] > self._run.settings.max_retries:
                read = [failed_page(pages[0], "page_lost", [f"Page {pages[0]}: its reader was lost in every attempt."])]
        span = span_of(self.stage, sent.member.name, answer) if isinstance(answer, ServedPages) and read else None
        return self._store(read, span, {})

    def _end(self, pages: tuple[int, ...], stored: int) -> None:
        self._unread.extendleft(reversed(pages[stored:]))
        if stored:
            self._report(f"page {pages[stored - 1]}")

    def _store(self, pages: Sequence[ExtractedPage], span: WorkSpan | None, known: Mapping[int, KnownResult]) -> int:
        """Store pages with their span, and queue their images; how many were stored."""
        if not pages:
            return 0
        characters = self._characters + sum(page.characters for page in pages)
        require_readable_length(characters, self._run.settings.max_document_text)
        is_stored, jobs = self._run.storage.exists, self._run.job_options
        try:
            rows, kept = self._reuse.rows(pages, known), self._reuse.kept(pages, known)
            self._run.transact(store_pages, rows, span, kept, is_stored=is_stored, jobs=jobs)
        except FilesGone:  # with the last other document that named them; they are made again, by readers who know none
            self._files_gone += 1
            return 0
        self._characters = characters
        return len(pages)

    def _note_storage(self, answer: ServedPages[ExtractedPage]) -> None:
        """Wait longer after each refusal of the file store; raises StorageFailed when patience is at its end."""
        if answer.results:
            self._refused_since, self._refusals = None, 0
        if answer.storage_error is None:
            return
        now = time.monotonic()
        self._refused_since = self._refused_since or now
        if now - self._refused_since > PATIENCE_S:
            raise StorageFailed(answer.storage_error)
        self._refusals += 1
        pause = random.uniform(0.1, min(LONGEST_PAUSE_S, 0.2 * 2**self._refusals))
        self._not_before = now + pause
        log.warning("The file store took no pictures; tried again in %.1f s. %s", pause, answer.storage_error)

    def _report(self, item: str) -> None:
        self._run.report(self.stage, total=self._total, completed=self.stored, current_item=item)

    def rest(self) -> float | None:
        """Seconds until something may be sent again; None when every page is stored."""
        return None if self.is_done else max(IDLE_LOOK_S / 5, self._not_before - time.monotonic())


def store_pages(
    conn: "Connection[Any]",
    document_id: UUID,
    fence: int,
    pages: Sequence[Mapping[str, Any]],
    span: WorkSpan | None,
    kept: Sequence[Mapping[str, Any]],
    *,
    is_stored: Callable[[str], bool],
    jobs: JobOptions,
) -> None:
    """Pages, what is kept of them by content, the jobs of their images, and who read them when, in one transaction."""
    save_pages(conn, document_id, fence, pages, is_stored=is_stored)
    keep_document_results(conn, document_id, kept)
    queue_image_processing_jobs(conn, document_id, **jobs)
    if span is not None:
        add_spans(conn, document_id, [span])


def require_readable_length(characters: int, most: int) -> None:
    """Raise DocumentTooLarge: what a few bytes unpack to must not fill the memory of those who read it whole."""
    if characters > most:
        raise DocumentTooLarge(
            f"The pages hold more than {most} characters of text.", "Split it, or raise QUARRY_MAX_DOCUMENT_TEXT."
        )

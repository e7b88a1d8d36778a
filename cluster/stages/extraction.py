"""Stage 1, the parent's side: refuses what cannot become a document, and has each page read in a killable child.

Imports neither PyMuPDF nor a model: the process that drives a document stays small, and a crash of the PDF library
cannot reach it. A page that costs its child is read again without the step that cost it, and is a failed page when that
is not enough.
"""

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from actors.errors import DocumentBroken, DocumentRefused, DocumentTooLarge, EmptyFile, NotAPdf, StorageFailed
from actors.records import ExtractedPage
from cluster.stages.limits import MEBIBYTE, ExtractionLimits
from cluster.stages.reading.child import ChildLimits, ChildLost, ChildTimedOut, KillableChild

HEADER = b"%PDF-"
HEADER_WITHIN = 1024
"""Readers accept bytes before the header up to here (Adobe's implementation note 13 to PDF 1.7)."""
INSPECT_S = 10.0
STEPS_PER_PAGE = 4
"""A step may take this part of a page's time, so that a page whose slow step was stopped has time for the others."""
SHORTEST_STEP_S = 2.0
OPTIONAL_STEPS = (
    "rotation",
    "hidden text",
    "drawings",
    "image list",
    "images",
    "layout",
    "tables",
    "colours",
    "thumbnail",
)
"""What a page can do without. Its text and, where it has none, its picture are not among them."""
GIVE_UP_STEP = 3
"""A step that took too long on so many pages is left out on the others: each time costs a child and its patience."""
RECYCLE_PAGES = 200
RECYCLE_SHARE = 0.35
"""A child is replaced after so many pages, or when it holds this share of its memory between two pages."""


@dataclass(frozen=True)
class DocumentFacts:
    """What is known of a PDF before its pages are read."""

    page_count: int
    size_bytes: int
    title: str = ""  # from the PDF's own metadata; often empty or the name of a template
    repaired: bool = False  # the PDF library had to rebuild the file's table of contents
    locked: bool = False  # it asked for the password
    objects: int = 0  # entries of the table of contents


class Inspector:
    """Inspects uploads in one warm child process, which starts again after a loss. Not for several threads at once."""

    def __init__(self, limits: ExtractionLimits) -> None:
        self._limits = limits
        memory = ChildLimits(memory_bytes=limits.page_memory_bytes, step_s=INSPECT_S)
        self._child = KillableChild("cluster.stages.reading.inspect_worker", [], memory)

    def __enter__(self) -> Self:
        self._child.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child now, so that the first upload does not wait for it."""
        self._child.start()

    def close(self) -> None:
        """End the child."""
        self._child.stop()

    def kill(self) -> None:
        """End the child's process from another thread than the one that waits for its answer, and finds it lost."""
        self._child.kill()

    def inspect(
        self, path: str | Path, password: str | None = None, unlocked_to: str | Path | None = None
    ) -> DocumentFacts:
        """Open the file and count its pages.

        Args:
            path: the file.
            password: what it may ask for. Goes to the child through its pipe, never onto a command line.
            unlocked_to: where a copy that asks for nothing is written, of a file that asks for the password.

        Raises:
            EmptyFile, NotAPdf, DocumentBroken, DocumentEncrypted, PasswordWrong, DocumentHasNoPages, DocumentTooLarge:
                each says what to do.
        """
        size = _check_bytes(Path(path), self._limits)
        question = {"path": str(Path(path).resolve()), "password": password}
        try:
            reply = self._child.ask({**question, "unlocked_to": str(unlocked_to) if unlocked_to else None})
        except ChildLost as lost:
            raise DocumentBroken(
                f"The PDF cannot be opened: {lost.message}", "Open it in a PDF reader, save it anew and upload that."
            ) from lost
        if "refused" in reply:
            raise _refusal(reply["refused"])
        _require_few(reply["page_count"], reply["objects"], self._limits)
        return DocumentFacts(size_bytes=size, **reply)


def inspect(path: str | Path, *, limits: ExtractionLimits, password: str | None = None) -> DocumentFacts:
    """`Inspector.inspect` with a child of its own, which costs its start of one to three seconds."""
    with Inspector(limits) as inspector:
        return inspector.inspect(path, password)


def _require_few(pages: int, objects: int, limits: ExtractionLimits) -> None:
    if pages > limits.max_pages:
        raise DocumentTooLarge(
            f"The PDF has {pages} pages; at most {limits.max_pages} are read.", "Split it, or raise QUARRY_MAX_PAGES."
        )
    if objects > limits.max_objects:
        raise DocumentTooLarge(
            f"The PDF has {objects} objects; at most {limits.max_objects} are read.",
            "Save it anew with a program that cleans up, split it, or raise QUARRY_MAX_OBJECTS.",
        )


def warm_child(limits: ExtractionLimits) -> KillableChild:
    """A child that reads pages of one document after the other, not started yet; the caller stops it."""
    return KillableChild("cluster.stages.reading.page_worker", [], _child_limits(limits))


def _child_limits(limits: ExtractionLimits, timed_out: int = 0) -> ChildLimits:
    step_s = max(SHORTEST_STEP_S, limits.page_timeout_s / STEPS_PER_PAGE / (1 + timed_out))
    return ChildLimits(memory_bytes=limits.page_memory_bytes, step_s=step_s)


class PageReader:
    """Reads the pages of one document, one after the other, in a child process."""

    def __init__(
        self,
        path: str | Path,
        storage_address: str,
        limits: ExtractionLimits,
        password: str | None = None,
        *,
        child: KillableChild | None = None,
        edition: str = "",
    ) -> None:
        """Takes over `child`, one that `warm_child` started, and leaves it running; without one, starts its own.

        A child that stays keeps what it knows of a file's images; for another `edition` it begins anew.
        """
        self._source = {"path": str(Path(path).resolve()), "password": password, "storage": storage_address}
        self._source["edition"] = edition
        self._limits = limits
        self._child = child or warm_child(limits)
        self._ends_child = child is None
        self.cpu_seconds = 0.0
        """Processor time that the child has said it used for this document's pages, and of children that they cost."""
        self._timed_out = 0
        self._slow: Counter[str] = Counter()  # by step: on how many pages it took too long

    def __enter__(self) -> Self:
        self._child.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, unless it was lent."""
        if self._ends_child:
            self._child.stop()

    @property
    def child_pid(self) -> int | None:
        """Process id of the child while there is one."""
        return self._child.pid

    @property
    def child_starts(self) -> int:
        """How many child processes this document has cost."""
        return self._child.starts

    def count_pages(self) -> int:
        """How many there are, by the child that reads them.

        Raises:
            DocumentRefused: the leaves that say why it cannot be read, as `Inspector.inspect`.
        """
        try:
            reply = self._ask_child({"page": None})
        except ChildLost as lost:
            raise DocumentBroken(f"The PDF cannot be opened: {lost.message}", "Save it anew and upload that.") from lost
        count: int = reply["page_count"]
        _require_few(count, reply["objects"], self._limits)
        return count

    def read(self, page: int) -> ExtractedPage:
        """Everything on one page (1-based); a page that cannot be read comes back with kind "failed" and the reason.

        Raises:
            DocumentRefused: the document itself can no longer be opened, or its pages have used up its time.
            StorageFailed: the child could not write to the file store; trying again may help.
        """
        require_time(self.cpu_seconds, self._limits.document_timeout_s)
        skip = [step for step in OPTIONAL_STEPS if self._slow[step] >= GIVE_UP_STEP]
        warnings = [f"Page {page}: '{step}' was left out: it took too long on other pages." for step in skip]
        skipped_before = len(skip)
        for _ in range(STEPS_PER_PAGE):
            try:
                extracted = self._ask(page, skip)
            except ChildLost as lost:
                warnings.append(f"Page {page}: {lost.message}")
                self._lose_patience(lost)
                if lost.step == "start":
                    continue  # it died between two pages, or never came up: no fault of this page
                if lost.step in OPTIONAL_STEPS and lost.step not in skip:
                    # The third loss ends patience: only what a page cannot do without is tried after it.
                    costly = len(skip) - skipped_before
                    skip = [*skip, lost.step] if costly < STEPS_PER_PAGE - 2 else list(OPTIONAL_STEPS)
                    continue
                return failed_page(page, lost.code, warnings)
            return (
                extracted.model_copy(update={"warnings": (*warnings, *extracted.warnings)}) if warnings else extracted
            )
        return failed_page(page, "page_failed", warnings)

    def _ask(self, page: int, skip: list[str]) -> ExtractedPage:
        reply = self._ask_child({"page": page, "skip": skip})
        self.cpu_seconds += reply["cpu_seconds"]
        if "storage_failed" in reply:
            raise StorageFailed(**reply["storage_failed"])
        self._recycle(reply["rss_bytes"])
        return ExtractedPage.from_json(reply["page"])

    def _ask_child(self, question: dict[str, Any]) -> dict[str, Any]:
        # Set anew each time: the child may have read another document meanwhile.
        self._child.limits = _child_limits(self._limits, self._timed_out)
        before_s = self._child.spent_s
        try:
            reply = self._child.ask({**self._source, "limits": dataclasses.asdict(self._limits), **question})
        except ChildLost:
            self.cpu_seconds += self._child.spent_s - before_s
            raise
        if "refused" in reply:
            raise _refusal(reply["refused"])
        return reply

    def _lose_patience(self, lost: ChildLost) -> None:
        """A step that took too long shortens the limit of the next ones: a document of such pages must end as well."""
        if isinstance(lost, ChildTimedOut):
            self._timed_out += 1
            self._slow[lost.step] += 1

    def _recycle(self, rss_bytes: int) -> None:
        """Replace a child that has read much or holds much: the PDF library gives little memory back."""
        if self._child.answers >= RECYCLE_PAGES or rss_bytes > RECYCLE_SHARE * self._limits.page_memory_bytes:
            self._child.stop()


def _check_bytes(path: Path, limits: ExtractionLimits) -> int:
    """Size of the file in bytes, once it is known to begin like a PDF."""
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile("The file is empty.", "Check that the file was saved completely, and upload it again.")
    if size > limits.max_upload_bytes:
        raise DocumentTooLarge(
            f"The file has {size / MEBIBYTE:.0f} MiB; at most {limits.max_upload_bytes / MEBIBYTE:.0f} MiB are read.",
            "Split it, reduce its pictures, or raise QUARRY_MAX_UPLOAD_BYTES.",
        )
    with path.open("rb") as stream:
        if HEADER not in stream.read(HEADER_WITHIN):
            raise NotAPdf("The file is not a PDF.", "Upload the catalogue as a PDF file.")
    return size


def _refusal(told: dict[str, Any]) -> DocumentRefused:
    leaves = {leaf.code: leaf for leaf in DocumentRefused.__subclasses__()}
    return leaves.get(told["code"], DocumentRefused)(told["message"], told["advice"])


def require_time(cpu_seconds: float, most: float) -> None:
    """Raise DocumentTooLarge: each page may take its time, but a document in which all do would hold up the others."""
    if cpu_seconds > most:
        raise DocumentTooLarge(
            f"Its pages have taken {cpu_seconds:.0f} s of processor time; a document may take {most:g} s.",
            "Split it, or raise QUARRY_DOCUMENT_TIMEOUT_S.",
        )


def failed_page(page: int, code: str, warnings: list[str]) -> ExtractedPage:
    """A page that could not be read; the last warning is the reason."""
    return ExtractedPage(
        page=page, width_pt=0.0, height_pt=0.0, kind="failed", error_code=code,
        error_message=warnings[-1], warnings=tuple(warnings[:-1]),
    )  # fmt: skip

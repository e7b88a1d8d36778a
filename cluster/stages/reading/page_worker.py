"""The child process that reads pages: decides the order of the steps and what a failed step means for the page.

Knows neither time-outs nor retries (the parent's, in `extraction`) nor how a step is done (`page_text`, `page_layout`,
`drawings`, `images`, `rendering`).
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from actors.errors import DocumentRefused, StorageFailed
from actors.records import ExtractedImage, ExtractedPage, PageKind
from cluster.stages.limits import ExtractionLimits
from cluster.stages.reading.child import Steps, serve
from cluster.stages.reading.layout_networks import compute_layout_on_one_core

if TYPE_CHECKING:
    import pymupdf

    from cluster.stages.reading.drawings import Drawings
    from cluster.stages.reading.images import ImageWriter
    from cluster.storage import Storage

Result = TypeVar("Result")
OUTLINED_SHARE = 3
"""Of a page's letters so many times more may be outlines before its text layer is no longer what is read."""
MOST_OPEN = 3
"""Documents that stay open, so that several may be read in turn: what is known of their images is kept with them."""
MEMORY_SIGNS = ("malloc", "calloc", "bad_alloc", "memory")


def main() -> None:
    """Answer page questions until the parent is gone."""
    serve(_make_answer)


def _make_answer() -> Callable[[dict[str, Any], Steps], dict[str, Any]]:
    compute_layout_on_one_core()
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    from cluster.stages.reading.opening import count_pages

    desk: dict[str, _OpenDocument] = {}  # the one used last stands last

    def answer(question: dict[str, Any], step: Steps) -> dict[str, Any]:
        began = time.process_time()
        try:
            source = json.dumps([question[name] for name in ("path", "password", "storage", "limits", "edition")])
            if source not in desk:
                step("opening")
                while len(desk) >= MOST_OPEN:
                    del desk[next(iter(desk))]
                desk[source] = _OpenDocument.open(question)
            opened = desk[source] = desk.pop(source)
            if question["page"] is None:
                step("counting the pages")
                return {"page_count": count_pages(opened.document), "objects": opened.document.xref_length()}
            reply = opened.read(question["page"], set(question["skip"]), step)
        except DocumentRefused as refusal:
            return {"refused": {"code": refusal.code, "message": refusal.message, "advice": refusal.advice}}
        except StorageFailed as failure:
            reply = {"storage_failed": {"message": failure.message, "advice": failure.advice}}
        return {**reply, "cpu_seconds": time.process_time() - began}

    return answer


@dataclass
class _PageState:
    """What the steps of one page share."""

    page: int
    skip: set[str]
    step: Steps
    stop_at: float  # processor seconds of this process
    warnings: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    exhausted: bool = False

    def run(self, name: str, work: Callable[[], Result], otherwise: Result) -> Result:
        """Do a step unless it is to be skipped; what it raises costs the step and not the page."""
        if name in self.skip:
            return otherwise
        if time.process_time() > self.stop_at:
            self.warnings.append(f"Page {self.page}: there was no time left for '{name}'.")
            return otherwise
        self.step(name)
        try:
            return work()
        except StorageFailed:
            raise
        except Exception as error:  # the boundary of one step: PDF, image and model libraries raise what they like
            self.failed.add(name)
            self.exhausted |= isinstance(error, MemoryError) or any(sign in str(error) for sign in MEMORY_SIGNS)
            self.warnings.append(f"Page {self.page}: '{name}' failed: {type(error).__name__}: {error}"[:400])
            return otherwise


@dataclass
class _OpenDocument:
    """The document, and what is kept from page to page."""

    document: "pymupdf.Document"
    storage: "Storage"
    limits: ExtractionLimits
    images: "ImageWriter"

    @classmethod
    def open(cls, question: dict[str, Any]) -> "_OpenDocument":
        from cluster.stages.reading.images import ImageWriter
        from cluster.stages.reading.opening import open_document
        from cluster.storage import Storage

        limits = ExtractionLimits(**question["limits"])
        document = open_document(Path(question["path"]), question["password"])
        storage = Storage(question["storage"])
        return cls(document, storage, limits, ImageWriter(document, storage, limits))

    def read(self, number: int, skip: set[str], step: Steps) -> dict[str, Any]:
        import psutil
        import pymupdf

        state = _PageState(number, skip, step, time.process_time() + self.limits.page_timeout_s)
        page = state.run("loading", lambda: self.document.load_page(number - 1), None)
        record = self._read(page, state) if page is not None else self._broken(state)
        del page
        pymupdf.TOOLS.store_shrink(100)
        rss = psutil.Process().memory_info().rss
        return {"page": record.to_json(), "rss_bytes": rss, "exhausted": state.exhausted}

    def _read(self, page: "pymupdf.Page", state: _PageState) -> ExtractedPage:
        from cluster.stages.reading.drawings import Drawings, survey
        from cluster.stages.reading.images import PlacedImage
        from cluster.stages.reading.outlines import lettered_places
        from cluster.stages.reading.page_layout import Region, Table, label_blocks, read_layout, read_tables
        from cluster.stages.reading.page_text import PageText, cut, page_text, read_text
        from cluster.stages.reading.rendering import page_image, thumbnail
        from cluster.stages.reading.swatches import lettered_images, region_images, seen_pictures
        from cluster.stages.reading.visibility import without_hidden

        state.run("rotation", page.remove_rotation, None)
        text = state.run("text", lambda: read_text(page), PageText())
        legible = not text.rebuilt  # the layout model reads the letters' own boxes
        text = state.run("hidden text", lambda: page_text(without_hidden(page, text.blocks)), text)
        text, characters = cut(text, self.limits.max_page_text)
        if characters > self.limits.max_page_text:
            state.warnings.append(
                f"Page {state.page}: its text layer has {characters} characters; those after the first "
                f"{self.limits.max_page_text} were left out (QUARRY_MAX_PAGE_TEXT)."
            )
        drawings = state.run("drawings", lambda: survey(page), Drawings())
        nothing: tuple[list[ExtractedImage], int] = ([], 0)
        placed: list[PlacedImage] = state.run("image list", lambda: self.images.find(page), [])
        # What could not be looked for is not known to be absent: such a page is read from its picture.
        unclear = bool(placed or text.blocks or state.failed & {"text", "drawings", "image list"})
        kind = _kind(text.letters, drawings, unclear)
        images, skipped = state.run("images", lambda: self.images.write(page, placed, kind, state.warnings), nothing)
        blocks, picture = text.blocks, None
        layout: list[Region] = []
        if kind == "text":
            layout = state.run("layout", lambda: read_layout(page), []) if legible else []
            tables: list[Table] = state.run("tables", lambda: read_tables(page, layout), [])
            blocks = label_blocks(text.blocks, layout, tables)
        elif kind == "image":
            picture = state.run("page image", lambda: page_image(page, state.page, self.storage, self.limits), None)
            if picture is None and not text.letters:
                return self._broken(state)
        fills = drawings.swatches(
            [box for item in placed for box in item.boxes],
            [region.box for region in layout if region.label == "table"],
        )
        painted: list[ExtractedImage] = []
        if kind == "text":
            painted = state.run("colours", lambda: region_images(page, fills, self.storage, self.limits), painted)
            printed = [line.box for block in text.blocks for line in block.lines]
            places = lettered_places(drawings.letters, printed, (page.rect.width, page.rect.height))
            painted += state.run("outlines", lambda: lettered_images(page, places, self.storage, self.limits), [])
        elif picture is not None:
            taken = [box for item in placed for box in item.boxes]
            painted = state.run("pictures", lambda: seen_pictures(picture, taken, self.storage), painted)
        thumb = state.run("thumbnail", lambda: thumbnail(page, picture, self.storage, self.limits), None)
        return ExtractedPage(
            page=state.page, width_pt=page.rect.width, height_pt=page.rect.height,
            kind=kind if kind != "image" or picture else "text",
            blocks=() if picture and not text.letters else tuple(blocks),
            images=(*([picture.record] if picture else []), *images, *painted),
            fills=fills,
            thumbnail_key=thumb, skipped_images=skipped, warnings=tuple(state.warnings),
        )  # fmt: skip

    def _broken(self, state: _PageState) -> ExtractedPage:
        code = "page_out_of_memory" if state.exhausted else "page_broken"
        return ExtractedPage(
            page=state.page, width_pt=0.0, height_pt=0.0, kind="failed", error_code=code,
            error_message=state.warnings[-1], warnings=tuple(state.warnings[:-1]),
        )  # fmt: skip


def _kind(letters: int, drawings: "Drawings", has_more: bool) -> PageKind:
    """Where the page's words come from: its text layer, its picture, or nowhere.

    Outlined letters are counted as text that the layer lacks: a page whose footer alone is text must be read from its
    picture.
    """
    if letters and drawings.outlined_letters < OUTLINED_SHARE * letters:
        return "text"
    if letters or has_more or drawings.paths:
        return "image"
    return "empty"


if __name__ == "__main__":
    main()

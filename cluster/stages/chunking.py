"""Stage 3: cuts a document's pages into pieces of text that belong together.

It owns what is one chunk: a heading with its text, a table whole, a caption of a picture. It knows the order of
reading that the pages come with, no model and no database.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal
from uuid import UUID, uuid5

from actors.evidence import CELL_BREAK, box_of
from actors.page.printed_rows import printed_rows
from actors.records import Box, Chunk, ChunkKind, PageContent, TextBlock, TextLine
from actors.vocabulary.words import squeeze
from cluster.stages.reading.table_cells import mended
from cluster.stages.structure.captions import is_caption, is_short, pictures, separate
from cluster.stages.structure.headings import LABELS, HeadingPath, Headings, same_style
from cluster.stages.structure.index_pages import Indexes
from cluster.stages.structure.page_furniture import Furniture
from cluster.stages.structure.reading_order import in_reading_order

MAX_CHARS = 1200
"""Longest text chunk: about what the text encoder reads (256 word pieces). Tables stay whole beyond it."""
MIN_CHARS = 2
NEAR = 2.5
"""Letter sizes between two blocks of one chunk."""
RUNNING_CHARS = 60
HEADING_REACH = 6.0
"""A heading's own sizes between it and a short text that it heads."""


def chunk_document(
    document_id: UUID | str, pages: Sequence[PageContent], *, look_around: Callable[[], None] = lambda: None
) -> list[Chunk]:
    """All chunks of a document in reading order; the same pages give the same chunks with the same ids.

    Args:
        document_id: of the document; ids are uuid5 of it and the ordinal.
        pages: text layer and OCR brought together, in order.
        look_around: called before each page; what it raises ends the cutting.
    """
    cutter = _Cutter(pages)
    drafts: list[_Draft] = []
    for page in pages:
        look_around()
        drafts.extend(cutter.cut(page))
    namespace = document_id if isinstance(document_id, UUID) else UUID(document_id)
    return [
        draft.as_chunk(str(uuid5(namespace, str(ordinal))), ordinal)
        for ordinal, draft in enumerate(draft for draft in drafts if len(draft.text) >= MIN_CHARS)
    ]


class _Draft:
    """A chunk in the making."""

    def __init__(self, page: PageContent, kind: ChunkKind, path: tuple[str, ...], heading: Sequence[TextLine]) -> None:
        """Begins with the lines of the heading that stands directly over it."""
        self.page = page
        self.kind = kind
        self.path = path
        self.heading = tuple(heading)
        self.blocks: list[TextBlock] = []
        self.is_index = False

    @property
    def body(self) -> list[TextLine]:
        """Lines below the heading."""
        return [line for block in self.blocks for line in block.lines]

    @property
    def lines(self) -> list[TextLine]:
        return [*self.heading, *self.body]

    @property
    def text(self) -> str:
        head = [line.text for line in self.heading]
        if self.kind == "table":
            rows = self.rows or tuple((row.text,) for row in printed_rows(self.body))
            return "\n".join([*head, *(CELL_BREAK.join(cell for cell in row if cell) for row in rows)]).strip()
        return "\n".join([*head, *(line.text for line in self.body)]).strip()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return self.blocks[0].rows if self.kind == "table" else ()

    def as_chunk(self, chunk_id: str, ordinal: int) -> Chunk:
        source = self.blocks[0].source
        box = box_of(line.box for line in self.lines)
        return Chunk(
            chunk_id=chunk_id, ordinal=ordinal, page=self.page.page, kind=self.kind, text=self.text, box=box,
            heading_path=self.path, is_index=self.is_index, source=source, lines=tuple(self.lines), rows=self.rows,
            image_id=_image_under(self.page, self.lines) if source == "ocr" else None,
        )  # fmt: skip


class _Cutter:
    """Cuts page by page, with what is known of the whole document."""

    def __init__(self, pages: Sequence[PageContent]) -> None:
        self._count = len(pages)
        self._furniture = Furniture(pages)
        self._headings = Headings(pages)
        self._indexes = Indexes(pages)
        self._path = HeadingPath(self._headings)

    def cut(self, page: PageContent) -> Iterator[_Draft]:
        whole_index = self._indexes.holds(page.page)
        self._path.begin_page(page, is_index=whole_index)
        for draft in self._drafts(page, pictures(page, self._count)):
            draft.is_index = whole_index or (draft.kind != "caption" and self._indexes.is_index(draft.body))
            yield draft

    def _drafts(self, page: PageContent, boxes: Sequence[Box]) -> Iterator[_Draft]:
        """Chunks of one page: a heading waits for the text below it, text grows, tables and captions stand alone."""
        heading: TextBlock | None = None
        current: _Draft | None = None
        for block in self._blocks(page, boxes):
            kind = self._kind(page, block, boxes)
            if kind == "caption" and current is not None and _runs(current.blocks[-1]) and _goes_on(current, block):
                kind = "text"  # the last line of a paragraph that ends beside a picture
            if current is not None and (kind != "text" or not _goes_on(current, block)):
                yield current
                current = None
            if heading is not None and (kind in ("heading", "caption") or not _heads(heading, block)):
                yield self._alone(page, heading, boxes)
                heading = None
            if kind == "heading":
                self._path.enter(page, block)
                heading = block
                continue
            if current is None:
                current = _Draft(page, kind, self._path.texts, heading.lines if heading else ())
                heading = None
            current.blocks.append(block)
        if current is not None:
            yield current
        if heading is not None:
            yield self._alone(page, heading, boxes)

    def _kind(self, page: PageContent, block: TextBlock, boxes: Sequence[Box]) -> Literal["heading"] | ChunkKind:
        if block.label == "table":
            return "table"
        caption = (block.label == "caption" and is_short(block.lines)) or is_caption(block, boxes)
        if self._headings.is_heading(page, block) and (not caption or block.label in LABELS):
            return "heading"
        return "caption" if caption else "text"

    def _alone(self, page: PageContent, heading: TextBlock, boxes: Sequence[Box]) -> _Draft:
        """A heading without text of its own: a chunk by itself, a caption where a picture is near."""
        draft = _Draft(page, "caption" if is_caption(heading, boxes) else "text", self._path.texts, ())
        draft.blocks.append(heading)
        return draft

    def _blocks(self, page: PageContent, boxes: Sequence[Box]) -> Iterator[TextBlock]:
        """The page's blocks without furniture, bullets and repeated prints; columns taken apart, long ones cut."""
        seen: set[tuple[str, int, int]] = set()
        for block in in_reading_order(page):
            lines = []
            for line in block.lines:
                place = (squeeze(line.text), round(line.box[0] / 3), round(line.box[1] / 3))
                if place not in seen and _says_something(line) and not self._furniture.holds(page, block.label, line):
                    lines.append(line)
                seen.add(place)
            if lines:
                yield from _parts(_piece(block, lines), boxes)


def _parts(block: TextBlock, boxes: Sequence[Box]) -> Iterator[TextBlock]:
    """A block as the pieces that chunks are made of."""
    if block.label == "table" and not _is_picture_grid(block, boxes):
        yield block.model_copy(update={"rows": mended(block.rows, block.lines)})
        return
    plain = block.model_copy(update={"label": "text", "rows": ()}) if block.label == "table" else block
    for column in separate(plain):
        yield from _cut_long(column)


def _says_something(line: TextLine) -> bool:
    return any(c.isalnum() for c in line.text)


def _heads(heading: TextBlock, block: TextBlock) -> bool:
    """Whether a heading stands over this block, not far up or in another column."""
    if heading.source != block.source:
        return False
    reach = HEADING_REACH * heading.lines[-1].size
    across = min(heading.box[2], block.box[2]) - max(heading.box[0], block.box[0])
    return _runs(block) or (across > 0 and abs(block.box[1] - heading.box[3]) <= reach)


def _goes_on(draft: _Draft, block: TextBlock) -> bool:
    """Whether a block continues a draft: same source, set alike, near or running on, and room for it."""
    if draft.kind != "text" or draft.blocks[0].source != block.source:
        return False
    last = draft.blocks[-1]
    length = len(draft.text) + sum(len(line.text) + 1 for line in block.lines)
    alike = any(same_style(line, block.lines[0]) for line in (last.lines[0], last.lines[-1]))
    return length <= MAX_CHARS and alike and (_is_below(last, block) or (_runs(last) and _runs(block)))


def _is_below(above: TextBlock, below: TextBlock) -> bool:
    """Whether a block stands under another one, or beside it, with little between them."""
    reach = NEAR * max(above.lines[-1].size, below.lines[0].size)
    across = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    down = below.box[1] - above.box[3]
    return across > 0 and -reach <= down <= reach


def _runs(block: TextBlock) -> bool:
    """Whether a block is running text: it may go on in another column."""
    return sum(len(line.text) for line in block.lines) >= RUNNING_CHARS


def _cut_long(block: TextBlock) -> Iterator[TextBlock]:
    """A block in pieces of at most MAX_CHARS, cut after lines, where possable after one that ends a sentence."""
    part: list[TextLine] = []
    for line in block.lines:
        length = sum(len(other.text) + 1 for other in part)
        full = length + len(line.text) > MAX_CHARS
        ripe = length > 0.7 * MAX_CHARS and part[-1].text.rstrip().endswith((".", "!", "?", "…"))
        if part and (full or ripe):
            yield _piece(block, part)
            part = []
        part.append(line)
    if part:
        yield _piece(block, part)


def _piece(block: TextBlock, lines: Sequence[TextLine]) -> TextBlock:
    return block.model_copy(update={"lines": tuple(lines), "box": box_of(line.box for line in lines)})


def _is_picture_grid(block: TextBlock, boxes: Sequence[Box]) -> bool:
    """Whether a table is none: pictures stand in it and its cells are captions."""
    inside = [box for box in boxes if _centre_in(box, block.box)]
    numbers = sum(any(c.isdigit() for c in line.text) for line in block.lines)
    return len(inside) >= 2 and numbers <= 0.5 * len(block.lines) and len(block.lines) <= 6 * len(inside)


def _centre_in(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _image_under(page: PageContent, lines: Sequence[TextLine]) -> str | None:
    """The image that OCR lines were read from: the smallest one that holds them and says the first of them."""
    box = box_of(line.box for line in lines)
    holding = [image for image in page.images if _centre_in(box, image.box)]
    said = [image for image in holding if squeeze(lines[0].text)[:12] in squeeze(image.ocr_text)]
    best = min(
        said or holding, key=lambda image: (image.box[2] - image.box[0]) * (image.box[3] - image.box[1]), default=None
    )
    return best.image_id if best else None

"""Owns the labels of a page: printed lines put together as the eye takes them, with one look each.

Works from the lines, not from the layout model's blocks: a row of captions is often one block there. Knows no products.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from actors.records import Box, LayoutLabel, PageContent, TextBlock, TextLine, TextSource

# Gaps are in multiples of the letters' size. Word spaces are below 0.5; neighbouring captions stand more than 2 apart.
WORD_GAP = 0.9
OCR_WORD_GAP = 1.6  # OCR cuts at dashes and wide spaces
LEADING_GAP = 0.55
OCR_LEADING_GAP = 0.9
BRACKET_GAP = 1.3  # where the next line closes the bracket
CODE_LINE = re.compile(r"(?=(?:.*\d){3}|[A-Z]{2})[A-Z]{0,4}[ -]?\d{2,6}(?:[./-]\d{1,4}){0,2}[A-Z]?")
BADGE = re.compile(r"R(?:9|1[0-3])")  # a slip class in a frame, which OCR does not see, beside a name
MANY_CODES = 3  # lines of a scan that are such a code, of one form: none of them is a part of a name
CUT_CODE = re.compile(r"[A-Z]-$")  # a code that goes on in the next line
SAME_SIZE = 1.07  # text fitted into a box by the design program varies by a few percent
OCR_SAME_WIDTH = 1.35  # of an average letter
MIN_MEASURED = 6  # letters, for an average
OCR_SAME_SIZE = 1.15  # the height of an OCR box depends on its letters
CAPTION_GAP = 2.0  # between a picture and its caption, where captions stand side by side
LIST_GAP = 3.0
MIN_BARE = 3  # lines of a look that are a code and nothing else: each stands alone under its name
MIN_LISTED = 2  # properties with their values beside them
MAX_LABEL_LINES = 4
MAX_LABEL_WORDS = 14


@dataclass(frozen=True)
class Label:
    """Lines that read as one: a caption of two lines, say. `size` and `box` in points."""

    text: str
    box: Box
    lines: tuple[TextLine, ...]
    source: TextSource
    block: LayoutLabel
    font: str
    size: float
    bold: bool

    @property
    def height(self) -> float:
        """Height of the box in points."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> float:
        """Width of the box in points."""
        return self.box[2] - self.box[0]

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def is_short(self) -> bool:
        """Whether it can be a caption at all; longer ones are prose or lists."""
        return len(self.lines) <= MAX_LABEL_LINES and len(self.text.split()) <= MAX_LABEL_WORDS


def label_of(line: TextLine, block: TextBlock) -> Label:
    """A line of a block by itself."""
    size = line.size or line.box[3] - line.box[1]
    return Label(line.text, line.box, (line,), block.source, block.label, line.font, size, line.bold)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all boxes."""
    xs0, ys0, xs1, ys1 = zip(*boxes, strict=True)
    return min(xs0), min(ys0), max(xs1), max(ys1)


def same_look(first: Label, second: Label) -> bool:
    """Whether two labels are set alike. Colour is left out: it changes with what lies behind the letters."""
    if first.source != second.source or first.bold != second.bold or first.font != second.font:
        return False
    return sizes_alike(first.size, second.size, first.source)


def sizes_alike(first: float, second: float, source: TextSource) -> bool:
    """Whether two letter sizes pass for one."""
    small, large = sorted((first, second))
    return large <= small * (OCR_SAME_SIZE if source == "ocr" else SAME_SIZE)


Told = Callable[[str], object]
"""A question about a printed line, answered by what is true or not."""


def page_labels(
    page: PageContent,
    stands_alone: Told = lambda _text: False,
    opens: Told = lambda _text: False,
    names_value: Told = lambda _text: False,
) -> list[Label]:
    """All labels of a page from top to bottom.

    Args:
        page: with its lines.
        stands_alone: says which lines are never put together with the next one (a size, "Finish: matt").
        opens: says with what lines begin something of their own where several of them stand in a column (a code each).
        names_value: says which lines name what stands right of them ("Finish"); neither goes on in the line below.
    """
    pieces = [label for label in _line_labels(page) if not _is_rotated(label)]
    pictures = [image.box for image in page.images if image.kind != "page"] + list(page.fills)
    rows = _join_words(sorted(pieces, key=lambda item: (item.box[0], item.box[1])), pictures)
    apart = _listed_properties(rows, names_value)
    stacked = _stack(rows, lambda row: id(row) in apart or stands_alone(row.text), opens)
    return sorted(stacked, key=lambda item: (item.box[1], item.box[0]))


def rotated_labels(page: PageContent) -> list[Label]:
    """The lines of a page that are set sideways, which are captions of no picture: at an edge, or beside a row."""
    return [label for label in _line_labels(page) if _is_rotated(label)]


def _line_labels(page: PageContent) -> list[Label]:
    labels: dict[tuple[str, int, int], Label] = {}
    for block in page.blocks:
        for line in block.lines:
            text = " ".join(line.text.split())
            if text:
                size = line.size or (line.box[3] - line.box[1])
                # A line printed twice on the same spot (a fake shadow, a hidden layer) is one line.
                key = (text, round(line.box[0] / 3), round(line.box[1] / 3))
                labels.setdefault(
                    key, Label(text, line.box, (line,), block.source, block.label, line.font, size, line.bold)
                )
    return list(labels.values())


def _is_rotated(label: Label) -> bool:
    return len(label.text) > 3 and label.height > 1.3 * label.width


def _merged(first: Label, second: Label) -> Label:
    size = max(first.size, second.size) if first.source == "ocr" else first.size
    gap = "" if CUT_CODE.search(first.text) and second.text[:1].isdigit() else " "
    return Label(
        f"{first.text}{gap}{second.text}",
        union((first.box, second.box)),
        first.lines + second.lines,
        first.source,
        first.block,
        first.font,
        size,
        first.bold,
    )


def _join_words(pieces: Sequence[Label], pictures: Sequence[Box]) -> list[Label]:
    rows: list[Label] = []
    for piece in pieces:
        index = next((i for i in reversed(range(len(rows))) if _continues_row(rows[i], piece)), None)
        if index is not None and rows[index].source == "ocr":
            is_apart = BADGE.fullmatch(piece.text) or _captions_two(rows[index], piece, pictures)
            index = None if is_apart else index
        if index is None:
            rows.append(piece)
        else:
            rows[index] = _merged(rows[index], piece)
    return rows


def _continues_row(row: Label, piece: Label) -> bool:
    overlap = min(row.box[3], piece.box[3]) - max(row.box[1], piece.box[1])
    if overlap < 0 or row.source != piece.source or (row.source != "ocr" and not same_look(row, piece)):
        return False
    if overlap < 0.5 * min(row.height, piece.height) or max(row.height, piece.height) > 2 * min(
        row.height, piece.height
    ):
        return False
    gap = piece.box[0] - row.box[2]
    limit = OCR_WORD_GAP if row.source == "ocr" else WORD_GAP
    return -0.6 * row.size <= gap <= limit * min(row.size, piece.size)


def _captions_two(row: Label, piece: Label, pictures: Sequence[Box]) -> bool:
    """Whether they stand under, or over, two pictures side by side: the blank between is not one between words."""
    near, last = [box for box in pictures if _reaches(box, row)], row.lines[-1].box
    return any(
        one[2] <= other[0] and one[0] < last[2] and last[0] < one[2] and _spans(other, piece.box)
        for other in near
        for one in near
        if not _spans(other, last)
    )


def _reaches(box: Box, label: Label) -> bool:
    """Whether a picture ends or begins close to the height of a label."""
    below, above = label.box[1] - box[3], box[1] - label.box[3]
    return -0.6 * label.size <= max(below, above) <= CAPTION_GAP * label.size


def _spans(picture: Box, text: Box) -> bool:
    return picture[0] <= (text[0] + text[2]) / 2 <= picture[2]


def in_one_list(first: Label, second: Label) -> bool:
    """Whether two labels of one look stand in one column, with room for no more than another line or two between."""
    aligned = min(abs(first.box[0] - second.box[0]), abs(first.centre[0] - second.centre[0])) < 0.7 * first.size
    gap = max(first.box[1], second.box[1]) - min(first.box[3], second.box[3])
    return first is not second and same_look(first, second) and aligned and gap < LIST_GAP * first.size


def bare_codes(rows: Sequence[Label]) -> list[list[Label]]:
    """Lines of a scan that are each a code, form by form; what OCR tells of weights does not part them from names."""
    by_form: dict[str, list[Label]] = defaultdict(list)
    for row in rows:
        if row.source == "ocr" and CODE_LINE.fullmatch(row.text):
            by_form[re.sub(r"\d", "9", row.text.replace(" ", ""))].append(row)  # OCR sees a narrow space or none
    return [found for found in by_form.values() if len({row.text for row in found}) >= MANY_CODES]


def _listed_properties(rows: Sequence[Label], names_value: Told) -> set[int]:
    """The ids of rows that are labels with values beside them, and of these values, where several stand in a column."""
    heads = [row for row in rows if names_value(row.text)]
    heads = [row for row in heads if any(in_one_list(row, other) for other in heads)]
    right = [[row for row in rows if row.box[0] >= head.box[2] and _is_level(row, head)] for head in heads]
    pairs = [(head, min(level, key=lambda row: row.box[0])) for head, level in zip(heads, right, strict=True) if level]
    return {id(row) for pair in pairs for row in pair} if len(pairs) >= MIN_LISTED else set()


def _is_level(one: Label, other: Label) -> bool:
    return abs(one.centre[1] - other.centre[1]) <= 0.5 * min(one.height, other.height)


def _stack(rows: Sequence[Label], stands_alone: Callable[[Label], object], opens: Told) -> list[Label]:
    opening = [row for row in rows if opens(row.text)]
    listed = {id(row) for row in opening if any(in_one_list(row, other) for other in opening)}
    bare = [row for row in opening if opens(row.text) == row.text]
    apart = [row for row in bare if sum(same_look(row, other) for other in bare) >= MIN_BARE]
    codes = {id(row) for form in bare_codes(rows) for row in form}
    done: list[Label] = []
    growing: list[Label] = []
    last: dict[int, Label] = {}  # the bottom row of each growing label, by its place in `growing`
    for row in sorted(rows, key=lambda item: (item.box[1], item.box[0])):
        if id(row) in codes or stands_alone(row):
            done.append(row)
            continue
        above = () if id(row) in listed else reversed(range(len(growing)))
        own = (i for i in above if not any(_stands_between(code, last[i], row) for code in apart))
        index = next((i for i in own if _continues_column(last[i], row)), None)
        if index is None:
            growing.append(row)
            index = len(growing) - 1
        else:
            growing[index] = _merged(growing[index], row)
        last[index] = row
    return done + growing


def _stands_between(code: Label, above: Label, row: Label) -> bool:
    """Whether a code stands under one line and over another."""
    across = min(code.box[2], above.box[2], row.box[2]) - max(code.box[0], above.box[0], row.box[0])
    return across > 0 and above.centre[1] < code.centre[1] < row.centre[1]


def _letters_alike(first: Label, second: Label) -> bool:
    """Whether two lines that OCR read have letters of one width: their heights depend on which letters they have."""
    if min(len(first.text), len(second.text)) < MIN_MEASURED or first.text.isupper() != second.text.isupper():
        return True
    small, large = sorted(label.width / len(label.text) for label in (first, second))
    return large <= small * OCR_SAME_WIDTH


def _continues_column(above: Label, row: Label) -> bool:
    if not same_look(above, row):
        return False
    if row.source == "ocr" and not _letters_alike(above, row):
        return False
    gap = row.box[1] - above.box[3]
    limit = OCR_LEADING_GAP if row.source == "ocr" else LEADING_GAP
    if above.text.count("(") > above.text.count(")") and row.text.count(")") > row.text.count("("):
        limit = BRACKET_GAP
    if not -0.45 * row.size <= gap <= limit * row.size or row.box[1] - above.box[1] < 0.5 * row.size:
        return False
    tolerance = 0.7 * row.size
    return (
        abs(row.box[0] - above.box[0]) < tolerance
        or abs(row.box[2] - above.box[2]) < tolerance
        or abs(row.centre[0] - above.centre[0]) < tolerance
    )

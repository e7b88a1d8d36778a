"""Rebuilds lines of text whose letters claim boxes that cannot be true, as fonts drawn by programs (Type 3) may.

Such a font may be measured in pixels and say so nowhere: its letters are then 120 points high at a size of 0.12, every
word is a line of its own, and all lines lie upon each other. What is true of them is where each begins, how far it
reaches, and its ink. Knows PyMuPDF's raw blocks; knows nothing of labels, pages or words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Raw = dict[str, Any]
"""A block, line or span as `page.get_text("dict")` gives it."""
Face = tuple[str, float]
"""A font's name and the size that it claims."""

LEVEL = 0.99
"""Cosine of the slope from which a line is not level; others are left as they are told."""
TALLEST = 5.0
LOWEST = 0.2
WIDEST = 6.0
"""In sizes: no box of a letter is taller, lower or wider; real fonts stay within 0.7 to 3 in height, 5 in width."""
INK_RISE = 0.7
"""Part of its size that a capital or a digit rises over the line it stands on."""
LETTER_WIDTH = 0.5
"""Part of its size that a letter is wide in the mean: for fonts whose letters have no ink to measure."""
ABOVE, BELOW = 0.8, 0.2
"""Parts of its size that a line reaches over and under what its letters stand on: PyMuPDF's own assumption."""
SAME_LINE = 0.5
"""Parts of the size by which a raised number and its word differ in height, at most."""
WORD_GAP = 0.15
LINE_GAP = 1.0
"""A wider space between two pieces, in sizes, is a space between words; and one between columns."""
LEADING = 1.6
SAME_SIZE = 1.25


@dataclass
class _Piece:
    """Some spans on one height, with the box that they must have."""

    order: int  # place in the PDF's own order
    size: float
    base: float  # where its letters stand, from the top of the page
    x0: float
    x1: float
    spans: list[Raw] = field(default_factory=list)


def impossible_faces(blocks: Iterable[Raw]) -> set[Face]:
    """The fonts and sizes most of whose letters have boxes that no letters of such a size can have."""
    letters: dict[Face, int] = defaultdict(int)
    for line, span in _spans(blocks):
        count = sum(not char.isspace() for char in span["text"]) if _is_level(line) else 0
        letters[_face(span)] += count if _cannot_be(span) else -count
    return {face for face, count in letters.items() if count > 0}


def rebuilt(blocks: list[Raw], faces: set[Face]) -> list[Raw]:
    """The blocks, with level text in one of the faces cut anew into lines and paragraphs; the rest as it was.

    Args:
        blocks: read with `TEXT_ACCURATE_BBOXES`, so that the boxes of the spans are those of their ink.
        faces: from `impossible_faces`.
    """
    sizes = _true_sizes(blocks, faces)
    kept: list[tuple[int, Raw]] = []
    pieces: list[_Piece] = []
    for order, block in enumerate(blocks):
        others = []
        for line in block.get("lines", ()):
            if _is_level(line) and any(_face(span) in faces for span in line["spans"]):
                pieces += (_piece(order, span, sizes.get(_face(span), span["size"])) for span in line["spans"])
            else:
                others.append(line)
        if others:
            kept.append((order, {**block, "lines": others}))
    kept += ((group[0].order, {"lines": [_line(piece) for piece in group]}) for group in _paragraphs(_lines(pieces)))
    return [block for _, block in sorted(kept, key=lambda item: item[0])]


def _cannot_be(span: Raw) -> bool:
    x0, y0, x1, y1 = span["bbox"]
    size, height = float(span["size"]), float(y1 - y0)
    return height < LOWEST * size or height > TALLEST * size or float(x1 - x0) > WIDEST * size * len(span["text"])


def _is_level(line: Raw) -> bool:
    return bool(line["dir"][0] > LEVEL)


def _true_sizes(blocks: list[Raw], faces: set[Face]) -> dict[Face, float]:
    """How large a face's letters are, by their highest ink, or else by how far they reach."""
    rises: dict[Face, list[float]] = defaultdict(list)
    widths: dict[Face, list[float]] = defaultdict(list)
    for line, span in _spans(blocks):
        if _face(span) in faces and _is_level(line):
            x0, y0, x1, _ = span["bbox"]
            rises[_face(span)].append(span["origin"][1] - y0)
            widths[_face(span)].append((x1 - x0) / len(span["text"]))
    sizes = {}
    for face, found in rises.items():
        by_width = sum(widths[face]) / len(widths[face]) / LETTER_WIDTH
        by_ink = max(found) / INK_RISE
        sizes[face] = by_ink if by_width / TALLEST < by_ink < by_width * TALLEST else by_width
    return sizes


def _piece(order: int, span: Raw, size: float) -> _Piece:
    x0, _, x1, _ = span["bbox"]
    return _Piece(order, size, span["origin"][1], x0, x1, [span])


def _lines(pieces: list[_Piece]) -> Iterator[_Piece]:
    """The pieces joined that stand side by side on one height, whatever order they were drawn in."""
    for level in _levels(pieces):
        line: _Piece | None = None
        for piece in sorted(level, key=lambda each: each.x0):
            if line is not None and piece.x0 - line.x1 <= LINE_GAP * max(line.size, piece.size):
                _append(line, piece)
                continue
            if line is not None:
                yield line
            line = piece
        if line is not None:
            yield line


def _levels(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    ordered = sorted(pieces, key=lambda piece: piece.base)
    begins = [0]
    for index, (above, below) in enumerate(pairwise(ordered), start=1):
        if below.base - above.base > SAME_LINE * max(above.size, below.size):
            begins.append(index)
    for start, end in pairwise([*begins, len(ordered)]):
        yield ordered[start:end]


def _append(line: _Piece, piece: _Piece) -> None:
    """Lets the larger letters say where the line stands; a raised number does not lift it."""
    last, first = line.spans[-1]["text"], piece.spans[0]["text"]
    if piece.x0 - line.x1 > WORD_GAP * min(line.size, piece.size) and not (last[-1:] + first[:1]).isspace():
        line.spans.append({**piece.spans[0], "text": " "})
    line.spans += piece.spans
    if piece.size > line.size:
        line.size, line.base = piece.size, piece.base
    line.order = min(line.order, piece.order)
    line.x1 = max(line.x1, piece.x1)


def _paragraphs(lines: Iterable[_Piece]) -> list[list[_Piece]]:
    """Lines of one size, each closely under the one before and overlapping it."""
    groups: list[list[_Piece]] = []
    near: list[list[_Piece]] = []
    for line in sorted(lines, key=lambda each: each.base):
        near = [group for group in near if line.base - group[-1].base <= LEADING * SAME_SIZE * group[-1].size]
        group = next((group for group in reversed(near) if _follows(group[-1], line)), None)
        if group is None:
            group = []
            groups.append(group)
            near.append(group)
        group.append(line)
    return groups


def _follows(above: _Piece, line: _Piece) -> bool:
    if not 1 / SAME_SIZE <= above.size / line.size <= SAME_SIZE:
        return False
    shared = min(above.x1, line.x1) - max(above.x0, line.x0)
    narrower = min(above.x1 - above.x0, line.x1 - line.x0)
    return 0 < line.base - above.base <= LEADING * line.size and shared > narrower / 2


def _line(piece: _Piece) -> Raw:
    box = (piece.x0, piece.base - ABOVE * piece.size, piece.x1, piece.base + BELOW * piece.size)
    return {"bbox": box, "spans": [{**span, "bbox": box, "size": piece.size} for span in piece.spans]}


def _spans(blocks: Iterable[Raw]) -> Iterator[tuple[Raw, Raw]]:
    return ((line, span) for block in blocks for line in block.get("lines", ()) for span in line["spans"])


def _face(span: Raw) -> Face:
    return span["font"], round(span["size"], 3)

"""Owns tables that print one list in two halves side by side, as price lists do to save pages: tells and parts them.

Knows what cells look like, not what they mean.
"""

import re
from collections import Counter
from collections.abc import Sequence

from actors.records import TextBlock
from actors.vocabulary.words import find_terms, squeeze

Row = tuple[str, ...]

NARROWEST = 3  # columns of a half
MIN_ROWS = 3  # of each half
FILLED = 0.6  # of the cells of a row, in a half, that is no title
LIKE = 0.8  # of a column's cells that look alike
LABELS = ("field_label", "size_label")
MIN_LABELS = 3  # of a header
_WORDS = re.compile(r"[^\W\d_]{3,}")
_DIGIT = re.compile(r"\d")


def halves(block: TextBlock) -> list[TextBlock]:
    """The left and the right half of a table that is one list in two; else the table as it is.

    The columns of both halves look alike one by one, and not all columns of a half do: a table of measures has more
    columns of numbers than that. Titles of groups, alone in their row, are left out: they are no header. A header that
    has another word over each column is of one list: over halves it stands twice.
    """
    width = max((len(row) for row in block.rows), default=0)
    middle = width // 2
    if width % 2 or middle < NARROWEST:
        return [block]
    rows = [(*row, *[""] * (width - len(row))) for row in block.rows]
    if _is_one_header(rows[0]):
        return [block]
    left, right = [row[:middle] for row in rows], [row[middle:] for row in rows]
    looks = _looks(left)
    border = _border(block, left, right)
    if looks is None or looks != _looks(right) or len(set(looks)) == 1 or border is None:
        return [block]
    return [
        block.model_copy(
            update={
                "rows": tuple(row for row in half if sum(bool(cell.strip()) for cell in row) > 1),
                "lines": tuple(line for line in block.lines if (line.box[0] >= border) == is_right),
            }
        )
        for half, is_right in ((left, False), (right, True))
    ]


def _is_one_header(row: Row) -> bool:
    """Whether each column has a head of its own, and several are labels: `Code | Product | Size | Colour | Price`."""
    heads = [squeeze(cell) for cell in row]
    labels = sum(bool(find_terms(cell, *LABELS)) for cell in row if not _DIGIT.search(cell))
    return all(heads) and len(set(heads)) == len(heads) and labels >= MIN_LABELS


def _looks(half: Sequence[Row]) -> list[str] | None:
    """What the cells of each column look like; None where a column's cells differ, or rows are few."""
    body = [row for row in half if sum(bool(cell.strip()) for cell in row) >= FILLED * len(row)]
    if len(body) < MIN_ROWS:
        return None
    looks = []
    for column in zip(*body, strict=True):
        cells = [_look(cell) for cell in column if cell.strip()]
        look, count = Counter(cells).most_common(1)[0] if cells else ("", 0)
        if count < LIKE * len(cells):
            return None
        looks.append(look)
    return looks


def _look(cell: str) -> str:
    if not _WORDS.search(cell):
        return "figures" if _DIGIT.search(cell) else "signs"
    return "both" if _DIGIT.search(cell) else "words"


def _border(block: TextBlock, left: Sequence[Row], right: Sequence[Row]) -> float | None:
    """Where the right half begins, in points: no line of its cells begins left of it, none of the others' right."""
    here, there = ({squeeze(cell) for row in half for cell in row if cell.strip()} for half in (left, right))
    ends = [line.box[0] for line in block.lines if squeeze(line.text) in here - there]
    starts = [line.box[0] for line in block.lines if squeeze(line.text) in there - here]
    return min(starts) if ends and starts and max(ends) < min(starts) else None

"""Owns tables that print another header further down, over rows of other columns: tells and parts them.

Knows what a header's first cell looks like, not what the rows mean.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from actors.records import TextBlock
from actors.tables.cell_lines import lines_of
from actors.vocabulary.words import find_terms, fold

Row = tuple[str, ...]

LETTER = re.compile(r"[^\W\d_]")
LETTERS = 4  # of a cell whose lines are looked for: numbers stand in many rows
HEAD_ROWS = 4  # in which the first header stands
MIN_FILLED = 3  # cells of a header
LABELS = ("field_label", "size_label", "column_head")


def parts(block: TextBlock) -> list[TextBlock]:
    """The table cut before each further header, one that begins with the same word; else as it is."""
    starts = _headers(block.rows)
    if len(starts) < 2:
        return [block]
    ends = [0, *starts[1:], len(block.rows)]
    borders = [_bottom(block, row) for row in starts[1:]]
    if any(border is None for border in borders):
        return [block]
    heights = [float("-inf"), *(border for border in borders if border is not None), float("inf")]
    return [
        block.model_copy(
            update={
                "rows": tuple(map(_with_units, block.rows[first:last])),
                "lines": tuple(line for line in block.lines if top < (line.box[1] + line.box[3]) / 2 <= bottom),
            }
        )
        for (first, last), (top, bottom) in zip(pairwise(ends), pairwise(heights), strict=True)
    ]


def _headers(rows: Sequence[Row]) -> list[int]:
    """The first header and those that have its first word in the same column; none where no row is one."""
    heads = [number for number, row in enumerate(rows) if _is_head(row)]
    if not heads or heads[0] >= HEAD_ROWS:
        return []
    return [number for number in heads if _first_word(rows[number]) == _first_word(rows[heads[0]])]


def _is_head(row: Row) -> bool:
    """Whether a row is of words only, and one of them is a label."""
    cells = [cell.strip() for cell in row if cell.strip()]
    is_figure = any(cell[0].isdigit() for cell in cells)
    return len(cells) >= MIN_FILLED and not is_figure and any(find_terms(cell, *LABELS) for cell in cells)


def _first_word(row: Row) -> tuple[int, str]:
    return next((column, fold(cell)) for column, cell in enumerate(row) if cell.strip())


def _bottom(block: TextBlock, header: int) -> float | None:
    """Where the last row over a header ends, in points; None where its lines are not found."""
    for row in reversed(block.rows[:header]):
        words = [cell for cell in row if len(LETTER.findall(cell)) >= LETTERS]
        if words and (found := lines_of(block.lines, words[0], set())):
            return max(block.lines[index].box[3] for index in found)
    return None


def _with_units(row: Row) -> Row:
    """A row with the units that the table finder cut off from their words: `Height | (mm)`."""
    cells = list(row)
    for index in range(len(cells) - 1, 0, -1):
        left, cell = cells[index - 1].strip(), cells[index].strip()
        if left and cell[:1] in ("(", "[") and cell[-1:] in (")", "]") and find_terms(cell[1:-1], "unit"):
            cells[index - 1], cells[index] = f"{left} {cell}", ""
    return tuple(cells)

"""Parts cells of a row that were read as one line: `Schwarz matt 4410-128-10` over a column of `4410-128-20`.

Only codes are cut off, and only where others of their form stand by themselves in one column. Knows lines and forms.
"""

import re
from collections.abc import Sequence
from statistics import median

from actors.records import TextLine

LAST = re.compile(r"(?P<head>.*[^\W\d_].*?)\s+(?P<code>(?=(?:\S*\d){4})[A-Z\d]+(?:[-./][A-Z\d]+)*)")
MIN_ALIKE = 3
"""Codes of the form of one that would be cut off that stand by themselves, one of them in its column."""
OFF, APART = 0.6, 1.0
"""Of a line's height: by which codes of a column begin or end apart, and from where on one stands under the words."""


def with_cells_apart(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, codes that a column of codes goes on with as lines of their own."""
    return [part for line in lines for part in _parts(line, lines)]


def _parts(line: TextLine, lines: Sequence[TextLine]) -> list[TextLine]:
    match = LAST.fullmatch(line.text)
    if match is None:
        return [line]
    alike = [other for other in lines if _is_of_form(other, match["code"])]
    column = [other for other in alike if _is_over_end(other, line)]
    if len(alike) < MIN_ALIKE or not column:
        return [line]
    x0, y0, x1, y1 = line.box
    start = median(other.box[0] for other in column)
    head = line.model_copy(update={"text": match["head"], "box": (x0, y0, start - OFF * line.size, y1)})
    return [head, line.model_copy(update={"text": match["code"], "box": (start, y0, x1, y1)})]


def _is_of_form(other: TextLine, code: str) -> bool:
    return re.sub(r"\d", "9", other.text) == re.sub(r"\d", "9", code)


def _is_over_end(other: TextLine, line: TextLine) -> bool:
    """Whether a code stands where a line ends, over or under it, and begins well behind the line's own beginning."""
    level = other.box[1] < line.box[3] and line.box[1] < other.box[3]
    return (
        not level
        and abs(other.box[2] - line.box[2]) <= OFF * line.size
        and other.box[0] > line.box[0] + APART * line.size
    )

"""Owns the printed lines of a table's cell: which lines spell it, which of them are its name, and what stands below."""

import re
from collections.abc import Sequence
from itertools import takewhile

from actors.records import Box, TextLine

ALIGNED, LESSER = 3.0, 0.95  # points; of the name's size
LEVEL = 0.3  # heights by which the tops of two lines beside each other differ


def lines_of(lines: Sequence[TextLine], cell: str, used: set[int]) -> list[int]:
    """The lines that spell the cell, blanks ignored: a run from the first that opens it."""
    rest = _compact(cell)
    order = sorted((i for i in range(len(lines)) if i not in used), key=lambda i: (lines[i].box[1], lines[i].box[0]))
    for place, index in enumerate(order):
        text = _compact(lines[index].text)
        if not text or not rest.startswith(text):
            continue
        taken, left = [index], rest[len(text) :]
        # Of its own column: the other cells of a wide row may stand, in height, between two lines of a name.
        column = [other for other in order[place + 1 :] if abs(lines[other].box[0] - lines[index].box[0]) < 30]
        for other in (*_beside(lines, index, order), *column[:12]):
            text = _compact(lines[other].text)
            if left and text and left.startswith(text):
                taken.append(other)
                left = left[len(text) :]
        if len(left) <= 0.2 * len(rest):
            return taken
    return []


def _beside(lines: Sequence[TextLine], index: int, order: Sequence[int]) -> list[int]:
    """The lines level with one, each close behind the last: OCR that misses a letter of a name leaves two."""
    found = [index]
    for other in sorted(order, key=lambda other: lines[other].box[0]):
        last, line = lines[found[-1]].box, lines[other].box
        if _is_level(line, last) and 0 <= line[0] - last[2] <= last[3] - last[1]:
            found.append(other)
    return found[1:]


def _is_level(box: Box, other: Box) -> bool:
    return abs(box[1] - other[1]) <= LEVEL * (other[3] - other[1])


def set_alike(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The first lines of a cell, up to one that is set smaller than the first, or not as bold.

    What OCR reads beside the first has whatever height its letters have.
    """
    first = lines[0]
    return tuple(
        takewhile(lambda line: not _is_lesser(line, first) or (not line.font and _is_level(line.box, first.box)), lines)
    )


def lesser_below(name: TextLine, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """What is printed under a name in its cell: lines close under one another that are set smaller, or not as bold."""
    found: list[TextLine] = []
    last = name
    for line in sorted(lines, key=lambda line: line.box[1]):
        height = last.box[3] - last.box[1]
        is_next = (
            -0.3 * height <= line.box[1] - last.box[3] <= 0.6 * height and abs(line.box[0] - name.box[0]) <= ALIGNED
        )
        if line is not name and is_next and _is_lesser(line, name):
            found.append(line)
            last = line
    return tuple(found)


def _is_lesser(line: TextLine, name: TextLine) -> bool:
    """Whether a line is set smaller than a name, or not as bold."""
    return 0 < line.size < LESSER * name.size or (name.bold and not line.bold and line.size <= name.size)


def _compact(text: str) -> str:
    return re.sub(r"[\s.,]+", "", text).casefold()

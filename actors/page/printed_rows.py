"""Puts lines that stand side by side into one row, so that a label meets its value: `Thickness      8 mm`.

It owns the way between a row's text and the printed lines it is made of. It knows no field.
"""

from collections.abc import Sequence
from typing import NamedTuple

from actors.evidence import CELL_BREAK
from actors.records import Box, TextLine

LONGEST_ROW = 2000
"""Characters of a row that are read: a longer one is no line of a catalogue, and patterns would take seconds."""
_SAME_ROW = 0.6
"""Share of the lower line's height that must overlap."""


class PrintedRow(NamedTuple):
    """Lines on one baseline, from left to right, and their text in one."""

    text: str
    parts: tuple[tuple[int, TextLine], ...]  # offset of each line in `text`

    def line_at(self, offset: int) -> TextLine:
        """The printed line in which an offset lies."""
        return [line for start, line in self.parts if start <= offset or start == 0][-1]


def printed_rows(lines: Sequence[TextLine]) -> list[PrintedRow]:
    """Rows from the top down; each line is in one of them."""
    rows: list[list[TextLine]] = []
    for line in sorted((line for line in lines if line.text.strip()), key=lambda line: (line.box[1], line.box[0])):
        home = next((row for row in reversed(rows[-4:]) if _beside(row[-1].box, line.box)), None)
        if home is None:
            rows.append([line])
        else:
            home.append(line)
    return [_row(row) for row in rows]


def _beside(first: Box, second: Box) -> bool:
    """Whether two boxes overlap in height and not in width."""
    overlap = min(first[3], second[3]) - max(first[1], second[1])
    lower = min(first[3] - first[1], second[3] - second[1])
    apart = second[0] >= first[2] - 1 or second[2] <= first[0] + 1
    return apart and lower > 0 and overlap >= _SAME_ROW * lower


def _row(lines: list[TextLine]) -> PrintedRow:
    text, parts = "", []
    for line in sorted(lines, key=lambda line: line.box[0]):
        text += CELL_BREAK if text else ""
        parts.append((len(text), line))
        text += line.text.strip()
    return PrintedRow(text[:LONGEST_ROW], tuple(part for part in parts if part[0] < LONGEST_ROW))

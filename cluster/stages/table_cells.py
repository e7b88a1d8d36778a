"""Mends the cells of tables whose letters the table finder read apart, with the lines that the page prints.

It owns nothing but this comparison.
"""

from collections import Counter
from collections.abc import Sequence

from actors.records import TextLine
from actors.words import squeeze

Rows = tuple[tuple[str, ...], ...]
LONG_CELL, LEFT_OVER = 40, 0.1
"""A long cell is made of lines when they leave no more than this share of its letters."""
LONGEST_RUN = 4
"""A cell is made of so many consecutive lines at most."""


def mended(rows: Rows, lines: Sequence[TextLine]) -> Rows:
    """The rows again; a cell that has the same letters as a line, or as a few that follow one another, takes its text.

    The finder puts spaces into widely set words and moves full stops: `Pri maryLateralDi mensi on`, `99 9% .`.
    """
    printed: dict[tuple[str, str], str] = {}
    for start in range(len(lines)):
        for end in range(start + 1, min(start + LONGEST_RUN, len(lines)) + 1):
            text = " ".join(line.text.strip() for line in lines[start:end])
            printed.setdefault(_letters(text), text)
    return tuple(tuple(printed.get(_letters(cell)) or _untangled(cell, lines) for cell in row) for row in rows)


def _untangled(cell: str, lines: Sequence[TextLine]) -> str:
    """A long cell in which lines one over the other were read letter by letter, as these lines one after the other."""
    if len(cell) < LONG_CELL:
        return cell
    left = Counter(squeeze(cell))
    whole, found = left.total(), []
    for line in lines:
        letters = Counter(squeeze(line.text))
        if letters and letters <= left:
            left -= letters
            found.append(line.text.strip())
    return " ".join(found) if found and left.total() <= LEFT_OVER * whole else cell


def _letters(text: str) -> tuple[str, str]:
    """What two prints of one cell have in common: the digits in their order, all other marks in any."""
    printed = squeeze(text)
    return "".join(c for c in printed if c.isdigit()), "".join(sorted(c for c in printed if not c.isdigit()))

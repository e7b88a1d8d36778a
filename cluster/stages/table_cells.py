"""Mends the cells of tables whose letters the table finder read apart, with the lines that the page prints.

It owns nothing but this comparison.
"""

from collections.abc import Sequence

from actors.records import TextLine
from actors.words import squeeze

Rows = tuple[tuple[str, ...], ...]
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
    return tuple(tuple(printed.get(_letters(cell), cell) for cell in row) for row in rows)


def _letters(text: str) -> tuple[str, str]:
    """What two prints of one cell have in common: the digits in their order, all other marks in any."""
    printed = squeeze(text)
    return "".join(c for c in printed if c.isdigit()), "".join(sorted(c for c in printed if not c.isdigit()))

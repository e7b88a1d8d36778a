"""Mends the cells of tables whose letters the table finder read apart, or whose columns it read as one.

It owns nothing but the comparison with the lines that the page prints.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from actors.page.printed_rows import printed_rows
from actors.records import TextLine
from actors.vocabulary.words import squeeze

Rows = tuple[tuple[str, ...], ...]
LONG_CELL, LEFT_OVER = 40, 0.1
"""A long cell is made of lines when they leave no more than this share of its letters."""
LONGEST_RUN = 4
"""A cell is made of so many consecutive lines at most."""
MOST_TORN, ALIGNED_PT, COLUMN_GAP_PT = 0.7, 6.0, 6.0
"""Of a column: cells made of two lines, the second of which begin or end at one place; and the blank between both."""
MOST_SPLITS = 4
MOST_JOINED, MIN_JOINED = 0.7, 3
"""Of a row's cells: those that hold the header's text and an article's."""
DIGIT = re.compile(r"[0-9]")
Pair = tuple[TextLine, TextLine]


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


def with_columns_apart(rows: Rows, lines: Sequence[TextLine]) -> Rows:
    """The rows again, with a column that holds two printed ones as two: `HL1200 Natur` as `HL1200` and `Natur`."""
    pairs = {
        _letters(f"{one.text} {other.text}"): (one, other)
        for row in printed_rows(lines)
        for (_, one), (_, other) in pairwise(row.parts)
        if other.box[0] - one.box[2] >= COLUMN_GAP_PT
    }
    for _ in range(MOST_SPLITS):
        width = min((len(row) for row in rows), default=0)
        torn = next((index for index in range(width) if _is_two([row[index] for row in rows], pairs)), None)
        if torn is None:
            break
        rows = tuple((*row[:torn], *_halves(row[torn], pairs), *row[torn + 1 :]) for row in rows)
    return rows


def _is_two(cells: Sequence[str], pairs: dict[tuple[str, str], Pair]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    found = [pairs[_letters(cell)] for cell in filled if _letters(cell) in pairs]
    if len(found) < 2 or len(found) < MOST_TORN * len(filled):
        return False
    starts, ends = ([other.box[side] for _, other in found] for side in (0, 2))
    return min(max(starts) - min(starts), max(ends) - min(ends)) <= ALIGNED_PT


def _halves(cell: str, pairs: dict[tuple[str, str], Pair]) -> tuple[str, str]:
    pair = pairs.get(_letters(cell))
    return (pair[0].text.strip(), pair[1].text.strip()) if pair else (cell, "")


def with_header_apart(rows: Rows, lines: Sequence[TextLine]) -> Rows:
    """The rows again, with a first one that holds the header and the first article, cell by cell, as two."""
    first, *rest = rows or ((),)
    if not rest:
        return rows
    whole = {line.text.strip() for line in lines}
    for printed in printed_rows(lines):
        lower = _lower_parts(first, [line.text for _, line in printed.parts])
        joined = [index for index, text in enumerate(lower) if text and first[index].strip() not in whole]
        if len(joined) >= MIN_JOINED and len(joined) >= MOST_JOINED * sum(bool(cell.strip()) for cell in first):
            lower = tuple(text if index in joined else "" for index, text in enumerate(lower))
            ends = zip(first, lower, strict=True)
            upper = tuple(cell[: len(cell.rstrip()) - len(text)].strip() for cell, text in ends)
            if _are_two(upper, lower, rest[0], joined):
                return (upper, lower, *rest)
    return rows


def _lower_parts(row: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """For each cell the one of the texts, taken in their order, that it ends in, empty where it ends in none."""
    found, at = [], 0
    for cell in row:
        ends = [place for place in range(at, len(texts)) if cell.rstrip().endswith(f" {texts[place].strip()}")]
        found.append(texts[ends[0]].strip() if ends else "")
        at = ends[0] + 1 if ends else at
    return tuple(found)


def _are_two(upper: Sequence[str], lower: Sequence[str], below: Sequence[str], at: Sequence[int]) -> bool:
    """Whether what is below has digits where the next article has some, and above it stand words without any."""
    alike = all(bool(DIGIT.search(lower[index])) == bool(DIGIT.search(below[index])) for index in at)
    return alike and not any(DIGIT.search(upper[index]) for index in at) and any(map(DIGIT.search, lower))

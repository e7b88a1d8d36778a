"""Owns what a table finder makes rows of and what is none: a numbered title over the header, a name's second line.

Knows cells and where their lines stand: which rows are products is known by `actors.tables.price_lists`.
"""

import re
from collections.abc import Sequence

from actors.records import TextBlock, TextLine
from actors.tables.cell_lines import ALIGNED

SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}[.)]?")
WORDS = re.compile(r"[^\W\d_]{2,}")
CLOSE = 0.35  # heights of a line between it and the next one of a cell: rows stand farther apart
MIN_FILLED = 3  # cells of a row that goes on below
Row = tuple[str, ...]


def with_whole_rows(table: TextBlock) -> TextBlock:
    """The table without numbered titles over its header, and with the lines of one cell in one row."""
    rows = list(table.rows)
    while len(rows) > 1 and _is_section(rows[0], rows[1]):
        rows = rows[1:]
    whole: list[Row] = []
    for row in rows:
        column = _continued(row, whole[-1], table.lines) if whole else None
        if column is None:
            whole.append(row)
        else:
            whole[-1] = tuple(
                f"{cell} {row[column].strip()}" if index == column else cell for index, cell in enumerate(whole[-1])
            )
    return table.model_copy(update={"rows": tuple(whole)}) if len(whole) < len(table.rows) else table


def is_section_number(text: str) -> bool:
    """Whether a text is the number of a section: "5.1", "3."."""
    return bool(SECTION.fullmatch(text.strip()))


def _is_section(row: Row, below: Row) -> bool:
    """Whether a row is a section's number and its title, over a row of more cells: "5.1 | Covers"."""
    first, *words = [cell.strip() for cell in row if cell.strip()] or [""]
    filled = sum(bool(cell.strip()) for cell in below)
    return is_section_number(first) and 0 < len(words) < filled - 1 and all(map(WORDS.match, words))


def _continued(row: Row, above: Row, lines: Sequence[TextLine]) -> int | None:
    """The column of the only cell of a row, where its line goes on with the cell above: close below it, set alike."""
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    if len(filled) != 1 or len(above) != len(row) or sum(bool(cell.strip()) for cell in above) < MIN_FILLED:
        return None
    column = filled[0]
    last = [line for line in lines if line.text.strip() and above[column].strip().endswith(line.text.strip())]
    more = [line for line in lines if line.text.strip() == row[column].strip()]
    return column if any(_goes_on(one, other) for one in last for other in more) else None


def _goes_on(line: TextLine, other: TextLine) -> bool:
    height = line.box[3] - line.box[1]
    is_next = -CLOSE * height <= other.box[1] - line.box[3] <= CLOSE * height
    alike = (line.font, line.bold, line.size) == (other.font, other.bold, other.size)
    return is_next and alike and abs(line.box[0] - other.box[0]) <= ALIGNED

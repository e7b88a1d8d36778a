"""Puts printed rows into columns where no rules part them: stretches of a table's width with blank ones between.

Knows neither images nor products.
"""

from collections.abc import Sequence

from actors.page.printed_rows import PrintedRow, printed_rows
from actors.records import TextLine
from actors.vocabulary.words import squeeze

Columns = list[tuple[float, float]]
Rows = tuple[tuple[str, ...], ...]

MIN_ROWS, MIN_COLUMNS = 3, 3
TORN = 0.7  # of the rows: with the texts of several columns in one cell


def columns_of(rows: Sequence[PrintedRow]) -> Columns:
    """Stretches of the page's width that cells cover, with blank ones between them."""
    spans = sorted((line.box[0], line.box[2]) for row in rows for _, line in row.parts)
    columns = [spans[0]]
    for start, end in spans[1:]:
        if start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns


def cells_of(row: PrintedRow, columns: Columns) -> tuple[str, ...]:
    """The row's lines, each in the column that its middle lies in."""
    cells = [""] * len(columns)
    for _, line in row.parts:
        middle = (line.box[0] + line.box[2]) / 2
        index = next((index for index, (_, end) in enumerate(columns) if middle <= end), len(columns) - 1)
        cells[index] = f"{cells[index]} {line.text}".strip()
    return tuple(cells)


def with_printed_columns(found: Rows, lines: Sequence[TextLine]) -> Rows:
    """The rows of a table; made of its lines where the finder put the texts of several columns into one cell each."""
    rows = printed_rows(lines)
    wide = [row for row in rows if len(row.parts) >= MIN_COLUMNS]
    cells = {squeeze(cell) for row in found for cell in row if cell}
    torn = sum(squeeze("".join(line.text for _, line in row.parts)) in cells for row in wide)
    if len(wide) < MIN_ROWS or torn < TORN * len(wide):
        return found
    columns = columns_of(wide)
    return tuple(cells_of(row, columns) for row in rows) if len(columns) >= MIN_COLUMNS else found

"""Turns the rows of a table into text in which every cell stands behind the label that names it.

It owns the finding of the header and of tables that are lists of labels and values. It knows no field.
"""

import re
from collections.abc import Sequence

from actors.evidence import CELL_BREAK, box_of
from actors.page.printed_rows import PrintedRow
from actors.records import Chunk, TextLine
from actors.vocabulary.words import find_terms, squeeze

_LABELS = ("field_label", "size_label", "technical_label")
HEADER_WORDS = 5
_THOUSANDS = re.compile(r"^\d{1,3}(?: \d{3})+$")
_KEY_SHARE = 0.5
"""Share of first cells that must be labels for a table to be a list of labels and values."""


def table_rows(chunk: Chunk) -> list[PrintedRow]:
    """One printed row for each row of the table below its header: `Width (mm): 1 300 | Weight: 40 kg`."""
    header, body = split_header(chunk.rows)
    if is_list_of_values(chunk.rows):
        return [_row([(row[0], cell) for cell in row[1:] if cell.strip()], row, chunk) for row in chunk.rows]
    if not header:
        return [_row([("", cell) for cell in row], row, chunk) for row in body]
    return [_row(list(zip(header, row, strict=False)), row, chunk) for row in body]


def split_header(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Sequence[str]]]:
    """The header's cells, joined over its rows, and the other rows; an empty header when no row is one."""
    count = 0
    for row in rows[:4]:
        filled = [cell for cell in row if cell.strip()]
        numeric = sum(any(c.isdigit() for c in cell) and not _is_label(cell) for cell in filled)
        if filled and numeric > 0.34 * len(filled):
            break
        if not any(_is_label(cell) for cell in filled) and count == 0 and len(filled) > 1:
            break
        count += 1
    if count == 0 or count == len(rows):
        return [], list(rows)
    width = max(len(row) for row in rows)
    header = [" ".join(row[i].strip() for row in rows[:count] if i < len(row) and row[i].strip()) for i in range(width)]
    return header, list(rows[count:])


def is_list_of_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first cells are labels and the second ones their values."""
    pairs = [row for row in rows if len(row) >= 2 and row[0].strip()]
    if len(pairs) < 2 or max(len(row) for row in rows) > 3:
        return False
    return sum(_is_label(row[0]) for row in pairs) >= _KEY_SHARE * len(pairs)


def _is_label(cell: str) -> bool:
    terms = find_terms(cell.strip(), *_LABELS)
    return bool(terms) and (terms[0].start <= 2 or len(cell.split()) <= HEADER_WORDS)


def _row(pairs: Sequence[tuple[str, str]], cells: Sequence[str], chunk: Chunk) -> PrintedRow:
    """The row's text with labels; its evidence is the row as printed."""
    printed = CELL_BREAK.join(cell.strip() for cell in cells if cell.strip())
    line = TextLine(text=printed, box=row_box(cells, chunk))
    text = CELL_BREAK.join(
        f"{label.strip()}: {_number(cell)}" if label.strip() else cell for label, cell in pairs if cell.strip()
    )
    return PrintedRow(text, ((0, line),))


def _number(cell: str) -> str:
    """A cell; `1 300` with a no-break space, so that it is read as one number."""
    text = cell.strip()
    return text.replace(" ", "\u00a0") if _THOUSANDS.match(text) else text


def row_box(cells: Sequence[str], chunk: Chunk) -> tuple[float, float, float, float]:
    """The box around the printed lines that hold a row's cells, or the table's where they cannot be told."""
    wanted = [squeeze(cell) for cell in cells if cell.strip()]
    anchors = [line for line in chunk.lines if wanted and squeeze(line.text) == wanted[0]]
    if len(anchors) != 1:
        anchors = [line for line in chunk.lines if wanted and wanted[0] and wanted[0] in squeeze(line.text)]
    if len(anchors) != 1:
        return chunk.box
    top, bottom = anchors[0].box[1], anchors[0].box[3]
    beside = [line.box for line in chunk.lines if line.box[1] < (top + bottom) / 2 < line.box[3]]
    return box_of(beside or [anchors[0].box])

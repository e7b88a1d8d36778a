"""Owns price lists: which tables hold a product a row, and which printed lines make the name of a row.

A table of one product's properties is none. Cells come without reliable blanks: names are read from the lines.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from actors.page.labels import union
from actors.records import Box, TextBlock, TextLine
from actors.tables.cell_kinds import (
    AMOUNT,
    CODE_CELL,
    CODE_LABELS,
    EMPTY,
    LETTERS,
    NAME_LABEL,
    NAME_LABELS,
    PRICE_LABEL,
    Row,
    is_code,
    is_figure,
    is_labelled,
    is_number,
)
from actors.tables.cell_lines import lesser_below, lines_of, set_alike
from actors.tables.heads import head_and_body, is_heading
from actors.tables.merged_names import with_names_repeated
from actors.tables.models import column_of_models, heads_models, is_size, label_of, turned
from actors.tables.whole_rows import with_whole_rows
from actors.values.codes import parse_codes
from actors.values.dimensions import parse_dimensions
from actors.values.prices import parse_prices
from actors.vocabulary.words import find_terms, looks_only, pattern_of

BARE_NUMBER = re.compile(r"\d{4,8}")
LOOKS = ("finish", "colour", "material", "size_label")
LIMIT = re.compile(r"%|^[±≤≥<>]")
MIN_ROWS = 2
MIN_NUMERIC = 0.6  # of the cells of a column of numbers
MIN_DISTINCT = 0.7  # of the cells of a column of names
MOSTLY_SIZED = 0.7  # of the rows of goods that have a code each
MOST = 0.8  # of a cell that a size takes, of a column that codes take


@dataclass(frozen=True)
class TableRow:
    """A product's row: the lines of its name, and its other cells, each with the header above it (or none).

    `code` is that of its cells, in a column with a header for codes before any other; None where the name is, or
    holds, the code. `is_labelled`: the header says that it is one. `head`: the header over the name. `below`: lines
    under the name that are set smaller, in the same cell. `title`: of its group, over it in the table. `is_grouped`:
    there are others. `is_numbered`: a number stands before it.
    """

    name: str
    code: str | None
    lines: tuple[TextLine, ...]
    box: Box
    cells: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    header_lines: tuple[TextLine, ...]
    is_labelled: bool = False
    head: str = ""
    below: tuple[TextLine, ...] = ()
    title: TextLine | None = None
    is_grouped: bool = False
    is_numbered: bool = False


@lru_cache(maxsize=1)
def _unit_pattern() -> re.Pattern[str]:
    """A unit of a header: `(mm)`, `/m²`, `[Stk]`, a currency's sign."""
    units = "|".join(pattern_of(category) for category in ("unit", "price_unit", "count_unit"))
    return re.compile(rf"[(\[/]\s*(?:{units}|\W)\s*\.?\s*(?:[)\]]|(?!\w))|[€$£¥]", re.IGNORECASE)


def product_rows(block: TextBlock, *, priced: bool = False) -> list[TableRow]:
    """The rows that are products, or the columns of a table that has the models side by side.

    None when the table lists properties, contents or anything else.

    Args:
        block: the table.
        priced: its page says of prices somewhere that these are some; the table itself may have no header then.
    """
    block = with_names_repeated(with_whole_rows(block))
    return _product_rows(block, priced) or _product_rows(turned(block), priced, 0)


def _product_rows(block: TextBlock, priced: bool, first: int | None = None) -> list[TableRow]:
    """The rows of products; `first`: the column in which names stand where no header for names says another."""
    head, body = head_and_body(block.rows)
    if len(body) < MIN_ROWS:
        return []
    header = _header(head, len(body[0]))
    column = _headed_names(header, body, "field_label")
    column = first if column is None else column
    column = column_of_models(header, body) if column is None else column
    column = _name_column(body) if column is None else column
    column = _headed_names(header, body, "column_head") if column is None else column
    column = _headed_names(header, body, "field_label", NAME_LABELS) if column is None else column
    numeric = [
        index for index in range(len(body[0])) if index != column and _share(body, index, is_number) >= MIN_NUMERIC
    ]
    if column is None or not (numeric or _has_codes_and_sizes(header, body) or _has_codes_beside(header, body, column)):
        return []
    reasons = _why_products(header, body, column, numeric)
    if priced and _numbered_amounts(body) is not None:
        reasons = (*reasons, "numbers of their own and amounts beside names")
    if priced and is_heading(header) and sum(any(map(AMOUNT.fullmatch, row)) for row in body) >= MOST * len(body):
        reasons = (*reasons, "amounts beside names under heads")
    if not reasons or _is_property_list(body, column) or _is_test_report(body):
        return []
    return _rows(block, header, body, column, reasons)


def _has_codes_beside(header: Sequence[str], body: Sequence[Row], column: int) -> bool:
    """Whether a list of names and codes says of both that they are some: `Ref. | Designation`."""
    return heads_models(header[column]) and _code_column(header, body) not in (None, column)


def _has_codes_and_sizes(header: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether every row has a code and most have a size: what is listed is sold, though its prices have signs."""
    sized = sum(any(map(is_size, row)) for row in body)
    is_coded = _code_column(header, body) is not None or all(any(map(is_code, row)) for row in body)
    return is_coded and sized >= MOSTLY_SIZED * len(body)


def _share(body: Sequence[Sequence[str]], index: int, holds: Callable[[str], object]) -> float:
    """The share of a column's cells of which something holds; 0 where most of them are empty."""
    cells = [row[index] for row in body if not EMPTY.match(row[index])]
    return sum(map(bool, map(holds, cells))) / len(body) if len(cells) >= max(1, len(body) // 3) else 0.0


def _headed_names(
    header: Sequence[str], body: Sequence[Row], category: str, labels: Sequence[str] = (NAME_LABEL,)
) -> int | None:
    """The column whose header is for names, where a column of codes tells apart what goes by the same name.

    Args:
        header: of each column.
        body: the rows below.
        category: of the words for such a header: labels, or heads that also stand over other texts.
        labels: what such a header may name: a name, or a model.
    """
    coded = [index for index, head in enumerate(header) if is_labelled(head, CODE_LABELS)]
    heads = [{term.canonical for term in find_terms(head, category)} for head in header]
    named = [index for index, found in enumerate(heads) if index not in coded and not found.isdisjoint(labels)]
    worded = [index for index in named if _share(body, index, LETTERS.search) >= MOST]
    return worded[0] if coded and worded else None


def _name_column(body: Sequence[Sequence[str]]) -> int | None:
    """The first column of distinct texts; one of bare codes only where no column of names stands beside it."""
    columns = _text_columns(body)
    codes = [index for index in columns if sum(is_code(row[index]) for row in body) >= MOST * len(body)]
    named = [
        index for index in columns if index not in codes and 2 * sum(is_size(row[index]) for row in body) < len(body)
    ]
    beside = [index for index in named if index - 1 in codes]
    if columns and columns[0] in codes and beside:
        return beside[0]
    if columns and not named and (runs := [index for index in range(len(body[0])) if _is_in_runs(body, index)]):
        return runs[0]
    return columns[0] if columns else None


def _is_in_runs(body: Sequence[Sequence[str]], index: int) -> bool:
    """Whether a column has a name in every row, several rows in turn the same: beside codes these are variants."""
    cells = [row[index].strip() for row in body]
    if not all(LETTERS.search(cell) and not is_figure(cell) and not looks_only(cell, *LOOKS) for cell in cells):
        return False
    return len(list(groupby(cells))) == len(set(cells)) < len(cells)


def _text_columns(body: Sequence[Sequence[str]]) -> list[int]:
    columns = []
    for index in range(len(body[0])):
        cells = [row[index].strip() for row in body if row[index].strip()]
        if len(cells) < 0.6 * len(body):
            continue
        texts = [cell for cell in cells if LETTERS.search(cell) and not is_number(cell)]
        if len(texts) >= 0.7 * len(cells) and len(set(texts)) >= MIN_DISTINCT * len(texts):
            columns.append(index)
    return columns


def _header(head: Sequence[Sequence[str]], width: int) -> list[str]:
    """One text a column; an empty cell of a spanning header takes the text to its left."""
    merged = [" ".join(row[index] for row in head if row[index].strip()) for index in range(width)]
    top = head[0] if head else [""] * width
    for index in range(1, width):
        if not top[index].strip() and not merged[index].strip():
            merged[index] = merged[index - 1]
    return merged


def _why_products(header: Sequence[str], body: Sequence[Row], column: int, numeric: Sequence[int]) -> tuple[str, ...]:
    reasons = []
    if sum(bool(_unit_pattern().search(header[index])) for index in numeric) >= 2:
        reasons.append("columns of measures or prices")
    if any(find_terms(header[index], "size_label") for index in numeric):
        reasons.append("a column of sizes")
    if any(is_labelled(header[index], (PRICE_LABEL,)) for index in numeric):
        reasons.append("a column of prices")
    half = len(body) / 2
    if sum(any(parse_prices(cell) for cell in row) for row in body) >= half:
        reasons.append("a price in every row")
    if sum(any(parse_dimensions(cell) for cell in row) for row in body) >= half:
        reasons.append("a size in every row")
    if column == column_of_models(header, body) and len(numeric) > 1 and _has_measures(header, column):
        reasons.append("models beside their measures")
    coded = _code_column(header, body)
    if coded is not None and coded != column and heads_models(header[column]):
        reasons.append("a column of names beside one of codes")
    if coded is not None and coded != column and any(index != coded for index in numeric):
        reasons.append("a column of codes beside names and numbers")
    elif reasons and sum(any(map(is_code, row)) or bool(parse_codes(row[column])) for row in body) >= half:
        reasons.append("a code in every row")
    return tuple(reasons)


def _has_measures(header: Sequence[str], column: int) -> bool:
    """Whether a head beside that for models is for something that is measured: "Power", "Weight"."""
    others = [head for index, head in enumerate(header) if index != column]
    return any(find_terms(head, "technical_label", "size_label") for head in others)


def _code_column(header: Sequence[str], body: Sequence[Sequence[str]]) -> int | None:
    """The column whose header is for codes and whose cells can be some, bare numbers included."""
    for index, head in enumerate(header):
        cells = [row[index].strip() for row in body if not EMPTY.match(row[index])]
        codes = sum(bool(CODE_CELL.fullmatch(cell)) for cell in cells)
        distinct = len(set(cells)) >= MIN_DISTINCT * len(cells)
        if is_labelled(head, CODE_LABELS) and cells and codes >= MOST * len(body) and distinct:
            return index
    return None


def _numbered_amounts(body: Sequence[Sequence[str]]) -> int | None:
    """The column of bare numbers, as long as each other and none twice, of a list that has amounts with cents as well.

    So price lists look whose only header is the page's: "Prices in €/m²".
    """
    columns = [[row[index].strip() for row in body] for index in range(len(body[0]))]
    if not any(all(AMOUNT.fullmatch(cell) for cell in column) for column in columns):
        return None
    for index, column in enumerate(columns):
        if (
            all(map(BARE_NUMBER.fullmatch, column))
            and len(set(map(len, column))) == 1
            and len(set(column)) == len(body)
        ):
            return index
    return None


def _is_property_list(body: Sequence[Sequence[str]], column: int) -> bool:
    """Whether the first cells are labels of one thing's properties: words for measures take most of them.

    One such word in row after row, "Line 10" and "Line 12", is part of names.
    """
    labels = [label for row in body if (label := label_of(row[column]))]
    return len(labels) >= 0.3 * len(body) and (len(labels) == 1 or len(set(labels)) > 1)


def _is_test_report(body: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers are tolerances and limits: goods are listed with sizes and prices."""
    numbers = [cell.strip() for row in body for cell in row if any(char.isdigit() for char in cell)]
    return sum(bool(LIMIT.search(number)) for number in numbers) >= 0.25 * len(numbers)


def _rows(
    block: TextBlock, header: Sequence[str], body: Sequence[Sequence[str]], column: int, reasons: tuple[str, ...]
) -> list[TableRow]:
    found = []
    used: set[int] = set()
    above = tuple(line for line in block.lines if line.text.strip() in header)
    coded, numbered = _code_column(header, body), _numbered_amounts(body)
    last: tuple[str, list[int]] = ("", [])
    for row in body:
        indexes = lines_of(block.lines, row[column], used) or (last[1] if row[column] == last[0] else [])
        if not indexes:
            continue
        last = row[column], indexes
        used.update(indexes)
        lines = set_alike([block.lines[index] for index in indexes])
        name = " ".join(" ".join(line.text.split()) for line in lines)
        cells = tuple(
            (header[index], cell) for index, cell in enumerate(row) if index != column and not EMPTY.match(cell)
        )
        labelled = row[coded].strip() if coded is not None and coded != column else ""
        number = row[numbered].strip() if numbered is not None else ""
        code = labelled or number or next((cell.strip() for _, cell in cells if is_code(cell)), None)
        box = union([line.box for line in lines])
        below = lesser_below(lines[-1], block.lines)
        found.append(TableRow(name, code, lines, box, cells, reasons, above, bool(labelled), header[column], below))
    return found

"""Owns names that a table prints once for several rows, in a cell that reaches over all of them.

Knows cells: which rows are products is known by `actors.tables.price_lists`.
"""

import re
from itertools import pairwise

from actors.records import TextBlock
from actors.values.dimensions import parse_dimensions
from actors.vocabulary.words import looks_only

WORDS = re.compile(r"[^\W\d_]{2,}")
CODE = re.compile(r"(?=(?:.*\d){2})[A-Z0-9]{3,}(?:[ ./-][A-Z0-9]+){0,3}")
MIN_ROWS = 3
NAMED = 0.6  # of the rows: a column with so many texts names them one by one
Rows = list[list[str]]


def with_names_repeated(table: TextBlock) -> TextBlock:
    """The table with the name in every row that has a code, where cells below a name are empty; else as it is."""
    width = max((len(row) for row in table.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in table.rows]
    coded = _code_column(rows)
    listed = [row for row in rows if coded is not None and CODE.fullmatch(row[coded].strip())]
    column = _merged_column(listed, coded) if coded is not None else None
    if column is None:
        return table
    for above, row in pairwise(listed):
        row[column] = row[column].strip() or above[column]
    return table.model_copy(update={"rows": tuple(map(tuple, rows))})


def _code_column(rows: Rows) -> int | None:
    """The column of codes, none twice."""
    for column in range(len(rows[0]) if rows else 0):
        cells = [row[column].strip() for row in rows]
        codes = [cell for cell in cells if CODE.fullmatch(cell) and not parse_dimensions(cell)]
        if len(codes) >= max(MIN_ROWS, NAMED * len(rows)) and len(set(codes)) == len(codes):
            return column
    return None


def _merged_column(listed: Rows, coded: int) -> int | None:
    """The column whose first cell names something and some of whose others are empty; none where another names rows."""
    found = []
    for column in range(len(listed[0]) if listed else 0):
        texts = [row[column].strip() for row in listed if row[column].strip()]
        if column == coded or not texts or not all(map(_is_worded, texts)):
            continue
        if len(texts) > NAMED * len(listed) and not all(looks_only(text, "finish", "colour") for text in texts):
            return None
        if listed[0][column].strip() and len(texts) < len(listed) and len(set(texts)) == len(texts):
            found.append(column)
    return found[0] if len(found) == 1 else None


def _is_worded(text: str) -> bool:
    return bool(WORDS.search(text)) and not CODE.fullmatch(text) and not parse_dimensions(text)

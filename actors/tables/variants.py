"""Owns tables of variants: rows that say only which one (a code, a colour), of the product that a heading names.

Which tables hold products at all is known by `actors.tables.price_lists`.
"""

import re
from collections.abc import Sequence

from actors.naming.product_names import LETTER, ParsedName, name_code, name_pieces, parse_name
from actors.page.labels import Label, label_of
from actors.records import TextBlock
from actors.tables.models import heads_models
from actors.tables.price_lists import TableRow
from actors.vocabulary.words import find_terms

LARGER = 1.25  # the heading's letters against those of the table
COUNT = re.compile(r"\d{1,3} (?P<thing>[^\W\d_]{2,}\.?)")
WHICH = ("colour", "finish", "material", "size_label")
MIN_ROWS = 2
MOST = 0.8  # of a name's letters that words for colours and finishes take


def variant_names(
    table: TextBlock, rows: Sequence[TableRow], labels: Sequence[Label]
) -> list[tuple[Label, ParsedName] | None]:
    """For each row the line that names what it is a variant of: its group's title, or one above the table; else None.

    Args:
        table: as the page shows it.
        rows: its products.
        labels: of the page.
    """
    if len(rows) < MIN_ROWS or not (_are_counts(rows) or all(_says_which(row) for row in rows)):
        return [None] * len(rows)
    titled = [_title_of(row, table) for row in rows]
    return titled if all(titled) else [_heading(table, rows, labels)] * len(rows)


def _title_of(row: TableRow, table: TextBlock) -> tuple[Label, ParsedName] | None:
    name = parse_name(row.title.text) if row.title is not None and row.is_grouped else None
    return (label_of(row.title, table), name) if row.title is not None and name is not None else None


def _heading(table: TextBlock, rows: Sequence[TableRow], labels: Sequence[Label]) -> tuple[Label, ParsedName] | None:
    """The nearest large line above a table, with the name it prints."""
    sizes = sorted(line.size or line.box[3] - line.box[1] for row in rows for line in row.lines)
    above = [
        label
        for label in labels
        if label.box[3] <= table.box[1] + 2 and label.size >= LARGER * sizes[len(sizes) // 2] and label.is_short
    ]
    named = [(label, name) for label in above if (name := parse_name(label.text)) is not None]
    return max(named, key=lambda item: item[0].box[3], default=None)


def _are_counts(rows: Sequence[TableRow]) -> bool:
    """Whether the rows are numbers of one thing: "4 elements", "6 elements", each with a code."""
    counted = [COUNT.fullmatch(row.name.strip()) for row in rows]
    things = {match.group("thing").casefold() for match in counted if match is not None}
    return all(counted) and len(things) == 1 and all(row.code is not None for row in rows)


def _says_which(row: TableRow) -> bool:
    """Whether a row has a code, and its name is this code, under no head for models, or words for a look."""
    if row.code is None and name_code(row.name) is None:
        return False
    pieces = " ".join(name_pieces(row.name))
    if name_code(row.name) is not None and name_code(row.name) == row.name.strip():
        return not heads_models(row.head)
    covered = sum(len(LETTER.findall(term.printed)) for term in find_terms(pieces, *WHICH))
    return covered >= MOST * max(1, len(LETTER.findall(pieces)))

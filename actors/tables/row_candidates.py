"""Turns the rows of tables into product candidates; rows that only say which one go by the name over their table.

Which rows are products is known by `actors.tables.price_lists`.
"""

from collections.abc import Sequence
from dataclasses import replace

from actors.metadata import merge, read_code, read_lines
from actors.naming.product_names import (
    A_SERVICE,
    AN_ADDRESS,
    EDGES,
    LETTER,
    ParsedName,
    name_code,
    name_pieces,
    parse_name,
    refuse,
)
from actors.page.labels import Label, union
from actors.records import Metadata, NameLook, PageContent, ProductCandidate, TextBlock, TextLine, TextSource
from actors.tables.designations import designations, told_apart
from actors.tables.groups import said_of_group
from actors.tables.price_lists import TableRow
from actors.tables.row_fields import row_metadata
from actors.tables.variants import variant_names
from actors.vocabulary.words import find_terms, looks_only

ROW_CONFIDENCE = 0.75
REFUSED_ROWS = (AN_ADDRESS, "an entry of a table of contents", A_SERVICE)


def row_candidates(
    table: TextBlock, rows: Sequence[TableRow], labels: Sequence[Label], page: PageContent
) -> list[ProductCandidate]:
    """A candidate for each row of a table that is one.

    Args:
        table: as the page shows it.
        rows: its products.
        labels: of the page.
        page: that it stands on.
    """
    found = []
    for row, named in zip(rows, variant_names(table, rows, labels), strict=True):
        # What names a row is no series of it.
        one = _from_row(row if named is None else replace(row, is_grouped=False), page)
        if one is not None:
            found.append(one if named is None else _variant(one, *named))
    return found if any(row.is_labelled for row in rows) else _with_designations(found)


def _with_designations(rows: list[ProductCandidate]) -> list[ProductCandidate]:
    """The rows of a table without a column of codes, with the designations that their names begin with as codes."""
    names = [one.name for one in rows]
    begun = designations(names)
    in_names = [
        begin or (one.code if one.code and one.code in one.name else None)
        for one, begin in zip(rows, begun, strict=True)
    ]
    codes = told_apart(in_names, names)
    return [
        one.model_copy(update={"code": code}) if code or (one.code and one.code in one.name) else one
        for one, code in zip(rows, codes, strict=True)
    ]


def _variant(row: ProductCandidate, label: Label, name: ParsedName) -> ProductCandidate:
    """A row that says only which one, under the name that the heading prints."""
    return row.model_copy(
        update={
            "name": name.name,
            "box": label.box,
            "text": f"{label.text}\n{row.text}",
            "source": label.source,
            "text_box": union([label.box, row.text_box]),
            "reasons": (*row.reasons, "a variant of the product that the heading names"),
        }
    )


def _is_carrier(name: str) -> bool:
    """Whether a price list charges for what goods stand on: "EUR pallet", "Leier piros raklap"."""
    terms = find_terms(name, "price_unit")
    return any(term.canonical == "pallet" and term.end == len(name.rstrip()) for term in terms)


def _from_row(row: TableRow, page: PageContent) -> ProductCandidate | None:
    is_model = row.is_labelled and name_code(row.name) is not None  # "HT 250" beside its number for orders
    if refuse(row.name) in REFUSED_ROWS or _is_carrier(row.name) or not (is_model or _says_what(row.name)):
        return None
    name = parse_name(row.name) or ParsedName(row.name, (row.name,), 0.5, ())
    first = row.lines[0]
    lines = _row_lines(row, page)
    look = NameLook(font=first.font, size=first.size, bold=first.bold, relation="row", support=1)
    source = _source_of(first, page)
    own = merge(row_metadata(row, lines, page.page, source), read_lines(row.below, page.page, source))
    metadata = merge(own, said_of_group(row, own, page.page, source))
    return ProductCandidate(
        name=row.name.strip(EDGES),
        code=_row_code(row, metadata),
        page=page.page,
        box=row.box,
        source=source,
        confidence=min(0.95, ROW_CONFIDENCE + 0.2 * (name.score - 0.5)),
        reasons=("a row of a table of products", *row.reasons),
        text="\n".join([row.name, *_cells(row), *(line.text for line in row.below)]),
        text_box=union([row.box, *(line.box for line in (*lines, *row.below))]),
        metadata=metadata,
        look=look,
    )


def _cells(row: TableRow) -> list[str]:
    return [f"{head}: {cell}" if head else cell for head, cell in row.cells]


def _row_code(row: TableRow, metadata: Metadata) -> str | None:
    """The code under a header for codes, else the one in the name, in a cell, or what the row's cells were read as."""
    return (row.code if row.is_labelled else None) or name_code(row.name) or row.code or read_code(metadata)


def _says_what(text: str) -> bool:
    """Whether a cell holds more than a size: packing tables have rows of bare sizes, others "up to 8 m"."""
    if looks_only(" ".join(name_pieces(text)), "range_word", "size_label"):
        return False
    return bool(name_pieces(text)) and (
        len(LETTER.findall(" ".join(name_pieces(text)))) >= 2 or name_code(text) is not None
    )


def _row_lines(row: TableRow, page: PageContent) -> list[TextLine]:
    """The printed lines that stand level with the name."""
    return [
        line
        for block in page.blocks
        if block.label == "table"
        for line in block.lines
        if row.box[1] - 1 <= (line.box[1] + line.box[3]) / 2 <= row.box[3] + 1
    ]


def _source_of(line: TextLine, page: PageContent) -> TextSource:
    return next((block.source for block in page.blocks if line in block.lines), "text_layer")

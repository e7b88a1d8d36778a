"""Owns the table of data of a product that has its page to itself: there, or on the next page when nothing else is.

Knows tables of labels and values; which fields a product takes beside them is decided by those before it.
"""

from collections.abc import Iterator, Sequence

from actors.evidence import CELL_BREAK, box_of
from actors.metadata import gathered, read_row
from actors.page.printed_rows import PrintedRow
from actors.records import Metadata, PageContent, ProductCandidate, TextBlock, TextLine
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms, share_covered, squeeze

LABELS = ("field_label", "technical_label", "size_label")
ANNOUNCED = ("heading", "sheet")  # what stands over all of its page
MIN_LABELLED = 2  # rows of a table of data
MOST = 0.6  # of a cell that its label takes
TAKEN = {"visualProperties": ("primaryColor", "colours"), "technicalSpecifications": ()}
"""What is taken of which category; all of it where nothing is named."""


def data_of(one: ProductCandidate, pages: Sequence[PageContent], owned: Sequence[ProductCandidate]) -> Metadata:
    """What the tables of data say of a product that is alone on its page.

    Args:
        one: the product.
        pages: of the document.
        owned: all of its products.
    """
    if not is_alone(one, owned):
        return Metadata()
    busy = {other.page for other in owned}
    for page in pages:
        is_next = page.page == one.page + 1 and page.page not in busy
        if (page.page == one.page or is_next) and (said := _said_on(page)).fields:
            return said
    return Metadata()


def is_alone(one: ProductCandidate, owned: Sequence[ProductCandidate]) -> bool:
    """Whether a product is announced over its page and no other stands there."""
    is_announced = one.look is not None and one.look.relation in ANNOUNCED
    return is_announced and sum(other.page == one.page for other in owned) == 1


def _said_on(page: PageContent) -> Metadata:
    with reading_in(page.languages):
        tables = [block for block in page.blocks if block.rows and len(list(_labelled(block))) >= MIN_LABELLED]
        if len(tables) != 1:
            return Metadata()
        rows = [_printed(label, value, tables[0]) for label, value in _labelled(tables[0])]
        said = gathered([reading for row in rows for reading in read_row(row, page.page, tables[0].source)])
    fields = {
        category: {name: value for name, value in said.fields.get(category, {}).items() if name in names or not names}
        for category, names in TAKEN.items()
    }
    kept = {category: values for category, values in fields.items() if values}
    wanted = {f"{category}.{name}" for category, values in kept.items() for name in values}
    return Metadata(fields=kept, evidence=tuple(proof for proof in said.evidence if proof.field in wanted))


def _labelled(table: TextBlock) -> Iterator[tuple[str, str]]:
    """The rows of two cells of which the first is a label."""
    for row in table.rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) == 2 and share_covered(cells[0], find_terms(cells[0], *LABELS)) >= MOST:
            yield cells[0], cells[1]


def _printed(label: str, value: str, table: TextBlock) -> PrintedRow:
    """A row with its label, whose proof is both cells as they stand."""
    wanted = (squeeze(label), squeeze(value))
    boxes = [line.box for line in table.lines if squeeze(line.text) in wanted] or [table.box]
    line = TextLine(text=f"{label}{CELL_BREAK}{value}", box=box_of(boxes))
    return PrintedRow(f"{label}: {value}", ((0, line),))

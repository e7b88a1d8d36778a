"""Owns the question whether a table says how goods are packed or delivered: what its rows name is sold elsewhere."""

from collections.abc import Sequence

from actors.naming.product_names import is_bare_code
from actors.records import TextBlock, TextLine
from actors.tables.cell_kinds import CODE_LABELS, NAME_LABELS, PRICE_LABEL, is_labelled
from actors.tables.models import is_size
from actors.vocabulary.words import find_terms

PACKING = "commercialInformation.packaging"
MAX_WORDS = 4  # of a heading
NEAR = 3.0  # heights of the heading


def is_packing_table(table: TextBlock, lines: Sequence[TextLine]) -> bool:
    """Whether the line over a table says "Packing", and no column is of codes or prices.

    Args:
        table: as the page shows it.
        lines: of the page.
    """
    over = [line for line in lines if _is_over(line, table)]
    heading = max(over, key=lambda line: line.box[3], default=None)
    if heading is None or not _says_packing(heading.text):
        return False
    heads = table.rows[0] if table.rows else ()
    return not any(is_labelled(head, (*CODE_LABELS, PRICE_LABEL)) for head in heads)


def is_charges_table(table: TextBlock) -> bool:
    """Whether a header names charges, "Minimum order", none names goods or codes, and no cell is a size or a code."""
    heads, *body = table.rows or ((),)
    charged = any(find_terms(head, "service") for head in heads)
    named = any(is_labelled(head, (*NAME_LABELS, *CODE_LABELS)) for head in heads)
    cells = [cell.strip() for row in body for cell in row]
    return charged and not named and not any(is_size(cell) or is_bare_code(cell) for cell in cells)


def _says_packing(text: str) -> bool:
    """Whether a heading begins with a word for packing: "Packing", "Verpackung und Gewicht"."""
    terms = [term for term in find_terms(text.strip(), "field_label") if term.canonical == PACKING]
    return len(text.split()) <= MAX_WORDS and any(term.start == 0 for term in terms)


def _is_over(line: TextLine, table: TextBlock) -> bool:
    height = line.box[3] - line.box[1]
    is_beside = line.box[0] > table.box[2] or line.box[2] < table.box[0]
    return not is_beside and 0 <= table.box[1] - line.box[3] <= NEAR * height

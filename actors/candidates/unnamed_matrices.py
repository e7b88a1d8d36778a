"""Owns tables of codes that do not say of what: looks down the side, sizes along the head, a captioned picture beside.

"Schwarz matt" in 128 mm is 4410-128-20, beside the picture of "Modell Aare". Knows one page.
"""

from collections.abc import Sequence

from actors.candidates.captions import NamedPicture
from actors.candidates.code_matrices import Cell, matrix_cells, row_of
from actors.candidates.variant_lists import VariantList
from actors.naming.product_names import MEASURE, ParsedName, parse_name
from actors.page.labels import Label, union
from actors.page.slots import Slot
from actors.records import TextBlock
from actors.tables.price_lists import TableRow
from actors.vocabulary.words import find_terms

LOOKS = ("finish", "colour", "material")
MIN_CELLS = 4


def captioned_matrices(
    tables: Sequence[TextBlock], captions: Sequence[NamedPicture], slots: Sequence[Slot]
) -> list[VariantList]:
    """The tables of looks and sizes, each under the name of the picture beside it; left out where there is none.

    Args:
        tables: of one page.
        captions: of the page's pictures.
        slots: all lines at them.
    """
    found = []
    for table in tables:
        rows = _rows(table)
        named = max(captions, key=lambda item: _common_height(item, table), default=None) if rows else None
        if named is None or _common_height(named, table) <= 0:
            continue
        under = _under(named, slots)
        heading, name, others = under or (named.slot.label, named.name, named.others)
        box = union([heading.box, *(row.box for row in rows)])
        found.append(VariantList(heading, name, tuple(rows), others, box))
    return found


def _under(named: NamedPicture, slots: Sequence[Slot]) -> tuple[Label, ParsedName, tuple[Label, ...]] | None:
    """The name under a picture over which a larger line stands: a page's title, where a name by itself is one."""
    if named.slot.relation != "above":
        return None
    below = [slot.label for slot in slots if slot.region == named.slot.region and slot.relation == "below"]
    label = max(below, key=lambda one: one.size, default=None)
    name = parse_name(label.text) if label is not None else None
    return (label, name, ()) if label is not None and name is not None else None


def _rows(table: TextBlock) -> list[TableRow]:
    cells = matrix_cells(table.rows)
    if len(cells) < MIN_CELLS or not all(map(_is_of_look_and_size, cells)):
        return []
    return [row for cell in cells if (row := row_of(cell, (*cell.side, cell.head), table)) is not None]


def _is_of_look_and_size(cell: Cell) -> bool:
    return MEASURE.search(cell.head) is not None and len(cell.side) == 1 and bool(find_terms(cell.side[0], *LOOKS))


def _common_height(item: NamedPicture, table: TextBlock) -> float:
    """By how much a picture stands beside a table; 0 for one over or under it."""
    box = item.slot.region.box
    apart = box[2] <= table.box[0] or table.box[2] <= box[0]
    return min(box[3], table.box[3]) - max(box[1], table.box[1]) if apart else 0.0

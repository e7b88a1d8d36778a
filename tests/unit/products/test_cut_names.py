"""Names of a scanned table that OCR reads in two lines beside each other, a letter between them missed."""

import pytest

from tests.unit.products.printed import block, page, products_of, scanned

HEADS = ("Model", "Reference", "Spacing mm", "Flow")
COLUMNS = (40, 150, 280, 370)
CODES = ("620 115", "620 125", "620 126")


def scan(names, *, cut):
    """A table of models, each name a line for each of its texts; `cut`: the table finder made two columns of them."""
    lines = [scanned(head, x, 200, 8) for head, x in zip(HEADS, COLUMNS, strict=True)]
    rows = [(HEADS[0], "", *HEADS[1:]) if cut else HEADS]
    for place, (texts, code) in enumerate(zip(names, CODES, strict=True)):
        y, x = 218.0 + 18 * place, 40.0
        for text, size in zip(texts, (10, 8), strict=False):  # a number is not as high as its words
            lines.append(scanned(text, x, y, size).model_copy(update={"size": size}))
            x = lines[-1].box[2] + 6
        cells = (code, f"{130 + 50 * place}", f"2,{place}")
        lines += [scanned(cell, x, y, 8) for cell, x in zip(cells, COLUMNS[1:], strict=True)]
        rows.append((*texts, *cells) if cut else (" ".join(texts), *cells))
    return page(1, [block(*lines, label="table", source="ocr", rows=tuple(rows))], kind="image")


@pytest.mark.parametrize(
    ("names", "cut"),
    [
        ([("Fluvial", "15-40"), ("Fluvial", "25-40"), ("Fluvial", "25-60")], True),
        ([("Fluvial V 3-5",), ("Fluvial V 3-9",), ("Fluvial", "10-6")], False),
    ],
)
def test_a_name_in_two_lines_beside_each_other_is_one(names, cut):
    found = {one.name: one.code for one in products_of(scan(names, cut=cut))}
    assert found == {" ".join(texts): code for texts, code in zip(names, CODES, strict=True)}


def test_a_number_beside_names_that_are_told_apart_is_no_part_of_them():
    names = [("Fluvial", "15"), ("Vortex", "25"), ("Multiple", "35")]
    assert not {one.name for one in products_of(scan(names, cut=True))} & {" ".join(texts) for texts in names}

"""Colours of captions that no colon marks: behind a label alone, or behind the code of one of several of a name."""

import pytest

from actors.records import ProductCandidate
from cluster.stages.product_rules.colour_lines import colour_lines
from tests.unit.products.printed import below, block, grid_boxes, page, picture, products_of

COLOURS = ("Midnight", "Chalk", "Bracken", "Oatmeal", "Peat", "Claret")


def paper(at, name, line):
    box = (40.0, 100.0 * at, 140.0, 100.0 * at + 12)
    return ProductCandidate(
        name=name,
        code=f"OF/10{at}",
        page=1,
        box=box,
        source="ocr",
        confidence=0.8,
        reasons=(),
        text=f"{name}\n{line}",
        text_box=box,
    )


@pytest.mark.parametrize(
    ("names", "line", "told"),
    [
        (("Mill Pond", "Willow"), "OF/10{at} {colour}", sorted(COLOURS)),
        (COLOURS, "OF/10{at} {colour}", []),
        (("Mill Pond", "Willow"), "OF/10{at} Large {at}", []),
        (("Mill Pond", "Willow"), "OF/10{at} Matt", []),
    ],
)
def test_what_stands_behind_the_codes_of_one_name_is_its_colour(names, line, told):
    papers = [paper(at, names[at % len(names)], line.format(at=at, colour=colour)) for at, colour in enumerate(COLOURS)]
    assert sorted(found.colour for found in colour_lines(papers).values()) == told


def test_a_label_for_colours_needs_no_colon_where_captions_have_one_each():
    boxes = grid_boxes(3, 2)
    lines = []
    for box, colour in zip(boxes, COLOURS, strict=True):
        lines += [below(box, "Mill Pond 60 x 60 cm"), below(box, f"Colour {colour}", 18, 8, bold=False)]
    pictures = [picture(box, f"paper-{place}") for place, box in enumerate(boxes)]
    products = products_of(page(1, [block(one) for one in lines], pictures))
    assert sorted(colour for product in products for colour in product.colours) == sorted(COLOURS)

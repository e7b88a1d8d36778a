"""A product on a colour area is linked to the image of it, and says its colour."""

import pytest

from actors.records import PageImage
from cluster.stages.product_colour import nearest_name
from tests.unit.products.printed import below, block, grid_boxes, line, page, products_of

NAMES = ("Salvia", "Cipria", "Petrolio")
COLOURS = ("#9fae93", "#d9b9ac", "#1d5560")


def painted_page(number):
    boxes = grid_boxes(3, 1)
    areas = [
        PageImage(image_id=f"area-{number}-{n}", kind="region", box=box, width_px=240, height_px=240, colour=colour)
        for n, (box, colour) in enumerate(zip(boxes, COLOURS, strict=True))
    ]
    captions = block(*(below(box, name) for box, name in zip(boxes, NAMES, strict=True)))
    return page(number, [block(line("Formato 20 x 20 cm", 40, 60)), captions], areas, fills=boxes)


def test_the_area_is_the_products_picture():
    products = products_of(painted_page(1))
    linked = {product.name: (product.images[0].image_id, product.images[0].reason) for product in products}
    assert linked["Salvia"] == ("area-1-0", "its name stands below a colour area")
    assert len(linked) == 3


def test_the_colour_has_evidence_of_its_own_kind():
    product = next(one for one in products_of(painted_page(1)) if one.name == "Petrolio")
    assert product.fields["visualProperties"]["swatchColour"] == "#1d5560"
    assert product.fields["visualProperties"]["swatchColourName"] == "turquoise"
    assert product.colours == (), "printed colours are another field"
    proofs = [proof for proof in product.evidence if proof.source == "pixels"]
    assert {proof.field for proof in proofs} == {"visualProperties.swatchColour", "visualProperties.swatchColourName"}
    assert all(proof.value in proof.text and proof.box == grid_boxes(3, 1)[2] for proof in proofs)


@pytest.mark.parametrize(
    ("colour", "name"),
    [("#fefefe", "white"), ("#101010", "black"), ("#7c7c7c", "grey"), ("#24447f", "blue"), ("#b3201c", "red"),
     ("#cbb592", "beige")],
)  # fmt: skip
def test_colours_are_called_by_the_name_that_comes_nearest(colour, name):
    assert nearest_name(colour) == name

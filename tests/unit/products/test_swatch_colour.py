"""A product on a colour area is linked to the image of it, and says its colour."""

import io

import numpy as np
import pytest
from PIL import Image

from actors.records import PageImage
from cluster.stages.product_rules.colour import nearest_name
from cluster.stages.product_rules.shown_colours import PictureColours, dominant
from cluster.stages.products import create_products
from tests.unit.products.printed import (
    analysed,
    below,
    block,
    grid_boxes,
    line,
    page,
    picture,
    products_of,
    scanned,
)

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


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def textured(size=(300, 300)):
    """A wood: noise in light and dark streaks, and a third of it green."""
    rows = np.full((*size, 3), (196, 160, 118), np.float32)
    rows[:, ::7] = (120, 82, 52)
    rows[: size[0] // 3] = (44, 94, 60)
    return rows + np.random.default_rng(1).normal(0, 6, rows.shape)


def coloured_products(page_with_names, stored):
    return {
        one.name: one
        for one in create_products([page_with_names], analysed([page_with_names]), colours=PictureColours(stored.get))
    }


def test_a_textured_picture_has_its_commonest_colours_and_the_record_says_that_they_are_computed():
    boxes = grid_boxes(3, 1)
    pictures = [picture(box, f"wood-{place}") for place, box in enumerate(boxes)]
    captions = block(*(below(box, name) for box, name in zip(boxes, NAMES, strict=True)))
    shown = page(1, [block(line("Formato 20 x 20 cm", 40, 60)), captions], pictures)
    stored = {"wood-0": png(textured()), "wood-1": png(np.full((50, 50, 3), 255)), "wood-2": b"no image"}
    found = coloured_products(shown, stored)
    visual = found["Salvia"].fields["visualProperties"]
    assert visual["swatchColourName"] == "brown"
    assert [nearest_name(colour) for colour in visual["swatchColours"]] == ["brown", "green"]
    proofs = [proof for proof in found["Salvia"].evidence if proof.source == "pixels"]
    assert all(proof.text.startswith("computed from the picture: ") and proof.value in proof.text for proof in proofs)
    assert found["Cipria"].fields["visualProperties"]["swatchColourName"] == "white"
    assert "swatchColour" not in found["Petrolio"].fields.get("visualProperties", {}), "it cannot be decoded"


def test_in_a_scan_the_colour_is_that_of_the_products_region():
    whole = PageImage(image_id="scan", kind="page", box=(0, 0, 600, 800), width_px=600, height_px=800)
    boxes = grid_boxes(3, 2)
    names = ("Aurora", "Boreale", "Cometa", "Dione", "Europa", "Febe")
    looks = {"green": (44, 94, 60), "red": (192, 32, 28), "blue": (28, 39, 65)}
    pixels = np.full((800, 600, 3), 255)
    for box, colour in zip(boxes, [*looks.values()] * 2, strict=True):
        x0, y0, x1, y1 = (int(side) for side in box)
        pixels[y0:y1, x0:x1] = colour
    lines = [scanned("Tiles 20 x 20 cm", 40, 60)]
    lines += [scanned(name, box[0], box[3] + 4) for name, box in zip(names, boxes, strict=True)]
    shown = page(1, [block(one, source="ocr") for one in lines], [whole], kind="image")
    found = coloured_products(shown, {"scan": png(pixels)})
    told = {name: one.fields["visualProperties"]["swatchColourName"] for name, one in found.items()}
    assert told == dict(zip(names, [*looks] * 2, strict=True))


def test_a_thing_on_white_paper_has_its_own_colour():
    pixels = np.full((200, 200, 3), 255)
    pixels[60:140, 80:120] = (192, 32, 28)
    assert [one.colour for one in dominant(pixels.astype(np.uint8))] == ["#c0201c"]
    assert dominant(np.zeros((0, 10, 3), np.uint8)) == ()

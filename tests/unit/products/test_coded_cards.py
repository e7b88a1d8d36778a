"""Cards of a scan with a labelled code under each name, beside pictures of which some were not seen."""

import pytest

from actors.product_detection import page_candidates
from tests.unit.products.printed import products_of, scanned
from tests.unit.products.test_scans import WOODS, scan

ROWS = 6


def cards(code="Item No. EB-42{}", seen=3):
    """Names beside pictures, one a row, with a code under each; only the last pictures were seen."""
    boxes = [(60.0, 90.0 + 110 * row, 150.0, 170.0 + 110 * row) for row in range(ROWS)]
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((name, 14.0, 20), (code.format(number), 12.0, 36), ("Brushed brass", 9.0, 52))
        lines += [scanned(text, 180, box[1] + down, size) for text, size, down in rows]
    return scan(lines, boxes[ROWS - seen :])


def test_a_name_set_and_coded_like_the_captions_of_pictures_is_one_though_its_picture_was_not_seen():
    found = {product.name: product.code for product in products_of(cards())}
    assert found == {name: f"EB-42{number}" for number, name in enumerate(WOODS)}


@pytest.mark.parametrize(("code", "captions"), [("Item No. EB-42{}", WOODS), ("Made in {} days", WOODS[3:])])
def test_without_codes_under_the_names_what_stands_in_their_column_is_no_caption(code, captions):
    found = page_candidates(cards(code))
    assert {one.name for one in found if one.reasons[0].startswith("stands right of")} == set(captions)


def test_a_code_level_with_a_picture_whose_name_stands_over_it_is_the_code_of_that_name():
    whole = cards(seen=ROWS)
    images = [
        one.model_copy(update={"box": (60.0, one.box[1] + 45, 150.0, one.box[3])}) if one.kind == "region" else one
        for one in whole.images
    ]
    products = products_of(whole.model_copy(update={"images": tuple(images)}))
    assert {product.name: product.code for product in products} == {
        name: f"EB-42{number}" for number, name in enumerate(WOODS)
    }

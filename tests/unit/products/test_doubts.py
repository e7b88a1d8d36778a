"""What a person should look at: numbers and names that may be misread, records that may be several."""

import pytest

from actors.records import Dimensions, ProductCandidate
from cluster.stages.product_rules.doubts import of_candidates, of_size
from tests.unit.products.printed import block, grid_boxes, grid_page, line, page, picture, products_of


def seen(name: str, source: str = "ocr") -> ProductCandidate:
    box = (0.0, 0.0, 10.0, 10.0)
    return ProductCandidate(
        name=name, page=1, box=box, source=source, confidence=0.9, reasons=(), text=name, text_box=box
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "doubted"),
    [
        ("TiSSOT 04", True), ("EWC - 'P", True), ("Basin (corner", True), ("Slab &", True), ("Anglo -", True),
        ("TISSOT - 04", False), ("EWC - 'P'", False), ("McIntosh", False), ("Chêne d'Or", False), ("D'Arc", False),
    ],
)  # fmt: skip
def test_names_cut_or_in_unlike_letters(name, doubted):
    one = seen(name)
    assert bool(of_candidates([one], one, 0.9)) is doubted


@pytest.mark.parametrize(
    ("printed", "doubted"),
    [
        ('14" * 9', True),
        ('L 21 x W 17" x H 33"', True),
        ('18" x 12"', False),
        ("60 x 60 cm", False),
        ("20 mm", False),
        ("6O x 6O cm", True),
    ],
)
def test_a_number_without_the_unit_of_the_others_or_with_letters_for_digits(printed, doubted):
    assert bool(of_size(Dimensions(printed=printed, length_mm=300.0))) is doubted


def test_a_size_that_no_goods_have():
    assert of_size(Dimensions(printed="60 x 90 km", length_mm=60_000_000.0))


def reasons(*pages):
    return {product.name: product.review_reasons for product in products_of(*pages)}


def test_one_name_at_two_pictures_of_a_page_may_be_two_products():
    boxes = grid_boxes(3, 1)
    names = ("Sinai brushed", "Sinai brushed", "Galala raw")
    captions = block(*(line(name, box[0], box[3] + 4) for name, box in zip(names, boxes, strict=True)))
    found = reasons(page(1, [captions], [picture(box, f"p-{place}") for place, box in enumerate(boxes)]))
    assert "2 pictures of page 1" in found["Sinai brushed"][0]
    assert found["Galala raw"] == ()


def test_products_that_nothing_tells_apart_say_so():
    shades = ("Ivory", "Alpine Blue", "Mint Green")
    head = [
        block(line(title, 40, 60, 22, bold=True, font="Head"), label="section_header")
        for title in ("Wash basin", "Floor tiles")
    ]
    products = products_of(grid_page(1, shades, head[0]), grid_page(2, shades, head[1]))
    assert len(products) == 6
    assert all("tells them apart" in product.review_reasons[0] for product in products)
    assert not any(reasons(grid_page(1, shades, head[0])).values())

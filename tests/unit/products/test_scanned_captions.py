"""Captions of scans that a picture beside them, or a code beside them, could lead astray."""

from tests.unit.products.printed import products_of, scanned
from tests.unit.products.test_scans import scan


def test_captions_belong_to_the_pictures_over_them_where_wide_ones_stand_close_side_by_side():
    """The short name of a right picture begins close to the left one, whose lower edge is nearer to it."""
    left = [(30.0, 65.0 + 216 * row, 300.0, 233.0 + 216 * row) for row in range(2)]
    right = [(308.0, 65.0 + 216 * row, 578.0, 232.0 + 216 * row) for row in range(2)]
    boxes = [box for row in zip(left, right, strict=True) for box in row]
    names = [scanned(name, box[0], 237.0 + 216 * (number // 2) - number % 2, 16) for number, (name, box) in
             enumerate(zip(("Arabesque White", "Nero", "Silver Fern", "Honey"), boxes, strict=True))]  # fmt: skip
    products = products_of(scan([*names, scanned("Slabs 3000 x 1600 x 20 mm", 30, 20, 10)], boxes))
    assert {product.name: product.images[0].image_id for product in products} == {
        name.text: f"seen-1-{number}" for number, name in enumerate(names)
    }

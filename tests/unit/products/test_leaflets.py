"""One product on a sheet: its name large, a size and other properties in lines without labels."""

from tests.unit.products.printed import block, names_of, page, picture, products_of, scanned
from tests.unit.products.test_scans import WHOLE, scan

NAME = scanned("Ayna Sarkit", 320, 180, 30)
LINES = [
    scanned(text, 320, 260 + 30 * row, 13)
    for row, text in enumerate(("350 x 350 x 280 mm", "Glass and metal", "15 W  2700 K"))
]
PICTURE = (40.0, 120.0, 270.0, 380.0)


def test_a_leaflet_is_its_product_with_size_and_picture():
    (product,) = products_of(scan([NAME, *LINES], [PICTURE]))
    assert (product.name, product.dimensions.printed) == ("Ayna Sarkit", "350 x 350 x 280 mm")
    assert product.images[0].box == PICTURE
    assert product.needs_review


def test_without_a_size_or_with_two_it_is_none():
    other = scanned("500 x 500 x 300 mm", 320, 400, 13)
    assert names_of(scan([NAME, *LINES[1:]], [PICTURE])) == []
    assert names_of(scan([NAME, *LINES, other], [PICTURE])) == []


def test_the_same_page_in_a_catalogue_is_a_title():
    others = [scan([scanned(f"Chapter {number}", 40, 40, 20)], [], number) for number in range(2, 7)]
    assert names_of(scan([NAME, *LINES], [PICTURE]), *others) == []


def test_a_page_of_text_may_be_a_leaflet_too():
    content = page(1, [block(one, source="ocr") for one in (NAME, *LINES)], [picture(PICTURE, "lamp"), WHOLE])
    assert names_of(content) == ["Ayna Sarkit"]


def oven(*data, name="Powder Oven"):
    """Two pages: the supplier, the product and its model; the model over what is measured."""
    front = [scanned(text, 40, y, size) for text, y, size in (
        ("ISITEK", 30, 40), (name, 140, 34), ("Model: TBF-1800", 190, 18), ("www.isitekfirin.com", 760, 12),
        ("Two fans for even heat", 500, 14), ("Doors with a safety switch", 540, 14), ("Runs on gas", 580, 14),
    )]  # fmt: skip
    back = [scanned(text, 40 + 200 * (row % 2), 40 + 30 * row, 12) for row, text in enumerate(data)]
    return scan(front, [PICTURE], 1), scan(back, [], 2)


DATA = ("TBF-1800", "1800 x 2000 x 3000 mm", "Power: 48 kW", "Weight: 1450 kg", "Voltage: 380 V")


def test_a_leaflet_of_two_pages_is_the_product_of_the_first_with_the_size_of_the_second():
    (product,) = products_of(*oven(*DATA))
    assert (product.name, product.code, product.dimensions.printed) == ("Powder Oven", "TBF-1800", DATA[1])
    assert {proof.page for proof in product.evidence if proof.field == "physicalProperties.dimensions"} == {2}
    assert product.images[0].box == PICTURE
    assert product.needs_review


def test_it_is_none_where_the_other_page_tells_of_something_else_or_says_no_size():
    assert names_of(*oven("Our works", *DATA[1:])) == []
    assert names_of(*oven(DATA[0], *DATA[2:])) == []
    assert names_of(*oven(*DATA, name="isitek firin")) == []

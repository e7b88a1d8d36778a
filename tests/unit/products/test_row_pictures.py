"""Pictures beside a price list belong to the rows that their captions fit."""

from tests.unit.products.printed import block, line, page, picture, products_of
from tests.unit.products.test_lists import HEADER, table

RINGS = [
    ("AG 80/25 ring plain", "800", "250", "150", "71.00"),
    ("AG 80/50 ring with rungs", "800", "500", "300", "99.00"),
    ("AG 80/75 ring plain", "800", "750", "450", "120.00"),
    ("BU 20 bucket of grease", "200", "300", "10", "9.00"),
]


def shown(*captions, rows=RINGS):
    """The pictures of each row, from the top of the table's left margin down."""
    boxes = [(5.0, 190.0 + 50 * place, 38.0, 220.0 + 50 * place) for place in range(len(captions))]
    pictures = [picture(box, f"picture-{place}") for place, box in enumerate(boxes)]
    said = [block(line(text, box[0], box[3] + 1, 3)) for text, box in zip(captions, boxes, strict=True) if text]
    products = products_of(page(1, [table([HEADER, *rows]), *said], pictures))
    return {one.name.split(" ", 2)[1]: [image.image_id[-1] for image in one.images] for one in products}


def test_each_row_shows_the_picture_whose_caption_fits_it_and_none_that_fits_others():
    assert shown("Ring with rungs", "Ring plain") == {"80/25": ["1"], "80/50": ["0"], "80/75": ["1"], "20": []}


def test_one_caption_of_some_rows_is_none_of_the_others():
    assert shown("Ring") == {"80/25": ["0"], "80/50": ["0"], "80/75": ["0"], "20": []}


def test_without_captions_or_with_that_of_a_family_the_place_decides():
    assert set(map(tuple, shown("Manholes").values())) == {("0",)}
    assert set(map(tuple, shown("").values())) == {("0",)}
    assert all(shown("", "Ring plain").values())


def test_a_caption_that_the_table_finder_took_in_is_none_of_the_row_beside_it():
    head, *rows = [("", *row) for row in (HEADER, *RINGS)]
    rows[0] = ("Shafts", *rows[0][1:])
    printed = table([HEADER, *RINGS])
    inside = printed.model_copy(update={"rows": (head, *rows)})
    said = block(line("Shafts", 5, 221, 3))
    products = products_of(page(1, [inside, said], [picture((5.0, 190.0, 38.0, 220.0), "shaft")]))
    assert [len(one.images) for one in products] == [1, 1, 1, 1]


def test_in_a_scan_a_part_of_the_page_over_a_table_is_the_picture_of_its_rows():
    part = picture((60.0, 60.0, 200.0, 160.0), "part").model_copy(update={"kind": "region"})

    def seen(kind):
        shown = page(1, [table([HEADER, *RINGS])], [part], kind=kind)
        return [[image.image_id for image in one.images] for one in products_of(shown)]

    assert seen("image") == [["part"]] * len(RINGS)
    assert seen("text") == [[]] * len(RINGS), "an area of colour"

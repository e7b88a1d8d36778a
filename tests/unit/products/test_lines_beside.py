"""What stands beside a picture: the first line names it, the lines below are its own, a code is a code."""

import pytest

from actors.candidates.coded_lines import numbers_beside
from actors.naming.product_names import parse_name
from actors.values.codes import parse_codes
from tests.unit.products.printed import below, block, grid_boxes, line, names_of, page, picture, products_of

TAPS = ("Mixer Doubs", "Spout Loue", "Shower Arve", "Valve Isère")
COLOURS = ("Jasna kość", "Żółty drogowy", "Zielony mech", "Szary okienny", "Czarny głęboki", "Biały")


def beside(*rows, size=10.5):
    """Pictures in one column; each with its lines at the right, as far below one another as said."""
    blocks, pictures = [], []
    for place, lines in enumerate(rows):
        top = 60.0 + 170 * place
        pictures.append(picture((40.0, top, 150.0, top + 150), f"image-{place}"))
        blocks += [block(line(text, 160.0, top + down, size, bold=bold)) for text, down, bold in lines]
    return page(1, blocks, pictures)


def test_a_price_set_like_the_name_does_not_take_its_place():
    rows = [
        ((name, 12, True), (f"Ref. 45{place}0 CR", 50, False), ("€ 89.00", 120, True))
        for place, name in enumerate(TAPS)
    ]
    assert names_of(beside(*rows)) == sorted(TAPS)


def test_all_lines_in_the_height_of_a_picture_are_its_own_whatever_gaps_are_between():
    rows = [
        ((name, 10, True), (f"Ø {20 + place} x H {40 + place} cm", 80, False), (f"code LA21{place}", 130, False))
        for place, name in enumerate(TAPS)
    ]
    found = {product.name: (product.code, product.dimensions.printed) for product in products_of(beside(*rows))}
    assert found == {name: (f"LA21{place}", f"Ø {20 + place} x H {40 + place} cm") for place, name in enumerate(TAPS)}


def test_a_code_on_a_swatch_leaves_the_name_to_the_line_below():
    boxes = grid_boxes(3, 2)
    lines = []
    for place, (name, box) in enumerate(zip(COLOURS, boxes, strict=True)):
        lines += [
            line(f"RAL {1015 + place}", box[0] + 8, box[3] - 20, 9, bold=True),
            below(box, name, size=8, bold=False),
        ]
    products = products_of(page(1, [block(one) for one in lines], [picture(box, f"i{box}") for box in boxes]))
    assert {product.name: product.code for product in products} == {
        name: f"RAL {1015 + place}" for place, name in enumerate(COLOURS)
    }


def test_numbers_that_stand_alone_beside_names_are_their_codes():
    boxes = grid_boxes(3, 2)
    lines = []
    for place, (name, box) in enumerate(zip(COLOURS, boxes, strict=True)):
        lines += [below(box, f"{1201 + place}", 3, 7, bold=False), below(box, name, 14, 9)]
    products = products_of(page(1, [block(one) for one in lines], [picture(box, f"i{box}") for box in boxes]))
    assert {product.name: product.code for product in products} == {
        name: f"{1201 + place}" for place, name in enumerate(COLOURS)
    }


@pytest.mark.parametrize("numbers", [("1200", "1500", "1800"), ("2021", "2022", "2023"), ("1201", "1201", "1202")])
def test_prices_years_and_what_repeats_are_no_codes(numbers):
    assert numbers_beside([[number] for number in numbers]) == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [("Item No. BW-3014 Cork Notebook", "Cork Notebook"), ("Item No_ BW-3015 Canvas Bag", "Canvas Bag"),
     ("Ref. 4510", "Ref. 4510"), ("WPC Tile", "WPC Tile")],
)  # fmt: skip
def test_a_labelled_code_is_cut_off_a_name(text, name):
    assert parse_name(text).name == name


def test_letters_behind_a_labelled_number_belong_to_it_at_the_end_of_the_line_only():
    assert [code.code for code in parse_codes("Ref. 4510 CR")] == ["4510 CR"]
    assert [code.code for code in parse_codes("Ref. 4510 LED lamp")] == ["4510"]


def test_ocr_may_take_the_point_of_a_marked_number_for_another_mark():
    lines = ["No. 63", "No: 69", "No; 75", "No, 78"]
    assert numbers_beside([[line] for line in lines]) == dict(enumerate(("63", "69", "75", "78")))

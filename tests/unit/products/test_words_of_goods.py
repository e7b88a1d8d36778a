"""Captions alone make no catalogue: something on their pages must be said of goods."""

import pytest

from tests.unit.products.printed import below, block, grid_boxes, grid_page, line, names_of, page, picture, products_of
from tests.unit.products.test_scans import scan, scanned

WORKS = ("Family Hofmann", "Apprentices", "Summer party", "Fire brigade", "Canteen", "Gate 3")
BARE = ("Aria", "Luna", "Vela", "Mira", "Nora", "Tosca")
DESKS = ("Nova 160", "Nova 180", "Nova 200")


def titled(number, title, names, *more):
    return grid_page(number, names, block(line(title, 40, 50, 26, bold=True), label="title"), *more)


def test_titled_pages_of_captions_that_never_speak_of_goods_show_none():
    assert names_of(*(titled(number, f"Hello {number}", WORKS) for number in (1, 2, 3))) == []


@pytest.mark.parametrize("title", ["Pendant lamps", "Oak", "60 x 120 cm"])
def test_a_word_or_a_measure_on_one_of_the_pages_is_enough(title):
    pages = [titled(number, title if number == 1 else "Hello", BARE) for number in (1, 2, 3)]
    assert names_of(*pages) == sorted(BARE)


def test_rooms_for_guests_and_hours_are_no_goods_though_they_are_called_marble_and_oak():
    said = ("Up to 60 guests", "Up to 24 guests", "£ 240 per night", "07:00 - 10:30", "14:00 - 17:00", "On request")
    pages = []
    for number in (1, 2, 3):
        boxes = grid_boxes(3, 2)
        lines = [below(box, f"{name} room", 4, 11) for name, box in zip(("Oak", "Marble", *BARE), boxes, strict=False)]
        lines += [below(box, text, 18, 8, bold=False) for text, box in zip(said, boxes, strict=True)]
        pages.append(page(number, [block(one) for one in lines], [picture(box, f"{number}{box}") for box in boxes]))
    assert names_of(*pages) == []


def test_the_title_of_a_section_that_names_a_stone_is_no_product():
    openers = [
        page(number, [block(line(name, 200, 600, 28, bold=True))], [picture((150.0, 560.0, 420.0, 660.0), name)])
        for number, name in ((1, "Marbles"), (3, "Granites"), (5, "Limestones"))
    ]
    goods = [titled(number, "60 x 30 cm", [f"{name} {number}" for name in BARE]) for number in (2, 4, 6)]
    assert not {"Marbles", "Granites", "Limestones"} & set(names_of(*openers, *goods))


def test_columns_that_print_code_and_size_under_their_names_are_products_though_no_picture_is_seen():
    blocks = [block(line("Nova Desk", 40, 40, 20, bold=True), label="title")]
    for place, name in enumerate(DESKS):
        rows = (f"Size: {160 + 20 * place} x 80 x 75 cm", "Surface: oak melamine", f"Stock code: MO-1{place}5")
        blocks += [block(line(name, 40 + 170 * place, 400, 10, bold=True))]
        blocks += [block(line(text, 40 + 170 * place, 414 + 12 * row, 8)) for row, text in enumerate(rows)]
    found = {product.name: (product.code, product.dimensions.printed) for product in products_of(page(1, blocks))}
    assert found == {name: (f"MO-1{place}5", f"{160 + 20 * place} x 80 x 75 cm") for place, name in enumerate(DESKS)}


def test_pictures_in_turn_left_and_right_keep_their_captions_however_short_these_are():
    blocks, pictures = [], []
    for place, name in enumerate(("Bench", "Table Cap", "Chest")):
        top, left = 60.0 + 240 * place, place % 2 == 0
        pictures.append(picture((320.0, top, 560.0, top + 210) if left else (40.0, top, 280.0, top + 210), name))
        blocks.append(block(line(name, 40 if left else 300, top + 60, 17, bold=True)))
        blocks.append(block(line(f"{100 + place} x 60 x 50 cm", 40 if left else 300, top + 90, 8)))
    assert names_of(page(1, blocks, pictures)) == ["Bench", "Chest", "Table Cap"]


def test_in_a_scan_the_line_under_a_labelled_code_is_the_name():
    boxes, lines = grid_boxes(3, 2), []
    for place, (name, box) in enumerate(zip(BARE, boxes, strict=True)):
        for row, text in enumerate((f"Item No. BW-301{place}", f"{name} Mug", "Size: 10x12x4 cm")):
            lines.append(scanned(text, box[0], box[3] + 4 + 12 * row, 9))
    assert names_of(scan(lines, boxes)) == sorted(f"{name} Mug" for name in BARE)

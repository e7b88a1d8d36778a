"""Captions of scans that a picture beside them, or a code beside them, could lead astray."""

import pytest

from actors.candidates.coded_lines import leading_code
from actors.candidates.codes_at_names import codes_at_names
from actors.naming.product_names import stands_alone
from actors.page.labels import page_labels
from actors.product_detection import page_candidates
from tests.unit.products.printed import grid_boxes, names_of, products_of, scanned
from tests.unit.products.test_scans import WOODS, scan


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


def test_a_short_name_beside_the_middle_of_a_narrow_picture_comes_before_a_long_line_under_it():
    boxes = [(75.0 + 180 * column, 150.0 + 200 * row, 130.0 + 180 * column, 250.0 + 200 * row) for row in range(2)
             for column in range(3)]  # fmt: skip
    names = ("Leg Unika", "Leg Duopa", "Leg Triba", "Leg Kvara", "Leg Kvina", "Leg Sesna")
    lines = [scanned("Legs 150 x 40 mm", 40, 60, 24)]
    for name, wood, box in zip(names, WOODS, boxes, strict=True):
        lines += [
            scanned(name, box[0] - 30, box[3] + 4),
            scanned(f"{wood} and oiled for indoors", box[0] - 30, box[3] + 29),
        ]
    products = products_of(scan(lines, boxes))
    assert {product.name: product.images[0].image_id for product in products} == {
        name: f"seen-1-{number}" for number, name in enumerate(names)
    }


def test_codes_of_one_form_under_names_set_alike_are_no_part_of_them():
    """What OCR tells of weights and sizes is too little to part a caption's lines."""
    boxes = grid_boxes(3, 2)
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((name, 10.0, 4), (f"BH 110{number}", 10.0, 16), ("Pack of pieces", 10.0, 28))
        lines += [scanned(text, box[0], box[3] + down, size) for text, size, down in rows]
    assert names_of(scan(lines, boxes)) == sorted(WOODS)


@pytest.mark.parametrize("side", ["left", "right"])
def test_codes_over_names_set_alike_beside_pictures_are_their_codes(side):
    """The size of a handle's holes looks like a code, and what is in a pack stands at every one."""
    boxes = [(40.0 + 280 * column, 80.0 + 180 * row, 180.0 + 280 * column, 230.0 + 180 * row) for row in range(3)
             for column in range(2)]  # fmt: skip
    if side == "left":
        boxes = [(x0 + 120, y0, x1 + 120, y1) for x0, y0, x1, y1 in boxes]
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((f"47{number}1.12{number}", 12.0, 6), (name, 11.5, 21), (f"BA {96 + 32 * (number % 3)}", 9.6, 36),
                ("VE 25", 9.0, 120))  # fmt: skip
        for text, size, down in rows:
            wide = 0.5 * size * len(text)
            lines.append(scanned(text, box[2] + 8 if side == "right" else box[0] - 8 - wide, box[1] + down, size))
    products = products_of(scan(lines, boxes))
    assert {product.name: product.code for product in products} == {
        name: f"47{number}1.12{number}" for number, name in enumerate(WOODS)
    }


def test_a_code_whose_name_ocr_saw_hardly_larger_is_not_the_name_where_the_others_have_names():
    boxes = grid_boxes(3, 2)
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((f"EB 42{number}", 10.0, 4), (name, 10.0 if number == 1 else 13.0, 20))
        lines += [scanned(text, box[0], box[3] + down, size) for text, size, down in rows]
    content = scan([scanned("Boards 1200 x 190 mm", 40, 60, 24), *lines], boxes)
    assert sorted(one.name for one in page_candidates(content)) == sorted(WOODS)


def test_labelled_codes_over_names_beside_pictures_are_their_codes():
    boxes = [(40.0, 80.0 + 180 * row, 180.0, 230.0 + 180 * row) for row in range(4)]
    lines = []
    for number, (name, box) in enumerate(zip(WOODS[:4], boxes, strict=True)):
        rows = ((f"Art. 42{number}0/128", 9.0, 6), (name, 13.0, 22), ("128 x 12 mm", 9.0, 46))
        lines += [scanned(text, box[2] + 12, box[1] + down, size) for text, size, down in rows]
    products = products_of(scan(lines, boxes))
    assert {product.name: product.code for product in products} == {
        name: f"42{number}0/128" for number, name in enumerate(WOODS[:4])
    }


def test_captions_that_begin_as_far_aside_belong_to_low_and_narrow_pictures_too():
    """In cards of one size things stand in the middle, and their captions begin at the left edges of the cards."""
    middles = [(110.0 + 170 * column, 200.0 + 200 * row) for row in range(2) for column in range(3)]
    lines, boxes = [], []
    for number, (name, (x, y)) in enumerate(zip(WOODS, middles, strict=True)):
        low, narrow = (24, 6) if number in (1, 3) else (0, 0)
        boxes.append((x - 50 + narrow, y - 80 + low, x + 50 - narrow, y - low))
        rows = (("Item No. BW-30" + str(10 + number), 8.0, 6), (name, 9.5, 18), ("Pack of 20", 8.0, 32))
        lines += [scanned(text, x - 60, y + down, size) for text, size, down in rows]
    products = products_of(scan([*lines, scanned("Boards 1200 x 190 mm", 40, 40, 20)], boxes))
    assert {product.name: product.images[0].image_id for product in products} == {
        name: f"seen-1-{number}" for number, name in enumerate(WOODS)
    }


def test_a_larger_line_under_a_labelled_code_is_the_name_though_ocr_saw_it_no_bolder():
    boxes = [(40.0 + 180 * column, 150.0 + 150 * row, 150.0 + 180 * column, 190.0 + 150 * row) for row in range(2)
             for column in range(3)]  # fmt: skip
    lines = [scanned("Boards 1200 x 190 mm", 40, 60, 24)]
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        lines.append(scanned(f"Item No. BW-30{10 + number}", box[0], box[3] + 7, 8))
        lines.append(scanned(name, box[0], box[3] + 18, 9.6))
    products = products_of(scan(lines, boxes))
    assert {product.name: product.code for product in products} == {
        name: f"BW-30{10 + number}" for number, name in enumerate(WOODS)
    }


def test_codes_under_much_larger_names_inside_swatches_are_codes_at_names():
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, grid_boxes(3, 2), strict=True)):
        lines.append(scanned(name, box[0] + 8, box[3] - 36, 16.5))
        lines.append(scanned(f"2207-1{number}", box[0] + 9, box[3] - 18, 10.0))
    labels = page_labels(scan(lines, grid_boxes(3, 2)), stands_alone, leading_code)
    assert sorted(code.text for code in codes_at_names(labels)) == [f"2207-1{number}" for number in range(6)]


def test_the_badge_of_a_slip_class_beside_a_name_is_no_part_of_it():
    boxes = grid_boxes(3, 2)
    lines = []
    for name, box in zip(WOODS, boxes, strict=True):
        caption = scanned(name, box[0], box[3] + 6, 12)
        lines += [caption, scanned("R10", caption.box[2] + 8, box[3] + 7, 10)]
    assert names_of(scan(lines, boxes)) == sorted(WOODS)

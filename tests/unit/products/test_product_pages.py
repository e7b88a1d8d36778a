"""Products that have a page to themselves: the table of data there or on the next page, and the mark on the label."""

import pytest

from tests.unit.products.printed import block, line, page, picture, products_of
from tests.unit.products.test_lists import table
from tests.unit.products.test_mixed_catalogues import SINGLE, single_page

VALUES = ("Thickness: 12 mm", "Density: 0.3 g/cm3", "Purity: 99 %")
DATA = [("Ng A+", "Description"), ("Purity", "99.9%"), ("Colour", "Dark Brown"), ("Odour", "None"), ("CAS No.", "7782")]


def single(number, name, *marks):
    printed = single_page(number, name, *VALUES)
    stamped = [block(line(mark, 220 + 60 * place, 300, 20)) for place, mark in enumerate(marks)]
    return printed.model_copy(update={"blocks": (*printed.blocks, *stamped)})


def found(*pages):
    return {one.name: one for one in products_of(*pages)}


def with_data(rows=DATA):
    """Products of three spreads, each with its data on the page behind it."""
    spreads = [
        (single(2 * number + 1, name), page(2 * number + 2, [table(rows)])) for number, name in enumerate(SINGLE)
    ]
    return found(*(one for spread in spreads for one in spread))


def test_the_table_of_data_behind_a_product_says_its_colour():
    products = with_data()
    assert {name: one.colours for name, one in products.items()} == dict.fromkeys(SINGLE, ("Dark Brown",))
    proof = next(item for item in products[SINGLE[0]].evidence if item.field == "visualProperties.colours")
    assert (proof.page, proof.value, proof.text) == (2, "Dark Brown", "Colour | Dark Brown")


def test_a_table_without_labels_says_nothing():
    rows = [("Season", "Trend"), ("Spring", "Dark Brown"), ("Summer", "White"), ("Autumn", "Black")]
    assert {one.colours for one in with_data(rows).values()} == {()}


def test_the_mark_on_the_label_and_below_the_picture_is_the_code():
    marks = (("NGO", "NGO", "ADG"), ("NAD-C20", "NAD-C20", "ADG"), ("NADCuO", "NADCUO", "ADG"))
    products = found(
        *(single(number, name, *own) for number, (name, own) in enumerate(zip(SINGLE, marks, strict=True)))
    )
    assert [products[name].code for name in SINGLE] == ["NGO", "NAD-C20", "NADCuO"]


@pytest.mark.parametrize("marks", [("NGO",), ("ADG", "ADG"), ("NGO", "NGO", "NGP", "NGP"), ("Notes", "Notes")])
def test_a_mark_once_of_all_pages_one_of_two_or_a_word_is_no_code(marks):
    other = [single(number, name, "ADG", "ADG") for number, name in enumerate(SINGLE[1:], start=2)]
    assert found(single(1, SINGLE[0], *marks), *other)[SINGLE[0]].code is None


def test_a_code_that_goes_on_in_the_next_line_is_one():
    def inked(number, name, code, rest):
        printed = single_page(number, name, *VALUES)
        heading = [
            line(f"{name} ({code}-", 60, 60, 16, bold=True, font="Head"),
            line(f"{rest})", 60, 80, 16, bold=True, font="Head"),
        ]
        return printed.model_copy(update={"blocks": (block(*heading, label="section_header"), *printed.blocks[1:])})

    products = found(*(inked(number, name, f"NAD{'XYZ'[number]}", 30 + number) for number, name in enumerate(SINGLE)))
    assert {one.code for one in products.values()} == {"NADX-30", "NADY-31", "NADZ-32"}


def test_the_picture_with_the_mark_on_it_is_shown_and_no_drawing_beside_it():
    def bottled(number, name, mark):
        printed = single_page(number, name, *VALUES)
        bottle = picture((480.0, 420.0, 580.0, 520.0), "bottle", pages_shown=9)
        marks = [block(line(mark, 505, 460, 8)), block(line(mark, 60, 200, 20))]
        return printed.model_copy(update={"blocks": (*printed.blocks, *marks), "images": (*printed.images, bottle)})

    marks = ("NGO", "NAD-C20", "NADCuO")
    products = found(*(bottled(place, *each) for place, each in enumerate(zip(SINGLE, marks, strict=True), start=1)))
    assert {one.code: [image.image_id for image in one.images] for one in products.values()} == {
        mark: ["bottle"] for mark in marks
    }

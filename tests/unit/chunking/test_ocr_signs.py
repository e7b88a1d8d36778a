"""Signs of multiplication that OCR loses."""

import pytest

from actors.records import TextLine
from cluster.stages.ocr_text.signs import with_lost_signs

WHOLE = ("300 x 600 x 10 mm", "300 x 600 x 8 mm", "Harz 300 x 600 x 10 mm")


def read(*texts):
    lines = [TextLine(text=text, box=(0, 20 * row, 90, 20 * row + 12)) for row, text in enumerate(texts)]
    return [line.text for line in with_lost_signs(lines)][-1]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("300 600 x 10 mm", "300 x 600 x 10 mm"), ("300 x 600 _ 10 mm", "300 x 600 x 10 mm"),
     ("Harz 300 600 x 10 mm", "Harz 300 x 600 x 10 mm"), ("300 - 300 10 mm", "300 x 300 x 10 mm")],
)  # fmt: skip
def test_a_sign_that_the_other_lines_print_is_restored(text, meant):
    assert read(*WHOLE, text) == meant


@pytest.mark.parametrize(
    "text", ["Harz 300 600 x 10 mm", "1 200 x 600 mm", "EB 420 300 mm", "300 600 10", "Karton 12 300 x 10 cm"]
)
def test_numbers_that_no_other_line_prints_so_stay_as_they_are(text):
    assert read("600 x 10 mm", "600 x 8 mm", "Article 12", text) == text


def test_a_dash_at_the_foot_of_the_line_is_a_sign_by_itself():
    assert read("All sets 560 x 430 _ 830 mm") == "All sets 560 x 430 x 830 mm"
    assert read("All sets 560 _ 430 830 mm") == "All sets 560 _ 430 830 mm"


def test_a_stroke_between_numbers_that_rise_is_a_range():
    assert read(*WHOLE, "60 x 8 - 10 mm") == "60 x 8 - 10 mm"


def test_round_numbers_and_a_unit_and_nothing_else_line_by_line_are_sizes_without_their_sign():
    assert read("550 430 mm", "510 400 mm", "420 420 mm") == "420 x 420 mm"
    assert read("60 120 cm", "40 40 cm", "60 60 cm") == "60 x 60 cm"
    assert read("1 200 mm", "1 250 mm", "1 350 mm") == "1 350 mm", "a number with its thousands apart"
    assert read("4201 300 mm", "4202 300 mm", "4203 400 mm") == "4203 400 mm", "an article's number"
    assert read("550 430 mm", "510 x 400 mm", "420 420 mm", "300 300 mm") == "300 300 mm", "some print their sign"
    assert read("550 430 mm", "420 420 mm") == "420 420 mm"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0 38 x H 27 cm", "Ø 38 x H 27 cm"),
        ("Dimensions O 30 cm", "Dimensions Ø 30 cm"),
        ("0 10 mm", "Ø 10 mm"),
        ("390 0 x 140 mm", "Ø 390 x 140 mm"),
        ("390 x 0 x 140 mm", "Ø 390 x 140 mm"),
        ("0 40 H22 mm", "Ø 40 H22 mm"),
        ("0 35 . H 27 mm", "Ø 35 . H 27 mm"),
        ("Misura: @ 30", "Misura: Ø 30"),
    ],
)
def test_a_nought_before_a_measure_is_the_sign_of_a_diameter(text, meant):
    assert read(text) == meant


@pytest.mark.parametrize(
    "text", ["10 0 38 x 27", "7 0 20", "0 38", "0.38 x 27 cm", "FR0 12", "10 x 0 mm", "a@30.de", "5 @ 30"]
)
def test_other_noughts_are_numbers(text):
    assert read(text) == text

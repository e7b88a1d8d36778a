"""Signs of multiplication that OCR loses."""

import pytest

from actors.records import TextLine
from cluster.stages.ocr_signs import with_lost_signs

WHOLE = ("300 x 600 x 10 mm", "300 x 600 x 8 mm", "Harz 300 x 600 x 10 mm")


def read(*texts):
    lines = [TextLine(text=text, box=(0, 20 * row, 90, 20 * row + 12)) for row, text in enumerate(texts)]
    return [line.text for line in with_lost_signs(lines)][-1]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("300 600 x 10 mm", "300 x 600 x 10 mm"), ("300 x 600 _ 10 mm", "300 x 600 x 10 mm"),
     ("Harz 300 600 x 10 mm", "Harz 300 x 600 x 10 mm")],
)  # fmt: skip
def test_a_sign_that_the_other_lines_print_is_restored(text, meant):
    assert read(*WHOLE, text) == meant


@pytest.mark.parametrize(
    "text", ["Harz 300 600 x 10 mm", "1 200 x 600 mm", "EB 420 300 mm", "300 600 10", "Karton 12 300 x 10 cm"]
)
def test_numbers_that_no_other_line_prints_so_stay_as_they_are(text):
    assert read("600 x 10 mm", "600 x 8 mm", "Article 12", text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [("0 38 x H 27 cm", "Ø 38 x H 27 cm"), ("Dimensions O 30 cm", "Dimensions Ø 30 cm"), ("0 10 mm", "Ø 10 mm")],
)
def test_a_nought_before_a_measure_is_the_sign_of_a_diameter(text, meant):
    assert read(text) == meant


@pytest.mark.parametrize("text", ["10 0 38 x 27", "7 0 20", "0 38", "0.38 x 27 cm", "FR0 12"])
def test_other_noughts_are_numbers(text):
    assert read(text) == text

"""Digits of codes that OCR took for letters."""

import pytest

from actors.records import TextLine
from cluster.stages.ocr_text.codes import with_right_codes


def column(*texts, x=40.0):
    return [
        TextLine(text=text, box=(x, 100 + 20 * row, x + 6 * len(text), 112 + 20 * row), size=12)
        for row, text in enumerate(texts)
    ]


def mended(*texts):
    return [line.text for line in with_right_codes(column(*texts))]


@pytest.mark.parametrize(
    ("misread", "code"),
    [("SG80I", "SG801"), ("5G802", "SG802"), ("SGBOS", "SG805"), ("HP2[0", "HP210"), ("HM40 [", "HM401"),
     ("cod. BR2OI", "cod. BR201"), ("SG8OZ matt", "SG802 matt")],
)  # fmt: skip
def test_letters_are_the_digits_that_other_codes_have_there(misread, code):
    assert mended("SG803", "SG804", misread) == ["SG803", "SG804", code]
    assert mended(misread) == [misread]


def test_marks_within_codes_stay():
    assert mended("TF-210", "TF-211", "TF-2I2") == ["TF-210", "TF-211", "TF-212"]


@pytest.mark.parametrize(
    ("misread", "code"),
    [
        ("TH-1OE", "TH-10E"),
        ("Th-10E", "TH-10E"),
        ("Th-1OE oven", "TH-10E oven"),
        ("TH-OE", "TH-OE"),
        ("Tha-6E", "Tha-6E"),
    ],
)
def test_capitals_before_a_mark_and_digits_before_a_letter_are_those_of_other_codes(misread, code):
    assert mended("TH-4E", "TH-6E", misread) == ["TH-4E", "TH-6E", code]
    assert mended("TH-4E", misread) == ["TH-4E", misread]


def test_words_and_letters_at_the_end_of_codes_stay():
    stays = ["SG803", "SG804", "SG80L", "OASIS tile", "SALVIA", "SG80", "60 x 60"]
    assert mended(*stays) == stays


def test_a_word_without_digits_is_a_code_only_among_codes():
    codes = column("T02", "T05", "TIO")
    assert [line.text for line in with_right_codes(codes)] == ["T02", "T05", "T10"]
    elsewhere = TextLine(text="TIO", box=(300, 400, 320, 412), size=12)
    assert with_right_codes([*codes[:2], elsewhere])[-1] == elsewhere


def test_slip_classes_are_known_by_themselves():
    assert mended("Grip RII", "RIO Grande", "R1O") == ["Grip R11", "RIO Grande", "R10"]


@pytest.mark.parametrize(
    ("read", "printed"),
    [("OX-GNP1O", "OX-GNP10"), ("H6OO", "H600"), ("AL1OO", "AL100"), ("H2O", "H2O"), ("CO2", "CO2")],
)
def test_a_capital_o_behind_the_digits_of_a_code_is_a_nought(read, printed):
    assert mended(read) == [printed]

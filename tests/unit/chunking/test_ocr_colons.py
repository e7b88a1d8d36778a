"""Colons behind labels, of which OCR loses some."""

import pytest

from actors.records import TextLine
from cluster.stages.ocr_text.colons import with_lost_colons

PRINTED = ("Width: 140 cm", "Width : 138 cm", "Width: 145 cm")


def read(texts, size=10.0):
    return [
        TextLine(text=text, box=(40, 100 + 20 * at, 140, 112 + 20 * at), size=size) for at, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Width 142 cm", "Width: 142 cm"),
        ("Width = 142 cm", "Width: 142 cm"),
        ("Width 150", "Width: 150"),
        ("Widths of 142 cm", "Widths of 142 cm"),
        ("Width and length are measured without the border.", "Width and length are measured without the border."),
        ("Height 90 cm", "Height 90 cm"),
    ],
)
def test_a_label_without_its_colon_gets_that_of_the_others(text, whole):
    assert with_lost_colons(read([*PRINTED, text]))[-1].text == whole


def test_few_colons_and_letters_of_another_size_say_nothing():
    few, large = read([*PRINTED[:2], "Width 142 cm"]), [*read(PRINTED), *read(["Width 142 cm"], size=20.0)]
    assert (with_lost_colons(few), with_lost_colons(large)) == (few, large)

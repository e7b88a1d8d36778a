"""Words whose letters stand wide apart."""

import pymupdf
import pytest

from cluster.stages.reading.page_text import read_text
from cluster.stages.reading.wide_letters import is_wide, words_of


def drawn(text, *, size=7.0, apart=1.6, blank=2.0):
    """What is read of a text that is drawn letter by letter."""
    page = pymupdf.open().new_page()
    x, font = 60.0, pymupdf.Font("helv")
    for letter in text:
        if letter != " ":
            page.insert_text((x, 100), letter, fontsize=size)
        x += (blank if letter == " " else font.text_length(letter, size)) + apart
    return [line.text for block in read_text(page).blocks for line in block.lines]


@pytest.mark.parametrize("text", ["MONTADO", "GAMA DE CORES", "NATURAL & BRUSHED", "SERIES 2026 R11 PLUS"])
def test_letters_that_stand_wide_apart_are_words(text):
    assert drawn(text) == [text]


def test_letters_as_far_apart_as_columns_stay_apart():
    far = [(letter, 30.0 * place, 30.0 * place + 5) for place, letter in enumerate("SMLX")]
    near = [(letter, 7.0 * place, 7.0 * place + 5) for place, letter in enumerate("SMLX")]
    assert words_of(far, 7.0) is None
    assert words_of(near, 7.0) == "SMLX"
    assert words_of(near[:1], 7.0) is None


def test_pairs_of_letters_may_stand_together_but_words_and_initials_are_not_wide():
    assert is_wide("U NI D A D ES F A B R I S")
    for text in ("A B C", "A4 A5 A6 A7 A8", "1 2 3 4 5", "a b c d each", "M A I N ROOM"):
        assert not is_wide(text)

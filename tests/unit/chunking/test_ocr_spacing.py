"""Titles that are set widely and read with blanks in them."""

import pytest

from cluster.stages.ocr_text.spacing import with_words_closed
from tests.unit.products.printed import block, page, scanned


def read(*texts):
    lines = [scanned(text, 40, 40 + 40 * row).model_copy(update={"confidence": 0.4}) for row, text in enumerate(texts)]
    index = page(1, [block(scanned("Sorgiva", 40, 40), source="ocr")])
    _, closed = with_words_closed([index, page(2, [block(one, source="ocr") for one in lines])])
    return [(line.text, line.confidence) for one in closed.blocks for line in one.lines]


@pytest.mark.parametrize("title", ["S O RGIV A", "SO RGI VA", "S O R G I V A", "SORGIV A"])
def test_a_title_that_the_index_prints_as_a_word_is_this_word(title):
    assert read(title) == [("SORGIVA", 1.0)]


@pytest.mark.parametrize("title", ["BOS C 0", "S O LERO", "s o rgiva", "SOR GIVA 2"])
def test_what_no_other_line_prints_stays(title):
    assert read(title) == [(title, 0.4)]

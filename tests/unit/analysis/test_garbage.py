"""Whatever a PDF holds in its text layer, the readers read it or leave it, in time."""

import random
import time

import pytest

from actors.metadata import read_lines
from actors.text_signs import signs_of
from tests.unit.analysis.pages import chunk_of, line

ALPHABETS = (
    "0123456789 x.,", "0123456789xX*/ \"'mmcm", "abc Thickness: 8 mm | ", "L W H D 0123456789 x cm", "日本語 60x60",
    "١٢٣ x ٤٥٦ cm", "½¼ 1/2 3/4\" ", "€$ 0123.,/m2", "R10 PEI IV ISO 10545", "\u00a0\u2009 1 300 x", "ßİıŁØ æ",
    "....... 12", "\ufffd\u200b\U000f0000 ab",
)  # fmt: skip


def strings(seed, length):
    """Strings of one alphabet each, always the same."""
    chance = random.Random(seed)
    return ["".join(chance.choice(letters) for _ in range(length)) for letters in ALPHABETS]


@pytest.mark.parametrize("length", [1, 7, 60, 400])
def test_random_print_raises_nothing(length):
    for text in strings(length, length):
        read_lines([line(text)], 1, "ocr")
        if text.strip():
            signs_of(chunk_of([line(text)]))


def test_an_endless_line_does_not_take_for_ever():
    started = time.monotonic()
    read_lines([line("60x60 cm 1 300 Ft AB-12 " * 20_000)], 1, "text_layer")
    assert time.monotonic() - started < 30


def test_control_characters_and_emptiness():
    assert read_lines([line("\x00\x01 \ufeff"), line("   ")], 1, "text_layer").fields == {}
    assert read_lines([], 1, "text_layer").fields == {}

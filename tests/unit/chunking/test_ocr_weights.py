"""Which lines that OCR read are bold."""

from actors.records import OcrLine
from cluster.stages.ocr_text.weights import bold_lines


def lines(*strokes: float, height: float = 24.0) -> list[OcrLine]:
    return [
        OcrLine(text="Almond", box=(0, 40.0 * at, 100, 40.0 * at + height), confidence=1.0, stroke=stroke)
        for at, stroke in enumerate(strokes)
    ]


def test_lines_with_wide_strokes_are_bold():
    assert bold_lines(lines(0.09, 0.122, 0.088, 0.119, 0.093)) == {1, 3}


def test_small_letters_look_wider_and_are_not_bold_for_that():
    assert bold_lines(lines(0.108, 0.102, 0.105, height=15.0)) == set()
    assert bold_lines(lines(0.09, 0.108, height=60.0)) == {1}


def test_where_strokes_pass_into_each_other_nothing_is_bold():
    assert bold_lines(lines(*(0.09 + 0.003 * step for step in range(12)))) == set()


def test_lines_that_nobody_measured_are_not_bold():
    assert bold_lines(lines(0.0, 0.0)) == set()

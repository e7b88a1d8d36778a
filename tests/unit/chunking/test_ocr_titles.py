"""Titles that are set in two steps, which OCR reads as two lines."""

from actors.records import TextLine
from cluster.stages.ocr_text.titles import with_whole_titles


def seen(text, x, y, size):
    return TextLine(text=text, box=(x, y, x + 0.5 * size * len(text), y + size), size=size)


NAMES = [seen(name, 60.0, 360.0 + 40 * place, 10.0) for place, name in enumerate(("FLOORA", "RADO", "AXPERT"))]


def texts(*lines):
    return [line.text for line in with_whole_titles([*lines, *NAMES]) if line not in NAMES]


def test_the_second_step_belongs_to_the_first():
    assert texts(seen("ONE", 26, 53, 15), seen("Axpert", 395, 70, 33), seen("PIECE", 77, 72, 15)) == [
        "ONE PIECE", "Axpert",
    ]  # fmt: skip


def test_lines_under_one_another_side_by_side_or_far_apart_stay_two():
    for second in (seen("PIECE", 26, 72, 15), seen("PIECE", 62, 53, 15), seen("PIECE", 120, 72, 15)):
        assert texts(seen("ONE", 26, 53, 15), second) == [
            line.text for line in sorted((seen("ONE", 26, 53, 15), second), key=lambda line: (line.box[1], line.box[0]))
        ]


def test_three_steps_are_left_alone():
    steps = (seen("ONE", 26, 53, 15), seen("TWO", 60, 70, 15), seen("THREE", 100, 87, 15))
    assert texts(*steps) == ["ONE", "TWO", "THREE"]

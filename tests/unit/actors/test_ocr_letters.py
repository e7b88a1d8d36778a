"""What is measured in the pixels of a line: its letters' size, their strokes, and signs of multiplication."""

import numpy as np
import pymupdf
import pytest

from actors.text_recognition.detection import LevelBox, Lines
from actors.text_recognition.letters import measured
from actors.text_recognition.recognition import cut_out
from actors.text_recognition.times_signs import joined_over_signs, with_signs

PIXELS_A_POINT = 150 / 72


def printed(text: str, size: float, font: str = "helv"):
    """A line in grey pixels at 150 dpi, standing at (20, 40) points."""
    page = pymupdf.open().new_page(width=300, height=80)
    page.insert_text((20, 40), text, fontsize=size, fontname=font)
    shown = page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
    return np.frombuffer(shown.samples, np.uint8).reshape(shown.height, shown.width).copy()


def size_and_stroke(text: str, size: float, font: str = "helv", over: float = 0.9, under: float = 0.4):
    """What is measured in a box that a detector drew with so much over and under the line, in sizes."""
    grey = printed(text, size, font)
    width = pymupdf.get_text_length(text, font, size)
    x0, x1 = ((20 + end) * PIXELS_A_POINT for end in (-1, width + 1))
    y0, y1 = (40 - over * size) * PIXELS_A_POINT, (40 + under * size) * PIXELS_A_POINT
    (crop,) = cut_out(grey, Lines([LevelBox(int(x0), int(x1), int(y0), int(y1))], []))
    found = measured(crop, text)
    return (found.box[3] - found.box[1]) / PIXELS_A_POINT / 1.25, found.stroke


@pytest.mark.parametrize("text", ["Stone Grey", "DENIM", "Almond", "gypsy rose", "1200 mm", "Épicéa", "ocean", "Jura"])
@pytest.mark.parametrize("box", [(0.85, 0.3), (1.1, 0.6), (0.8, 0.25)])
def test_a_line_is_as_high_as_its_letters_whatever_they_are_and_whatever_box_a_detector_drew(text, box):
    size, _ = size_and_stroke(text, 9, over=box[0], under=box[1])
    assert size == pytest.approx(9, rel=0.11)


def test_lines_that_differ_in_size_differ_as_much_when_measured():
    assert size_and_stroke("Almond", 16)[0] / size_and_stroke("Almond", 8)[0] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("text", ["0112 PE", "Stone Grey", "Unicolours"])
@pytest.mark.parametrize("size", [7, 9, 14, 24])
def test_bold_letters_have_wider_strokes(text, size):
    assert size_and_stroke(text, size, "hebo")[1] > 1.15 * size_and_stroke(text, size)[1]


def test_where_no_letters_can_be_told_the_box_stays():
    grey = np.full((60, 200), 255, np.uint8)
    (crop,) = cut_out(grey, Lines([LevelBox(10, 150, 10, 40)], []))
    assert measured(crop, "Almond") == (crop.box, 0.0)


def halves(left: str, between: str, right: str, size: float = 10.0):
    """A line in pixels, and the boxes of its left and right parts."""
    grey = printed(left + between + right, size)
    ends = [pymupdf.get_text_length(part, "helv", size) for part in (left, left + between, left + between + right)]
    y0, y1 = int((40 - 0.9 * size) * PIXELS_A_POINT), int((40 + 0.3 * size) * PIXELS_A_POINT)
    places = [(0.0, ends[0]), (ends[1], ends[2])]
    return grey, [
        LevelBox(int((19.5 + a) * PIXELS_A_POINT), int((20.5 + b) * PIXELS_A_POINT), y0, y1) for a, b in places
    ]


@pytest.mark.parametrize("size", [7, 8, 10, 14, 24])
def test_two_parts_of_a_line_with_a_sign_of_multiplication_between_them_are_one(size):
    grey, boxes = halves("300", " × ", "163 mm", size)
    assert len(joined_over_signs(grey, boxes)) == 1
    (crop,) = cut_out(grey, Lines(boxes, []))
    assert with_signs(crop.pixels, "300 163 mm") == "300 x 163 mm"


@pytest.mark.parametrize("between", [" + ", " - ", "    ", " · ", " / ", " o ", " e ", " = "])
def test_what_is_no_sign_of_multiplication_joins_nothing(between):
    grey, boxes = halves("300", between, "163 mm")
    assert len(joined_over_signs(grey, boxes)) == 2
    (whole, *_) = cut_out(grey, Lines([LevelBox(boxes[0].x0, boxes[1].x1, boxes[0].y0, boxes[0].y1)], []))
    assert with_signs(whole.pixels, "300 163 mm") == "300 163 mm"


def test_only_the_sign_that_was_not_read_is_put_back():
    grey, boxes = halves("2000 × 800 × 35", " ", "mm")
    (whole,) = cut_out(grey, Lines([LevelBox(boxes[0].x0, boxes[1].x1, boxes[0].y0, boxes[0].y1)], []))
    assert with_signs(whole.pixels, "2000 800 x 35 mm") == "2000 x 800 x 35 mm"
    assert with_signs(whole.pixels, "2000 800 35 mm") == "2000 x 800 x 35 mm"

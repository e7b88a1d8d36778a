"""Sizes that OCR cuts into several lines. Boxes and words are what EasyOCR read on drawn scans of 150 dpi."""

import pytest

from actors.records import TextLine
from cluster.stages.ocr_text.blocks import ocr_blocks
from cluster.stages.ocr_text.sizes import with_whole_sizes

PLANKS = [
    ("1900", 465, 194, 486, 203), ("220", 497, 194, 513, 203), ("15 mm", 525, 194, 553, 203),
    ("2200", 465, 333, 486, 344), ("220 * 15 mm", 498, 333, 554, 344),
    ("1900", 466, 753, 488, 763), ("220 * 15 mm", 500, 753, 556, 763),
    ("2200", 466, 614, 487, 624), ("220", 498, 614, 515, 623), ("15 mm", 527, 614, 554, 623),
]  # fmt: skip


def lines(read):
    return [TextLine(text=text, box=box, size=box[3] - box[1], confidence=0.9) for text, *box in read]


def whole(read):
    return [line.text for line in with_whole_sizes(lines(read))]


def test_numbers_on_one_line_are_a_size_where_other_lines_print_its_signs():
    assert whole(PLANKS) == ["1900 x 220 x 15 mm", "2200 x 220 * 15 mm", "2200 x 220 x 15 mm", "1900 x 220 * 15 mm"]


def test_the_whole_size_has_the_box_of_all_its_parts():
    first = next(line for block in ocr_blocks(lines(PLANKS)) for line in block.lines)
    assert (first.text, first.box) == ("1900 x 220 x 15 mm", (465, 194, 553, 203))


@pytest.mark.parametrize(
    "read",
    [
        [("1900", 465, 194, 486, 203), ("220", 497, 194, 513, 203), ("15 mm", 525, 194, 553, 203)],
        [*PLANKS[3:7], ("4510", 465, 494, 486, 503), ("220 x 15 mm", 498, 494, 554, 503)],
        [*PLANKS[3:7], ("2", 480, 494, 486, 503), ("220 x 15 mm", 498, 494, 554, 503)],
        [*PLANKS[3:7], ("1900", 400, 494, 421, 503), ("220 * 15 mm", 498, 494, 554, 503)],
    ],
    ids=["no line prints a sign", "an article number", "a count", "another column"],
)
def test_numbers_that_may_be_something_else_stay_apart(read):
    assert {text for text, *_ in read[-2:]} <= set(whole(read))


BROKEN = [
    ("60 X", 305, 284, 325, 294), ("120 cm", 303, 294, 339, 306),
    ("30 x", 434, 282, 455, 292), ("60 cm", 436, 296, 465, 306),
    ("30 x", 436, 581, 457, 591), ("60 cm", 437, 595, 466, 605),
]  # fmt: skip


def test_a_size_that_is_broken_after_its_sign_goes_on_below():
    assert sorted(whole(BROKEN)) == ["30 x 60 cm", "30 x 60 cm", "60 X 120 cm"]


def test_a_sign_lost_at_the_end_of_a_line_is_known_from_the_other_sizes():
    lost = [("30", 173, 284, 186, 294), ("60 cm", 173, 296, 200, 307)]
    assert whole([*BROKEN, *lost]).count("30 x 60 cm") == 3
    assert whole([*BROKEN, ("41", 173, 284, 186, 294), lost[1]]).count("30 x 60 cm") == 2


def test_a_name_that_ends_with_a_letter_takes_no_number_from_below():
    read = [("Serie X", 40, 100, 90, 112), ("60 x 60 cm", 40, 114, 95, 126)]
    assert whole(read) == ["Serie X", "60 x 60 cm"]


def test_a_line_follows_itself_never():
    narrow = [("1", 465, 194, 466, 214), ("15 mm", 525, 194, 553, 214)]
    assert whole(narrow) == ["1", "15 mm"]

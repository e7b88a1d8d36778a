"""Text layer and OCR in one page: places in points, nothing said twice."""

import pytest

from actors.records import OcrLine, TextLine
from cluster.stages.structure.page_contents import page_contents, to_points
from tests.unit.chunking.pages import HEIGHT, WIDTH, block, extracted, line, ocr, read_image


def content(page, *images):
    (found,) = page_contents([page], images)
    return found


def ocr_texts(found):
    return [each.text for part in found.blocks if part.source == "ocr" for each in part.lines]


def test_pixels_become_points_of_the_place_where_the_image_is_shown():
    assert to_points((0, 0, 400, 400), (400, 400), (100, 100, 300, 200)) == (100, 100, 300, 200)
    assert to_points((200, 100, 400, 200), (400, 400), (100, 100, 300, 200)) == (200, 125, 300, 150)


def test_words_inside_an_image_stand_at_their_place_on_the_page():
    found = content(extracted(1), read_image(ocr("MERLOT", 40, 200)))
    (part,) = found.blocks
    assert part.source == "ocr"
    assert part.lines[0].text == "MERLOT"
    assert part.lines[0].box == (120, 200, 150, 210)
    assert part.lines[0].size == 10, "the height of the box, in points"
    assert found.images[0].ocr_text == "MERLOT"


def test_an_image_shown_twice_is_read_at_both_places():
    image = read_image(ocr("OAK", 0, 0))
    twice = image.model_copy(update={"placements": (*image.placements, image.placements[0].model_copy(
        update={"box": (350, 100, 550, 300)}))})  # fmt: skip
    found = content(extracted(1), twice)
    assert [part.box[0] for part in found.blocks] == [100, 350]
    assert len(found.images) == 2


def test_a_placement_stored_twice_counts_once():
    image = read_image(ocr("OAK", 0, 0))
    doubled = image.model_copy(update={"placements": image.placements * 2})
    assert ocr_texts(content(extracted(1), doubled)) == ["OAK"]


@pytest.mark.parametrize("read", ["MERLOT", "Merlot", "MERL0T", "ME RLOT"])
def test_ocr_of_words_that_the_text_layer_prints_there_is_not_doubled(read):
    printed = extracted(1, block(line("Merlot", 125, 200)))
    assert ocr_texts(content(printed, read_image(ocr(read, 40, 200)))) == []


def test_other_words_under_the_text_layer_are_kept():
    printed = extracted(1, block(line("60 x 60 cm", 125, 200)))
    assert ocr_texts(content(printed, read_image(ocr("Grey Stone", 40, 200)))) == ["Grey Stone"]


def test_the_same_words_elsewhere_are_kept():
    printed = extracted(1, block(line("Merlot", 125, 600)))
    assert ocr_texts(content(printed, read_image(ocr("MERLOT", 40, 200)))) == ["MERLOT"]


def test_the_picture_of_the_whole_page_is_read_instead_of_the_image_in_it():
    whole = read_image(ocr("One Piece Rado", 100, 100, 12), name="page", box=(0, 0, WIDTH, HEIGHT), kind="page")
    inner = read_image(ocr("One Piece Rad0", 0, 0, 12), name="inner", box=(150, 200, 550, 600))
    assert ocr_texts(content(extracted(1, kind="image"), inner, whole)) == ["One Piece Rado"]


def test_unsure_and_empty_readings_are_left_out():
    lines = (ocr("~~", 0, 0), ocr("Oak", 0, 100, confidence=0.05), ocr("Ash", 0, 200))
    assert ocr_texts(content(extracted(1), read_image(*lines))) == ["Ash"]


def test_parts_of_a_line_and_lines_of_a_block_are_put_together():
    lines = (ocr("WASH", 0, 0), ocr("BASIN", 48, 1), ocr('14" x 11"', 0, 26), ocr("Far away", 0, 300))
    found = content(extracted(1), read_image(*lines))
    assert [[each.text for each in part.lines] for part in found.blocks] == [["WASH BASIN", '14" x 11"'], ["Far away"]]


def test_words_side_by_side_with_a_gap_stay_apart():
    found = content(extracted(1), read_image(ocr("Antique", 0, 0), ocr("Barnside", 200, 0)))
    assert len(found.blocks) == 2


def test_images_know_on_how_many_pages_they_stand():
    logo = read_image(on=(1, 2, 3), name="logo")
    pages = page_contents([extracted(3), extracted(1), extracted(2)], [logo])
    assert [found.page for found in pages] == [1, 2, 3]
    assert all(found.images[0].pages_shown == 3 for found in pages)


def test_the_text_layer_comes_first_and_unchanged():
    printed = extracted(1, block(line("Grey", 50, 500)))
    found = content(printed, read_image(ocr("OAK", 0, 0)))
    assert found.blocks[0] == printed.blocks[0]
    assert found.blocks[1].source == "ocr"


def read_over(printed, read, confidence):
    """A page that prints a line, and what OCR reads at its place."""
    line = TextLine(text=printed, box=(120, 100, 220, 110), size=10)
    image = read_image(OcrLine(text=read, box=(40, 0, 440, 40), confidence=confidence))
    box = to_points((40, 0, 440, 40), (image.width_px, image.height_px), image.placements[0].box)
    return content(extracted(1, block(line.model_copy(update={"box": box}))), image)


@pytest.mark.parametrize(
    ("read", "confidence", "flagged"),
    [("Size 60 x 50 cm", 0.95, True), ("Size 60 x 60 cm", 0.95, False), ("Size 60 x 50 cm", 0.5, False),
     ("Somewhere else 60 x 50", 0.95, False), ("60 x", 0.95, False)],
)  # fmt: skip
def test_numbers_that_ocr_reads_otherwise_are_flagged_and_the_text_layer_is_kept(read, confidence, flagged):
    found = read_over("Size 60 x 60 cm", read, confidence)
    assert bool(found.disagreements) is flagged
    if flagged:
        assert (found.disagreements[0].printed, found.disagreements[0].read) == ("Size 60 x 60 cm", read)
        assert ocr_texts(found) == []


@pytest.mark.parametrize(
    ("read", "flagged"),
    [("Nova A8-12 matt", True), ("Nova AB-12 matt", False), ("Nova AB12 Matt", False), ("Nova AB - 12 matt", False),
     ("Neva AB-12 matt", False)],
)  # fmt: skip
def test_codes_that_ocr_reads_otherwise_are_flagged_as_numbers_are(read, flagged):
    found = read_over("Nova AB-12 matt", read, 0.95)
    assert bool(found.disagreements) is flagged
    assert ocr_texts(found) == []


def test_a_line_knows_how_surely_it_was_read_and_a_joined_one_as_its_worst_part():
    one, two = (
        OcrLine(text="OAK", box=(0, 0, 100, 40), confidence=0.9),
        OcrLine(text="GREY", box=(105, 0, 205, 40), confidence=0.4),
    )
    alone = OcrLine(text="Nova", box=(0, 300, 100, 340), confidence=0.99)
    found = content(extracted(1, block(line("Printed", 50, 500))), read_image(one, two, alone))
    sure = {each.text: each.confidence for block in found.blocks for each in block.lines}
    assert sure == {"OAK GREY": 0.4, "Nova": 0.99, "Printed": 1.0}

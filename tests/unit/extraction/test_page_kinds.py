import io

import pymupdf
import pytest
from PIL import Image

from samples.textures import Surface
from tests.unit.extraction.paper import encoded, page_with

PHOTO = encoded(Surface("slate", ("#3a4047", "#525a63"), 3).draw(300, 300), "JPEG")


def lines(page):
    return [line.text for block in page.blocks for line in block.lines]


def outlined(page, text, y, size=24):
    """The text as filled curves, one path a letter: what a designer's 'convert to outlines' leaves."""
    font = pymupdf.Font("helv")
    shape = page.new_shape()
    x = 40.0
    for char in text:
        width = font.text_length(char, size)
        if char != " ":
            shape.draw_circle((x + width / 2, y - size / 3), size / 3)
            shape.draw_circle((x + width / 2, y - size / 3), size / 5)
            shape.draw_squiggle((x, y), (x + width + 2, y), breadth=1)
            shape.finish(fill=(0, 0, 0), color=None)
        x += width
    shape.commit()


def test_an_empty_page_is_empty(read_page, tmp_path):
    page = read_page(page_with(tmp_path / "page.pdf", text=""))
    assert (page.kind, page.blocks, page.images) == ("empty", (), ())
    assert page.thumbnail_key


def whole_page(page):
    page.insert_image(page.rect, stream=PHOTO, keep_proportion=False)


def test_a_page_without_text_is_read_from_its_picture(read_page, tmp_path):
    path = page_with(tmp_path / "page.pdf", text="", draw=whole_page)
    page = read_page(path)
    (image,) = page.images
    assert (page.kind, image.kind, image.placements[0].box) == ("image", "page", (0.0, 0.0, 400.0, 500.0))


def test_a_small_image_beside_a_rendered_page_stays_an_image(read_page, tmp_path):
    path = page_with(
        tmp_path / "page.pdf", text="", draw=lambda page: page.insert_image((50, 50, 200, 200), stream=PHOTO)
    )
    assert [image.kind for image in read_page(path).images] == ["page", "embedded"]


def test_outlined_letters_make_it_a_picture(read_page, tmp_path):
    def draw(page):
        for row in range(6):
            outlined(page, "BIANCO LUNARE MARBLE", 120 + 40 * row)

    page = read_page(page_with(tmp_path / "page.pdf", text="page 7", draw=draw))
    assert (page.kind, page.images[0].kind) == ("image", "page")
    assert [line.text for block in page.blocks for line in block.lines] == ["page 7"], "what is text stays text"


def test_few_outlines_beside_much_text_stay_text(read_page, tmp_path):
    path = page_with(
        tmp_path / "page.pdf", text="A sentence of a good many letters", draw=lambda page: outlined(page, "LOGO", 200)
    )
    assert read_page(path).kind == "text"


def test_text_under_a_white_area_is_not_read(read_page, tmp_path):
    def draw(page):
        page.draw_rect((30, 40, 380, 70), color=None, fill=(1, 1, 1))
        page.insert_text((40, 100), "What the reader sees")

    assert lines(read_page(page_with(tmp_path / "page.pdf", text="What the old page said", draw=draw))) == [
        "What the reader sees"
    ]


def test_text_under_a_picture_is_not_read(read_page, tmp_path):
    def draw(page):
        page.insert_image((20, 30, 380, 120), stream=PHOTO, keep_proportion=False)
        page.insert_text((40, 200), "What the reader sees")

    assert lines(read_page(page_with(tmp_path / "page.pdf", text="What the old page said", draw=draw))) == [
        "What the reader sees"
    ]


def test_text_on_a_picture_is_read(read_page, tmp_path):
    def draw(page):
        page.insert_image((20, 30, 380, 120), stream=PHOTO, keep_proportion=False)
        page.insert_text((40, 60), "Ardesia Notte", fontsize=14, color=(1, 1, 1))

    assert lines(read_page(page_with(tmp_path / "page.pdf", text="", draw=draw))) == ["Ardesia Notte"]


def test_text_under_glass_is_read(read_page, tmp_path):
    def draw(page):
        page.draw_rect((20, 30, 380, 90), color=None, fill=(0.2, 0.5, 0.9), fill_opacity=0.25)

    assert lines(read_page(page_with(tmp_path / "page.pdf", text="Seen through glass", draw=draw))) == [
        "Seen through glass"
    ]


def test_invisible_words_beside_visible_ones_are_not_read(read_page, tmp_path):
    def draw(page):
        page.insert_text((40, 120), "www.old-address.example", render_mode=3)

    assert lines(read_page(page_with(tmp_path / "page.pdf", text="Visible", draw=draw))) == ["Visible"]


def test_a_scanners_invisible_layer_is_read(read_page, tmp_path):
    words = "These are the words that a scanner has recognised on the whole of this page"

    def draw(page):
        page.insert_image(page.rect, stream=PHOTO, keep_proportion=False)
        page.insert_text((10, 60), words, fontsize=8, render_mode=3)

    page = read_page(page_with(tmp_path / "page.pdf", text="", draw=draw))
    assert (page.kind, lines(page)) == ("text", [words])


def test_lines_carry_their_look(read_page, tmp_path):
    def draw(page):
        page.insert_text((40, 200), "Bold and red", fontname="hebo", fontsize=18, color=(1, 0, 0))

    page = read_page(page_with(tmp_path / "page.pdf", text="", draw=draw))
    ((line,),) = (block.lines for block in page.blocks)
    assert (line.text, line.size, line.bold, line.colour) == ("Bold and red", 18.0, True, "#ff0000")
    assert line.font == "Helvetica-Bold"
    assert 38 < line.box[0] < 42 and 180 < line.box[1] < line.box[3] < 210


def test_fills_are_swatches_unless_they_are_bars_panels_or_paper(read_page, tmp_path):
    def draw(page):
        page.draw_rect((40, 100, 140, 200), color=None, fill=(0.7, 0.4, 0.3))  # a swatch
        page.draw_rect((40, 100, 140, 200), color=None, fill=(0.7, 0.4, 0.3))  # and its shadow
        page.draw_rect((0, 0, 400, 30), color=None, fill=(0.2, 0.5, 0.3))  # a banner
        page.draw_rect((200, 100, 300, 200), color=None, fill=(1, 1, 1))  # paper
        page.draw_rect((200, 250, 390, 450), color=None, fill=(0.9, 0.9, 0.8))  # a panel
        page.insert_image((220, 270, 370, 420), stream=PHOTO)

    page = read_page(page_with(tmp_path / "page.pdf", text="Words", draw=draw))
    assert page.fills == ((40.0, 100.0, 140.0, 200.0),)


def test_a_page_image_keeps_within_its_pixels(read_page, storage, tmp_path, limits):
    path = page_with(tmp_path / "page.pdf", text="", width=18_000, height=36_000,
                     draw=lambda page: page.insert_image((0, 0, 9000, 9000), stream=PHOTO))  # fmt: skip
    page = read_page(path)
    image = next(image for image in page.images if image.kind == "page")
    assert image.width_px * image.height_px == pytest.approx(limits.max_page_pixels, rel=0.01)
    assert max(Image.open(io.BytesIO(storage.read(page.thumbnail_key))).size) == limits.thumbnail_px

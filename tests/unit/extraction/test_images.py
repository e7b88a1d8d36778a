import io

import pymupdf
import pytest
from PIL import Image

from samples.textures import Surface
from tests.unit.extraction.paper import encoded, inline_image, page_with, page_with_matrix, quartered, quarters

UP = ["red", "green", "blue", "white"]
BOX = (100, 150, 300, 350)
ORIENTATIONS = {
    "upright": (200, 0, 0, 200, 100, 150),
    "turned right": (0, -200, 200, 0, 100, 350),
    "upside down": (-200, 0, 0, -200, 300, 350),
    "turned left": (0, 200, -200, 0, 300, 150),
    "mirrored": (-200, 0, 0, 200, 300, 150),
    "mirrored upside down": (200, 0, 0, -200, 100, 350),
    "swapped": (0, -200, -200, 0, 300, 350),
    "swapped otherwise": (0, 200, 200, 0, 100, 150),
}


def photo(seed, size=(200, 200)):
    return Surface("marble", ("#f4f2ee", "#303438", "#c0b8a8"), seed).draw(*size)


@pytest.fixture
def read_images(read_page, storage, tmp_path):
    """Draws a page, reads it, and gives the page's record with its pictures."""

    def read(draw=None, path=None, **options):
        page = read_page(path or page_with(tmp_path / "page.pdf", draw=draw, **options))
        return page, [Image.open(io.BytesIO(storage.read(image.storage_key))) for image in page.images]

    return read


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_images_come_out_as_the_page_shows_them(read_images, tmp_path, name):
    path = page_with_matrix(tmp_path / "turned.pdf", quartered((160, 160)), ORIENTATIONS[name])
    page, (picture,) = read_images(path=path)
    with pymupdf.open(path) as document:
        pixmap = document[0].get_pixmap(clip=page.images[0].placements[0].box)
    shown = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    assert quarters(picture) == quarters(shown)
    assert (quarters(picture) == UP) == (name == "upright")


@pytest.mark.parametrize(("angle", "rotation"), [(90, 270), (180, 180), (270, 90)])
def test_a_rotated_page_is_read_as_it_is_shown(read_images, angle, rotation):
    def draw(page):
        page.insert_image(BOX, stream=encoded(quartered((160, 160))))
        page.set_rotation(angle)

    page, (picture,) = read_images(draw)
    assert (page.width_pt, page.height_pt) == ((400, 500) if angle == 180 else (500, 400))
    assert quarters(picture) != UP
    assert page.images[0].placements[0].rotation in (rotation, 360 - rotation)
    x0, y0, x1, y1 = page.blocks[0].lines[0].box
    assert 0 <= x0 < x1 <= page.width_pt and 0 <= y0 < y1 <= page.height_pt


def test_a_soft_mask_is_laid_on_white(read_images):
    lamp = Image.new("RGBA", (120, 120), (200, 30, 30, 0))
    lamp.paste((200, 30, 30, 255), (30, 30, 90, 90))
    _, (picture,) = read_images(lambda page: page.insert_image(BOX, stream=encoded(lamp)))
    assert picture.mode == "RGB"
    assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert picture.getpixel((60, 60)) == pytest.approx((200, 30, 30), abs=4)


def test_cmyk_becomes_rgb_with_the_same_colours(read_images):
    jpeg = encoded(quartered().convert("CMYK"), "JPEG", quality=95)
    _, (picture,) = read_images(lambda page: page.insert_image(BOX, stream=jpeg))
    assert picture.mode == "RGB" and quarters(picture) == UP


def test_jpeg_2000_is_decoded(read_images):
    jpx = encoded(quartered(), "JPEG2000")
    page, (picture,) = read_images(lambda page: page.insert_image(BOX, stream=jpx))
    assert page.images[0].media_type == "image/jpeg" and quarters(picture) == UP


def test_a_plain_jpeg_keeps_its_bytes(read_images, storage):
    jpeg = encoded(photo(1), "JPEG", quality=80)
    page, _ = read_images(lambda page: page.insert_image(BOX, stream=jpeg))
    assert storage.read(page.images[0].storage_key) == jpeg


def test_an_inline_image_is_found(read_images):
    page, (picture,) = read_images(lambda page: inline_image(page, BOX))
    assert picture.size[0] >= 55
    assert {picture.convert("L").getpixel((x, 8)) > 150 for x in (8, 30)} == {True, False}
    assert page.images[0].placements[0].box == BOX


def test_one_image_in_two_places_is_one_record_with_both(read_images):
    jpeg = encoded(photo(2), "JPEG")

    def draw(page):
        page.insert_image((40, 100, 140, 200), stream=jpeg)
        page.insert_image((200, 100, 300, 200), stream=jpeg)

    page, _ = read_images(draw)
    (image,) = page.images
    assert {place.box for place in image.placements} == {(40, 100, 140, 200), (200, 100, 300, 200)}


def test_small_images_are_skipped_and_counted(read_images):
    def draw(page):
        for number in range(3):
            page.insert_image((40 + 30 * number, 100, 60 + 30 * number, 120), stream=encoded(photo(number, (24, 24))))

    page, pictures = read_images(draw)
    assert (pictures, page.skipped_images) == ([], 3)


def test_a_plank_of_few_pixels_across_is_a_picture_where_it_is_shown_large(read_images):
    def draw(page):
        page.insert_image((40, 100, 360, 144), stream=encoded(photo(1, (335, 46))), keep_proportion=False)
        page.insert_image((40, 200, 360, 220), stream=encoded(photo(2, (335, 46))), keep_proportion=False)

    page, pictures = read_images(draw)
    assert ([picture.size for picture in pictures], page.skipped_images) == ([(335, 46)], 1)


def test_one_pixel_over_a_large_area_is_a_colour_sample(read_images):
    dot = encoded(Image.new("RGB", (1, 1), (1, 40, 60)))
    page, (picture,) = read_images(
        lambda page: page.insert_image((0, 200, 400, 400), stream=dot, keep_proportion=False)
    )
    assert picture.size == (256, 128)
    assert picture.getpixel((100, 100)) == (1, 40, 60)
    assert page.skipped_images == 0


def test_one_pixel_over_the_whole_page_is_its_background(read_images):
    dot = encoded(Image.new("RGB", (1, 1), (240, 235, 230)))
    page, pictures = read_images(
        lambda page: page.insert_image(page.rect, stream=dot, keep_proportion=False, overlay=False)
    )
    assert (pictures, page.skipped_images) == ([], 1)


def test_an_image_under_another_is_left_out(read_images):
    def draw(page):
        page.insert_image(BOX, stream=encoded(photo(3)))
        page.insert_image(BOX, stream=encoded(photo(4), "JPEG"))

    page, (picture,) = read_images(draw)
    assert page.images[0].media_type == "image/jpeg" and page.skipped_images == 1
    assert picture.size == (200, 200)


def test_blank_paper_is_no_image(read_images):
    blank = encoded(Image.new("RGB", (300, 300), "white"))
    page, pictures = read_images(lambda page: page.insert_image(BOX, stream=blank))
    assert (pictures, page.skipped_images) == ([], 1)


def test_a_broken_image_is_a_warning_and_the_others_go_on(read_images):
    def draw(page):
        page.insert_image((40, 100, 140, 200), stream=encoded(photo(5), "JPEG"))
        page.insert_image((200, 100, 300, 200), stream=encoded(photo(6)))
        first = page.get_images()[0][0]
        page.parent.update_stream(first, b"no JPEG at all", compress=False)
        page.parent.xref_set_key(first, "Filter", "/DCTDecode")

    page, pictures = read_images(draw)
    assert len(pictures) == 1
    assert any("200 x 200 px was left out" in warning for warning in page.warnings)


def test_the_same_image_on_the_next_page_comes_again_with_its_place(read_page, tmp_path):
    document = pymupdf.open()
    for x in (40, 90):
        page = document.new_page()
        page.insert_text((40, 60), "words")
        page.insert_image((x, 100, x + 100, 200), stream=encoded(photo(7), "JPEG"))
    document.save(tmp_path / "two.pdf")
    first, second = (read_page(tmp_path / "two.pdf", page=number).images[0] for number in (1, 2))
    assert first.storage_key == second.storage_key
    assert [(place.page, place.box[0]) for place in (*first.placements, *second.placements)] == [(1, 40), (2, 90)]

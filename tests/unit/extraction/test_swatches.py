"""Colour areas become images, and pictures of one colour say which."""

import io

import pytest
from PIL import Image

from cluster.stages.extraction import PageReader
from cluster.stages.limits import ExtractionLimits
from cluster.stages.reading.swatches import colour_of
from cluster.storage import Storage
from samples.objects import kitchen
from samples.paper import Paper
from samples.textures import Surface


def jpeg(pixels):
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def swatches(tmp_path_factory):
    """A page of three swatches, two of them alike, and a picture on a coloured card; read."""
    folder = tmp_path_factory.mktemp("swatches")
    paper = Paper("Swatches", "Nobody")
    paper.new_page()
    for box, colour in (
        ((40, 40, 160, 160), "#2c4a38"),
        ((200, 40, 320, 160), "#d8cbb3"),
        ((360, 40, 480, 160), "#2c4a38"),
        ((40, 300, 240, 500), "#eeeeee"),
    ):
        paper.area(box, colour)
    paper.picture((50, 310, 230, 490), Surface("glaze", ("#2f7f86", "#7fc3bd"), 1).draw(360, 360))
    paper.write(40, 180, "Verde Bosco")
    paper.save(folder / "swatches.pdf")
    with PageReader(folder / "swatches.pdf", f"file://{folder}/store", ExtractionLimits()) as reader:
        return reader.read(1), Storage(f"file://{folder}/store")


def test_each_look_of_a_swatch_is_one_image_with_all_its_places(swatches):
    page, _ = swatches
    regions = [image for image in page.images if image.kind == "region"]
    places = {image.colour: [placement.box[0] for placement in image.placements] for image in regions}
    assert places == {"#2c4a38": [40, 360], "#d8cbb3": [200]}
    assert len(page.fills) == 3, "the card behind a picture is none"


def test_the_image_shows_the_colour(swatches):
    page, storage = swatches
    image = next(image for image in page.images if image.colour == "#2c4a38")
    pixels = Image.open(io.BytesIO(storage.read(image.storage_key)))
    assert (pixels.width, pixels.height) == (image.width_px, image.height_px) == (240, 240)
    assert pixels.convert("RGB").getpixel((120, 120)) == (0x2C, 0x4A, 0x38)


def test_a_stone_has_a_colour_and_a_room_has_none():
    stone = colour_of(jpeg(Surface("travertine", ("#e6d5b8", "#c9ae85", "#8f744f"), 3).draw(300, 200)))
    red, green, blue = (int(stone[place : place + 2], 16) for place in (1, 3, 5))
    assert red > green > blue > 100
    assert colour_of(jpeg(kitchen(600, 400))) == ""


def test_a_printed_name_changes_no_colour():
    pixels = Image.new("RGB", (300, 300), "#1c2741")
    pixels.paste("white", (10, 250, 200, 280))
    assert colour_of(jpeg(pixels)) == colour_of(jpeg(Image.new("RGB", (300, 300), "#1c2741")))


def test_colours_of_cmyk_and_grey_pictures_are_rgb():
    assert colour_of(jpeg(Image.new("CMYK", (80, 80), (0, 0, 0, 0)))) == "#ffffff"
    assert colour_of(jpeg(Image.new("L", (80, 80), 128))) == "#808080"

"""Pictures in the pixels of a page: what is one, what is print or desk, and areas that touch."""

import pytest
from PIL import Image, ImageDraw

from cluster.stages.reading.page_pictures import picture_boxes
from samples.textures import Surface

WIDTH, HEIGHT = 595.0, 842.0
PAPER, INK = (250, 248, 244), (40, 40, 40)


def scan(*areas, words=(), scale=2):
    """A page at `scale` pixels a point; areas are boxes in points with a colour or a picture."""
    page = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), PAPER)
    drawing = ImageDraw.Draw(page)
    for box, look in areas:
        x0, y0, x1, y1 = (round(side * scale) for side in box)
        if isinstance(look, str):
            drawing.rectangle((x0, y0, x1, y1), fill=look)
        else:
            page.paste(look.resize((x1 - x0, y1 - y0)), (x0, y0))
    for x, y, text, size in words:
        drawing.text((x * scale, y * scale), text, fill=INK, font_size=size * scale)
    return page


def seen(page):
    return sorted(tuple(round(side / 10) * 10 for side in box) for box in picture_boxes(page, WIDTH, HEIGHT))


def test_swatches_are_seen_and_words_are_not():
    stone = Surface("marble", ("#f4f2ee", "#85888f", "#6a6d70"), 3).draw(320, 320)
    words = ((40, 40, "A large title of the page", 30), (50, 265, "Carrara", 14), (50, 300, "60 x 60 cm " * 5, 10))
    page = scan(((50, 100, 210, 260), "#b5533c"), ((300, 100, 460, 260), stone), words=words)
    assert seen(page) == [(50, 100, 210, 260), (300, 100, 460, 260)]


def test_areas_that_touch_are_apart():
    colours = ("#b5533c", "#2f6d72", "#d9a441")
    page = scan(*(((60, 100 + 120 * row, 400, 220 + 120 * row), colour) for row, colour in enumerate(colours)))
    assert seen(page) == [(60, 100, 400, 220), (60, 220, 400, 340), (60, 340, 400, 460)]


def test_planks_in_a_column_are_seen_and_a_band_by_itself_is_none():
    planks = [((40, 100 + 80 * row, 550, 160 + 80 * row), "#b98d5c") for row in range(3)]
    assert seen(scan(*planks)) == [(40, 100, 550, 160), (40, 180, 550, 240), (40, 260, 550, 320)]
    assert seen(scan(planks[0], ((40, 300, 300, 500), "#2f6d72"))) == [(40, 300, 300, 500)]


def test_things_that_fill_little_of_their_boxes_are_seen_where_several_come_alike():
    def basin(x, y=120, wide=90):
        return ((x, y, x + wide, y + 30), "#2f6d72"), ((x + 35, y + 28, x + 55, y + 150), "#2f6d72")

    third = (380, 320)
    both = [(60, 120, 150, 270), (220, 120, 310, 270)]
    assert seen(scan(*basin(60), *basin(220), *basin(*third))) == sorted([*both, (380, 320, 470, 470)])
    assert seen(scan(*basin(60), *basin(220))) == []
    assert seen(scan(*basin(60), *basin(220), *basin(*third, wide=180))) == []
    assert seen(scan(words=((40, 300, "EEE TTT LLL", 60),))) == []


def test_one_photo_stays_one():
    photo = Surface("wood", ("#b98d5c", "#7d5a34"), 5).draw(400, 300)
    assert seen(scan(((60, 100, 460, 400), photo))) == [(60, 100, 460, 400)]


def test_wall_tiles_and_floor_of_one_photo_are_no_samples_of_a_chart():
    parts = (((60, 100, 240, 180), "#d8c9b0"), ((240, 100, 460, 180), "#cbbca4"), ((60, 180, 460, 300), "#5f8f8b"))
    assert seen(scan(*parts, ((60, 300, 460, 340), "#4b3a2a"))) == [(60, 100, 460, 340)]


@pytest.mark.parametrize("degrees", [-3.0, 3.5])
def test_the_desk_beside_a_page_that_lies_askew_is_no_picture(degrees):
    page = scan(((100, 300, 300, 450), "#2f6d72"))
    turned = page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(120, 110, 100))
    assert len(seen(turned)) == 1


PLACES = [(60.0, 100.0, 200.0, 220.0), (300.0, 100.0, 440.0, 220.0), (60.0, 300.0, 200.0, 420.0)]


def things_on(grounds):
    """A thing low in its middle on each ground, as small as a handle is."""
    handles = [((x0 + 20, y1 - 50, x1 - 20, y1 - 35), "#33302c") for x0, _, x1, y1 in grounds]
    return [*((ground, "#ecebe8") for ground in grounds), *handles]


def test_things_on_pale_grounds_that_come_several_alike_are_seen_with_their_grounds():
    assert seen(scan(*things_on(PLACES))) == [tuple(round(side) for side in place) for place in sorted(PLACES)]
    assert not any(place in seen(scan(*things_on(PLACES[:2]))) for place in PLACES)


def test_pale_cards_with_their_text_on_them_are_no_grounds():
    words = [(x0 + 15, y0 + line, "Years of work", 9) for x0, y0, *_ in PLACES for line in (20, 40, 60)]
    assert seen(scan(*((place, "#ecebe8") for place in PLACES), words=words)) == []


def test_frames_of_hairlines_are_seen_with_what_stands_in_them():
    lines = [((x0 - 1, y0 - 1, x1 + 1, y1 + 1), "#d0d0d0") for x0, y0, x1, y1 in PLACES]
    papers = [(place, "#faf8f4") for place in PLACES]
    handles = [((x0 + 20, y1 - 50, x1 - 20, y1 - 35), "#33302c") for x0, _, x1, y1 in PLACES]
    assert seen(scan(*lines, *papers, *handles)) == [tuple(round(side) for side in place) for place in sorted(PLACES)]


def test_an_empty_page_has_none():
    assert seen(scan()) == []

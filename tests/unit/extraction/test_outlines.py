"""Outlined names over a page of text: where they are, and that they become pictures for OCR."""

import pymupdf

from cluster.stages.reading.outlines import Outline, lettered_places
from tests.unit.extraction.paper import page_with

PAGE = (400.0, 500.0)


def word(x, y, count=6, size=14.0, *, curved=True):
    step = 0.7 * size
    return [Outline((x + step * i, y, x + step * i + 0.6 * size, y + size), curved) for i in range(count)]


def rounded(places):
    return [tuple(round(side) for side in box) for box in places]


def test_a_word_of_outlines_is_one_place_with_paper_around_it():
    (place,) = lettered_places(word(50, 100), (), PAGE)
    assert place[0] < 50 and place[1] < 100 and place[2] > 50 + 6 * 9.8 and place[3] > 114


def test_letters_without_curves_belong_to_their_word_and_are_none_alone():
    n, *ogal = word(50, 100)
    (place,) = lettered_places([Outline(n.box, curved=False), *ogal], (), PAGE)
    assert place[0] < 50
    assert lettered_places(word(50, 200, curved=False), (), PAGE) == ()


def test_names_far_apart_are_places_of_their_own():
    places = lettered_places([*word(50, 100), *word(250, 100), *word(50, 300)], (), PAGE)
    assert len(places) == 3


def test_lines_close_together_are_one_place():
    assert len(lettered_places([*word(50, 100), *word(50, 118)], (), PAGE)) == 1


def test_single_signs_and_what_the_text_layer_prints_are_left_out():
    assert lettered_places(word(50, 100, count=2), (), PAGE) == ()
    assert lettered_places(word(50, 100), [(45, 98, 120, 118)], PAGE) == ()


def test_a_page_of_text_with_an_outlined_name_has_a_picture_of_the_name(read_page, tmp_path):
    sheet = pymupdf.open()
    sheet.new_page(width=400, height=500).insert_text((60, 300), "Nogal Bravo", fontsize=18)
    outlines = pymupdf.open("svg", sheet[0].get_svg_image(text_as_path=True).encode())

    def draw(page):
        page.show_pdf_page(page.rect, pymupdf.open("pdf", outlines.convert_to_pdf()), 0)

    page = read_page(page_with(tmp_path / "page.pdf", text="A sentence of a good many letters", draw=draw))
    assert page.kind == "text"
    (image,) = page.images
    (placement,) = image.placements
    assert image.kind == "region"
    assert placement.box[0] < 60 and placement.box[1] < 287 and placement.box[2] > 158 and placement.box[3] > 300

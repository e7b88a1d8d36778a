"""Pages and documents that are about people, places, works and events show no goods, whatever their captions say."""

import pytest

from tests.unit.products.printed import block, grid_page, line, names_of, page

PLACES = ("Oak Hall", "Marble Court", "Glass House", "Brick Lane", "Stone Mill", "Tile Street")
SIZED = ("Oak Plank 120 x 20 cm", "Ash Plank 140 x 20 cm", "Elm Plank 160 x 20 cm")
HOURS = ("09:30 Coffee", "10:00 Opening", "10:45 Tiles and towns", "12:00 Wood", "13:30 Lunch")


def titled(number, title, names, size=26.0):
    return grid_page(number, names, block(line(title, 40, 50, size, bold=True), label="title"))


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Our projects"), ("de", "Referenzen"), ("es", "Nuestras fábricas"), ("fr", "Nos réalisations"),
     ("it", "Stabilimenti"), ("pt", "Processo produtivo"), ("tr", "Referanslarımız"), ("nl", "Vestigingen"),
     ("pl", "Nasze realizacje"), ("hu", "Gyáraink")],
)  # fmt: skip
def test_a_page_whose_title_says_so_shows_no_goods(language, title):
    told, untold = (
        [titled(number, text, PLACES).model_copy(update={"languages": (language,)}) for number in (1, 2, 3)]
        for text in (title, "Nova")
    )
    assert names_of(*told) == []
    assert len(names_of(*untold)) == len(PLACES)


def test_what_is_sold_under_such_a_title_has_a_size_of_its_own():
    assert names_of(*(titled(number, "Projects", SIZED) for number in (1, 2, 3))) == [
        "Ash Plank",
        "Elm Plank",
        "Oak Plank",
    ]


def test_a_collection_that_a_word_of_its_title_calls_so_is_one():
    pages = [titled(number, "Projects in oak: the Harbour collection", PLACES) for number in (1, 2, 3)]
    assert len(names_of(*pages)) == len(PLACES)


@pytest.mark.parametrize("title", ["Installation manual", "Montageanleitung", "Notice de pose", "Kullanım kılavuzu"])
def test_the_parts_of_a_manual_are_no_goods(title):
    cover = page(1, [block(line(title, 40, 60, 30, bold=True), label="title")])
    pages = [cover, *(titled(number, "Parts", SIZED, 14) for number in (2, 3, 4))]
    assert names_of(*pages) == []
    assert names_of(*(one.model_copy(update={"blocks": ()}) if one is cover else one for one in pages)) != []


def test_photos_of_an_event_that_prints_its_hours_are_no_goods():
    hours = page(1, [block(*(line(text, 40, 60 + 20 * row) for row, text in enumerate(HOURS)))])
    shown = [titled(number, "Moments", PLACES) for number in (2, 3, 4)]
    assert names_of(hours, *shown) == []
    shuffled = page(1, [block(*(line(text, 40, 60 + 20 * row) for row, text in enumerate(reversed(HOURS))))])
    assert len(names_of(shuffled, *shown)) == len(PLACES)


def test_steps_that_are_sentences_are_no_goods():
    steps = (
        "Mark the holes.",
        "Insert the plugs.",
        "Align the profile.",
        "Fit the glass.",
        "Apply silicone.",
        "Let it dry.",
    )
    bare = [step.rstrip(".") for step in steps]
    assert names_of(*(titled(number, "Frame", steps) for number in (1, 2, 3))) == []
    assert len(names_of(*(titled(number, "Frame", bare) for number in (1, 2, 3)))) == len(steps)

"""Pages and documents that are about people, places, works and events show no goods, whatever their captions say."""

import pytest

from tests.unit.products.printed import block, grid_boxes, grid_page, line, names_of, page, picture

PLACES = ("Oak Hall", "Marble Court", "Glass House", "Brick Lane", "Stone Mill", "Tile Street")
SIZED = ("Oak Plank 120 x 20 cm", "Ash Plank 140 x 20 cm", "Elm Plank 160 x 20 cm")
WOODS = ("Oak", "Ash", "Elm", "Walnut")
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


def test_hours_with_full_stops_on_two_days_are_a_programme_as_well():
    days = ("10.00 Opening", "11.30 Clay", "14.00 Glazes", "18.30 Cinema", "10.00 Quarry", "15.00 Colour")
    prices = ("10.12 Opening", "11.34 Clay", "14.87 Glazes", "18.31 Cinema")
    moments = [titled(number, "Moments", PLACES) for number in (2, 3, 4)]

    def listed(texts):
        rows = [cell for row, text in enumerate(texts) for cell in (
            line(text.split()[0], 40, 60 + 20 * row), line(text.split()[1], 140, 60 + 20 * row))]  # fmt: skip
        return page(1, [block(*rows)])

    def priced(texts):
        rows = [cell for row, text in enumerate(texts) for cell in (
            line(text.split()[1], 40, 60 + 20 * row), line(text.split()[0], 240, 60 + 20 * row))]  # fmt: skip
        return page(1, [block(*rows)])

    assert names_of(listed(days), *moments) == []
    assert len(names_of(priced(days), *moments)) == len(PLACES)
    assert len(names_of(listed(prices), *moments)) == len(PLACES)


@pytest.mark.parametrize("apart", [20, 0])  # from the number to the name; 0: in one line
def test_numbered_steps_with_a_sentence_each_are_no_goods(apart):
    def steps(number, marks):
        boxes = [(40.0, 100.0 + 200 * row, 160.0, 220.0 + 200 * row) for row in range(3)]
        told = [
            block(
                *([line(mark, 170, box[1], 9)] if apart else []),
                line(name if apart else f"{mark} {name}", 170 + apart, box[1], 10, bold=True),
                line("Lay it flat, away from the", 190, box[1] + 16, 8),
                line("outside walls.", 190, box[1] + 28, 8),
            )
            for box, mark, name in zip(boxes, marks, ("Boxes", "Left corner", "Angle and click"), strict=True)
        ]
        return page(number, told, [picture(box, f"step-{number}-{row}") for row, box in enumerate(boxes)])

    assert names_of(*(steps(number, "123") for number in (1, 2, 3))) == []
    assert names_of(*(steps(number, "ABC") for number in (1, 2, 3))) != []


@pytest.mark.parametrize("technique", ["Oil on canvas, 81 x 100 cm", "Óleo sobre tela, 81 x 100 cm"])
def test_works_of_art_are_no_goods_though_they_have_sizes(technique):
    def shown(said):
        return [
            grid_page(number, PLACES[:3], block(*(line(said, 40 + 180 * at, 290, 8) for at in range(3))))
            for number in (1, 2, 3)
        ]

    assert names_of(*shown(technique)) == []
    assert names_of(*shown("Printed glass, 81 x 100 cm")) != []


@pytest.mark.parametrize(
    ("figures", "are_counted"),
    [
        (("-22 %", "96 %", "4.100 t", "12 GWh", "318", "41 %"), True),
        (("318", "12 GWh", "96 %", "Oak", "Ash", "Elm"), True),
        (("101", "102", "103", "104", "105", "106"), False),
        (("600 mm", "800 mm", "900 mm", "12 W", "18 W", "24 W"), False),
    ],
)
def test_what_stands_under_large_figures_was_counted(figures, are_counted):
    def shown(number):
        large = [block(line(text, 40 + 180 * (at % 3), 20 + 70 * (at // 3), 24)) for at, text in enumerate(figures)]
        return grid_page(number, PLACES, *large)

    assert (names_of(*map(shown, (1, 2, 3))) == []) == are_counted


@pytest.mark.parametrize(("size", "others", "is_told"), [(14, 0, True), (40, 0, True), (14, 12, False)])
def test_a_title_page_says_in_its_small_lines_too_what_a_document_is(size, others, is_told):
    lines = [line("Traces", 40, 60, 40, bold=True), line("Sustainability report 2026", 40, 120, size)]
    lines += [line(f"Line number {number}", 40, 180 + 40 * number, 14) for number in range(others)]
    pages = [page(1, [block(one) for one in lines]), *(titled(number, "Moments", PLACES) for number in (2, 3, 4))]
    assert (names_of(*pages) == []) == is_told


@pytest.mark.parametrize(
    "caption",
    [
        "Figure 4{}. {}", "Fig. 2-{} {}", "Abb. 1{}: {}", "Şekil 3{} {}", "4{}. ábra: {}", "Picture 4{} · {}",
        "Bild 2-{} · {}", "Fotoğraf 1{}: {}",
    ],
)  # fmt: skip
def test_figures_of_a_text_are_no_goods(caption):
    surfaces, letters = ("Rough oak", "Riven slate", "Smooth glass"), "abc" if "-" not in caption else "123"

    def shown(form):
        names = [form.format(letter, name) for letter, name in zip(letters, surfaces, strict=True)]
        pages = [grid_page(number, names) for number in (1, 2, 3)]
        return names_of(*(one.model_copy(update={"languages": ("de", "tr", "hu")}) for one in pages))

    assert shown(caption) == []
    assert len(shown("{1} {0}")) == len(surfaces)


@pytest.mark.parametrize(
    ("sections", "are_rules"),
    [
        (("1", "2", "2.1", "2.2", "3"), True),
        (("1 Scope", "2 Floors", "2.1 Screeds", "2.2 Timber", "3 Joints"), True),
        (("1", "2", "3", "4", "5"), False),
        (("3", "2.1", "2.2", "1", "2"), False),
    ],
)
def test_pictures_in_a_text_of_numbered_sections_are_no_goods(sections, are_rules):
    said = "Boards shall be dry, sound and clean before work starts."

    def shown(number):
        over = block(line(sections[number - 1], 40, 20, 13, bold=True), line(said, 40, 40, 9))
        return grid_page(number, PLACES, over) if number <= 3 else page(number, [over])

    assert (names_of(*map(shown, range(1, 6))) == []) == are_rules


@pytest.mark.parametrize(("said", "are_places"), [("Bilbao, 2019", True), ("14.200 m²", True), ("20 x 120 cm", False)])
def test_pictures_under_which_a_year_or_an_area_stands_are_buildings(said, are_places):
    def shown(number):
        under = [block(line(said, box[0], box[3] + 17, 8)) for box in grid_boxes(3, 2)]
        return grid_page(number, ("Claustro", "Fuente", "Cabina", "Nova", "Luna", "Terra"), *under)

    assert (names_of(*map(shown, (1, 2, 3))) == []) == are_places


@pytest.mark.parametrize("title", ["C O M P A N Y   P R O F I L E", "C O M P A N Y P R O F I L E"])
def test_a_title_set_letter_by_letter_says_what_a_document_is(title):
    pages = [page(1, [block(line(title, 40, 60, 30, bold=True))]), *(grid_page(number, PLACES) for number in (2, 3, 4))]
    assert names_of(*pages) == []


def test_names_of_which_nothing_is_said_are_no_goods_beside_titles_of_other_subjects():
    told = ("Oak Plank", "Ash Tile", "Elm Panel", "Nova", "Luna", "Terra")
    history = page(4, [block(line("Milestones", 40, 60, 30, bold=True)), block(line("Founded in Aalen", 40, 120))])
    plain = ("Claustro", "Fuente", "Cabina", "Nova", "Luna", "Terra")
    for names, count in ((told, len(told)), (plain, 0)):
        assert len(names_of(*(grid_page(number, names) for number in (1, 2, 3)), history)) == count
    assert len(names_of(*(grid_page(number, plain, block(line("Tiles", 40, 40, 30))) for number in (1, 2, 3)))) == 6


def test_many_names_of_which_hardly_one_could_be_ordered_are_no_goods_beside_such_titles():
    woods = ("Oak", "Ash", "Elm", "Beech", "Walnut", "Cherry")
    planks = [f"{wood} Plank" for wood in woods]

    def shown(names, others):
        title, text = line("Letters to the editor", 40, 60, 30, bold=True), line("Sir, ...", 40, 120)
        letters = [page(4 + number, [block(title), block(text)]) for number in range(others)]
        return names_of(*(grid_page(number, names) for number in (1, 2, 3)), *letters)

    assert shown(woods, 1) == []
    assert len(shown(planks, 1)) == len(shown(woods, 0)) == len(woods)


def test_what_a_page_is_about_stands_beside_the_name_of_the_supplier():
    def titled_twice(number, title, names):
        logo = block(line("ALMENARA", 300, 20, 26, bold=True))
        return grid_page(number, names, logo, block(line(title, 40, 60, 26, bold=True), label="title"))

    company = titled_twice(2, "About us", PLACES)
    shown = [titled_twice(number, "Nova", [f"{name} Plank {number}" for name in WOODS]) for number in (3, 4, 5)]
    names = names_of(company, *shown)
    assert len(names) == 3 * len(WOODS) and not set(PLACES) & set(names)


@pytest.mark.parametrize(("numbers", "are_rules"), [("13467", True), ("13436", False), ("11111", False)])
def test_titles_that_are_counted_over_the_pages_of_a_text_are_no_goods(numbers, are_rules):
    said = "Boards shall be dry, sound and clean before work starts."
    titles = ("Scope", "Oak boards", "Classes", "Support", "Joints")

    def shown(at):
        title = line(f"{numbers[at - 1]}. {titles[at - 1]}", 40, 20, 13, bold=True)
        over = block(title, line(said, 40, 40, 9))
        return grid_page(at, PLACES, over) if at <= 3 else page(at, [over])

    assert (names_of(*map(shown, range(1, 6))) == []) == are_rules


@pytest.mark.parametrize(
    ("title", "language", "count"),
    [("Catalogue 2026", "en", 6), ("Gesamtkatalog", "de", 6), ("Catálogo general", "es", 6), ("Wzornik", "pl", 6),
     ("Listino prezzi", "it", 6), ("Kumaş kartelası", "tr", 6), ("Nova", "en", 0), ("Exhibition catalogue", "en", 0),
     ("Report: the new collection", "en", 6), ("Natural stone slabs", "en", 6), ("Tessuti 2027", "it", 6),
     ("Stone houses", "en", 0)],
)  # fmt: skip
def test_what_calls_itself_a_catalogue_may_show_bare_names_beside_a_page_about_its_makers(title, language, count):
    cover = page(1, [block(line(title, 40, 60, 30, bold=True))])
    about = page(5, [block(line("About us", 40, 60, 30, bold=True)), block(line("Founded in Aalen", 40, 120))])
    shown = [grid_page(number, ("Claustro", "Fuente", "Cabina", "Nova", "Luna", "Terra")) for number in (2, 3, 4)]
    pages = [one.model_copy(update={"languages": (language, "en")}) for one in (cover, *shown, about)]
    assert len(names_of(*pages)) == count


@pytest.mark.parametrize(
    ("title", "language", "is_report"),
    [("Report on the floors of a school", "en", True), ("Rapport de constat et d'état des lieux", "fr", True),
     ("Informe de patologías en solados", "es", True), ("Relatório de vistoria dos pavimentos", "pt", True),
     ("Verbale di sopralluogo e rilievo", "it", True), ("Zemin hasar tespit raporu", "tr", True),
     ("Protokół odbioru posadzek", "pl", True),
     ("Piccolo lessico illustrato", "it", True), ("Oak reported: floors of Nova", "en", False)],
)  # fmt: skip
def test_a_title_that_begins_or_ends_with_the_word_for_it_says_what_a_document_is(title, language, is_report):
    cover = page(1, [block(line(title, 40, 60, 30, bold=True))])
    pages = [cover, *(grid_page(number, PLACES) for number in (2, 3, 4))]
    assert (names_of(*(one.model_copy(update={"languages": (language,)}) for one in pages)) == []) == is_report


def test_codes_of_an_event_are_of_its_stands():
    stands = ("1A10 Oak Hall", "1A13 Marble Court", "1A16 Glass House", "1B10 Brick Lane", "1B13 Mill", "1B16 Street")
    hours = ("10.00 h", "11.30 h", "14.00 h", "18.30 h")
    days = page(1, [block(*(line(text, 40, 60 + 20 * row) for row, text in enumerate(hours)))])
    halls = [titled(number, "Hall", stands) for number in (2, 3, 4)]
    assert names_of(days, *halls) == []
    assert names_of(*halls) != []


def test_a_text_that_says_hardly_anything_of_what_it_names_sells_none_of_it():
    said = (
        "Our family came to the valley in the spring of that year and built its first workshop by the river with stone."
    )
    text = block(*(line(said, 40, 20 + 12 * row, 8) for row in range(2)))
    bare, goods = ("Claustro", "Fuente", "Cabina", "Nova", "Luna", "Terra"), tuple(f"{wood} Plank" for wood in WOODS)
    offer = block(line("Collection Nova", 40, 60, 30))
    counts = ((bare, [text], 0), (bare, [], 6), (bare, [text, offer], 6), (goods, [text], len(goods)))
    for names, over, count in counts:
        assert len(names_of(*(grid_page(number, names, *over) for number in (1, 2, 3)))) == count


def test_a_figure_with_a_unit_is_no_name():
    counted = ("182 kt Steel", "Scope one", "74 kt")
    assert "74 kt" not in names_of(*(grid_page(number, counted) for number in (1, 2, 3)))


@pytest.mark.parametrize(("others", "count"), [(1, 6), (3, 0)])
def test_the_more_pages_are_about_others_the_more_of_the_names_must_be_orderable(others, count):
    names = ("Oak Plank", "Ash Tile", "Elm", "Beech", "Walnut", "Cherry")
    histories = [
        page(4 + at, [block(line("Milestones", 40, 60, 30)), block(line("1951", 40, 120))]) for at in range(others)
    ]
    assert len(names_of(*(titled(number, "Nova", names) for number in (1, 2, 3)), *histories)) == count


@pytest.mark.parametrize(("title", "count"), [("Catalogue 2027", 18), ("Brenta 2027", 0)])
def test_a_catalogue_may_title_its_pages_with_words_that_nobody_knows(title, count):
    cover = page(1, [block(line(title, 40, 60, 30, bold=True))])
    names = ("Claustro", "Fuente", "Cabina", "Nova", "Luna", "Terra")
    titles = ("Bruma", "Calma", "Umbra")
    shown = [titled(2 + at, titles[at], [f"{name} {titles[at]}" for name in names]) for at in range(3)]
    assert len(names_of(cover, *shown)) == count

"""Catalogues that name their products in several ways: each page is judged by what it shows."""

from tests.unit.products.printed import (
    below,
    block,
    grid_boxes,
    grid_page,
    line,
    names_of,
    page,
    picture,
)
from tests.unit.products.test_lists import HEADER, PIPES, table

GRIDS = (["Nero Assoluto", "Bianco Puro", "Verde Alpi"], ["Rosso Levanto", "Giallo Siena", "Grigio Carnico"],
         ["Rovere", "Noce", "Teak Antico"])  # fmt: skip
SINGLE = ("Graphene Oxide", "Carbon Nanotube", "Copper Powder")


def grids():
    return [grid_page(number, names) for number, names in enumerate(GRIDS, start=1)]


def single_page(number, name, *values):
    prose = [
        line("High surface area with excellent conductivity, easily dispersed.", 60, 110 + 14 * k) for k in range(6)
    ]
    told = [block(line(value, 60, 500 + 20 * row)) for row, value in enumerate(values)]
    heading = block(line(name, 60, 80, 16, bold=True, font="Head"), label="section_header")
    return page(number, [heading, block(*prose), *told], [picture((200.0, 220.0, 420.0, 440.0), f"jar-{number}")])


def test_pages_with_one_product_each_count_beside_pages_with_grids():
    values = ("Thickness: 12 mm", "Density: 0.3 g/cm3", "Purity: 99 %")
    single = [single_page(number, name, *values) for number, name in enumerate(SINGLE, start=4)]
    assert names_of(*grids(), *single) == sorted([*SINGLE, *(name for names in GRIDS for name in names)])


def test_chapters_without_measured_properties_stay_chapters():
    chapters = [single_page(number, name) for number, name in enumerate(("Our Works", "Care", "Delivery"), start=4)]
    assert names_of(*grids(), *chapters) == sorted(name for names in GRIDS for name in names)


def test_titles_of_pages_with_grids_announce_nothing():
    titled = [
        grid_page(number, names, block(line(f"Series {'ABC'[number - 1]}", 60, 60, 18, bold=True, font="Head")))
        for number, names in enumerate(GRIDS, start=1)
    ]
    assert names_of(*titled) == sorted(name for names in GRIDS for name in names)


def test_captions_over_a_table_of_other_goods_are_products_as_well():
    boxes = grid_boxes(3, 1, top=60)
    captions = block(*(below(box, name) for box, name in zip(boxes, GRIDS[0], strict=True)))
    pictures = [picture(box, f"swatch-{place}") for place, box in enumerate(boxes)]
    sized = block(line("Formato 20 x 20 cm", 40, 30))
    assert names_of(page(1, [sized, captions, table([HEADER, *PIPES], 400)], pictures)) == sorted(
        [*GRIDS[0], *(row[0] for row in PIPES)]
    )


def test_a_family_over_its_table_is_no_product():
    captioned = block(below((40.0, 60.0, 160.0, 180.0), "Pipes with socket"))
    shown = page(1, [captioned, table([HEADER, *PIPES], 300)], [picture((40.0, 60.0, 160.0, 180.0), "family")])
    assert names_of(shown) == sorted(row[0] for row in PIPES)


def test_the_families_that_a_price_list_shows_on_one_page_are_none_of_its_articles():
    families = ("Pipes", "Fittings", "Manholes", "Kerbs", "Steps", "Covers")
    rows = [(f"{row[0]} {number}", *row[1:]) for number in range(12) for row in PIPES]
    told = page(2, [table([HEADER, *rows], 100)])
    assert names_of(grid_page(1, families), told) == sorted(row[0] for row in rows)
    priced = block(*(line(f"{9 + place},50 €", box[0], box[3] + 18, 8) for place, box in enumerate(grid_boxes(3, 2))))
    assert set(families) < set(names_of(grid_page(1, families, priced), told))


def test_nights_and_people_are_no_goods_though_they_fill_pages_of_pictures():
    def shown(number, *told):
        boxes = grid_boxes(3, 2)
        names = [f"{name} {number}" for name in ("Miramar", "Azul", "Real", "Luna", "Viejo", "Serena")]
        below = [line(told[place % len(told)], box[0], box[3] + 18, 8) for place, box in enumerate(boxes)]
        return grid_page(number, names, block(*below))

    assert names_of(*(shown(number, "Desde 89 \u20ac por noche") for number in (1, 2, 3))) == []
    assert names_of(*(shown(number, "Head of design", "Engineer") for number in (1, 2, 3))) == []
    assert len(names_of(*(shown(number, "89,00 \u20ac") for number in (1, 2, 3)))) == 18

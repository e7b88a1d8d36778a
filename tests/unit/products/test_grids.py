from actors.metadata import read_lines
from actors.records import NameLook, Product, ProductCandidate
from cluster.stages.product_rules.acceptance import accept
from tests.unit.products.printed import (
    HEIGHT,
    WIDTH,
    below,
    block,
    grid_boxes,
    grid_page,
    line,
    names_of,
    page,
    picture,
    products_of,
    scanned,
)

STONES = ["Nero Assoluto", "Bianco Puro", "Verde Alpi"]
MORE = ["Rosso Levanto", "Giallo Siena", "Grigio Carnico"]
WOODS = ["Rovere", "Noce", "Teak Antico"]


def by_name(products: list[Product]) -> dict[str, Product]:
    return {product.name: product for product in products}


def test_captions_below_their_pictures_are_names_and_each_gets_its_own_picture():
    products = by_name(products_of(grid_page(1, STONES), grid_page(2, MORE), grid_page(3, WOODS)))
    assert sorted(products) == sorted(STONES + MORE + WOODS)
    linked = products["Bianco Puro"].images
    assert [image.image_id for image in linked] == ["image-1-1"]
    assert "below" in linked[0].reason


def test_a_caption_above_the_next_row_still_belongs_to_the_picture_over_it():
    # Two rows close together: each caption stands nearer to the row below than to its own picture.
    boxes = [
        (40.0, 100.0, 160.0, 220.0),
        (240.0, 100.0, 360.0, 220.0),
        (40.0, 245.0, 160.0, 365.0),
        (240.0, 245.0, 360.0, 365.0),
    ]
    names = ["Aurora", "Boreale", "Cometa", "Dione"]
    captions = block(*(below(box, name, gap=10.0) for box, name in zip(boxes, names, strict=True)))
    pages = [page(n, [captions], [picture(box, f"{n}-{i}") for i, box in enumerate(boxes)]) for n in (1, 2, 3)]
    found = by_name(products_of(*pages))
    assert [image.image_id for image in found["Aurora"].images] == ["1-0", "2-0", "3-0"]
    assert [image.image_id for image in found["Cometa"].images] == ["1-2", "2-2", "3-2"]


def test_names_inside_colour_areas_need_no_image():
    boxes = grid_boxes(2, 2)
    names = ["SAFARI", "TUNDRA", "PAMPA", "STEPPE"]
    inside = block(*(line(name, box[0] + 35, box[1] + 50, 12) for box, name in zip(boxes, names, strict=True)))
    finish = block(*(line("Finish: matt", box[0] + 5, box[3] - 15, 7) for box in boxes))
    pages = [page(number, [inside, finish], fills=boxes) for number in (2, 3, 4)]
    products = products_of(*pages)
    assert sorted(product.name for product in products) == sorted(names)
    assert {product.finish for product in products} == {"matt"}
    assert {product.pages for product in products} == {(2, 3, 4)}


def test_a_badge_repeated_in_every_picture_is_no_name():
    boxes = grid_boxes(3, 1)
    names = block(*(line(name, box[0] + 20, box[1] + 60, 14) for box, name in zip(boxes, STONES, strict=True)))
    badges = block(*(line("NOVELTY", box[0] + 60, box[1] + 5, 8, bold=True) for box in boxes))
    pages = [page(n, [badges, names], [picture(box, f"{n}-{i}") for i, box in enumerate(boxes)]) for n in (1, 2, 3)]
    assert names_of(*pages) == sorted(STONES)


def test_a_white_swatch_is_a_gap_in_the_grid_and_not_a_missing_product():
    boxes = grid_boxes(3, 1)
    captions = block(*(below(box, name) for box, name in zip(boxes, ["Black", "Blanc", "Blue"], strict=True)))
    pages = [page(n, [captions], [picture(boxes[0], "a"), picture(boxes[2], "c")]) for n in (1, 2, 3)]
    assert names_of(*pages) == ["Black", "Blanc", "Blue"]


def test_one_look_names_products_and_a_lone_caption_of_another_look_does_not():
    caption = block(line("Atelier in Milano", 60, 704, 7, font="Slanted"))
    photo = picture((0.0, 420.0, WIDTH, HEIGHT), "room")
    pages = [
        grid_page(number, names, caption, images=[photo]) for number, names in ((1, STONES), (2, MORE), (3, WOODS))
    ]
    assert "Atelier in Milano" not in names_of(*pages)


def test_a_line_on_a_room_photo_that_says_what_is_in_a_carton_is_no_product():
    def seen(text, number, relation="inside"):
        box = (40.0, 40.0, 120.0, 52.0)
        return ProductCandidate(
            name=text, page=number, box=box, source="text_layer", confidence=0.25, reasons=(), text=text, text_box=box,
            metadata=read_lines([line(text, 40, 40)], 1, "text_layer"),
            look=NameLook(font="Body", size=7, relation=relation, support=3, regions=3),
        )  # fmt: skip

    def accepted(said, relation):
        names = [seen(name, number) for number, listed in ((2, STONES), (3, MORE)) for name in listed]
        return said in [one.candidate.name for one in accept([*names, seen(said, 3, relation)], 4).products]

    assert accepted("Espinha", "scene")
    assert not accepted("Espinha, 28 pieces / box", "scene")


def test_a_room_photo_that_names_a_product_shows_it_and_is_no_product():
    room = page(
        4,
        [block(line("Bianco Puro & Verde Alpi", 60, 700, 8, font="Caption"))],
        [picture((0.0, 0.0, WIDTH, HEIGHT), "room")],
    )
    products = by_name(products_of(grid_page(1, STONES), grid_page(2, MORE), grid_page(3, WOODS), room))
    assert sorted(products) == sorted(STONES + MORE + WOODS)
    assert [image.image_id for image in products["Verde Alpi"].images] == ["image-1-2", "room"]
    assert products["Verde Alpi"].pages == (1,)
    assert "caption names" in products["Verde Alpi"].images[1].reason


def test_the_page_number_the_address_and_the_logo_are_furniture():
    foot = block(line("Page 7", 40, 780, 8), line("www.stones.example", 400, 780, 8), label="page_footer")
    logo = picture((500.0, 20.0, 580.0, 60.0), "logo", pages_shown=9)
    under_logo = block(line("Stones since 1950", 500, 62, 8))
    pages = [grid_page(n, names, foot, under_logo, images=[logo]) for n, names in ((1, STONES), (2, MORE), (3, WOODS))]
    assert names_of(*pages) == sorted(STONES + MORE + WOODS)
    assert all("logo" not in [image.image_id for image in product.images] for product in products_of(*pages))


def test_icons_with_captions_are_set_unlike_the_names():
    icons = [(40.0 + 90 * index, 500.0, 80.0 + 90 * index, 540.0) for index in range(5)]
    says = ["Easy to clean", "Frost proof", "Colour fast", "Strong", "Recyclable"]
    captions = block(*(line(text, box[0], box[3] + 3, 6, font="Small") for box, text in zip(icons, says, strict=True)))
    feature = page(4, [captions], [picture(box, f"icon-{i}") for i, box in enumerate(icons)])
    assert names_of(grid_page(1, STONES), grid_page(2, MORE), grid_page(3, WOODS), feature) == sorted(
        STONES + MORE + WOODS
    )


def test_scanned_text_has_no_products_however_many_pages_it_has():
    """Lines over empty spaces, alike on every page, and not one of them names goods or a size."""
    headings = ("Erster Teil", "Zweiter Teil", "Dritter Teil", "Vierter Teil")
    pages = []
    for number in range(1, 7):
        lines = [scanned(f"{heading} {number}", 60, 200 + 180 * row) for row, heading in enumerate(headings)]
        pages.append(page(number, [block(line, source="ocr") for line in lines], kind="image"))
    assert names_of(*pages) == []


def test_the_same_properties_again_and_again_are_of_several_products():
    goods = ("Defne Koltuk", "Lale Sehpa", "Badem Masa")
    blocks = [
        block(
            line(name, 300, 100 + 200 * row, 15),
            line("Ölçü: 85 x 90 x 78 cm", 300, 130 + 200 * row),
            line("Malzeme: Ceviz", 300, 145 + 200 * row),
        )
        for row, name in enumerate(goods)
    ]
    pictures = [picture((40, 100.0 + 200 * row, 280, 260.0 + 200 * row), f"p{row}") for row in range(3)]
    assert names_of(page(1, [block(line("Oturma Grubu", 40, 40, 24)), *blocks], pictures)) == sorted(goods)


def test_names_in_a_column_left_of_their_swatches_are_not_those_of_the_swatches_before():
    """Two columns: the name of the right swatch stands nearer to the left swatch than to its own."""
    names = ["Chalk", "Grey Cement", "Sea", "Desert Sand", "Brick", "Night", "Ripe Lemon", "Lavender"]
    boxes = [
        (160.0 + 262 * (n % 2), 90.0 + 110 * (n // 2), 270.0 + 262 * (n % 2), 170.0 + 110 * (n // 2)) for n in range(8)
    ]
    labels = block(*(line(name, box[0] - 120, box[1] + 30, 11) for name, box in zip(names, boxes, strict=True)))
    codes = block(*(line(f"FW-{310 + 7 * n}", box[0] - 120, box[1] + 46, 8) for n, box in enumerate(boxes)))
    found = by_name(products_of(page(1, [labels, codes], [picture(box, f"{n}") for n, box in enumerate(boxes)])))
    assert {name: one.images[0].image_id for name, one in found.items()} == {n: f"{i}" for i, n in enumerate(names)}
    assert found["Sea"].code == "FW-324"


def test_the_number_of_the_page_under_the_last_caption_is_no_code():
    tiles = [picture((40 + 180 * index, 100, 200 + 180 * index, 260), f"tile {index}") for index in range(3)]
    names = [block(line(name, 40 + 180 * index, 268)) for index, name in enumerate(("Antique", "Linen", "Grey Stone"))]
    names[-1] = block(*names[-1].lines, line("PAGE 05", 400, 282))
    products = products_of(page(6, names, tiles))
    assert {one.name: one.code for one in products} == {"Antique": None, "Linen": None, "Grey Stone": None}


def test_numbers_that_name_a_grid_are_the_codes_as_well():
    products = products_of(grid_page(1, ["24010", "24011", "24012", "24013", "24014", "24015"]))
    assert [(one.name, one.code) for one in products] == [(str(n), str(n)) for n in range(24010, 24016)]


def test_colours_that_each_series_of_a_page_repeats_are_the_names_and_not_the_codes_below():
    names = ["White", "Beige", "Grey"] * 2
    boxes = grid_boxes(3, 2)
    titles = block(line("Series Ilse", 40, 128, 16), line("Series Oker", 40, 318, 16))
    codes = block(*(below(box, f"IL{at}00", gap=18.0, size=8, bold=False) for at, box in enumerate(boxes)))
    pages = [grid_page(number, names, titles, codes) for number in (1, 2)]
    assert names_of(*pages) == sorted(names), "both pages show the same six"

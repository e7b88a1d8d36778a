"""Names that are printed again: for other goods in the same colour, for any thing of a kind, for a picture missed."""

from itertools import pairwise

from tests.unit.products.printed import (
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

SHADES = ("Alpine Blue", "Mint Green", "Ivory", "Coffee Brown")


def titled(number, title, names):
    return grid_page(number, names, block(line(title, 40, 60, 22, bold=True, font="Head"), label="section_header"))


def test_colours_of_two_sections_are_of_two_goods():
    products = products_of(titled(1, "Vitrosa basins", SHADES), titled(2, "Rustic pans", SHADES))
    assert sorted((product.name, product.pages) for product in products) == sorted(
        (name, (number,)) for name in SHADES for number in (1, 2)
    )


def test_a_colour_that_its_section_shows_again_is_one_product():
    products = products_of(titled(1, "Vitrosa", SHADES), titled(2, "Vitrosa", SHADES))
    assert [(product.name, product.pages) for product in products] == [(name, (1, 2)) for name in SHADES]


def test_a_kind_of_thing_is_no_name_by_which_another_page_tells_more():
    names = ("Fjord", "Skagen", "Washbasin")
    boxes = grid_boxes(3, 1)
    sizes = block(*(line("60 x 40 cm", box[0], box[3] + 18, 8) for box in boxes))
    known, bare = grid_page(1, names, sizes), grid_page(2, names)
    found = {(product.name, product.pages): product.dimensions for product in products_of(known, bare)}
    assert set(found) == {("Fjord", (1, 2)), ("Skagen", (1, 2)), ("Washbasin", (1,)), ("Washbasin", (2,))}
    assert found["Washbasin", (2,)] is None


def scan_of(number, captions, boxes, *more):
    lines = [scanned(text, box[0], box[3] + 5, 10) for text, box in zip(captions, boxes, strict=False)]
    whole = picture((0, 0, 600, 800), f"whole-{number}").model_copy(update={"kind": "page"})
    seen = [
        picture(box, f"seen-{number}-{place}").model_copy(update={"kind": "region"}) for place, box in enumerate(boxes)
    ]
    return page(number, [block(one, source="ocr") for one in [*lines, *more]], [whole, *seen], kind="image")


def test_the_size_in_the_caption_of_a_picture_left_unseen_is_of_no_other():
    boxes = grid_boxes(3, 3)[:8]
    names = ("Orissa pan", "Pan delux", "Squat pan", "Stall urinal", "Gents urinal", "Mini urinal", "Pan", "Bidet")
    sink = scanned('Sink - Size: 24" x 18" x 10"', 400, boxes[-1][3] - 30, 10)
    products = products_of(scan_of(1, names, boxes, sink))
    assert len(products) == len(names)
    assert {product.dimensions for product in products} == {None}


def test_captions_side_by_side_are_two_however_close_ocr_reads_them():
    boxes = [(40.0 + 70 * column, 200.0, 100.0 + 70 * column, 250.0) for column in range(6)]
    shades = ("Aqua Green", "Magenta", "Sorento Blu", "Oasis Green", "Coffee Brown", "Pacific Blu")
    lines = [scanned(name, box[0] - 4, 254, 12.5) for name, box in zip(shades, boxes, strict=True)]
    assert min(after.box[0] - one.box[2] for one, after in pairwise(lines)) < 1.6 * 12.5
    assert names_of(scan_of(1, (), boxes, *lines)) == sorted(shades)


def test_a_line_that_begins_with_a_small_letter_is_no_name_among_others():
    pages = [scan_of(n, (f"Harrier {n}", f"Venito {n}"), grid_boxes(2, 1)) for n in (2, 3, 4)]
    slogan = page(1, [block(scanned("trust our", 240, 600, 10), source="ocr")], [pages[0].images[0]], kind="image")
    assert not any(name.startswith("trust") for name in names_of(slogan, *pages))


def test_a_caption_set_smaller_to_fit_belongs_to_its_row():
    boxes = grid_boxes(3, 2)
    names = ("Toothpaste", "Toothbrush", "Teeth Whitening Powder", "Comb", "Mouthwash", "Kit")
    captions = [
        line(name, box[0], box[3] + 4, 8.5 if name.startswith("Teeth") else 10, bold=True)
        for name, box in zip(names, boxes, strict=True)
    ]
    pictures = [picture(box, f"image-{place}") for place, box in enumerate(boxes)]
    assert names_of(page(1, [block(*captions)], pictures), grid_page(2, ("Vase", "Bowl", "Tray"))) == sorted(
        [*names, "Vase", "Bowl", "Tray"]
    )


def test_several_colours_that_a_page_repeats_are_of_other_goods_and_a_banner_ends_at_the_next():
    banner = block(line('18" x 12" basins', 40, 60, 15, bold=True, font="Head"), label="section_header")
    second = block(line('20" Pans of double colour', 40, 320, 15, bold=True, font="Head"), label="section_header")
    boxes = grid_boxes(3, 1) + grid_boxes(3, 1, top=350)
    names = block(*(line(name, box[0], box[3] + 4) for name, box in zip(SHADES[:3] * 2, boxes, strict=True)))
    pictures = [picture(box, f"image-{place}") for place, box in enumerate(boxes)]
    products = products_of(page(1, [banner, names, second], pictures))
    found = [(product.name, product.dimensions and product.dimensions.printed) for product in products]
    assert found == [*((name, '18" x 12"') for name in SHADES[:3]), *((name, None) for name in SHADES[:3])]
    assert len({product.identity_key for product in products}) == len(products)


def test_one_colour_at_two_pictures_may_be_one_product():
    boxes = grid_boxes(3, 1)
    captions = block(
        *(line(name, box[0], box[3] + 4) for name, box in zip(("Ivory", "Ivory", "Grey"), boxes, strict=True))
    )
    assert names_of(page(1, [captions], [picture(box, f"p-{box[0]}") for box in boxes])) == ["Grey", "Ivory"]


def test_a_name_under_another_kind_of_goods_is_another_product():
    names = ("Capsule", "Glass", "Damru")
    basins = titled(1, "One piece basin", names)
    sized = block(*(line('20" x 12"', box[0], box[3] + 18, 8) for box in grid_boxes(3, 1)))
    tables = titled(2, "Coffee table", names)
    tables = tables.model_copy(update={"blocks": (*tables.blocks, sized)})
    found = {(product.name, product.pages): product.dimensions for product in products_of(basins, tables)}
    assert set(found) == {(name, (number,)) for name in names for number in (1, 2)}
    assert {size for (_, pages), size in found.items() if pages == (1,)} == {None}


def test_a_name_in_two_colours_stays_the_name_over_the_lines_that_tell_their_codes():
    lamps = (
        ("Camille", "noir"),
        ("Camille", "cuivre"),
        ("Odile", "blanc"),
        ("Odile", "vert sauge"),
        ("Basile", "noir"),
    )
    lines = []
    for number, ((name, colour), box) in enumerate(zip(lamps, grid_boxes(3, 2), strict=False)):
        lines += [line(name, box[0], box[3] + 4, 13, bold=True), line("49,90 €", box[0] + 80, box[3] + 4, 12),
                  line(f"Réf. S-110{number} {colour}", box[0], box[3] + 22, 9)]  # fmt: skip
    pictures = [picture(box, f"lamp-{at}") for at, box in enumerate(grid_boxes(3, 2)[: len(lamps)])]
    content = page(1, [block(one) for one in lines], pictures).model_copy(update={"languages": ("fr",)})
    assert sorted((one.name, one.code) for one in products_of(content)) == [
        (name, f"S-110{number}")
        for name, number in (("Basile", 4), ("Camille", 0), ("Camille", 1), ("Odile", 2), ("Odile", 3))
    ]

"""What stands below the goods of a page is said of them all: the sizes that they come in, and the colours."""

from tests.unit.products.printed import below, block, grid_boxes, grid_page, line, names_of, page, picture, products_of

SOFAS = ("Sofa Olonne", "Chair Vercors", "Pouf Chartreuse")
COLOURS = ("Nuit", "Sauge", "Perle", "Lin")
TILES = ("Kapadokya Krem", "Kapadokya Vizon", "Kapadokya Gri")


def with_chips(number, *, side=30.0, sizes=True):
    """Three large pictures with a name and a size each, and a row of small ones that say a word."""
    boxes = grid_boxes(3, 1)
    lines = [below(box, name, 4, 10) for name, box in zip(SOFAS, boxes, strict=True)]
    if sizes:
        lines += [below(box, f"{90 + 10 * place} x 95 cm", 18, 8, bold=False) for place, box in enumerate(boxes)]
    chips = [(40.0 + 140 * place, 500.0, 40.0 + 140 * place + side, 500.0 + side) for place in range(4)]
    lines += [below(box, name, 4, 6, bold=False) for name, box in zip(COLOURS, chips, strict=True)]
    pictures = [picture(box, f"image-{number}-{place}") for place, box in enumerate((*boxes, *chips))]
    return page(number, [block(one) for one in lines], pictures)


def test_small_swatches_below_goods_with_sizes_are_what_these_come_in():
    assert names_of(*(with_chips(number) for number in (1, 2, 3))) == sorted(SOFAS)


def test_swatches_as_large_as_the_other_pictures_are_goods_themselves():
    assert names_of(*(with_chips(number, side=110) for number in (1, 2, 3))) == sorted((*SOFAS, *COLOURS))


def test_small_swatches_beside_pictures_that_say_no_more_are_goods_themselves():
    assert names_of(*(with_chips(number, sizes=False) for number in (1, 2, 3))) == sorted((*SOFAS, *COLOURS))


def drawn(*sizes, top=420.0, step=110.0):
    """Sizes under drawings of formats, each at a height of its own."""
    return [block(line(text, 40 + step * place, top + 20 * place, 8)) for place, text in enumerate(sizes)]


def faces(products):
    return {one.name: [size["printed"] for size in one.fields["physicalProperties"]["dimensions"]] for one in products}


def test_a_strip_of_formats_below_the_products_is_of_them_all():
    printed = grid_page(1, TILES, *drawn("60x120 cm", "60x60 cm"))
    assert faces(products_of(printed)) == {key: ["60x120 cm", "60x60 cm"] for key in TILES}


def test_as_many_sizes_as_products_are_not_said_of_them_all():
    printed = grid_page(1, TILES, *drawn("60x120 cm", "60x60 cm", "30x60 cm", step=180))
    assert all(one.dimensions is None for one in products_of(printed))


def test_the_size_in_the_caption_of_a_photo_does_not_stand_for_the_formats():
    photo = block(line(f"Floor: {TILES[0]} 60x120 cm", 40, 60, 6))
    printed = grid_page(1, TILES, photo, *drawn("60x120 cm", "60x60 cm"))
    assert faces(products_of(printed)) == {key: ["60x120 cm", "60x60 cm"] for key in TILES}

"""Cells with the name over the picture, rows of swatches with their size sideways, sheets with the name sideways."""

import pytest

from actors.tables.price_lists import product_rows
from actors.values.dimensions import parse_dimensions
from tests.unit.products.printed import below, block, grid_boxes, line, names_of, page, picture, products_of

BASINS = (
    ("Basin Nera", ("Ref. 4101", "50 x 40 cm", "80 €"), ("Ref. 4102", "60 x 45 cm", "95 €")),
    ("Bidet", ("Ref. 4110", "36 x 52 cm", "99 €")),
    ("Column", ("Ref. 4120", "H 70 cm", "45 €")),
    ("Hung toilet", ("Ref. 4130", "36 x 50 cm", "150 €"), ("Ref. 4131", "36 x 47 cm", "140 €")),
)


def sideways(text, x, y, size=10.0):
    """A line set from the bottom up."""
    printed = line(text, x, y, size)
    box = (x, y, x + 1.2 * size, y + printed.box[2] - printed.box[0])
    return printed.model_copy(update={"box": box})


def cells(*rows):
    """Two pictures a row that nearly touch, a name over each, and lines of three columns under it."""
    lines, pictures = [line("Series Taro", 40, 50, 24, bold=True)], []
    for place, (name, *versions) in enumerate(rows):
        left, top = 40.0 + 265 * (place % 2), 110.0 + 240 * (place // 2)
        pictures.append(picture((left, top, left + 250, top + 150), f"image-{place}"))
        lines.append(line(name, left, top - 22, 13, bold=True))
        for down, version in enumerate(versions):
            across = zip(version, (0, 75, 225), strict=True)
            lines += [line(text, left + x, top + 160 + 16 * down, 10) for text, x in across]
    return page(1, [block(one) for one in lines], pictures)


def test_each_coded_line_under_a_picture_is_a_version_of_what_is_named_over_it():
    found = {(one.name, one.code, one.dimensions.printed) for one in products_of(cells(*BASINS))}
    expected = {(name, code.split()[1], size) for name, *versions in BASINS for code, size, _ in versions}
    assert found == expected


def test_what_stands_over_the_first_name_of_a_row_is_said_of_all_of_them():
    found = products_of(cells(*BASINS))
    assert {one.fields["coreIdentity"]["collection"] for one in found} == {"Series Taro"}


def test_a_size_under_the_head_of_a_collection_is_that_of_all_boards_below_it():
    boxes = [(40.0 + 130 * place, 200.0, 150.0 + 130 * place, 560.0) for place in range(4)]
    names = [line(name, box[0], 180, 12, bold=True) for name, box in zip(("Mist", "Sand", "Bark", "Pebble"), boxes)]  # noqa: B905
    head = [line("Collection Settle", 40, 110, 26), line("Engineered, 14 x 190 x 1900 mm", 40, 148, 10)]
    finishes = [line("Oiled", box[0], 566, 9) for box in boxes]
    blocks = [block(one) for one in (*head, *names, *finishes)]
    found = products_of(page(1, blocks, [picture(box, f"i{box[0]}") for box in boxes]))
    assert {one.name: one.dimensions.printed for one in found} == dict.fromkeys(
        ("Mist", "Sand", "Bark", "Pebble"), "14 x 190 x 1900 mm"
    )


@pytest.mark.parametrize(
    ("printed", "thickness"),
    [("20 x 140 x 500-2000 mm", 20.0), ("28 x 145 x 4000 mm", 28.0), ("60 x 60 x 90 cm", None)],
)
def test_the_first_number_of_a_board_is_its_thickness(printed, thickness):
    assert parse_dimensions(printed)[0].thickness_mm == thickness


@pytest.mark.parametrize(("beside", "finish"), [("Varnished matt", "Varnished matt"), ("Untreated", "Untreated")])
def test_a_finish_printed_by_itself_counts_before_one_in_the_name(beside, finish):
    boxes = grid_boxes(3, 1)
    lines = [below(box, name) for box, name in zip(boxes, ("Oak Natural", "Ash Smoked", "Elm Grey"), strict=True)]
    lines += [line(beside, box[0], box[3] + 20, 8) for box in boxes]
    found = {one.name: one.finish for one in products_of(page(1, [block(one) for one in lines], images(boxes)))}
    assert found["Oak Natural"] == finish


def images(boxes):
    return [picture(box, f"image-{place}") for place, box in enumerate(boxes)]


def two_sizes(columns):
    """Names with a code under each, the same ones in two groups of rows, and the size of each group sideways."""
    names = ("Alder Snow", "Alder Coal", "Alder Moss")
    boxes = grid_boxes(columns, 6 // columns, top=80)
    boxes = [(x0, 0.6 * y0, x1, 0.6 * y0 + 60) for x0, y0, x1, _ in boxes]
    lines = []
    for place, box in enumerate(boxes):
        lines += [below(box, names[place % 3]), below(box, f"A11{place}7", 16, 8, bold=False)]
    for first, metric, inches in ((0, "20x20 cm", '8"x8"'), (3, "10x30 cm", '4"x12"')):
        group = boxes[first : first + 3]
        middle = (group[0][1] + group[-1][3]) / 2
        lines += [sideways(metric, 8, middle - 20), sideways(inches, 22, middle - 12, 7)]
    return page(1, [block(one) for one in lines], images(boxes))


@pytest.mark.parametrize("columns", [3, 1])
def test_a_name_in_several_sizes_is_a_product_in_each_and_the_size_may_stand_sideways(columns):
    found = sorted((one.code, one.name, one.dimensions.printed) for one in products_of(two_sizes(columns)))
    names = ("Alder Snow", "Alder Coal", "Alder Moss")
    assert found == [(f"A11{n}7", names[n % 3], "20x20 cm" if n < 3 else "10x30 cm") for n in range(6)]


def test_a_look_repeated_over_bare_codes_is_no_name():
    boxes = grid_boxes(3, 2)
    lines = []
    for place, box in enumerate(boxes):
        lines += [below(box, "Glossy"), below(box, f"A11{place}7", 16, 8, bold=False)]
    assert "Glossy" not in names_of(page(1, [block(one) for one in lines], images(boxes)))


def test_a_sheet_may_have_its_name_sideways_and_its_values_under_their_labels():
    columns = (("Profile", "21 x 145 mm"), ("Length", "4200 mm"), ("Finish", "Shou ban"), ("Code", "TC-21145"))
    lines = [sideways("Northern Larch", 520, 200, 40)]
    for place, (label, value) in enumerate(columns):
        lines += [line(label, 40 + 120 * place, 629, 10), line(value, 40 + 120 * place, 646, 12, bold=True)]
    products = products_of(page(1, [block(one) for one in lines], [picture((0.0, 0.0, 480.0, 580.0), "wall")]))
    assert [(one.name, one.code, one.finish) for one in products] == [("Northern Larch", "TC-21145", "Shou ban")]
    size = products[0].dimensions
    assert (size.length_mm, size.width_mm, size.thickness_mm) == (4200.0, 145.0, 21.0)


KITCHENS = {"Tuscany": ("Lacquer", "Coral Red", "Black granite"), "Porto": ("Acrylic", "Sand", "Grey quartz")}


@pytest.mark.parametrize(
    ("labels", "found"),
    [(("Front", "Colour", "Worktop"), sorted(KITCHENS)), (("Client", "Colour", "Year"), []), (("A", "B", "C"), [])],
)
def test_a_sheet_may_have_its_name_beside_values_under_labels_of_its_own(labels, found):
    pages = []
    for number, (name, values) in enumerate(KITCHENS.items(), start=1):
        lines = [line(name, 40, 730, 40)]
        for place, (label, value) in enumerate(zip(labels, values, strict=True)):
            lines += [line(label, 240 + 110 * place, 736, 9), line(value, 240 + 110 * place, 752, 10, bold=True)]
        pages.append(page(number, [block(one) for one in lines], [picture((0.0, 0.0, 595.0, 700.0), f"room-{number}")]))
    assert names_of(*pages) == found


def test_one_word_before_the_number_of_every_model_is_no_label():
    rows = (
        ("No.", "Model", "Size", "Art. No.", "Price"),
        *((str(n), f"Linea {n}0", f"{700 + n} x 1985 mm", f"6011{n}", f"{n}89,00 €") for n in range(1, 5)),
    )
    cells_of = [
        line(cell, 40 + 100 * column, 300 + 20 * place)
        for place, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    table = block(*cells_of, label="table", rows=rows)
    assert [row.name for row in product_rows(table)] == [f"Linea {n}0" for n in range(1, 5)]

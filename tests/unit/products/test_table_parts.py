"""Tables with a second header further down, with a name in two columns, with dashes and with services."""

from tests.unit.products.printed import names_of, page, products_of
from tests.unit.products.test_lists import table

CABINETS = [
    ("Type", "Width (mm)", "Wall thickness (mm)", "Weight (kg)", "Price (EUR)"),
    ("LK 45/50 cabinet", "450", "100", "480", "166.00"),
    ("LK 75/50 cabinet", "750", "100", "680", "203.00"),
]
COVERS = [
    ("Type", "Height", "(mm)", "Length (mm)", "Price (EUR)"),
    ("CO 58x88x8 cover", "", "80", "880", "15.30"),
    ("CO 88x103x8 cover", "", "80", "1 030", "26.40"),
]


def test_rows_are_read_under_the_last_header_over_them():
    products = products_of(page(1, [table([*CABINETS, *COVERS])]))
    assert {one.name: one.dimensions.printed for one in products} == {
        "LK 45/50 cabinet": "Width (mm): 450, Wall thickness (mm): 100",
        "LK 75/50 cabinet": "Width (mm): 750, Wall thickness (mm): 100",
        "CO 58x88x8 cover": "Height (mm): 80, Length (mm): 880",
        "CO 88x103x8 cover": "Height (mm): 80, Length (mm): 1 030",
    }


def test_a_row_of_dashes_is_a_product_as_well():
    rows = [*CABINETS, ("Basket for gullies", "-", "-", "-", "13.60")]
    assert "Basket for gullies" in names_of(page(1, [table(rows)]))


def test_what_is_done_with_goods_is_none():
    rows = [*CABINETS, ("Hole drilling to 20 cm", "100", "200", "-", "13.60")]
    assert names_of(page(1, [table(rows)])) == ["LK 45/50 cabinet", "LK 75/50 cabinet"]


def test_a_first_word_that_the_table_finder_cut_off_is_put_back():
    head, *rows = [("", *row) for row in [("Model", *CABINETS[0][1:]), *CABINETS[1:]]]
    cut = [tuple(row[1].split(" ", 1)) + row[2:] for row in rows]
    printed = table(CABINETS)
    products = products_of(page(1, [printed.model_copy(update={"rows": (head, *cut)})]))
    assert [one.name for one in products] == ["LK 45/50 cabinet", "LK 75/50 cabinet"]

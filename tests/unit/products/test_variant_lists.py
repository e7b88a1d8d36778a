"""Rows under a name that say only which one, and rows and tables that only look like that."""

from actors.candidates.code_matrices import code_matrix
from actors.candidates.variant_lists import variant_lists
from actors.page.labels import page_labels
from tests.unit.products.printed import block, grid_page, line, page, products_of
from tests.unit.products.test_lists import table


def listed(name, rows, header=()):
    """A name over columns without rules."""
    cells = [(cell, at, row) for row, cells in enumerate((header, *rows) if header else rows) for at, cell in
             enumerate(cells)]  # fmt: skip
    lines = [line(cell, 40 + 110 * at, 130 + 14 * row, 8) for cell, at, row in cells]
    return variant_lists(page_labels(page(1, [block(line(name, 40, 100, 12, bold=True), *lines)])), [])


def test_measures_and_codes_under_a_name_are_its_variants():
    (found,) = listed("Bar handle Fell", [("128 mm", "9 148 201", "10 pcs"), ("160 mm", "9 148 202", "10 pcs")])
    assert found.name.name == "Bar handle Fell"
    assert [row.code for row in found.rows] == ["9 148 201", "9 148 202"]


def test_rows_that_name_things_are_no_variants_of_the_title_over_them():
    assert listed("Terrace", [("Solling", "70114", "12.50"), ("Weser", "70225", "13.50")]) == []
    header = ("Article", "Order no.", "Price")
    assert listed("Lamp Fell", [("Solling", "70114", "12.50"), ("Weser", "70225", "13.50")], header) == []


def test_round_numbers_are_measures_and_no_codes():
    assert listed("Pendant lamp Fell", [("black", "1200"), ("white", "1500"), ("brass", "2400")]) == []


def test_a_table_of_codes_lists_each_name_in_each_size():
    rows = [("Sizes", "Calce", "Fango"), ("60x120 cm", "TSA3", "TSA4"), ("30x60 cm", "TSB3", "TSB4")]
    assert told(rows) == {"Calce": ["TSA3", "TSB3"], "Fango": ["TSA4", "TSB4"]}
    assert told([tuple(column) for column in zip(*rows, strict=True)]) == {
        "Calce": ["TSA3", "TSB3"],
        "Fango": ["TSA4", "TSB4"],
    }


def told(rows):
    return {one.name.name: [row.code for row in one.rows] for one in code_matrix(table(rows))}


def test_finishes_and_heads_of_columns_are_no_names():
    body = [("60x120 cm", "TSA3", "TSA4"), ("30x60 cm", "TSB3", "TSB4")]
    assert told([("Sizes", "Matt", "Polished"), *body]) == {}
    assert told([("Sizes", "Code", "Barcode"), *body]) == {}


def test_a_code_that_stands_twice_is_a_group_of_prices():
    assert told([("Sizes", "Calce", "Fango"), ("60x120 cm", "G10", "G10"), ("30x60 cm", "G12", "G12")]) == {}


def test_lists_under_the_captions_of_a_grid_are_articles_with_the_captions_picture():
    """Codes that end a line, as text layers join neighbouring cells, are codes of the column as well."""
    lists = [
        line(text, 40 + 180 * at, 288 + 11 * row, 8)
        for at in range(3)
        for row, text in enumerate((f"96 mm PH1{at}-96-AB", f"128 mm PH1{at}-128-AB"))
    ]
    products = products_of(grid_page(1, ["Fell", "Scar", "Tarn"], block(*lists)))
    assert [(one.name, one.code) for one in products] == [
        (name, f"PH1{at}-{length}-AB") for at, name in enumerate(("Fell", "Scar", "Tarn")) for length in (96, 128)
    ]
    assert [one.images[0].image_id for one in products] == [f"image-1-{at // 2}" for at in range(6)]


def test_names_at_the_side_come_in_the_finishes_along_the_head():
    body = [("Basin mixer", "4101 C", "4101 P"), ("Bath mixer", "4120 C", "-"), ("Bidet mixer", "4110 C", "4110 P")]
    told_in = {"Basin mixer": ["4101 C", "4101 P"], "Bath mixer": ["4120 C"], "Bidet mixer": ["4110 C", "4110 P"]}
    assert told([("", "Polished nickel", "Matt black"), *body]) == told_in
    heads = [line("Polished nickel", 290, 120, 8), line("Matt black", 370, 120, 8)]
    matrix = code_matrix(table(body, 160), heads)
    assert [row.cells for row in matrix[0].rows] == [(("", "Polished nickel"),), (("", "Matt black"),)]
    assert code_matrix(table(body, 160), []) == []

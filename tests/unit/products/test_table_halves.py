"""Price lists in two halves side by side, and tables that only look like that."""

from actors.tables.halves import halves
from tests.unit.products.printed import block, line, names_of, page, products_of
from tests.unit.products.test_lists import table

LEFT = [("11000", "Atica Blanco", "14,90"), ("11007", "Atica Crema", "15,50"), ("11014", "Atica Gris", "16,90")]
RIGHT = [("11930", "Sol Marfil", "23,90"), ("11937", "Sol Coral", "24,50"), ("11944", "Relieve Sol Humo", "25,90")]
TITLES = [("SERIE ATICA", "", "", "SERIE SOL", "", "")]


def listed(left, right, titles=()):
    """Both lists in one table: each cell a line, the right half from x = 300."""
    rows = [*titles, *((*one, *other) for one, other in zip(left, right, strict=True))]
    lines = [
        line(cell, 40 + 65 * column + (65 if column > 2 else 0), 100 + 16 * number, 9)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]
    return block(*lines, label="table", rows=tuple(rows))


def priced(left, right, titles=()):
    return page(1, [block(line("Precios en euros sin IVA", 40, 60, 9)), listed(left, right, titles)])


def test_both_halves_of_a_price_list_are_read():
    products = products_of(priced(LEFT, RIGHT, TITLES))
    assert {one.name: one.code for one in products} == {name: code for code, name, _ in (*LEFT, *RIGHT)}


def test_a_product_is_proved_in_its_own_half():
    for one in products_of(priced(LEFT, RIGHT)):
        (proof,) = (item for item in one.evidence if item.field == "name")
        assert (proof.box[0] >= 300) == any(one.name == name for _, name, _ in RIGHT)


def test_a_finish_in_one_name_is_not_that_of_the_names_around_it():
    finishes = {one.name: one.finish for one in products_of(priced(LEFT, RIGHT))}
    assert {name for name, finish in finishes.items() if finish} <= {"Relieve Sol Humo"}


def test_columns_that_do_not_look_alike_are_one_table():
    other = [("matt", "Sol", "R10"), ("gloss", "Luna", "R9"), ("matt", "Mare", "R11")]
    assert len(halves(listed(LEFT, other))) == 1


def test_a_table_of_measures_is_not_parted():
    measures = [(str(100 + n), str(200 + n), str(300 + n)) for n in range(3)]
    assert len(halves(listed(measures, measures))) == 1


def test_a_header_with_a_word_of_its_own_over_each_column_is_of_one_list():
    left, right = [("M-1", "Oak", "120 x 20"), ("M-2", "Elm", "140 x 20"), ("M-3", "Ash", "160 x 20")], [
        ("8 mm", "white", "14,90"), ("8 mm", "grey", "15,50"), ("9 mm", "red", "16,90")]  # fmt: skip
    assert len(halves(listed(left, right, [("Code", "Product", "Size", "Thickness", "Colour", "Price")]))) == 1
    assert len(halves(listed(left, right))) == 2


def test_a_header_that_stands_twice_is_of_two_halves():
    head = ("Code", "Product", "Price")
    more = [("11950", "Luna Gris", "18,90")]
    assert len(halves(listed(LEFT + more, RIGHT + more, [(*head, *head)]))) == 2


def test_a_chart_of_accounts_is_no_price_list():
    assert len(products_of(priced(LEFT, RIGHT))) == 6
    assert names_of(page(1, [listed(LEFT, RIGHT)])) == [], "nothing says that these are prices"
    rows = [("40100", "Staff costs", "1.204,00"), ("40200", "Rents paid", "980,00"), ("40300", "Travel", "77,10")]
    assert names_of(page(1, [table(rows)])) == []

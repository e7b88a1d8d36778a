"""Bills, quotations and bills of quantities name goods with sizes and prices, and sell none."""

import pytest

from tests.unit.products.printed import block, line, names_of, page

GOODS = (("Oak plank 120 x 20 cm", "12", "24.50"), ("Ash plank 140 x 20 cm", "8", "31.00"), ("Elm plank", "3", "18.20"))


def table(rows):
    lines = [
        line(cell, 40 + 160 * at, 100 + 20 * row) for row, cells in enumerate(rows) for at, cell in enumerate(cells)
    ]
    return block(*(one for one in lines if one.text), label="table", rows=rows)


@pytest.mark.parametrize(
    ("heads", "language"),
    [(("Description", "Quantity", "Amount (€)"), "en"), (("Bezeichnung", "Menge", "Betrag EUR"), "de"),
     (("Désignation", "Quantité", "Montant HT"), "fr"), (("Descrizione", "Quantità", "Importo"), "it"),
     (("Descripción", "Cantidad", "Importe"), "es"), (("Nazwa", "Ilość", "Wartość netto"), "pl"),
     (("Tanım", "Miktar", "Tutar (₺)"), "tr")],
)  # fmt: skip
def test_rows_that_say_how_much_of_each_and_what_it_comes_to_are_no_goods(heads, language):
    bill = page(1, [table((heads, *GOODS))]).model_copy(update={"languages": (language,)})
    assert names_of(bill) == []


@pytest.mark.parametrize(
    "heads", [("Description", "Quantity per box", "Price (€)"), ("Description", "Pcs/box", "Total thickness")]
)
def test_packing_of_goods_is_no_quantity(heads):
    assert len(names_of(page(1, [table((heads, *GOODS))]))) == len(GOODS)


def test_an_order_form_asks_for_nothing_yet():
    heads = ("Description", "Price (€)", "Quantity", "Amount")
    rows = [(name, price, "", "") for name, _, price in GOODS]
    assert len(names_of(page(1, [table((heads, *rows))]))) == len(GOODS)


@pytest.mark.parametrize(("last", "count"), [("94.00", 0), ("95.00", 5)])
def test_a_column_that_ends_with_its_sum_is_of_a_bill(last, count):
    prices = ("24.50", "31.00", "18.20", "20.30", last)
    rows = [(f"{wood} plank 120 x 20 cm", f"A-10{at}", price) for at, (wood, price) in enumerate(
        zip(("Oak", "Ash", "Elm", "Beech", "Cherry"), prices, strict=True))]  # fmt: skip
    assert len(names_of(page(1, [table((("Description", "Code", "Price (€)"), *rows))]))) == count

"""Price lists whose currency stands in the header only, and codes that are bare numbers."""

import pytest

from tests.unit.products.printed import block, line, names_of, page, products_of
from tests.unit.products.test_lists import table

SPANISH = [("Ref", "Descripción", "PVP"), ("LR-7788", "Lámpara Luna", "89,50"), ("LR-7789", "Lámpara Estela", "99,50")]
TURKISH = [("Ürün kodu", "Ürün", "Fiyat (TL)"), ("104523", "Koltuk Defne", "8.950"), ("104524", "Sehpa Lale", "1.250")]
GERMAN = [("Art.-Nr.", "Bezeichnung", "Stück"), ("104523", "Tisch Oslo", "1"), ("104524", "Stuhl Bergen", "4")]
SPACED = [
    ("Typ", "Oberfläche", "Art.-Nr."),
    ("Kistenband schmal", "verzinkt", "K 5304.50"),
    ("Kistenband breit", "roh", "K 5304.70"),
]
SKIRTINGS = [
    ("Artigo", "Referência", "Medidas", "Venda"),
    ("Rodapé liso", "RD 801", "2400 x 80 x 15 mm", "Barra"),
    ("Rodapé clássico", "RD 802", "2400 x 100 x 16 mm", "Barra"),
    ("Perfil de remate", "PF 302", "2700 x 25 mm", "Barra"),
    ("Kit de instalação", "KT 001", "", "Unidade"),
]
FRAMES = [
    ("Ürün", "Kod", "Ölçü", "Kutu / Koli"),
    ("İkili çerçeve", "CR 20", "82 x 153 mm", "10 / 100"),
    ("Üçlü çerçeve", "CR 30", "82 x 224 mm", "10 / 80"),
    ("Dörtlü çerçeve", "CR 40", "82 x 295 mm", "5 / 50"),
]
UNITS = [("Code", "Name", "Qty"), ("6012G", "Luna", "4"), ("7030M", "Sole", "6"), ("2015A", "Ombra", "8")]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (SPANISH, {"Lámpara Luna": "LR-7788", "Lámpara Estela": "LR-7789"}),
        (TURKISH, {"Koltuk Defne": "104523", "Sehpa Lale": "104524"}),
        (GERMAN, {"Tisch Oslo": "104523", "Stuhl Bergen": "104524"}),
        (SPACED, {"Kistenband schmal": "K 5304.50", "Kistenband breit": "K 5304.70"}),
        (SKIRTINGS, {row[0]: row[1] for row in SKIRTINGS[1:]}),
        (FRAMES, {row[0]: row[1] for row in FRAMES[1:]}),
        (UNITS, {"Luna": "6012G", "Sole": "7030M", "Ombra": "2015A"}),
    ],
)
def test_each_row_is_a_product_with_the_code_of_its_column(rows, codes):
    products = products_of(page(1, [table(rows)]))
    assert {one.name: one.code for one in products} == codes
    for one in products:
        proof = next(item for item in one.evidence if item.field == "code")
        assert proof.value == one.code and one.code in proof.text


def test_a_price_is_read_with_the_currency_of_its_header():
    one = products_of(page(1, [table(TURKISH)]))[0]
    assert one.fields["commercialInformation"] == {"price": "8950", "currency": "TL"}
    proofs = {item.field.split(".")[1]: item for item in one.evidence if item.field.startswith("commercial")}
    assert (proofs["price"].value, proofs["currency"].text) == ("8.950", "Fiyat (TL)")
    assert all(proof.value in proof.text for proof in proofs.values())


@pytest.mark.parametrize(
    ("head", "price"), [("€", "89,50"), ("€ / ud.", "89,50"), ("EUR/m²", "89,50"), ("€ Montaje", None)]
)
def test_a_currency_alone_heads_prices(head, price):
    rows = [("Ref", "Descripción", head), *SPANISH[1:]]
    products = products_of(page(1, [table(rows)]).model_copy(update={"languages": ("es",)}))
    read = [one.fields.get("commercialInformation", {}).get("price") for one in products]
    assert (read[0] is not None) == (price is not None)


def test_numbers_without_codes_or_prices_are_still_no_goods():
    rows = [("Region", "2024", "2025"), ("Norden", "1 204", "1 180"), ("Süden", "980", "1 020")]
    assert names_of(page(1, [table(rows)])) == []


SCREWS = ("Hinge plain", "Hinge cranked", "Hinge sprung double")
HEAD = ("Description", "", "Ref.", "Size", "Price €")


def hinges(rows):
    words = [line(name, 40, 100 + 40 * place, 9, bold=True) for place, name in enumerate(SCREWS)]
    words += [line(f"BU-11{place}", 250, 100 + 40 * place, 9) for place in range(3)]
    return page(1, [block(*words, label="table", rows=(HEAD, *rows))])


def cells(place, *name):
    return (*name, f"BU-11{place}", f"{30 + place} x {60 + place} mm", f"{3 + place}.50")


def test_a_name_that_the_table_finder_cut_into_columns_is_one():
    rows = (cells(0, "Hinge plain", ""), cells(1, "Hinge cranked", ""), cells(2, "Hinge", "sprung double"))
    assert names_of(hinges(rows)) == sorted(SCREWS)


def test_signs_between_the_rows_are_no_rows():
    rows = [row for place, name in enumerate(SCREWS) for row in (cells(place, name, ""), ("24h", "IP54", "", "", ""))]
    assert names_of(hinges(rows)) == sorted(SCREWS)


PACKS = ("Code", "Product", "1 L", "2.5 L", "5 L")
PAINTS = [
    ("HEIOI", "Contract White", "9.80", "21.40", "38.75"),
    ("HE102", "Stain Block", "11.20", "18.95", "33.50"),
    ("HEHO", "Deck Oil", "12.75", "-", "61.00"),
]


def paints(*notes, head=PACKS):
    remarks = [block(line(text, 40, 60 + 20 * row)) for row, text in enumerate(notes)]
    return names_of(page(1, [*remarks, table([head, *PAINTS])]))


def test_packs_are_heads_over_prices_and_codes_that_were_misread_are_none_of_the_names():
    assert paints("Trade price list") == sorted(row[1] for row in PAINTS)
    assert paints("Trade paint") == []


def test_amounts_that_rise_like_hours_are_no_programme():
    hours = [block(line(text, 300, 500 + 20 * row)) for row, text in enumerate(("8.40", "11.20", "12.10", "13.20"))]
    listed = table([PACKS, *PAINTS])
    assert names_of(page(1, [block(line("Trade price list", 40, 60)), listed, *hours])) == sorted(
        row[1] for row in PAINTS
    )


@pytest.mark.parametrize(
    ("title", "language", "count"),
    [("Packing", "en", 0), ("Verpackung und Gewicht", "de", 0), ("Imballi", "it", 0), ("Formate", "de", 3)],
)
def test_a_table_under_a_heading_for_packing_lists_no_goods(title, language, count):
    rows = (
        ("", "kg", "Height (cm)"),
        ("Oak planks", "980", "85"),
        ("Window sills", "720", "60"),
        ("Paving", "1020", "70"),
    )
    cells = [
        line(cell, 40 + 160 * at, 100 + 20 * row) for row, cells in enumerate(rows) for at, cell in enumerate(cells)
    ]
    table = block(*(cell for cell in cells if cell.text), label="table", rows=rows)
    shown = page(1, [block(line(title, 40, 75, 14, bold=True)), table]).model_copy(update={"languages": (language,)})
    assert len(names_of(shown)) == count

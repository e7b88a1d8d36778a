"""Lists of works name what was built for whom, when and for which sum: no price list."""

import pytest

from tests.unit.products.printed import block, grid_boxes, grid_page, line, names_of, page

WORKS = (("Court house", "Ministry", "4,150,000 €", "2014"), ("Station hall", "Rail", "5,720,000 €", "2016"))


def listed(heads, language="en"):
    rows = (heads, *WORKS)
    lines = [
        line(cell, 40 + 140 * at, 100 + 20 * row) for row, cells in enumerate(rows) for at, cell in enumerate(cells)
    ]
    return page(1, [block(*lines, label="table", rows=rows)]).model_copy(update={"languages": (language,)})


@pytest.mark.parametrize(
    ("heads", "language"),
    [(("Project", "Client", "Contract value", "Year"), "en"), (("Objekt", "Bauherr", "Bausumme", "Baujahr"), "de"),
     (("Ouvrage", "Maître d'ouvrage", "Montant du marché", "Année"), "fr"),
     (("Obra", "Cliente", "Valor del contrato", "Año"), "es"),
     (("Lavoro", "Committente", "Importo lavori", "Anno"), "it"),
     (("Obra", "Cliente", "Valor da obra", "Ano"), "pt"), (("İşin adı", "İşveren", "Sözleşme bedeli", "Yıl"), "tr"),
     (("Werk", "Opdrachtgever", "Aanneemsom", "Jaar"), "nl"), (("Obiekt", "Inwestor", "Wartość robót", "Rok"), "pl"),
     (("Objekt", "Beställare", "Kontraktssumma", "År"), "sv"),
     (("Név", "Megrendelő", "Szerződéses összeg", "Év"), "hu")],
)  # fmt: skip
def test_sums_of_works_are_no_prices(heads, language):
    assert names_of(listed(heads, language)) == []


def test_prices_for_a_customer_are_some():
    assert len(names_of(listed(("Project", "Client", "Price", "Stock")))) == len(WORKS)


@pytest.mark.parametrize(
    ("said", "are_goods"),
    [
        (("Kassel 2019 24 flats", "Fulda 2021 a kitchen", "Kassel 2022 a bath"), False),
        (("Nantes, 64 m²", 'Angers, 71 m"', "Clisson, 88 m2"), False),
        (("HN 027, 2018, 84 m²", "HN 031, 2019, 98 m²", "HN 040, 2019, 64 m²"), False),
        (("New 2026", "New 2026", "New 2026"), True),
        (("Design M. Rossi, 2008", "Design M. Rossi, 2010", "Design A. Neri, 2014"), True),
        (("2019, 60 x 60 cm", "2021, 30 x 60 cm", "2022, 20 x 20 cm"), True),
        (("1.44 m²/box", "1.08 m²/box", "1.26 m²/box"), True),
    ],
)
def test_captions_that_say_a_year_or_an_area_each_are_of_works(said, are_goods):
    def shown(number):
        under = [line(text, box[0], box[3] + 17, 8) for text, box in zip(said, grid_boxes(3, 1), strict=True)]
        return grid_page(number, [f"{name} {number}" for name in ("Luna", "Terra", "Nova")], block(*under))

    assert (names_of(*map(shown, (1, 2, 3))) != []) == are_goods


def test_a_page_of_references_leaves_the_goods_of_other_pages():
    places = [block(line(f"Kassel {2019 + at}", box[0], box[3] + 17, 8)) for at, box in enumerate(grid_boxes(3, 1))]
    works = grid_page(4, ("Claustro", "Fuente", "Cabina"), *places)
    goods = [grid_page(number, [f"{wood} Plank {number}" for wood in ("Oak", "Ash", "Elm")]) for number in (1, 2, 3)]
    names = names_of(*goods, works)
    assert len(names) == 9 and "Fuente" not in names


@pytest.mark.parametrize(
    ("labels", "language", "is_work"),
    [(("Client", "Year", "Architect"), "en", True), (("Committente", "Anno", "Superficie"), "it", True),
     (("Maître d'ouvrage", "Livraison"), "fr", True), (("Colour", "Year", "Size"), "en", False)],
)  # fmt: skip
def test_a_page_with_the_facts_of_a_work_shows_no_goods(labels, language, is_work):
    facts = [line(label, 40, 600 + 20 * at) for at, label in enumerate(labels)]
    names = ("Oak Hall", "Marble Court", "Glass House")
    pages = [grid_page(number, names, block(*facts)) for number in (1, 2, 3)]
    assert (names_of(*(one.model_copy(update={"languages": (language,)}) for one in pages)) == []) == is_work


def test_steps_of_two_sentences_are_no_goods():
    steps = ("Hang doors and drawers. Gap 3 mm", "Clamp the neighbours. Join them", "Mark the holes. Drill them")
    names = ("Gres porc. Naturale", "Gres porc. Lucido", "Gres porc. Antico")
    assert names_of(*(grid_page(number, steps) for number in (1, 2, 3))) == []
    assert len(names_of(*(grid_page(number, names) for number in (1, 2, 3)))) == len(names)

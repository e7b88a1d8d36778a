"""Lists of works name what was built for whom, when and for which sum: no price list."""

import pytest

from tests.unit.products.printed import block, line, names_of, page

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

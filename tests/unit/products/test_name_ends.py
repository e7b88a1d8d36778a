"""What stands at the end of a name and tells products apart stays in it."""

import pytest

from actors.naming.product_names import name_pieces
from tests.unit.products.printed import grid_page, names_of


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("EWC - 'P'", "EWC - 'P'"),
        ('ORISSA PAN 20"', 'ORISSA PAN 20"'),
        ('Tap 1/2" chrome', 'Tap 1/2" chrome'),
        ("Chêne d'Or", "Chêne d'Or"),
        ("'Lund'", "Lund"),
        ('"Fjord"', "Fjord"),
        ('WASH BASIN 18" X 12"', "WASH BASIN"),
        ("Vase 30 cm", "Vase"),
        ("Basin (corner", "Basin corner"),
    ],
)
def test_the_name_keeps_what_belongs_to_it(printed, name):
    assert " ".join(name_pieces(printed)) == name


def test_pans_of_several_inches_are_several_products():
    names = ["Gents urinal", 'Orissa pan 20"', 'Orissa pan 23"', "Squat pan", "Stall urinal", "Zenith"]
    assert names_of(grid_page(1, names), grid_page(2, names)) == names

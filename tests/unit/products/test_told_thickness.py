"""Thicknesses that captions tell without a label."""

import pytest

from tests.unit.products.printed import block, line, page, picture, products_of

NAMES = ("Castilla", "Toledo", "Gredos")


def thickness(said="", beside=()):
    """The thickness of each of three products, a picture at the left of each, with these lines beside them."""
    lines, pictures = [], []
    for row, name in enumerate(NAMES):
        top = 80.0 + 160 * row
        pictures.append(picture((40.0, top, 140.0, top + 120), f"stone-{row}"))
        lines += [line(name, 160, top + 6, 14, bold=True, font="Head"), line("40 x 60 cm", 160, top + 26)]
        lines += [line(said, 160, top + 40)] if said else []
        lines += [line(text, x, top + y) for text, x, y in beside]
    found = products_of(page(1, [block(one) for one in lines], pictures))
    assert [one.name for one in found] == list(NAMES)
    return {one.dimensions.thickness_mm for one in found}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Pavimento técnico de 20 mm", 20.0),
        ("20 mm paving for terraces", 20.0),
        ("Pavimento con junta de 3 mm", None),
        ("Pavimento de 20 mm, bisel 2 mm", None),
        ("Pavimento de 60 mm", None),
        ("Laid with 5 mm spacers", None),
    ],
)
def test_a_length_joined_to_the_word_for_flat_goods_is_their_thickness(said, told):
    assert thickness(said=said) == {told}


def test_one_length_in_a_column_for_thicknesses_beside_the_sizes_is_the_products():
    head, value = ("Spessore", 400, 6), ("9 mm", 404, 26)
    assert thickness(beside=(head, value)) == {9.0}
    assert thickness(beside=(head, value, ("12 mm", 404, 42)), said="60 x 60 cm") == {None}
    assert thickness(beside=(("Imballo", 400, 6), value)) == {None}

"""Names that are colours because their page says that it shows colours."""

import pytest

from tests.unit.products.printed import block, grid_page, line, products_of

NAMES = ("Chalk Hill", "Linen Press", "Oat Milk", "Wharfedale", "Sage Loft", "Ivory Coast")


def colours(*titles):
    over = [block(line(text, 40, 40 + 30 * row, 16, bold=True), label="title") for row, text in enumerate(titles)]
    found = products_of(*(grid_page(number, [f"{name} {number}" for name in NAMES], *over) for number in (1, 2, 3)))
    assert len(found) == 3 * len(NAMES)
    return {one.name: one.colours for one in found}, found


@pytest.mark.parametrize("title", ["Colour card - Scrubbable matt", "COLOURS", "Shade card 2026"])
def test_names_on_a_colour_card_are_colours(title):
    told, found = colours(title)
    assert told["Chalk Hill 1"] == ("Chalk Hill 1",)
    proofs = [proof for proof in found[0].evidence if proof.field == "visualProperties.colours"]
    assert proofs and all(proof.value in proof.text for proof in proofs)


def test_a_colour_that_a_name_says_is_kept():
    assert colours("Colour card")[0]["Ivory Coast 2"] == ("Ivory",)


@pytest.mark.parametrize("title", ["Wall paints", "Colours of the sea: a collection"])
def test_names_of_other_pages_are_none(title):
    assert colours(title)[0]["Chalk Hill 1"] == ()

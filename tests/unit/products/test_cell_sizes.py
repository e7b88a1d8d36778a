"""Sizes of price lists: the headers name the sides and the unit, and the name is a designation."""

import pytest

from actors.tables.cell_sizes import size_in_cells
from actors.vocabulary.languages import reading_in
from tests.unit.products.printed import page, products_of
from tests.unit.products.test_lists import table

SHAFTS = [
    ("Type", "Outer size (mm)", "Inner size (mm)", "Wall thickness (mm)", "Height (mm)", "kg/pc", "Price (EUR)"),
    ("SB 120x120/100 base", "1500 x 1500", "1200 x 1200", "150", "1 000", "2 800", "255.00"),
    ("SB 150x150/8 cover", "1800 x 1800", "-", "-", "80", "900", "95.00"),
]


def test_what_the_columns_measure_is_the_size_and_no_designation_in_the_name():
    base, cover = sorted(products_of(page(1, [table(SHAFTS)])), key=lambda one: one.name)
    sides = [(one.dimensions.length_mm, one.dimensions.height_mm, one.dimensions.thickness_mm) for one in (base, cover)]
    assert sides == [(1500, 1000, 150), (1800, 80, None)]
    assert cover.dimensions.printed == "Outer size (mm): 1800 x 1800, Height (mm): 80"
    assert base.fields["physicalProperties"]["height"] == {"value": 1000.0, "unit": "mm"}
    proof = next(item for item in base.evidence if item.field == "physicalProperties.dimensions")
    assert proof.text.startswith("Outer size (mm) | 1500 x 1500 | ") and proof.value in proof.text


@pytest.mark.parametrize(
    ("cells", "sides"),
    [
        ((("Inner diameter (mm)", "600"), ("Outer diameter (mm)", "800")), (800, 800, None, None)),
        ((("Inner width (mm)", "170"), ("Inner width above (mm)", "400"), ("Length (m)", "2")), (2e3, 400, None, None)),
        ((("Size (w x l) (cm)", "60 x 120"), ("Thickness (mm)", "9,5")), (1200, 600, None, 9.5)),
        ((("Width (mm)", "1 200"), ("Height (mm)", "1 200 / 760")), (None, 1200, 1200, None)),
        ((("Size (mm)", "2440 x 1220"), ("Thickness", "16 mm")), (2440, 1220, None, 16)),
        ((("Width", "60 cm"), ("Height", "1,2 m"), ("Weight", "4 kg")), (None, 600, 1200, None)),
    ],
)  # fmt: skip
def test_outer_sides_and_the_greater_of_two_alike(cells, sides):
    with reading_in(("en",)):
        size, _ = size_in_cells(cells)
    assert (size.length_mm, size.width_mm, size.height_mm, size.thickness_mm) == sides


def test_a_label_that_ends_a_longer_word_counts():
    with reading_in(("de",)):
        size, _ = size_in_cells((("Korpusbreite (cm)", "60"), ("Wandstärke (cm)", "2")))
    assert (size.width_mm, size.thickness_mm) == (600, 20)


@pytest.mark.parametrize(
    "cells",
    [
        (("Width", "530"), ("Height", "120")),
        (("Thickness (mm)", "10"),),
        (("Size (cm)", "30 x 60, 60 x 60"), ("Thickness (mm)", "10")),
        (("Carton size (cm)", "40 x 60 x 20"),),
    ],
)
def test_without_units_with_one_side_or_with_a_choice_the_row_is_read_as_before(cells):
    with reading_in(("en",)):
        assert size_in_cells(cells) is None

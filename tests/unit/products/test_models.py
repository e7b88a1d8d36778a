"""Data sheets of several models: a row or a column each, named by the model's number and not by the series above."""

import pytest

from tests.unit.products.printed import block, line, page, products_of

OVENS = [
    ("Model", "TH-4E", "TH-6E", "TH-9G"),
    ("Trays", "4", "6", "9"),
    ("Energy", "electric", "electric", "gas"),
    ("Width (mm)", "750", "920", "920"),
    ("Height (mm)", "560", "760", "790"),
]
PUMPS = [
    ("Type", "HX 25-40", "HX 25-60", "HX 32-60"),
    ("Order no.", "203 2540", "203 2560", "203 3260"),
    ("Lift max.", "4 m", "6 m", "6 m"),
    ("Flow max.", "2.8 m3/h", "3.4 m3/h", "4.1 m3/h"),
    ("Thread", "G 1", "G 2", "G 2"),
]
NORMS = [
    ("Type", "EN 14411", "EN 12004"),
    ("Result", "R9", "R10"),
    ("Adhesion", "1 N", "2 N"),
    ("Time", "20 min", "30 min"),
]

WASHERS = [
    ("Model", "LX 210", "LX 380 Duo", "LX 560"),
    ("Capacity", "210 L", "380 L", "560 L"),
    ("Power", "7.5 kW", "15 kW", "24 kW"),
]


def sheet(rows):
    lines = [
        line(cell, 40 + 130 * at, 200 + 18 * down, 9) for down, row in enumerate(rows) for at, cell in enumerate(row)
    ]
    return page(1, [block(line("SERIES HX", 40, 60, 22)), block(*lines, label="table", rows=tuple(rows))])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("rows", [OVENS, PUMPS, WASHERS])
def test_models_are_products_by_their_names_in_a_row_or_in_a_column(rows, turned):
    found = products_of(sheet(list(zip(*rows, strict=True)) if turned else rows))
    assert sorted(one.name for one in found) == sorted(rows[0][1:])


def test_models_have_the_numbers_that_they_are_ordered_by():
    assert {one.name: one.code for one in products_of(sheet(PUMPS))} == dict(
        zip(PUMPS[0][1:], PUMPS[1][1:], strict=True)
    )


@pytest.mark.parametrize(("head", "count"), [("Reference", 3), ("Remark", 0)])
def test_models_of_one_name_are_told_apart_by_the_codes_beside_them(head, count):
    rows = [("Model", head, "Outlet", "Flow m3/h"), ("Vortis 200", "704 200", "DN 40", "14")]
    rows += [("Vortis 200", "704 201", "DN 40", "14"), ("Vortis 350", "704 351", "DN 50", "20")]
    found = [one.code for one in products_of(sheet(rows)) if one.name.startswith("Vortis")]
    assert found == ["704 200", "704 201", "704 351"][:count]


def test_names_beside_codes_under_their_heads_need_no_other_numbers():
    rows = [("Product", "Order no.", "Version"), ("Float switch SW 10", "301 0010", "with cable")]
    rows += [("Control box SG 1", "301 0101", "for one pump"), ("Clack valve RK 2", "302 0200", "brass")]
    assert {one.name: one.code for one in products_of(sheet(rows))} == {name: code for name, code, _ in rows[1:]}


@pytest.mark.parametrize(("head", "found"), [(("Ref.:", "Designation"), 3), (("Clause", "Subject"), 0)])
def test_a_list_of_codes_and_names_needs_no_third_column(head, found):
    listed = [("LV-1101", "Loading trolley"), ("LV-1104", "Transfer trolley"), ("LV-1162", "Ticket printer")]
    products = products_of(sheet([head, *listed]))
    assert [(one.code, one.name) for one in products] == (listed if found else [])


def test_norms_over_what_was_tested_are_no_models():
    assert not {one.name for one in products_of(sheet(NORMS))} & {*NORMS[0]}

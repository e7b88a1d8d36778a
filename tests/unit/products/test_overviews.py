"""Overviews list products of other pages under their series."""

from tests.unit.products.printed import block, grid_page, line, page, products_of, scanned

BLEND, NORDIC = ("Riesling", "Camellia", "Merlot"), ("Helsinki", "Baltico", "Oslo")


def overview(*columns, number=1):
    blocks = []
    for place, (heading, names) in enumerate(columns):
        x = 40.0 + 200 * place
        blocks.append(block(line(heading, x, 60, 14, bold=True)))
        blocks.append(block(*(line(name, x + 10, 90 + 16 * row) for row, name in enumerate(names))))
    return page(number, blocks)


def series(*pages):
    return {product.name: product.fields.get("coreIdentity", {}).get("collection") for product in products_of(*pages)}


def test_a_product_takes_the_series_that_an_overview_lists_it_under():
    columns = (("Linea Blend", BLEND), ("Linea Nordica", NORDIC))
    found = series(
        overview(*columns), *(grid_page(number, names) for number, names in enumerate((BLEND, NORDIC, BLEND), 2))
    )
    assert found == dict.fromkeys(BLEND, "Linea Blend") | dict.fromkeys(NORDIC, "Linea Nordica")


def test_the_code_of_a_product_may_stand_before_its_name_in_an_overview():
    names = (*BLEND, *NORDIC)
    coded = [f"{name} Ref. K{row}20" for row, name in enumerate(names)]
    listed = [f"K{row}20 {name}" for row, name in enumerate(names)]
    columns = (("Linea Blend", listed[:3]), ("Linea Nordica", listed[3:]))
    found = series(overview(*columns), grid_page(2, coded[:3]), grid_page(3, coded[3:]))
    assert found == dict.fromkeys(BLEND, "Linea Blend") | dict.fromkeys(NORDIC, "Linea Nordica")
    others = (("Linea Blend", ["K9" + name for name in listed[:3]]), ("Linea Nordica", listed[3:]))
    assert not any(series(overview(*others), grid_page(2, coded[:3]), grid_page(3, coded[3:])).values())


def test_a_name_under_two_headings_takes_none():
    columns = (("Linea Blend", (*BLEND, "Helsinki")), ("Linea Nordica", NORDIC))
    again = (("Linea Urban", BLEND), ("Linea Nordica", NORDIC))
    pages = [grid_page(number, names) for number, names in enumerate((BLEND, NORDIC, BLEND), 3)]
    found = series(overview(*columns), overview(*again, number=2), *pages)
    assert found["Merlot"] is None
    assert found["Oslo"] == "Linea Nordica"


def test_a_colour_of_several_pages_is_not_the_one_that_is_listed():
    shades = ("Ivory", "Camellia", "Merlot", "Scotch")
    columns = (("Linea Blend", shades), ("Linea Nordica", NORDIC))
    pages = [grid_page(number, names) for number, names in enumerate((shades, NORDIC, shades), 2)]
    found = series(overview(*columns, ("Linea Urban", ("Praga", "Viena"))), *pages)
    assert (found["Ivory"], found["Merlot"]) == (None, "Linea Blend")


def test_the_heading_is_the_evidence():
    columns = (("Linea Blend", BLEND), ("Linea Nordica", NORDIC))
    pages = [grid_page(number, names) for number, names in enumerate((BLEND, NORDIC, BLEND), 2)]
    product = next(one for one in products_of(overview(*columns), *pages) if one.name == "Oslo")
    (proof,) = [proof for proof in product.evidence if proof.field == "coreIdentity.collection"]
    assert (proof.page, proof.value, proof.text) == (1, "Linea Nordica", "Linea Nordica")


def listing(numbers, number=1):
    lines = [line("Linea Blend", 40, 60, 14, bold=True)]
    for row, (name, code) in enumerate(zip((*BLEND, *NORDIC), numbers, strict=True)):
        lines += [line(code, 40, 90 + 16 * row), line(name, 70, 90 + 16 * row)]
    return page(number, [block(*lines)])


def codes(numbers):
    pages = [grid_page(number, names) for number, names in enumerate((BLEND, NORDIC, BLEND), 2)]
    return {product.name: product for product in products_of(listing(numbers), *pages)}


def test_a_product_takes_the_code_that_an_overview_prints_beside_its_name():
    found = codes(("120", "140", "141", "089", "097", "099"))
    assert [found[name].code for name in (*BLEND, *NORDIC)] == ["120", "140", "141", "089", "097", "099"]
    (proof,) = [proof for proof in found["Oslo"].evidence if proof.field == "code"]
    assert (proof.page, proof.value, proof.text) == (1, "099", "099")


def test_page_numbers_and_one_number_for_all_are_no_codes():
    for numbers in (("2", "2", "2", "3", "3", "3"), ("002",) * 3 + ("003",) * 3, ("250",) * 6):
        assert {one.code for one in codes(numbers).values()} == {None}


def test_a_lone_name_that_an_overview_lists_is_a_product():
    columns = (("Linea Blend", (*BLEND, "Ebano Negro")), ("Linea Nordica", NORDIC))
    pages = [grid_page(number, names) for number, names in enumerate((BLEND, NORDIC, BLEND), 2)]
    scan = page(5, [block(scanned("EBANO NEGRO", 250, 400), scanned("MARFIL", 250, 700), source="ocr")], kind="image")
    names = series(overview(*columns), *pages, scan)
    assert names["EBANO NEGRO"] == "Linea Blend"
    assert "MARFIL" not in names

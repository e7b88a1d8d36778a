"""One product a page, or several with a code each, under headings that are set alike: goods without swatches."""

from tests.unit.products.printed import block, line, page, picture, products_of

POWDERS = {
    1: [("Fine calcite", "MK-5"), ("Coated calcite", "MK-2")],
    2: [("Calcined kaolin", "KN-90"), ("Raw kaolin", "KN-70")],
    3: [("Talc powder", "MT-10"), ("Pure barite", "BR-40")],
}


def sheet(number, coded=True, shown=True):
    """A name, a small picture if any is shown, and a list of values, once or twice."""
    blocks, pictures = [], []
    for row, (name, code) in enumerate(POWDERS[number]):
        top = 60.0 + 370 * row
        values = ("Density: 2.7 g/cm3", "Water absorption: 0.2 %", f"Code: {code}" if coded else "Hardness: 3 Mohs")
        blocks += [
            block(line(name, 50, top, 17, font="Head", bold=True), label="section_header"),
            block(line("A white mineral that is ground and sifted for paint and paper.", 50, top + 26, 8.8)),
            block(*(line(value, 56, top + 260 + 16 * at, 8) for at, value in enumerate(values))),
        ]
        pictures.append(picture((112, top + 84, 188, top + 160), f"sample-{name}"))
    return page(number, blocks, pictures if shown else pictures[:1])


def told(*pages):
    return {(one.name, one.code, tuple(image.image_id for image in one.images)) for one in products_of(*pages)}


def test_each_heading_with_a_code_under_it_is_a_product_with_the_picture_of_its_section():
    expected = {(name, code, (f"sample-{name}",)) for listed in POWDERS.values() for name, code in listed}
    assert told(*map(sheet, POWDERS)) == expected


def test_headings_without_codes_name_one_product_a_page():
    names = {name for name, _, _ in told(*(sheet(number, coded=False, shown=False) for number in POWDERS))}
    assert "Raw kaolin" not in names


def test_each_with_a_picture_of_its_own_over_the_same_properties_is_a_product():
    names = {name for name, _, _ in told(*(sheet(number, coded=False) for number in POWDERS))}
    assert names == {name for listed in POWDERS.values() for name, _ in listed}

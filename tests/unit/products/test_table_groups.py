"""Titles between the rows of a price list: what they say of the rows below, and what they do not."""

from tests.unit.products.printed import block, line, page, products_of

HEADER = ("Code", "Article", "EUR/m2")
GROUPS = [
    ("SERIES ATICA 30x60 cm", [("AT-110", "Atica Snow", "14.90"), ("AT-111", "Atica Sand", "15.50")]),
    ("SERIES NORTE 20x120 cm", [("NO-210", "Norte Ash", "24.90"), ("NO-211", "Norte Elm", "25.50")]),
]


def grouped(groups, *, title_size=9.0, title_bold=True, title_x=40.0):
    """A table of one header and titled groups; each cell a line."""
    rows, lines, y = [HEADER], [line(cell, 40 + 150 * at, 100, 8) for at, cell in enumerate(HEADER)], 116
    for title, articles in groups:
        rows.append((title, "", ""))
        lines.append(line(title, title_x, y, title_size, bold=title_bold))
        for cells in articles:
            y += 16
            rows.append(cells)
            lines += [line(cell, 40 + 150 * at, y, 8) for at, cell in enumerate(cells)]
        y += 16
    return page(1, [block(*lines, label="table", rows=tuple(rows))])


def told(content):
    return {
        one.name: (one.dimensions and one.dimensions.printed, one.fields.get("coreIdentity", {}).get("collection"))
        for one in products_of(content)
    }


def test_rows_have_the_size_and_the_series_of_the_title_over_them():
    said = told(grouped(GROUPS))
    assert said["Atica Sand"] == ("30x60 cm", "SERIES ATICA")
    assert said["Norte Ash"] == ("20x120 cm", "SERIES NORTE")
    assert len(said) == 4


def test_what_a_title_says_is_proved_by_the_title():
    for one in products_of(grouped(GROUPS)):
        (proof,) = (item for item in one.evidence if item.field == "physicalProperties.dimensions")
        assert proof.value in proof.text and proof.text.startswith("SERIES")


def test_a_row_with_a_size_of_its_own_keeps_it():
    own = [("SERIES ATICA 30x60 cm", [("AT-110", "Atica Snow 10x10 cm", "14.90"), *GROUPS[0][1][1:]]), GROUPS[1]]
    sizes = {name: size for name, (size, _) in told(grouped(own)).items()}
    assert sizes["Atica Snow 10x10 cm"] == "10x10 cm" and sizes["Atica Sand"] == "30x60 cm"


def test_the_only_title_names_no_series():
    (series,) = {series for _, series in told(grouped([("Technical data and prices", GROUPS[0][1])])).values()}
    assert series is None


def test_a_remark_between_rows_is_no_title():
    remark = [GROUPS[0], ("cut to 30x60 cm on request", GROUPS[1][1])]
    said = told(grouped(remark, title_size=8.0, title_bold=False, title_x=110.0))
    assert {size for size, _ in said.values()} == {None}

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


def apart(groups, *, gap=4.0, beside=()):
    """A table of its own for each group, its title over it and not in it."""
    blocks, y = [], 60.0
    for title, articles in groups:
        blocks.append(block(line(title, 40, y, 10, bold=True)))
        blocks += [block(line(text, 400, y, 10, bold=True)) for text in beside]
        y += 12 + gap
        lines = []
        for cells in (HEADER, *articles):
            lines += [line(cell, 40 + 150 * at, y, 8) for at, cell in enumerate(cells)]
            y += 16
        blocks.append(block(*lines, label="table", rows=(HEADER, *articles)))
        y += 40
    return page(1, blocks)


def test_tables_have_what_their_own_titles_say():
    said = told(apart(GROUPS))
    assert said["Atica Sand"] == ("30x60 cm", "SERIES ATICA")
    assert said["Norte Ash"] == ("20x120 cm", "SERIES NORTE")
    assert len(said) == 4


def test_a_line_that_has_company_or_stands_far_off_is_no_title():
    assert {size for size, _ in told(apart(GROUPS, beside=("Prices 2026",))).values()} == {None}
    assert {size for size, _ in told(apart(GROUPS, gap=30.0)).values()} == {None}


def test_names_that_come_again_stand_under_a_head_for_descriptions():
    rows = (
        ("Code", "Description", "Finish", "EUR"),
        ("61001", "Neve White", "Gloss", "13.20"),
        ("61002", "Neve White", "Matt", "13.20"),
        ("61003", "Neve Edge", "Gloss", "13.90"),
    )
    lines = [
        line(cell, 40 + 120 * at, 100 + 16 * row, 8) for row, cells in enumerate(rows) for at, cell in enumerate(cells)
    ]
    listed = products_of(page(1, [block(*lines, label="table", rows=rows)]))
    assert [(one.name, one.code, one.finish) for one in listed] == [
        ("Neve White", "61001", "Gloss"),
        ("Neve White", "61002", "Matt"),
        ("Neve Edge", "61003", "Gloss"),
    ]

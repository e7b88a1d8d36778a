"""Rows that the table finder cut or joined: numbered titles, second lines of names, headers with the first article."""

import pytest

from cluster.stages.reading.table_cells import with_header_apart
from tests.unit.products.printed import block, line, page, products_of

HEADER = ("Code", "Article", "EUR")
COVERS = [("TQ-30", "Square cover 300", "21.30"), ("TQ-40", "Square cover 400", "29.90"), ("TQ-50", "Lid 500", "43.60")]
SLABS = [("LJ-41", "Smooth slab grey", "8.90"), ("LJ-42", "Smooth slab red", "10.20"), ("LJ-43", "Slab 50", "15.70")]


def cells_at(y, cells, size=8.0, **look):
    return [line(cell, 40 + 150 * at, y, size, **look) for at, cell in enumerate(cells) if cell]


def listed(top, number, title, articles, gap=16.0, header=HEADER):
    """A table with a title in its first row, the number before it."""
    rows = [(number, title, ""), header, *articles]
    lines = [line(number, 40, top, 9, bold=True), line(title, 80, top, 9, bold=True)]
    lines += [one for at, cells in enumerate(rows[1:]) for one in cells_at(top + gap * (at + 1), cells)]
    return block(*lines, label="table", rows=tuple(rows))


def told(*tables):
    found = products_of(page(1, tables))
    return {(one.name, one.code): one.fields["coreIdentity"].get("collection") for one in found}


def test_numbered_titles_in_tables_are_the_series_of_their_rows_and_no_rows():
    said = told(listed(100, "5.1", "Square covers", COVERS), listed(300, "5.2", "Slabs for gardens", SLABS))
    assert said == {(name, code): "Square covers" for code, name, _ in COVERS} | {
        (name, code): "Slabs for gardens" for code, name, _ in SLABS
    }


def test_a_numbered_title_names_a_family_by_its_kind_as_well():
    tables = listed(100, "5.1", "Wash basins", COVERS), listed(300, "5.2", "Tiles", SLABS)
    assert set(told(*tables).values()) == {"Wash basins", "Tiles"}


@pytest.mark.parametrize(("y", "name"), [(141.0, "Square cover 400 with frame"), (145.0, "Square cover 400")])
def test_a_line_close_under_a_name_goes_on_with_it(y, name):
    rows = [HEADER, *COVERS[:2], ("", "with frame", ""), COVERS[2]]
    heights = (100.0, 116.0, 132.0, y, 160.0)
    lines = [one for top, cells in zip(heights, rows, strict=True) for one in cells_at(top, cells)]
    found = products_of(page(1, [block(*lines, label="table", rows=tuple(rows))]))
    assert [one.name for one in found] == [COVERS[0][1], name, COVERS[2][1]]


def test_a_header_and_the_first_article_in_one_row_are_two():
    lines = [one for at, cells in enumerate((HEADER, *COVERS)) for one in cells_at(100 + 16 * at, cells)]
    joined = tuple(f"{head} {cell}" for head, cell in zip(HEADER, COVERS[0], strict=True))
    assert with_header_apart((joined, *COVERS[1:]), lines) == (HEADER, *COVERS)


def test_a_header_of_two_lines_stays_one_row():
    units = ("no.", "name", "per m")
    lines = [one for at, cells in enumerate((HEADER, units, *COVERS)) for one in cells_at(100 + 16 * at, cells)]
    rows = (tuple(f"{head} {unit}" for head, unit in zip(HEADER, units, strict=True)), *COVERS)
    assert with_header_apart(rows, lines) == rows
    assert with_header_apart((), lines) == ()


def test_names_that_end_like_their_sizes_are_whole():
    rows = (("Model", "Azur 500", "Azur 750", "Azur 900"), ("Width", "500", "750", "900"), ("Depth", "90", "90", "90"))
    lines = [one for at, cells in enumerate(rows) for one in cells_at(100 + 16 * at, cells)]
    assert with_header_apart(rows, lines) == rows

"""Tables in whose cells the finder left the texts of several columns, and hyphens that fonts draw in their own way."""

import pytest

from cluster.stages.reading.page_text import clean
from cluster.stages.reading.printed_columns import with_printed_columns
from tests.unit.products.printed import line

ROWS = [("Ref.", "Name", "Size"), ("CR-107", "Edge", "10 x 2500 mm"), ("CR-114", "Round edge", "12 x 2500 mm")]
LINES = [
    line(cell, 100 + 90 * at, 100 + 14 * row, 8) for row, cells in enumerate(ROWS) for at, cell in enumerate(cells)
]


def test_cells_that_hold_a_whole_row_are_taken_apart_by_the_columns_of_the_page():
    torn = tuple(("", " ".join(cells)) for cells in ROWS)
    assert with_printed_columns(torn, LINES) == tuple(ROWS)


def test_cells_that_are_whole_stay():
    assert with_printed_columns(tuple(ROWS), LINES) == tuple(ROWS)
    assert with_printed_columns((), LINES) == ()


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("AS\u20101217", "AS-1217"),
        ("8\u201112 mm", "8-12 mm"),
        ("CR\u00ad107", "CR-107"),
        ("Wand\u00adWC", "Wand-WC"),
        ("Fein\u00adstein\u00adzeug", "Feinsteinzeug"),
        ("Fein\u00ad", "Fein"),
    ],
)
def test_hyphens_are_read_as_they_are_drawn(drawn, text):
    assert clean(drawn) == text

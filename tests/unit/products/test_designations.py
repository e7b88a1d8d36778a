"""Codes that begin the names of a price list, and the numbered headings over its tables."""

import pytest

from actors.tables.designations import designations, told_apart
from tests.unit.products.printed import block, line, page, products_of
from tests.unit.products.test_lists import HEADER, PIPES, table

BASES = ("AFE 80/50 L KN base without channel", "AFE 80/50 L K base with channel", "LEF 10 1:1,5 head")


def test_capitals_and_numbers_before_the_words_are_the_code():
    assert designations(BASES) == ["AFE 80/50 L KN", "AFE 80/50 L K", "LEF 10 1:1,5"]
    assert {one.name: one.code for one in products_of(page(1, [table([HEADER, *PIPES])]))} == {
        name: name.removesuffix(" pipe with socket") for name, *_ in PIPES
    }


@pytest.mark.parametrize(
    "names",
    [
        ("MDF 18 mm board", "MDF 16 mm board", "MDF 12 mm board"),
        ("STOOL ALDER 45", "BENCH ROWAN 90", "TABLE ELM 120"),
        ("Oslo 120 table", "Bergen 90 chair", "Lund 45 stool"),
        ("TA 30 pipe", "TA 30 elbow", "TA 30 ring"),
        ("TA 30 pipe", "TA 40 pipe"),
    ],
)
def test_sizes_titles_names_shared_and_few_designations_are_no_codes(names):
    assert designations(names) == [None] * len(names)


def test_a_part_that_several_rows_fit_is_the_code_of_none():
    assert told_apart(["D160", "D160", "D200"], ["Blade D160", "Flanged blade D160", "Blade D200"]) == [
        None, None, "D200",
    ]  # fmt: skip


def test_the_numbered_heading_over_a_table_is_the_series_however_long_it_is():
    upper = block(line("I.11. Bases with a notch, with channel", 40, 100, 12, bold=True), label="section_header")
    long = "I.12. Bases, also to be built with rubber seals, without any channel"
    lower = block(line(long, 40, 400, 12, bold=True), label="section_header")
    note = [block(line("Technical data and prices", 40, y, 9)) for y in (130, 430)]
    others = [(name.replace("TA", "TO"), *cells) for name, *cells in PIPES]
    first, second = table([HEADER, *PIPES], 150.0), table([HEADER, *others], 450.0)
    products = products_of(page(1, [upper, note[0], first, lower, note[1], second]))
    assert {one.name[:2]: one.fields["coreIdentity"]["collection"] for one in products} == {
        "TA": "Bases with a notch, with channel",
        "TO": long.removeprefix("I.12. "),
    }

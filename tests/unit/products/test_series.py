"""Which headings over a product are its series."""

import pytest

from actors.naming.series_names import names_series
from actors.records import ProductCandidate
from cluster.stages.product_rules.context import DocumentContext
from tests.unit.products.printed import block, grid_page, line, products_of, scanned

NAMES = ("Fjord", "Skagen", "Lund", "Malmo", "Ystad", "Visby")


@pytest.mark.parametrize(
    "text", ["Meteor", "Plain Series", "Textured Series", "Línea Blend", "Serie Marina", "Light Items", "AUSTRALIAN"]
)
def test_a_name_of_its_own_is_a_series(text):
    assert names_series(text)


@pytest.mark.parametrize(
    "text",
    [
        "SERIES", "Wash basin", "Floor tiles", "Matt", "journey of discovery", "Made for you, and for your home.",
        "Premium Quality Plywood & Interior Solutions",
    ],
)  # fmt: skip
def test_kinds_of_goods_looks_and_slogans_are_none(text):
    assert not names_series(text)


def collections(*headings):
    lines = [line(text, 40, 40 + 40 * place, size, bold=True) for place, (text, size) in enumerate(headings)]
    page = grid_page(1, NAMES, *(block(one, label="section_header") for one in lines))
    return {product.fields.get("coreIdentity", {}).get("collection") for product in products_of(page)}


def test_the_heading_behind_a_kind_of_goods_is_the_series():
    assert collections(("Serie Halland", 24.0), ("Floor tiles 60 x 60 cm", 18.0)) == {"Serie Halland"}


def test_a_logo_that_ocr_hardly_reads_is_no_series():
    def series(confidence):
        logo = scanned("Lccr", 40, 60, 24).model_copy(update={"confidence": confidence})
        others = [grid_page(number, [f"{name} {number}" for name in NAMES]) for number in (2, 3)]
        (first, *_) = products_of(grid_page(1, NAMES, block(logo, source="ocr")), *others)
        return first.fields.get("coreIdentity", {}).get("collection")

    assert (series(0.27), series(0.9)) == (None, "Lccr")


def test_a_running_logo_is_no_series_whatever_marks_ocr_adds():
    logos = ("Axpert", 'Axpert"', "Axpert'", 'Axpert"', "Axpert")
    pages = [
        grid_page(number, [f"{name} {number}" for name in NAMES], block(scanned(logo, 400, 60, 24), source="ocr"))
        for number, logo in enumerate(logos, start=1)
    ]
    assert {product.fields.get("coreIdentity", {}).get("collection") for product in products_of(*pages)} == {None}


def test_a_kind_of_goods_alone_leaves_the_series_out():
    assert collections(("Floor tiles 60 x 60 cm", 18.0)) == {None}


@pytest.mark.parametrize(
    ("texts", "left"),
    [(("Akruti Plywood", "About Us"), set()), (("About Us", "Serie Halland"), {"Serie Halland"})],
)
def test_what_stands_over_about_us_is_the_supplier(texts, left):
    lines = [line(text, 40, 40 + 40 * place, 20, bold=True) for place, text in enumerate(texts)]
    content = grid_page(1, NAMES, *(block(each, label="section_header") for each in lines))
    box = content.blocks[0].lines[0].box
    one = ProductCandidate(
        name="Fjord", page=1, box=box, source="text_layer", confidence=0.9, reasons=(), text="Fjord", text_box=box
    )
    assert {label.text for label in DocumentContext([content], [one]).headings_over(one)} == left


def read_series(*lines):
    """The series of the products of a page with these lines of a scan, in a catalogue of three pages."""
    others = [grid_page(number, [f"{name} {number}" for name in NAMES]) for number in (2, 3)]
    found = products_of(grid_page(1, NAMES, *(block(one, source="ocr") for one in lines)), *others)
    return {one.fields.get("coreIdentity", {}).get("collection") for one in found[: len(NAMES)]}


def test_a_word_for_a_material_is_the_series_that_it_is_called():
    title = scanned("MARBLE", 40, 52, 18).model_copy(update={"bold": True})
    assert read_series(scanned("Series", 40, 30, 18), title) == {"MARBLE"}
    assert read_series(scanned("Novelties", 40, 30, 18), title) == {None}


def test_a_small_line_in_the_header_takes_no_series_from_the_title():
    assert read_series(scanned("TINTE", 40, 20, 30), scanned("single fired tiles", 400, 30, 8)) == {"TINTE"}

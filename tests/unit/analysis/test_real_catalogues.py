"""The readers on published catalogues, where they are there: what the eye reads on a page is found."""

import pymupdf
import pytest

from actors.evidence import keep_evidenced
from actors.metadata import dimensions_of, read_lines
from actors.records import TextLine
from tests.real_files import real_file

FLAGS = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES


def lines_of(name, number):
    """The text layer of one page."""
    with pymupdf.open(real_file(f"catalogues/{name}.pdf")) as document:
        blocks = document[number - 1].get_text("dict", flags=FLAGS)["blocks"]
    return [
        TextLine(text="".join(s["text"] for s in told["spans"]), box=told["bbox"], size=told["spans"][0]["size"])
        for block in blocks
        for told in block.get("lines", ())
    ]


def fields_of(name, number):
    lines = lines_of(name, number)
    found = read_lines(lines, number, "text_layer")
    assert keep_evidenced(found, lines).fields == found.fields, "every reading is evidenced on its own page"
    return found


@pytest.mark.parametrize(
    ("name", "page", "length", "width", "thickness"),
    [
        ("tilesgalleria_easi", 6, 1520, 228, 7.5),
        ("tilesgalleria_easi", 8, 1520, 180, 7.5),
        ("tilesgalleria_easi", 9, 625, 125, 8),
        ("exel_industrial_tiles", 5, 300, 300, 15),
        ("rioplacas_es", 1, 1830, 2750, 3),
    ],
)
def test_the_size_that_a_page_prints(name, page, length, width, thickness):
    size = dimensions_of(fields_of(name, page))
    assert (size.length_mm, size.width_mm, size.thickness_mm) == (length, width, thickness)


@pytest.mark.parametrize(
    ("name", "page", "finish"),
    [("rioplacas_es", 5, "Bark"), ("rioplacas_es", 8, "Deep Matt"), ("tilesgalleria_easi", 10, "Matte coating")],
)
def test_the_finish_that_a_page_prints(name, page, finish):
    assert fields_of(name, page).fields["visualProperties"]["surfaceFinish"] == finish


def test_a_technical_page():
    found = fields_of("tilesgalleria_easi", 10).fields
    assert found["technicalSpecifications"]["slipResistance"] == "Pendulum P4"
    assert "25 Year" in found["commercialInformation"]["warranty"]


@pytest.mark.parametrize(("name", "page"), [("hrk", 20), ("hrk", 60), ("depodizayn_tr", 5)])
def test_pages_without_products_have_neither_sizes_nor_prices(name, page):
    found = fields_of(name, page).fields
    assert "dimensions" not in found.get("physicalProperties", {})
    assert "price" not in found.get("commercialInformation", {})

"""What one page of technical data says of all products: the finish, where it is one."""

import pymupdf
import pytest

from cluster.stages.extraction import PageReader, warm_child
from cluster.stages.limits import ExtractionLimits
from tests.unit.products.files import contents
from tests.unit.products.printed import products_of

NAMES = ("Roble Niebla", "Roble Sierra", "Nogal Costa", "Fresno Natural", "Pino Duna", "Olmo Prado")


@pytest.fixture(scope="module")
def child():
    child = warm_child(ExtractionLimits())
    yield child
    child.stop()


def drawn(path, *technical):
    """A page of swatches, and for each title and sentence a page of data."""
    with pymupdf.open() as document:
        page = document.new_page(width=600, height=800)
        page.insert_text((40, 60), "Suelos 1200 x 190 mm", fontsize=22)
        for place, name in enumerate(NAMES):
            x, y = 40 + 180 * (place % 3), 120 + 240 * (place // 3)
            page.draw_rect((x, y, x + 150, y + 180), fill=(0.5 + 0.05 * place, 0.4, 0.3), color=None)
            page.insert_text((x, y + 194), name, fontsize=11)
        for title, sentence in technical:
            page = document.new_page(width=600, height=800)
            page.insert_text((40, 80), title, fontsize=22)
            rows = ("Norma EN 13329", sentence, "Clase de uso 33", "Instalación flotante", "Garantía 15 años")
            for row, text in enumerate(rows):
                page.insert_text((40, 130 + 24 * row), text, fontsize=10)
        document.save(path)


def read(tmp_path, child, *technical):
    path, limits = tmp_path / "suelos.pdf", ExtractionLimits()
    drawn(path, *technical)
    with PageReader(path, f"file://{tmp_path}/store", limits, child=child) as reader:
        pages = [reader.read(number) for number in range(1, len(technical) + 2)]
    products = products_of(*contents(pages))
    assert sorted(product.name for product in products) == sorted(NAMES)
    return products


def test_the_finish_of_the_technical_page_is_that_of_all_products(tmp_path, child):
    products = read(tmp_path, child, ("Datos técnicos", "Barniz acabado mate"))
    assert {product.finish for product in products} == {"acabado mate"}
    for product in products:
        (proof,) = [one for one in product.evidence if one.field == "visualProperties.surfaceFinish"]
        assert proof.page == 2 and proof.value in proof.text
        assert not product.needs_review, "what holds for all is no doubt about one"


@pytest.mark.parametrize(
    "technical",
    [
        [("Datos técnicos", "Acabado mate"), ("Especificaciones técnicas", "Acabado brillo")],
        [("Datos técnicos", "Acabados mate o brillo")],
        [("Nuestra fábrica", "Acabado mate")],
    ],
    ids=["a page for each family", "a choice", "no data"],
)
def test_what_is_not_said_of_all_is_said_of_none(tmp_path, child, technical):
    products = read(tmp_path, child, *technical)
    assert {product.finish for product in products if "Natural" not in product.name} == {None}

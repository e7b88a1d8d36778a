"""Drawn catalogues of other languages and layouts: from the file to what `quarry eval` would say of it, without OCR."""

import pytest

from cluster.stages.extraction import ExtractionLimits, PageReader, warm_child
from evaluation.matching import compare
from evaluation.scores import score
from evaluation.truth import read_truth
from samples.kinds import KINDS, make_test_kinds
from samples.kinds_pairs import PAIRS
from tests.unit.products.files import contents
from tests.unit.products.printed import products_of

PRINTED = (
    "preisliste_de",
    "tavolozza_it",
    "fiches_fr",
    "tacos_pt",
    "ambientes_es",
    "olculer_tr",
    "doppelseite_de",
    "lamps_en",
    "radiateurs_fr",
    "vloeren_nl",
    "moveis_pt",
    "faecher_de",
    "doble_es",
    *PAIRS,
)


@pytest.fixture(scope="module")
def drawer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    make_test_kinds(folder / "catalogues", folder / "truth")
    return folder


@pytest.fixture(scope="module")
def child():
    child = warm_child(ExtractionLimits())
    yield child
    child.stop()


def products(drawer, child, name):
    path, limits = drawer / "catalogues" / f"{name}.pdf", ExtractionLimits()
    truth = read_truth(drawer / "truth" / f"{name}.json")
    with PageReader(path, f"file://{drawer}/store", limits, child=child) as reader:
        pages = [reader.read(number) for number in sorted(truth.complete_pages or {1, 2})]
    return [product.to_json() for product in products_of(*contents(pages))], truth


@pytest.mark.parametrize("name", PRINTED)
def test_every_product_is_found_with_all_that_is_printed_of_it(drawer, child, name):
    shown, truth = products(drawer, child, name)
    comparison = compare(shown, truth)
    assert [true.name for true in comparison.missed] == []
    assert [record["name"] for _, record in comparison.invented] == []
    said = [(match.true.name, field, right) for match in comparison.matches for field, right in match.right.items()]
    assert [(name, field) for name, field, right in said if not right] == []
    assert score(comparison, truth).f1 == 1


@pytest.mark.parametrize("name", ["jahresbericht_de", "progetti_it"])
def test_what_is_no_catalogue_has_no_products(drawer, child, name):
    shown, truth = products(drawer, child, name)
    assert truth.is_negative
    assert shown == []


def test_the_drawer_is_drawn_alike_every_time(tmp_path, drawer):
    make_test_kinds(tmp_path / "catalogues", tmp_path / "truth")
    for name in KINDS:
        again = (tmp_path / "catalogues" / f"{name}.pdf").read_bytes()
        assert again == (drawer / "catalogues" / f"{name}.pdf").read_bytes(), name

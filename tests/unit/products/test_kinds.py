"""Drawn catalogues of other languages and layouts: from the file to what `quarry eval` would say of it, without OCR."""

from functools import cache

import pytest

from actors.evidence import occurs, shows
from cluster.stages.extraction import PageReader, warm_child
from cluster.stages.limits import ExtractionLimits
from evaluation.matching import compare
from evaluation.scores import score
from evaluation.truth import read_truth
from samples.kinds import KINDS, make_test_kinds
from samples.kinds_codes import CODES
from samples.kinds_opened import OPENED
from samples.kinds_pairs import PAIRS
from samples.kinds_variants import VARIANTS
from tests.unit.products.files import contents
from tests.unit.products.printed import products_of

SIZE = "physicalProperties.dimensions"
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
    "boeden_de",
    "tecidos_pt",
    "collezioni_it",
    "slides_en",
    "retail_en",
    "robinets_fr",
    "wzornik_pl",
    "canapes_fr",
    "pavimentos_es",
    *CODES,
    *OPENED,
    *VARIANTS,
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


@pytest.fixture(scope="module")
def products(drawer, child):
    """The records and the truth of a kind; each file is read once."""
    return cache(lambda name: read_products(drawer, child, name))


def read_products(drawer, child, name):
    path, limits = drawer / "catalogues" / f"{name}.pdf", ExtractionLimits()
    truth = read_truth(drawer / "truth" / f"{name}.json")
    with PageReader(path, f"file://{drawer}/store", limits, child=child) as reader:
        pages = [reader.read(number) for number in sorted(truth.complete_pages or {1, 2})]
    return [product.to_json() for product in products_of(*contents(pages))], truth


@pytest.mark.parametrize("name", PRINTED)
def test_every_product_is_found_with_all_that_is_printed_of_it(products, name):
    shown, truth = products(name)
    comparison = compare(shown, truth)
    assert [true.name for true in comparison.missed] == []
    assert [record["name"] for _, record in comparison.invented] == []
    said = [(match.true.name, field, right) for match in comparison.matches for field, right in match.right.items()]
    assert [(name, field) for name, field, right in said if not right] == []
    assert score(comparison, truth).f1 == 1


def leaves(fields):
    """Every value with its path, each entry of a list by itself."""
    for category, values in fields.items():
        for name, value in values.items():
            for entry in value if isinstance(value, list) else [value]:
                yield f"{category}.{name}", entry


@pytest.mark.parametrize("name", PRINTED)
def test_no_value_of_any_record_is_without_evidence_that_prints_it(products, name):
    for record in products(name)[0]:
        proofs = {}
        for proof in record["evidence"]:
            assert occurs(proof["value"], proof["text"]) and len(proof["box"]) == 4 and proof["page"] >= 1, proof
            proofs.setdefault(proof["field"], []).append(proof)
        assert proofs["name"]
        assert not record["code"] or [proof["value"] for proof in proofs["code"]] == [record["code"]]
        assert bool(record["description"]) == ("description" in proofs)
        kind = record["product_type"] and record["fields"].get("coreIdentity", {}).get("productType") is None
        assert not kind or proofs["product_type"]
        for path, value in leaves(record["fields"]):
            own = proofs.get(path) or (path.startswith("physicalProperties.") and proofs[SIZE])
            assert own, (record["name"], path, value)
            printed = value.get("printed") if isinstance(value, dict) else None
            for piece in printed.split(", ") if printed else []:
                assert any(shows(piece, proof["text"]) for proof in own), (record["name"], path, piece)


@pytest.mark.parametrize("name", ["jahresbericht_de", "progetti_it", "team_en", "montage_de", "venues_en"])
def test_what_is_no_catalogue_has_no_products(products, name):
    shown, truth = products(name)
    assert truth.is_negative
    assert shown == []


def one_of_each_module():
    """The names of a few kinds: every module that draws has one among them."""
    return {draw.__module__: name for name, draw in KINDS.items()}.values()


@pytest.mark.parametrize("name", one_of_each_module())
def test_what_is_drawn_again_has_the_same_bytes(tmp_path, drawer, name):
    """Chance is seeded and dates are fixed in what the modules share; to draw all of them again takes a while."""
    KINDS[name](tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (drawer / "catalogues" / f"{name}.pdf").read_bytes()

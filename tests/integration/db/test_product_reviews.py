"""What people decide about products: in the row, in the audit trail, and again after the document is read anew."""

from uuid import uuid4

import psycopg
import pytest

from db import document_actions, products, search
from db.product_reviews import (
    ProductNotFound,
    accept_product,
    correct_product,
    products_to_review,
    reject_product,
)
from db.product_vectors import keep_vector, without_vector
from tests.integration import factories
from tests.integration.factories import product_json, unit_vector

SIZE = {"length_mm": 600.0, "width_mm": 600.0, "printed": "60 x 60 cm"}


def entry(field, value, box):
    place = {"page": 2, "box": box, "source": "ocr", "text": value, "confidence": 0.7}
    return {"field": field, "value": value, **place}


def records():
    name = entry("name", "Marmara White", [1.0, 2.0, 3.0, 4.0])
    finish = entry("visualProperties.surfaceFinish", "mat", [5.0, 6.0, 7.0, 8.0])
    doubtful = product_json(
        "Marmara White",
        dimensions=SIZE,
        finish="mat",
        colours=["white"],
        fields={"visualProperties": {"surfaceFinish": "mat", "colours": ["white"]}},
        evidence=[name, finish],
        needs_review=True,
        review_reasons=["two sizes"],
    )
    return [doubtful, product_json("Index", needs_review=True), product_json("Nordic Oak")]


def save(service, document):
    with service.transaction() as conn:
        rows = records()
        products.save_products(conn, document.id, document.fence, rows, [unit_vector(0)] * len(rows), "mini")


@pytest.fixture
def shelf(service, claimed_document):
    save(service, claimed_document)
    with service.transaction() as conn:
        return {product.name: product for product in products.list_products(conn, claimed_document.id)[0]}


def test_doubtful_products_wait_until_somebody_decides(service, shelf, claimed_document):
    with service.transaction() as conn:
        found, total = products_to_review(conn)
        assert (total, {product.name for product in found}) == (2, {"Marmara White", "Index"})
        accepted = accept_product(conn, shelf["Marmara White"].id, "erika")
        assert (accepted.review_state, accepted.reviewed_by, accepted.reviewed_at is not None) == (
            "accepted", "erika", True,
        )  # fmt: skip
        assert [product.name for product in products_to_review(conn, claimed_document.id)[0]] == ["Index"]
        assert products_to_review(conn, uuid4()) == ([], 0)


def test_what_is_rejected_is_found_by_no_search(service, shelf, claimed_document):
    with service.transaction() as conn:
        reject_product(conn, shelf["Index"].id, "erika")
        for found in (search.search_products(conn, "index"), search.search_products(conn, "", unit_vector(0))):
            assert "Index" not in [match.product.name for match in found]
        listed, total = products.list_products(conn, claimed_document.id, rejected=False)
        assert (total, "Index" in {product.name for product in listed}) == (2, False)
        assert products.list_products(conn, claimed_document.id)[1] == 3
        accept_product(conn, shelf["Index"].id, "erika")
        assert [match.product.name for match in search.search_products(conn, "index")] == ["Index"]


def test_a_corrected_value_has_evidence_of_a_person_where_the_old_one_stood(service, shelf):
    with service.transaction() as conn:
        product = correct_product(conn, shelf["Marmara White"].id, {"finish": "matt"}, "erika")
    assert (product.review_state, product.finish) == ("corrected", "matt")
    assert product.fields["visualProperties"] == {"surfaceFinish": "matt", "colours": ["white"]}
    (proof,) = [one for one in product.evidence if one["field"] == "finish"]
    assert (proof["value"], proof["text"], proof["source"], proof["page"]) == ("matt", "matt", "person", 2)
    assert proof["box"] == [5.0, 6.0, 7.0, 8.0]
    assert "mat" not in [one["value"] for one in product.evidence]


def test_sizes_lists_and_single_fields_are_corrected_whole(service, shelf):
    size = {
        "length_mm": 1200.0,
        "width_mm": 600.0,
        "height_mm": None,
        "thickness_mm": 9.0,
        "printed": "60x120 cm, 9 mm",
    }
    changes = {"dimensions": size, "colours": ["ivory", "beige"], "commercialInformation.price": "24.50"}
    with service.transaction() as conn:
        product = correct_product(conn, shelf["Marmara White"].id, changes, "erika")
    assert (product.dimensions, product.colours) == (size, ["ivory", "beige"])
    assert product.fields["physicalProperties"]["thickness"] == {"value": 9.0, "unit": "mm"}
    assert "height" not in product.fields["physicalProperties"]
    assert product.fields["visualProperties"]["colours"] == ["ivory", "beige"]
    assert product.fields["commercialInformation"] == {"price": "24.50"}
    typed = {(one["field"], one["value"]) for one in product.evidence if one["source"] == "person"}
    assert typed == {
        ("dimensions", "60x120 cm, 9 mm"), ("visualProperties.colours", "ivory"),
        ("visualProperties.colours", "beige"), ("commercialInformation.price", "24.50"),
    }  # fmt: skip
    with service.transaction() as conn:
        bare = correct_product(conn, product.id, {"finish": None, "dimensions": None}, "erika")
    assert (bare.finish, bare.dimensions) == (None, None)
    assert "physicalProperties" not in bare.fields and "surfaceFinish" not in bare.fields["visualProperties"]
    assert not {"finish", "dimensions"} & {one["field"] for one in bare.evidence}


def test_each_change_is_a_line_of_the_audit_trail_and_what_changes_nothing_is_none(service, shelf):
    white, index = shelf["Marmara White"].id, shelf["Index"].id
    with service.transaction() as conn:
        correct_product(conn, white, {"finish": "matt", "code": "MW-60", "name": "Marmara White"}, "erika")
        correct_product(conn, white, {"finish": "matt"}, "uwe")
        reject_product(conn, index, "erika")
        reject_product(conn, index, "uwe")
        accept_product(conn, white, "uwe")
        query = "select actor, action, document_id, detail from audit_log where action like '%_product' order by id"
        lines = conn.execute(query).fetchall()
    assert {document for _, _, document, _ in lines} == {shelf["Index"].document_id}
    told = [(who, what, d["product_id"], d["field"], d["old"], d["new"]) for who, what, _, d in lines]
    assert told == [
        ("erika", "correct_product", str(white), "finish", "mat", "matt"),
        ("erika", "correct_product", str(white), "code", None, "MW-60"),
        ("erika", "reject_product", str(index), "review_state", "open", "rejected"),
    ]


def test_decisions_outlive_a_reprocess(service, shelf, claimed_document):
    document = claimed_document
    with service.transaction() as conn:
        correct_product(conn, shelf["Marmara White"].id, {"name": "Marmara Snow", "finish": "matt"}, "erika")
        correct_product(conn, shelf["Marmara White"].id, {"finish": "satin"}, "uwe")
        reject_product(conn, shelf["Index"].id, "erika")
        conn.execute(
            "update processed_documents set status = 'completed', stage = null, worker = null, "
            "lease_expires_at = null, completed_at = now() where id = %s", [document.id],
        )  # fmt: skip
        document_actions.reprocess_document(conn, document.id, "erika")
        assert products.list_products(conn, document.id) == ([], 0)
        again = factories.claim_document(conn)
    save(service, again)
    with service.transaction() as conn:
        found = {product.id: product for product in products.list_products(conn, document.id)[0]}
        white, index = found[shelf["Marmara White"].id], found[shelf["Index"].id]
        assert (white.name, white.finish, white.review_state, white.reviewed_by) == (
            "Marmara Snow", "satin", "corrected", "uwe",
        )  # fmt: skip
        assert {one["source"] for one in white.evidence if one["field"] in ("name", "finish")} == {"person"}
        assert (index.review_state, found[shelf["Nordic Oak"].id].review_state) == ("rejected", "open")
        assert products_to_review(conn) == ([], 0)


def test_a_vector_of_words_that_a_person_changed_is_not_searched(service, shelf, claimed_document):
    def near(conn):
        return {match.product.name for match in search.search_products(conn, "", unit_vector(0))}

    with service.transaction() as conn:
        correct_product(conn, shelf["Marmara White"].id, {"finish": "matt"}, "erika")
        assert "Marmara White" in near(conn), "it is made of name and description alone"
        correct_product(conn, shelf["Marmara White"].id, {"name": "Marmara Snow"}, "erika")
        correct_product(conn, shelf["Index"].id, {"description": "Slabs of stone."}, "erika")
        assert near(conn) == {"Nordic Oak"}
    save(service, claimed_document)
    with service.transaction() as conn:
        assert near(conn) == {"Nordic Oak"}, "what is read again is encoded before it is corrected"
        bare = {product.name: product for product in without_vector(conn, claimed_document.id)}
        assert {product.text for product in bare.values()} == {"Marmara Snow", "Index. Slabs of stone."}
        assert keep_vector(conn, bare["Marmara Snow"], unit_vector(0), "mini")
        assert near(conn) == {"Nordic Oak", "Marmara Snow"}
        correct_product(conn, shelf["Index"].id, {"name": "Index Stone"}, "erika")
        assert not keep_vector(conn, bare["Index"], unit_vector(0), "mini"), "it says something else by now"


def test_accepting_a_rejected_correction_keeps_the_correction(service, shelf):
    with service.transaction() as conn:
        correct_product(conn, shelf["Index"].id, {"name": "Index Stone"}, "erika")
        reject_product(conn, shelf["Index"].id, "erika")
        again = accept_product(conn, shelf["Index"].id, "erika")
    assert (again.review_state, again.name) == ("corrected", "Index Stone")


def test_a_deleted_document_takes_its_decisions_along(service, shelf, claimed_document):
    with service.transaction() as conn:
        correct_product(conn, shelf["Index"].id, {"name": "Index Stone"}, "erika")
        document_actions.delete_document(conn, claimed_document.id, "erika")
        for table in ("product_reviews", "product_corrections"):
            assert conn.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_an_unknown_product_is_an_error(service, shelf):
    with service.transaction() as conn, pytest.raises(ProductNotFound):
        accept_product(conn, uuid4(), "erika")


def test_the_database_knows_the_states_and_wants_a_name_beside_each(service, shelf):
    by = "reviewed_by = 'erika', reviewed_at = now()"
    for change, name in (
        (f"'maybe', {by}", "products_review_state_known"),
        ("'accepted'", "products_review_has_person"),
        (f"'open', {by}", "products_review_has_person"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation) as refused, service.transaction() as conn:
            conn.execute(f"update products set review_state = {change}")
        assert refused.value.diag.constraint_name == name

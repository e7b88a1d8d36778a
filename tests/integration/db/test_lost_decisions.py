"""Decisions whose product a later reading names otherwise: they are listed until somebody forgets them."""

from uuid import uuid4

import pytest

from db import document_actions, products
from db.document_claims import finish_document
from db.lost_decisions import DecisionNotFound, count_lost, forget_decision, lost_decisions
from db.product_reviews import correct_product, reject_product
from tests.integration import factories
from tests.integration.factories import product_json


def save(conn, document, *names):
    products.save_products(
        conn, document.id, document.fence, [product_json(name) for name in names], [None] * len(names), ""
    )


@pytest.fixture
def read_again(service, claimed_document):
    """Two decisions; then the document is read anew, and one of the two products has another name."""
    with service.transaction() as conn:
        save(conn, claimed_document, "Marmara Whte", "Index", "Nordic Oak")
        shelf = {product.name: product for product in products.list_products(conn, claimed_document.id)[0]}
        correct_product(conn, shelf["Marmara Whte"].id, {"name": "Marmara White", "code": "M1"}, "erika")
        reject_product(conn, shelf["Index"].id, "uwe")
        finish_document(conn, claimed_document.id, claimed_document.fence, "completed")
        assert lost_decisions(conn, claimed_document.id) == []
        document_actions.reprocess_document(conn, claimed_document.id, "erika")
        again = factories.claim_document(conn)
        assert lost_decisions(conn, again.id) == [], "while it is read again nothing can fit"
        save(conn, again, "Marmara White", "Index", "Nordic Oak")
        assert count_lost(conn, again.id) == 1
        finish_document(conn, again.id, again.fence, "completed")
    return again, shelf


def test_a_decision_without_its_product_says_what_it_was(service, read_again):
    document, shelf = read_again
    with service.transaction() as conn:
        (lost,) = lost_decisions(conn, document.id)
    assert (lost.product_id, lost.product) == (shelf["Marmara Whte"].id, "marmara whte")
    assert (lost.state, lost.reviewed_by) == ("corrected", "erika")
    told = [(one["field"], one["old"], one["new"]) for one in lost.corrections]
    assert told == [("name", "Marmara Whte", "Marmara White"), ("code", None, "M1")]


def test_forgetting_one_leaves_a_line_in_the_audit_trail(service, read_again):
    document, shelf = read_again
    with service.transaction() as conn:
        forget_decision(conn, document.id, shelf["Marmara Whte"].id, "erika")
        assert lost_decisions(conn, document.id) == []
        assert conn.execute("select count(*) from product_corrections").fetchone() == (0,)
        (detail,) = conn.execute("select detail from audit_log where action = 'forget_decision'").fetchone()
    assert (detail["product"], detail["state"], len(detail["corrections"])) == ("marmara whte", "corrected", 2)


def test_what_fits_a_product_cannot_be_forgotten(service, read_again):
    document, shelf = read_again
    with service.transaction() as conn:
        for product_id in (shelf["Index"].id, uuid4()):
            with pytest.raises(DecisionNotFound):
                forget_decision(conn, document.id, product_id, "erika")
        assert conn.execute("select count(*) from product_reviews").fetchone() == (2,)

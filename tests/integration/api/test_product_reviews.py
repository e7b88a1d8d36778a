"""Reviewing products over HTTP: each change under the caller's name, each refusal with a code."""

import json
from uuid import uuid4

import pytest

from tests.integration.api import situations


@pytest.fixture
def products(pipeline, storage, client):
    """By name, of a document of the test's own; the plain one is doubtful."""
    with pipeline.transaction() as conn:
        document = situations.process(conn, storage)
        conn.execute("update products set needs_review = true where document_id = %s", [document.id])
    found = client.get(f"/documents/{document.id}/products").json()["items"]
    return {product["name"].split()[0]: product for product in found}


def test_a_product_is_accepted_corrected_and_rejected_by_an_admin(admin_client, products):
    marmara, other = products["Marmara"], products["=1+1"]
    waiting = {"document_id": marmara["document_id"]}
    assert admin_client.get("/products/to-review", params=waiting).json()["total"] == 2
    answer = admin_client.post(f"/products/{marmara['id']}/accept").json()
    assert (answer["review_state"], answer["reviewed_by"]) == ("accepted", "admin tester")
    answer = admin_client.patch(
        f"/products/{marmara['id']}",
        json={"dimensions": "30 x 60 cm, 9 mm", "colours": ["snow"], "fields": {"commercialInformation.price": 29.9}},
    ).json()
    assert answer["review_state"] == "corrected"
    size = {"length_mm": 300, "width_mm": 600, "height_mm": None, "thickness_mm": 9, "printed": "30 x 60 cm, 9 mm"}
    assert answer["dimensions"] == size
    assert answer["fields"]["commercialInformation"]["price"] == 29.9
    assert admin_client.post(f"/products/{other['id']}/reject").json()["review_state"] == "rejected"
    assert admin_client.get("/products/to-review", params=waiting).json()["total"] == 0
    assert admin_client.get(f"/products/{other['id']}").json()["review_state"] == "rejected"


def test_exports_leave_rejected_products_out_unless_they_are_asked_for(client, products):
    document = products["Marmara"]["document_id"]
    client.post(f"/products/{products['Marmara']['id']}/reject")
    client.post(f"/products/{products['=1+1']['id']}/accept")
    (left,) = json.loads(client.get(f"/documents/{document}/export").content)
    assert (left["name"], left["review_state"], left["reviewed_by"]) == ("=1+1 Özel", "accepted", "service tester")
    assert len(json.loads(client.get(f"/documents/{document}/export", params={"rejected": True}).content)) == 2


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": None}, "body.name"),
        ({"name": "  "}, "body.name"),
        ({"colour": "white"}, "body.colour"),
        ({"dimensions": "big"}, "body.dimensions"),
        ({"fields": {"visualProperties.surfaceFinish": "matt"}}, "body.fields.visualProperties.surfaceFinish"),
        ({"fields": {"a; drop table": "x"}}, "body.fields.a; drop table.[key]"),
        ({"finish": "a\u0000b"}, "body.finish"),
    ],
)
def test_wrong_values_are_named(client, products, body, where):
    answer = client.patch(f"/products/{products['Marmara']['id']}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert where in [wrong["where"] for wrong in answer.json()["errors"]]


def test_decisions_that_fit_no_product_any_more_are_listed_and_forgotten(pipeline, client, admin_client, products):
    marmara, other = products["Marmara"], products["=1+1"]
    lost = f"/documents/{marmara['document_id']}/lost-decisions"
    client.post(f"/products/{other['id']}/reject")
    client.patch(f"/products/{marmara['id']}", json={"code": "MW-61"})
    assert client.get(lost).json() == []
    with pipeline.transaction() as conn:
        conn.execute("update products set identity_key = 'read otherwise' where id = %s", [marmara["id"]])
    (found,) = client.get(lost).json()
    assert (found["product_id"], found["product"], found["state"]) == (marmara["id"], "marmara white", "corrected")
    assert found["corrections"] == [{"field": "code", "old": "MW-60", "new": "MW-61"}]
    assert admin_client.delete(f"{lost}/{marmara['id']}").status_code == 204
    assert client.get(lost).json() == []
    for product in (marmara, other):
        answer = client.delete(f"{lost}/{product['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "decision_not_found")
    assert client.get(f"/documents/{uuid4()}/lost-decisions").status_code == 404


def test_an_unknown_product_is_not_found(client):
    product = f"/products/{uuid4()}"
    answers = [client.get(product), client.post(f"{product}/accept"), client.post(f"{product}/reject")]
    for answer in [*answers, client.patch(product, json={"code": "1"})]:
        assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")
    assert client.get("/products/to-review", params={"document_id": str(uuid4())}).status_code == 404

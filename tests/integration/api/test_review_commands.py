"""`quarry review` against the real API: what waits, and what a person says of it."""

import json
from uuid import uuid4

import pytest

from tests.integration.api import situations


@pytest.fixture
def doubtful(pipeline, storage):
    """A document whose products wait for a review; its id and theirs by name."""
    with pipeline.transaction() as conn:
        document = situations.process(conn, storage, title=f"Doubtful {uuid4().hex[:8]}")
        found = conn.execute(
            "update products set needs_review = true, review_reasons = '{two sizes}' where document_id = %s "
            "returning name, id", [document.id],
        )  # fmt: skip
        return document.id, dict(found.fetchall())


def test_what_waits_is_listed_until_it_is_decided(quarry, doubtful):
    document, products = doubtful
    code, out, _ = quarry("review", "list", document)
    assert code == 0
    assert f"{products['Marmara White']}  Marmara White" in out
    assert "page 1: two sizes" in out
    assert quarry("review", "accept", products["Marmara White"])[1].strip().endswith("Marmara White, accepted")
    assert quarry("review", "reject", products["=1+1 Özel"])[1].strip().endswith(", rejected")
    assert "Nothing waits for a review." in quarry("review", "list", document)[1]


def test_values_are_put_right(quarry, doubtful, client):
    document, products = doubtful
    product = products["Marmara White"]
    arguments = ["--size", "30 x 60 cm", "--finish", "", "--colour", "snow", "--colour", "ivory"]
    assert quarry("review", "correct", product, *arguments)[1].strip() == f"{product}: Marmara White, corrected"
    record = client.get(f"/products/{product}").json()
    assert (record["dimensions"]["printed"], record["finish"], record["colours"]) == (
        "30 x 60 cm", None, ["snow", "ivory"],
    )  # fmt: skip
    (other,) = json.loads(quarry("review", "list", document, "--json")[1])["items"]
    assert other["id"] == str(products["=1+1 Özel"])


def test_what_cannot_be_done_says_so(quarry, doubtful):
    product = doubtful[1]["Marmara White"]
    assert quarry("review", "correct", product)[0] == 2
    code, _, err = quarry("review", "correct", product, "--size", "big")
    assert (code, "No size can be read in 'big'" in err) == (2, True)
    code, _, err = quarry("review", "accept", uuid4())
    assert (code, "product_not_found" in err) == (2, True)

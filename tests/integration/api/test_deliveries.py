"""Webhooks as the API takes and shows them."""

from uuid import uuid4

import pytest

from cluster.settings import Settings
from db import document_claims, webhooks
from serve_app import build_app
from tests.integration.api import situations
from tests.integration.api.conftest import client_of, make_settings, serving
from tests.integration.api.pdfs import valid_pdf

URL = "https://hooks.example.com/quarry?token=abc"


@pytest.fixture
def calling(owner_url, passwords, tmp_path):
    """An API whose operator allows one host."""
    settings = make_settings(tmp_path, owner_url, passwords, webhook_hosts=("hooks.example.com",))
    with serving(build_app(settings)) as address, client_of(settings, address) as client:
        yield client


def post(client, url, data=None):
    files = {"file": ("a.pdf", data or valid_pdf())}
    return client.post("/documents/upload-async", files=files, data={"callback_url": url})


def test_an_upload_names_who_is_told_of_its_end(calling, service):
    document = post(calling, URL).json()
    assert calling.get(document["status_url"]).json()["callback_url"] == URL
    assert calling.get(f"{document['status_url']}/deliveries").json() == []
    calling.post(f"{document['status_url']}/cancel")
    (delivery,) = calling.get(f"{document['status_url']}/deliveries").json()
    assert (delivery["event"], delivery["url"], delivery["status"]) == ("document.cancelled", URL, "pending")
    busy = calling.post(f"/deliveries/{delivery['id']}/replay")
    assert (busy.status_code, busy.json()["code"]) == (409, "delivery_state_conflict")
    with service.transaction() as conn:
        (claimed,) = webhooks.claim_deliveries(conn, worker="courier", lease_s=30, limit=1)
        webhooks.complete_delivery(conn, claimed, status_code=204, seconds=0.1)
    replayed = calling.post(f"/deliveries/{delivery['id']}/replay")
    assert (replayed.status_code, replayed.json()["status"]) == (202, "pending")
    assert [attempt["status_code"] for attempt in replayed.json()["attempts"]] == [204]
    missing = calling.post(f"/deliveries/{uuid4()}/replay")
    assert (missing.status_code, missing.json()["code"]) == (404, "delivery_not_found")
    assert calling.get(f"/documents/{uuid4()}/deliveries").status_code == 404


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example.com/", "http://127.0.0.1/", "file:///etc/passwd", "https://hooks.example.com:1/", ""],
)
def test_other_addresses_are_refused_and_nothing_is_kept(calling, url):
    answer = post(calling, url)
    assert (answer.status_code, answer.json()["code"]) == (422, "callback_refused")
    assert calling.get("/documents").json()["total"] == 0


def test_by_default_nobody_is_told_anything(upload):
    assert Settings().webhook_hosts == ()
    answer = upload(callback_url="https://hooks.example.com/")
    assert (answer.status_code, answer.json()["code"]) == (422, "callback_refused")
    assert "QUARRY_WEBHOOK_HOSTS" in answer.json()["detail"]


def test_a_failed_document_shows_its_deliveries(client, pipeline):
    with pipeline.transaction() as conn:
        document = situations.claimed(conn, callback_url=URL)
        document_claims.finish_document(conn, document.id, document.fence, "failed", error_code="x", error_message="y")
    (delivery,) = client.get(f"/documents/{document.id}/deliveries").json()
    assert delivery["event"] == "document.failed"

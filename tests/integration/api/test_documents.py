"""Documents after the upload: found, read, followed, cancelled, tried again, deleted."""

from uuid import uuid4

import pytest

from cluster.storage import StorageFailed
from db import progress
from db.documents import get_document
from tests.integration.api import situations
from tests.integration.api.pdfs import valid_pdf


@pytest.fixture
def processed(pipeline, storage):
    with pipeline.transaction() as conn:
        return situations.process(conn, storage)


@pytest.fixture
def running(pipeline):
    with pipeline.transaction() as conn:
        document = situations.claimed(conn)
        progress.update_progress(conn, document.id, "extraction", total=4, completed=1)
        return document


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""), ("get", "/progress"), ("get", "/events"), ("get", "/pages"), ("get", "/images"),
        ("get", "/chunks"), ("get", "/products"), ("get", "/export"), ("post", "/cancel"), ("post", "/retry"),
        ("post", "/reprocess"), ("delete", ""),
    ],
)  # fmt: skip
def test_an_unknown_document_is_a_404_everywhere(client, method, path):
    answer = client.request(method, f"/documents/{uuid4()}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")


@pytest.mark.parametrize("path", ["/documents/17", "/documents/17/progress", "/images/17/content"])
def test_what_is_no_id_is_refused(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "offset=-1", "status=unknown", "text=%00", f"text={'x' * 300}", "limit=many"]
)
def test_wrong_filters_are_refused(client, query):
    answer = client.get(f"/documents?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


def test_documents_are_listed_newest_first_and_page_by_page(client, upload):
    word = uuid4().hex
    ids = [upload(title=f"{word} {number}").json()["document_id"] for number in range(3)]
    page = client.get("/documents", params={"text": word, "limit": 2}).json()
    assert [item["id"] for item in page["items"]] == [ids[2], ids[1]]
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 0)
    rest = client.get("/documents", params={"text": word, "limit": 2, "offset": 2}).json()
    assert [item["id"] for item in rest["items"]] == [ids[0]]
    none = client.get("/documents", params={"text": word, "status": "failed"}).json()
    assert (none["items"], none["total"]) == ([], 0)


def test_progress_has_counts_of_every_stage(client, running):
    body = client.get(f"/documents/{running.id}/progress").json()
    assert body["status"] == "processing"
    assert body["progress"] == pytest.approx(5.0)
    (stage,) = body["stages"]
    assert (stage["stage"], stage["completed"], stage["total"], stage["failed"]) == ("extraction", 1, 4, 0)


def test_a_failed_document_says_why(client, pipeline):
    with pipeline.transaction() as conn:
        document = situations.failed(conn)
    body = client.get(f"/documents/{document.id}").json()
    assert (body["status"], body["error_code"]) == ("failed", "document_broken")
    assert body["error_message"] == "The PDF cannot be opened."


def test_a_waiting_document_is_cancelled_at_once(client, upload):
    document = upload().json()
    answer = client.post(f"{document['status_url']}/cancel")
    assert answer.status_code == 202
    assert answer.json()["status"] == "cancelled"


def test_a_running_document_is_asked_to_stop(client, running, pipeline):
    body = client.post(f"/documents/{running.id}/cancel").json()
    assert (body["status"], body["cancel_requested"]) == ("processing", True)
    with pipeline.transaction() as conn:
        assert get_document(conn, running.id).cancel_requested


@pytest.mark.parametrize("action", ["retry", "reprocess"])
def test_a_running_document_cannot_be_tried_again(client, running, action):
    answer = client.post(f"/documents/{running.id}/{action}")
    assert (answer.status_code, answer.json()["code"]) == (409, "document_state_conflict")


def test_a_failed_document_is_tried_again(client, pipeline):
    with pipeline.transaction() as conn:
        document = situations.failed(conn)
    body = client.post(f"/documents/{document.id}/retry").json()
    assert (body["status"], body["jobs_queued"]) == ("pending", 0)


def test_reprocessing_begins_anew(client, processed):
    body = client.post(f"/documents/{processed.id}/reprocess").json()
    assert body["status"] == "pending"
    assert client.get(f"/documents/{processed.id}/products").json()["total"] == 0


def test_a_deleted_document_is_gone_with_its_files(client, upload, storage, pipeline):
    document = upload().json()
    with pipeline.transaction() as conn:
        key = get_document(conn, document["document_id"]).storage_key
    answer = client.delete(document["status_url"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(document["status_url"]).status_code == 404
    with pytest.raises(StorageFailed):
        storage.read(key)


def test_a_file_that_another_document_uses_stays(client, upload, storage, pipeline):
    data = valid_pdf()
    first, second = upload(data).json(), upload(data, force="true").json()
    client.delete(first["status_url"])
    with pipeline.transaction() as conn:
        assert storage.read(get_document(conn, second["document_id"]).storage_key) == data

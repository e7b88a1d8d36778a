"""What was read before is not read again, and a paused queue keeps a document waiting without harm."""

import os
import time
from uuid import UUID

import psycopg
import pytest

from cluster.settings import Settings

WITHIN_S = 120
JOBS = {
    "image_processing_queue": "select status, attempt, result from image_processing_queue where document_id = %s",
    "ai_analysis_queue": "select status, attempt, result from ai_analysis_queue where document_id = %s",
}


@pytest.fixture(scope="module")
def admin_url(client):
    kept = dict(os.environ)
    os.environ.update(client.checkout.variables)
    try:
        return Settings().admin_url
    finally:
        os.environ.clear()
        os.environ.update(kept)


@pytest.fixture
def rows(admin_url):
    """Asks the database in the admin role."""

    def ask(query, *params):
        with psycopg.connect(admin_url) as conn:
            conn.execute("""select set_config('request.jwt.claims', '{"role": "admin"}', false)""")
            return conn.execute(query, params).fetchall()

    return ask


@pytest.fixture
def post(client):
    """POST that must succeed; all queues run again afterwards."""

    def post(path):
        answer = client.http.post(path)
        answer.raise_for_status()
        return answer.json()

    yield post
    for queue in ("documents", "image", "ai"):
        post(f"/queues/{queue}/resume")


def origins(rows, document_id):
    """For each queue: how many jobs there are, and from which documents they were taken over."""
    found = {}
    for table, query in JOBS.items():
        results = [result for _, _, result in rows(query, document_id)]
        taken = [origin["document_id"] for result in results for origin in result.get("reused", {}).values()]
        found[table] = (len(results), taken)
    return found


def printed(client, document_id):
    """The products without the ids of rows, in an order that does not come from these."""
    products = [
        {name: product[name] for name in ("name", "code", "dimensions", "finish", "pages", "fields")}
        | {"images": len(product["images"])}
        for product in client.all(document_id, "products")
    ]
    return sorted(products, key=repr)


def wait_until(what, told):
    deadline = time.monotonic() + WITHIN_S
    while not what():
        assert time.monotonic() < deadline, told
        time.sleep(0.1)


def test_the_same_catalogue_again_is_read_from_what_is_known(client, sample, sample_id, rows):
    before = printed(client, sample_id)
    again = client.upload(sample, force="true").json()["document_id"]
    document, _ = client.wait(again)
    assert document["status"] == "completed"
    assert printed(client, again) == before, "taken over or computed, the products are the same"
    for table, (jobs, taken) in origins(rows, again).items():
        assert jobs and len(taken) >= jobs, f"every job of {table} says that it was reused"
        assert set(taken) == {sample_id}
    vectors = "select count(*), count(embedding) from document_images where document_id = %s"
    assert rows(vectors, again) == rows(vectors, sample_id)


def test_a_reprocess_takes_over_what_has_not_changed(client, sample, sample_id, rows, post):
    """And it goes on to do so when the document that was read first is gone."""
    first = client.upload(sample, force="true").json()["document_id"]
    client.wait(first)
    before = printed(client, first)
    post(f"/documents/{first}/reprocess")
    document, _ = client.wait(first)
    assert document["status"] == "completed"
    assert printed(client, first) == before
    assert all(jobs and len(taken) >= jobs for jobs, taken in origins(rows, first).values())
    assert client.http.delete(f"/documents/{first}").status_code == 204
    assert rows("select count(*) from content_results where document_id = %s", UUID(first)) == [(0,)]
    assert printed(client, sample_id), "nobody else lost anything"
    image = client.all(sample_id, "images")[0]
    assert client.http.get(f"/images/{image['id']}/content").status_code == 200, "nor a file that both showed"


def test_a_paused_queue_keeps_a_document_waiting_without_harm(client, sample, rows, post):
    post("/queues/image/pause")
    waiting, cancelled = (client.upload(sample, force="true").json()["document_id"] for _ in range(2))
    for document_id in (waiting, cancelled):
        wait_until(lambda i=document_id: rows(JOBS["image_processing_queue"], i), "no image was queued")
    time.sleep(2.0)  # long enough for a driver to claim, were the queue not paused
    for document_id in (waiting, cancelled):
        jobs = rows(JOBS["image_processing_queue"], document_id)
        assert {(status, attempt) for status, attempt, _ in jobs} == {("pending", 0)}
    post(f"/documents/{cancelled}/cancel")
    document, _ = client.wait(cancelled, within_s=30)
    assert document["status"] == "cancelled"
    post("/queues/image/resume")
    document, _ = client.wait(waiting)
    assert (document["status"], document["attempt"], document["errors"]) == ("completed", 1, [])


def test_while_documents_are_paused_an_upload_is_taken_and_waits(client, sample, post):
    post("/queues/documents/pause")
    answer = client.upload(sample, force="true")
    assert answer.status_code == 202
    document_id = answer.json()["document_id"]
    time.sleep(2.0)
    assert client.get(f"/documents/{document_id}")["status"] == "pending"
    post("/queues/documents/resume")
    document, _ = client.wait(document_id)
    assert (document["status"], document["attempt"]) == ("completed", 1)

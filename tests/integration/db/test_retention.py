"""Documents that ended long ago lose what was made of them, and keep their products unless told otherwise."""

import pytest

from db import (
    document_actions,
    document_claims,
    documents,
    images,
    pages,
    products,
    progress,
    queue,
    retention,
    webhooks,
)
from db.contents import dropped_files, is_used
from db.errors import DocumentBusy
from tests.integration import factories

OF_DOCUMENT = ("document_pages", "document_images", "document_chunks", "image_processing_queue", "ai_analysis_queue",
               "job_progress", "content_results", "products")  # fmt: skip


def ended(conn, *, days_ago, status="completed"):
    """A document with one of everything, a product with an image, and an image that is nobody's."""
    document = factories.add_claimed_document(conn, callback_url="https://hooks.example.com/")
    linked, alone = factories.image_json(1), factories.image_json(2)
    rows = [factories.page_json(1, images=[linked], thumbnail_key=f"cc/page-{document.id}.png"),
            factories.page_json(2, images=[alone])]  # fmt: skip
    pages.save_pages(conn, document.id, document.fence, rows)
    image = images.list_images(conn, document.id)[0]
    factories.add_chunks(conn, document, 2)
    queue.queue_image_processing_jobs(conn, document.id)
    queue.queue_ai_analysis_jobs(conn, document.id, ["metadata"])
    progress.update_progress(conn, document.id, "extraction", total=2, completed=2)
    link = {"image_id": str(image.id), "page": 1, "reason": "beside the name", "confidence": 0.9}
    products.save_products(conn, document.id, document.fence, [factories.product_json(images=[link])], [None], "")
    document_claims.finish_document(conn, document.id, document.fence, status)
    conn.execute(
        "update processed_documents set completed_at = now() - make_interval(days => %s) where id = %s",
        [days_ago, document.id],
    )
    return document, linked["storage_key"], alone["storage_key"]


def rows_of(conn, document):
    return {
        table: conn.execute(f"select count(*) from {table} where document_id = %s", [document.id]).fetchone()[0]
        for table in OF_DOCUMENT
    }


def trail(conn):
    return conn.execute("select actor, action, document_id, detail from audit_log where action = 'prune'").fetchall()


def test_all_but_products_and_their_images_goes(service):
    with service.transaction() as conn:
        document, linked, alone = ended(conn, days_ago=40)
        pruned = retention.prune_next(conn, days=30, products=False)
        left = rows_of(conn, document)
        row = documents.get_document(conn, document.id)
        assert retention.prune_next(conn, days=30, products=False) is None, "once is enough"
        assert pruned.id == document.id
        assert set(pruned.files) == {document.storage_key, alone, f"cc/page-{document.id}.png"}
        assert dropped_files(conn, older_than_s=-1, limit=9) and is_used(conn, linked)
        assert not any(is_used(conn, key) for key in pruned.files)
        ((actor, action, document_id, detail),) = trail(conn)
    assert {table: count for table, count in left.items() if count} == {"products": 1, "document_images": 1}
    assert row.pruned_at is not None and row.status == "completed"
    assert [warning["code"] for warning in row.warnings] == ["pruned"]
    assert (actor, action, document_id) == ("retention", "prune", document.id)
    assert detail["removed"] == {
        "ai_jobs": 2, "image_jobs": 2, "chunks": 2, "images": 1, "pages": 2, "results": 0, "stages": 1,
        "deliveries": 0,
    }  # fmt: skip


def test_with_products_the_document_goes_as_a_whole(service):
    with service.transaction() as conn:
        document, linked, alone = ended(conn, days_ago=40)
        pruned = retention.prune_next(conn, days=30, products=True)
        assert {document.storage_key, linked, alone} <= set(pruned.files)
        assert documents.get_document(conn, document.id) is None
        assert [entry[1:3] for entry in trail(conn)] == [("prune", document.id)], "the trail outlives it"


def test_the_oldest_goes_first_and_the_young_and_the_open_stay(service):
    with service.transaction() as conn:
        young, _, _ = ended(conn, days_ago=20)
        old, _, _ = ended(conn, days_ago=40, status="partial")
        older, _, _ = ended(conn, days_ago=50, status="cancelled")
        factories.add_document(conn)
        order = []
        while pruned := retention.prune_next(conn, days=30, products=False):
            order.append(pruned.id)
        assert order == [older.id, old.id]
        assert rows_of(conn, young)["document_pages"] == 2


@pytest.mark.parametrize("action", [document_actions.retry_document, document_actions.reprocess_document])
def test_a_pruned_document_cannot_be_done_again(service, action):
    with service.transaction() as conn:
        document, _, _ = ended(conn, days_ago=40, status="partial")
        retention.prune_next(conn, days=30, products=False)
    with pytest.raises(DocumentBusy, match=r"pruned on .*Upload it again"), service.transaction() as conn:
        action(conn, document.id, "ann")


def test_what_was_delivered_goes_and_what_is_to_be_sent_stays(service):
    with service.transaction() as conn:
        for _ in range(2):
            ended(conn, days_ago=40)
        (sent,) = webhooks.claim_deliveries(conn, worker="courier", lease_s=30, limit=1)
        webhooks.complete_delivery(conn, sent, status_code=204, seconds=0.1)
        while retention.prune_next(conn, days=30, products=False):
            pass
        left = [status for (status,) in conn.execute("select status from webhook_deliveries")]
        assert left == ["pending"]
        assert conn.execute("select count(*) from webhook_attempts").fetchone() == (0,)


def test_the_bytes_of_a_pruned_document_are_a_new_one(service):
    with service.transaction() as conn:
        document, _, _ = ended(conn, days_ago=40)
        content_hash = documents.get_document(conn, document.id).content_hash
        assert documents.find_by_hash(conn, content_hash).id == document.id
        retention.prune_next(conn, days=30, products=False)
        assert documents.find_by_hash(conn, content_hash) is None


def test_a_pruned_document_can_be_deleted(service):
    with service.transaction() as conn:
        document, linked, _ = ended(conn, days_ago=40)
        retention.prune_next(conn, days=30, products=False)
        assert linked in document_actions.delete_document(conn, document.id, "ann")
        assert not is_used(conn, linked)

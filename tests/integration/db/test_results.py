from dataclasses import asdict

from db import images, job_results, pages, products, queue
from db.results import count_rows
from tests.integration import factories


def test_nothing_stored_counts_as_nothing(service, claimed_document):
    with service.transaction() as conn:
        assert set(asdict(count_rows(conn, claimed_document.id)).values()) == {0}


def test_each_noun_is_counted_by_what_it_is(service, claimed_document):
    document = claimed_document
    found = [
        factories.page_json(1, images=[factories.image_json(1) for _ in "ab"], skipped_images=2),
        factories.page_json(2, kind="image", images=[factories.image_json(2, kind="page")], skipped_images=1),
        factories.page_json(3, warnings=["something was left out"], reused_from=document.id),
        factories.page_json(4, kind="failed", error_code="page_broken", error_message="?", warnings=["a", "b"]),
    ]
    with service.transaction() as conn:
        pages.save_pages(conn, document.id, document.fence, found)
        queue.queue_image_processing_jobs(conn, document.id)
        read, missing, _ = factories.claim_images(conn, document)
        job_results.complete_image_jobs(
            conn,
            [
                factories.image_completion(read),
                factories.image_completion(
                    missing, ocr_status="no_text", embedding_status="model_missing", embedding=None
                ),
            ],
        )
        factories.add_chunks(conn, document, 3)
        products.save_products(conn, document.id, document.fence, [factories.product_json()], [None], "")
        counts = asdict(count_rows(conn, document.id))
        assert len(images.list_images(conn, document.id)) == counts["images"]
    assert counts == {
        "pages": 4,
        "failed_pages": 1,
        "incomplete_pages": 1,
        "reused_pages": 1,
        "skipped_images": 3,
        "images": 3,
        "page_images": 1,
        "images_with_text": 1,
        "images_without_vector": 1,
        "chunks": 3,
        "reused_vectors": 0,
        "products": 1,
    }

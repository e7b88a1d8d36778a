"""Rows for tests, made through the functions that the pipeline uses, on an open connection of the service role."""

from itertools import count
from uuid import uuid4

from db import (
    chunks,
    content_results,
    contents,
    document_actions,
    document_claims,
    documents,
    images,
    pages,
    product_reviews,
    products,
    progress,
    queue,
    queue_switches,
    spans,
    webhooks,
)

WORKER = "driver-1"
LEASE_S = 30.0
numbers = count(1)


def add_document(conn, **given):
    """A pending document."""
    number = next(numbers)
    row = {
        "document_id": uuid4(),
        "filename": f"catalogue-{number}.pdf",
        "title": f"Catalogue {number}",
        "tags": [],
        "content_hash": f"hash-{number}",
        "size_bytes": 1000,
        "storage_key": f"aa/file-{number}.pdf",
        "priority": 0,
        "submitted_by": "tester",
        "max_retries": 3,
    }
    return documents.create_document(conn, **{**row, **given})


def claim_document(conn, *, worker=WORKER, lease_s=LEASE_S, max_active=1000, **given):
    """The next document by priority and arrival."""
    return document_claims.claim_next(conn, worker=worker, lease_s=lease_s, max_active=max_active, **given)


def add_claimed_document(conn, *, worker=WORKER, lease_s=LEASE_S, **given):
    """A document that a driver holds; higher than any priority that is waiting."""
    document = add_document(conn, **{"priority": 1_000_000, **given})
    claimed = claim_document(conn, worker=worker, lease_s=lease_s)
    assert claimed is not None and claimed.id == document.id
    return claimed


def page_json(page=1, **given):
    """The JSON form of an ExtractedPage."""
    return {"page": page, "width_pt": 595.0, "height_pt": 842.0, "kind": "text", "blocks": [], "images": [], **given}


def image_json(page=1, **given):
    """The JSON form of an ExtractedImage."""
    number = next(numbers)
    row = {
        "kind": "embedded",
        "content_hash": f"image-{number}",
        "storage_key": f"bb/image-{number}.png",
        "media_type": "image/png",
        "width_px": 640,
        "height_px": 480,
        "placements": [{"page": page, "box": [10.0, 20.0, 110.0, 220.0], "rotation": 0}],
    }
    return {**row, **given}


def chunk_json(ordinal=0, **given):
    """The JSON form of a Chunk."""
    row = {
        "chunk_id": str(uuid4()),
        "ordinal": ordinal,
        "page": 1,
        "kind": "text",
        "text": f"Chunk {ordinal}",
        "box": [10.0, 20.0, 110.0, 220.0],
    }
    return {**row, **given}


def product_json(name="Marmara White", **given):
    """The JSON form of a Product."""
    evidence = {
        "field": "name",
        "value": name,
        "page": 1,
        "box": [1.0, 2.0, 3.0, 4.0],
        "source": "text_layer",
        "text": name,
        "confidence": 0.9,
    }
    return {
        "identity_key": name.lower(),
        "name": name,
        "evidence": [evidence],
        "pages": [1],
        "confidence": 0.9,
        **given,
    }


def unit_vector(direction, size=384):
    """A unit vector along one axis."""
    return [1.0 if place == direction else 0.0 for place in range(size)]


def add_images(conn, document, number):
    """Stored images, one a page; their ids in the order of the pages."""
    rows = [page_json(page, images=[image_json(page)]) for page in range(1, number + 1)]
    pages.save_pages(conn, document.id, document.fence, rows)
    return [image.id for image in images.list_images(conn, document.id)]


def add_chunks(conn, document, number):
    """Stored chunks; their ids in reading order."""
    rows = [chunk_json(ordinal) for ordinal in range(number)]
    chunks.save_chunks(conn, document.id, document.fence, rows, [unit_vector(0)] * number, "test-model")
    return [chunk.id for chunk in chunks.list_chunks(conn, document.id)]


def add_image_jobs(conn, document, number, *, max_retries=3):
    """Pending image jobs; their ids in the order of the pages."""
    add_images(conn, document, number)
    queue.queue_image_processing_jobs(conn, document.id, max_retries=max_retries)
    return [job for (job,) in conn.execute("select id from image_processing_queue order by created_at")]


def add_analysis_jobs(conn, document, number, *, max_retries=3):
    """Pending classification jobs; their ids in reading order."""
    add_chunks(conn, document, number)
    queue.queue_ai_analysis_jobs(conn, document.id, ["classification"], max_retries=max_retries)
    return [job for (job,) in conn.execute("select id from ai_analysis_queue order by created_at")]


def claim_images(conn, document, *, limit=10, worker=WORKER, lease_s=LEASE_S):
    return queue.claim_image_jobs(conn, document.id, document.fence, worker=worker, limit=limit, lease_s=lease_s)


def claim_analyses(conn, document, *, limit=10, worker=WORKER, lease_s=LEASE_S):
    return queue.claim_ai_jobs(conn, document.id, document.fence, worker=worker, limit=limit, lease_s=lease_s)


def image_completion(job, **given):
    """What the pipeline hands in for an image in which one line was read."""
    line = {"text": "OAK 120", "box": [1.0, 2.0, 30.0, 9.0], "confidence": 0.8}
    row = {
        "job_id": str(job.id),
        "image_id": str(job.image_id),
        "fence": job.fence,
        "ocr_status": "text",
        "ocr_text": "OAK 120",
        "ocr_lines": [line],
        "ocr_confidence": 0.8,
        "embedding_status": "stored",
        "embedding": unit_vector(0, 4),
        "embedding_model": "test-clip",
        "result": {"lines": 1},
    }
    return {**row, **given}


def fill_every_table(conn):
    """One row at least in every table; the document waits, so that a copy of any row is one that may begin."""
    document = add_claimed_document(conn)
    image = add_images(conn, document, 1)[0]
    add_chunks(conn, document, 1)
    queue.queue_image_processing_jobs(conn, document.id)
    queue.queue_ai_analysis_jobs(conn, document.id, ["metadata"])
    progress.update_progress(conn, document.id, "extraction", total=2, completed=1)
    link = {"image_id": str(image), "page": 1, "reason": "beside the name", "confidence": 0.9}
    products.save_products(conn, document.id, document.fence, [product_json(images=[link], finish="mat")], [None], "")
    spans.add_spans(conn, document.id, [spans.WorkSpan("extraction", "reader-0", 0.0, 1.0, 0.5, 2)])
    (product,) = products.list_products(conn, document.id)[0]
    product_reviews.correct_product(conn, product.id, {"finish": "matt"}, "tester")
    document_claims.release_document(conn, document.id, document.fence)
    queue_switches.pause_queue(conn, "ai", "tester")
    (job,) = conn.execute("select id from image_processing_queue").fetchone()
    kept = {"job_id": job, "kind": "ocr", "content_hash": "h", "model": "m", "result": {}}
    content_results.keep_results(conn, "image", [kept])
    contents.drop_files(conn, ["aa/gone.png"])
    message = [document.id, "document.completed", "https://hooks.example.com/", "{}"]
    (delivery,) = conn.execute(
        "insert into webhook_deliveries (document_id, event, url, body) values (%s, %s, %s, %s) returning id", message
    ).fetchone()
    conn.execute("insert into webhook_attempts (delivery_id, attempt, status_code) values (%s, 1, 500)", [delivery])
    return document


def add_failed_delivery(conn):
    """A document that was cancelled, and one attempt to tell of it, which failed."""
    document = add_document(conn, callback_url="https://hooks.example.com/")
    document_actions.request_cancel(conn, document.id, "tester")
    (claimed,) = webhooks.claim_deliveries(conn, worker="courier", lease_s=LEASE_S, limit=1)
    webhooks.fail_delivery(conn, claimed, "answered 500", status_code=500, seconds=0.1, wait_s=3600.0)
    return claimed

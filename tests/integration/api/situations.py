"""Documents in the states that a pipeline brings about, made through the functions that the pipeline uses."""

import io
from dataclasses import dataclass
from uuid import UUID

from PIL import Image

from db import chunks, document_claims, documents, images, job_results, pages, products, progress, queue
from tests.integration import factories


@dataclass(frozen=True)
class Processed:
    """A document with everything in it."""

    id: UUID
    image_id: UUID
    image_bytes: bytes


def png(colour=(200, 30, 30)):
    """A small picture."""
    target = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(target, "PNG")
    return target.getvalue()


def claimed(conn, **given):
    """A document that a driver holds; those of earlier tests may wait in line again, with their priority."""
    return factories.add_claimed_document(conn, priority=1_000_000 + next(factories.numbers), **given)


def process(conn, storage, **given):
    """A completed document: one page, one image with words in it, two chunks, two products."""
    document = claimed(conn, **given)
    picture = png()
    image = factories.image_json(1, storage_key=storage.put(picture, ".png"), content_hash=f"hash {document.id}")
    pages.save_pages(conn, document.id, document.fence, [factories.page_json(1, images=[image])])
    (image_row,) = images.list_images(conn, document.id)
    queue.queue_image_processing_jobs(conn, document.id)
    (job,) = factories.claim_images(conn, document)
    job_results.complete_image_jobs(conn, [factories.image_completion(job, ocr_text="OAK 120")])
    texts = [
        factories.chunk_json(0, text="Marmara White 60 x 60 cm"),
        factories.chunk_json(1, text="Index", is_index=True),
    ]
    chunks.save_chunks(conn, document.id, document.fence, texts, [factories.unit_vector(0)] * 2, "all-MiniLM-L6-v2")
    products.save_products(
        conn,
        document.id,
        document.fence,
        product_records(image_row.id),
        [factories.unit_vector(0), factories.unit_vector(1)],
        "all-MiniLM-L6-v2",
    )
    progress.update_progress(conn, document.id, "extraction", total=1, completed=1)
    document_claims.set_counts(conn, document.id, document.fence, {"products": 2})
    document_claims.finish_document(conn, document.id, document.fence, "completed")
    return Processed(document.id, image_row.id, picture)


def product_records(image_id):
    """A plain product, and one whose text tries to be a formula."""
    link = {"image_id": str(image_id), "page": 1, "box": None, "reason": "the name stands below it", "confidence": 0.8}
    plain = factories.product_json(
        "Marmara White",
        code="MW-60",
        product_type="tile",
        dimensions={"length_mm": 600.0, "width_mm": 600.0, "printed": "60 x 60 cm"},
        materials=["porcelain"],
        colours=["white", "grey"],
        finish="matt",
        fields={
            "coreIdentity": {"manufacturer": "Marmara"},
            "commercialInformation": {"application": ["floor", "wall"], "price": 24.5},
            "technicalSpecifications": {"breakingStrength": "1300 N"},
        },
        images=[link],
    )
    return [plain, factories.product_json("=1+1 Özel", code="-20", description="bell\u0007 and\nline", pages=[2])]


def failed(conn, *, code="document_broken", message="The PDF cannot be opened."):
    """A document that ended failed."""
    document = claimed(conn)
    document_claims.finish_document(conn, document.id, document.fence, "failed", error_code=code, error_message=message)
    return documents.get_document(conn, document.id)

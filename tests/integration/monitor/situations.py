"""Situations that the monitor must show, brought about through the functions that the pipeline itself calls.

Each takes the service role's database; pictures are drawn here and go through the real file store.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4, uuid5

from PIL import Image, ImageDraw

from cluster.storage import Storage
from db.chunks import list_chunks, save_chunks
from db.connection import Database
from db.document_claims import (
    add_warning,
    claim_next,
    fail_document_attempt,
    finish_document,
    set_counts,
    set_page_count,
    set_stage,
)
from db.documents import Document, create_document
from db.images import ImageRow, list_images
from db.job_results import complete_ai_jobs, complete_image_jobs, mark_job_failed
from db.pages import save_pages
from db.products import save_products
from db.progress import update_progress
from db.queue import (
    claim_ai_jobs,
    claim_image_jobs,
    job_counts,
    queue_ai_analysis_jobs,
    queue_image_processing_jobs,
)

LEASE_S = 600.0
PAGE_PT = (595.0, 842.0)
WORKER = "driver of the test"


@dataclass
class Held:
    """A document that a driver of the test holds."""

    database: Database
    document: Document
    images: list[UUID] = field(default_factory=list)
    chunks: list[UUID] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.document.id

    @property
    def fence(self) -> int:
        assert self.document.fence is not None
        return self.document.fence


def waiting_document(database: Database, title: str, *, priority: int = 0, filename: str | None = None) -> Document:
    document_id = uuid4()
    with database.transaction() as conn:
        return create_document(
            conn,
            document_id=document_id,
            filename=filename or f"{title.lower().replace(' ', '-')}.pdf",
            title=title,
            tags=["tiles", "2026"],
            content_hash=sha256(document_id.bytes).hexdigest(),
            size_bytes=3_358_720,
            storage_key=f"{document_id.hex[:2]}/{sha256(document_id.bytes).hexdigest()}.pdf",
            priority=priority,
            submitted_by="back-office",
            max_retries=3,
        )


def held_document(database: Database, title: str) -> Held:
    document = waiting_document(database, title, priority=9)
    with database.transaction() as conn:
        claimed = claim_next(conn, worker=WORKER, lease_s=LEASE_S, max_active=100)
    assert claimed is not None and claimed.id == document.id
    return Held(database, claimed)


def extract(held: Held, storage: Storage, pages: int, *, read: int | None = None, images_a_page: int = 3) -> None:
    """Stage 1 has read `read` of `pages` pages."""
    read = pages if read is None else read
    rows = [page_row(storage, held.document.title, number, images_a_page) for number in range(1, read + 1)]
    with held.database.transaction() as conn:
        set_page_count(conn, held.id, held.fence, pages)
        set_stage(conn, held.id, held.fence, "extraction")
        save_pages(conn, held.id, held.fence, rows)
        update_progress(conn, held.id, "extraction", total=pages, completed=read)
        held.images = [image.id for image in list_images(conn, held.id)]


def fail_page(held: Held, number: int, error: str) -> None:
    """Extraction has given a page up."""
    row = {"page": number, "width_pt": 0, "height_pt": 0, "kind": "failed", "error_code": "page_failed"}
    with held.database.transaction() as conn:
        save_pages(conn, held.id, held.fence, [{**row, "error_message": error}])


def images_of(held: Held) -> list[ImageRow]:
    with held.database.transaction() as conn:
        return list_images(conn, held.id)


def queue_images(held: Held) -> None:
    with held.database.transaction() as conn:
        set_stage(conn, held.id, held.fence, "image_processing")
        queue_image_processing_jobs(conn, held.id)
        update_progress(conn, held.id, "image_processing", total=len(held.images), completed=0)


def read_images(held: Held, count: int, *, failed: int = 0) -> None:
    """`count` more image jobs are completed, and `failed` more fail in each of their attempts."""
    with held.database.transaction() as conn:
        jobs = claim_image_jobs(conn, held.id, held.fence, worker=WORKER, limit=count, lease_s=LEASE_S)
        complete_image_jobs(conn, [image_completion(job.id, job.fence, job.page) for job in jobs])
    for _ in range(failed):
        fail_image_job(held, times=4)
    with held.database.transaction() as conn:
        counts = job_counts(conn, held.id)["image"]
        update_progress(
            conn, held.id, "image_processing", total=counts.total, completed=counts.done, failed=counts.failed
        )


def fail_image_job(
    held: Held, *, times: int, error: str = "The image file is truncated (17 bytes not processed)"
) -> UUID:
    """One image job fails `times` times; after the fourth it has failed for good."""
    job_id = None
    for attempt in range(1, times + 1):
        with held.database.transaction() as conn:
            (job,) = claim_image_jobs(conn, held.id, held.fence, worker=WORKER, limit=1, lease_s=LEASE_S)
            assert job_id in (None, job.id)
            job_id = job.id
            mark_job_failed(conn, "image", job.id, job.fence, f"{error}, try {attempt}", backoff_s=0.0)
    assert job_id is not None
    return job_id


def cut_chunks(held: Held, texts: Sequence[str]) -> None:
    """Stage 3 is done."""
    rows = [chunk_row(held.id, ordinal, text) for ordinal, text in enumerate(texts)]
    with held.database.transaction() as conn:
        set_stage(conn, held.id, held.fence, "chunking")
        save_chunks(conn, held.id, held.fence, rows, [None] * len(rows), "none")
        update_progress(conn, held.id, "chunking", total=len(rows), completed=len(rows))
        held.chunks = [chunk.id for chunk in list_chunks(conn, held.id)]


def analyse(held: Held, count: int) -> None:
    """`count` of the analyses of every chunk are completed."""
    types = ("classification", "metadata", "product_detection")
    with held.database.transaction() as conn:
        set_stage(conn, held.id, held.fence, "ai_analysis")
        queue_ai_analysis_jobs(conn, held.id, types)
        jobs = claim_ai_jobs(conn, held.id, held.fence, worker=WORKER, limit=count, lease_s=LEASE_S)
        complete_ai_jobs(conn, [{"job_id": job.id, "fence": job.fence, "result": {"value": {}}} for job in jobs])
        update_progress(conn, held.id, "ai_analysis", total=len(held.chunks) * len(types), completed=len(jobs))


def make_products(held: Held, names: Sequence[str]) -> None:
    """Stage 5 is done."""
    with held.database.transaction() as conn:
        set_stage(conn, held.id, held.fence, "product_creation")
        rows = [product_row(held, place, name) for place, name in enumerate(names)]
        save_products(conn, held.id, held.fence, rows, [None] * len(rows), "none")
        update_progress(conn, held.id, "product_creation", total=len(rows), completed=len(rows))


def finish(held: Held, status: Any, counts: dict[str, int] | None = None) -> None:
    with held.database.transaction() as conn:
        set_counts(conn, held.id, held.fence, counts or {})
        finish_document(conn, held.id, held.fence, status)


def warn(held: Held, code: str, message: str) -> None:
    with held.database.transaction() as conn:
        add_warning(conn, held.id, held.fence, code, message)


def completed_catalogue(database: Database, storage: Storage, title: str, names: Sequence[str]) -> Held:
    """A document that has gone through all five stages."""
    held = held_document(database, title)
    extract(held, storage, pages=4)
    queue_images(held)
    read_images(held, len(held.images))
    cut_chunks(held, [f"{name} porcelain tile 60 x 120 cm, matt" for name in names])
    analyse(held, len(names) * 3)
    make_products(held, names)
    finish(held, "completed", {"pages": 4, "images": len(held.images), "chunks": len(names), "products": len(names)})
    return held


def refused_document(database: Database, title: str, error: str) -> Held:
    """A document that failed at the first attempt, for good."""
    held = held_document(database, title)
    with database.transaction() as conn:
        fail_document_attempt(
            conn, held.id, held.fence, error, code="document_encrypted", permanent=True, backoff_s=1.0
        )
    return held


# ---- rows in the JSON form of the records


def page_row(storage: Storage, title: str, number: int, images: int) -> dict[str, Any]:
    return {
        "page": number,
        "width_pt": PAGE_PT[0],
        "height_pt": PAGE_PT[1],
        "kind": "text",
        "thumbnail_key": storage.put(drawn_page(title, number), ".png"),
        "skipped_images": 2,
        "images": [image_row(storage, title, number, place) for place in range(images)],
    }


def image_row(storage: Storage, title: str, page: int, place: int) -> dict[str, Any]:
    data = drawn_tile(f"{title} {page}.{place}")
    x = 60.0 + place * 165
    return {
        "kind": "embedded",
        "content_hash": sha256(data).hexdigest(),
        "storage_key": storage.put(data, ".png"),
        "media_type": "image/png",
        "width_px": 240,
        "height_px": 160,
        "placements": [{"page": page, "box": [x, 200.0, x + 150, 300.0], "rotation": 0}],
    }


def image_completion(job_id: UUID, fence: int, page: int) -> dict[str, Any]:
    words = page % 2 == 1
    return {
        "job_id": job_id,
        "fence": fence,
        "ocr_status": "text" if words else "no_text",
        "ocr_text": "TERRA 60x120" if words else None,
        "ocr_lines": [],
        "ocr_confidence": 0.93 if words else None,
        "embedding_status": "model_missing",
        "embedding": None,
        "embedding_model": None,
        "result": {},
    }


def chunk_row(document_id: UUID, ordinal: int, text: str) -> dict[str, Any]:
    return {
        "chunk_id": uuid5(document_id, str(ordinal)),
        "ordinal": ordinal,
        "page": ordinal % 4 + 1,
        "kind": "text",
        "text": text,
        "box": [60.0, 320.0, 300.0, 360.0],
        "heading_path": ["Porcelain", "Indoor"],
    }


def product_row(held: Held, place: int, name: str) -> dict[str, Any]:
    page = place % 4 + 1
    image = held.images[place % len(held.images)]
    entries = [
        ("name", name, [60.0, 320.0, 150.0, 338.0], "text_layer", name),
        ("dimensions", "60 x 120 cm", [60.0, 340.0, 170.0, 352.0], "text_layer", "60 x 120 cm, matt, rectified"),
        ("finish", "matt", [60.0, 340.0, 170.0, 352.0], "text_layer", "60 x 120 cm, matt, rectified"),
        ("visualProperties.primaryColor", "beige", [75.0, 270.0, 140.0, 285.0], "ocr", "BEIGE"),
    ]
    return {
        "identity_key": f"{name.lower()}|tr-{place + 1}|60x120|matt",
        "name": name,
        "code": f"TR-{place + 1:03d}",
        "product_type": "porcelain tile",
        "dimensions": {"length_mm": 1200.0, "width_mm": 600.0, "printed": "60 x 120 cm"},
        "materials": ["porcelain"],
        "colours": ["beige"],
        "finish": "matt",
        "fields": {"visualProperties": {"primaryColor": "beige"}},
        "evidence": [
            {"field": f, "value": v, "page": page, "box": box, "source": source, "text": text, "confidence": 0.94}
            for f, v, box, source, text in entries
        ],
        "images": [
            {
                "image_id": image,
                "page": page,
                "box": [60.0, 200.0, 210.0, 300.0],
                "reason": "the name stands right below this picture",
                "confidence": 0.88,
            }
        ],
        "pages": [page],
        "confidence": 0.91,
        "needs_review": place == 1,
        "review_reasons": ["two sizes are printed beside this name"] if place == 1 else [],
    }


def drawn_tile(text: str) -> bytes:
    """A picture with words, different for each text."""
    tone = sha256(text.encode()).digest()
    picture = Image.new("RGB", (240, 160), (150 + tone[0] % 90, 140 + tone[1] % 90, 120 + tone[2] % 90))
    brush = ImageDraw.Draw(picture)
    for line in range(0, 160, 8 + tone[3] % 9):
        brush.line((0, line, 240, line + tone[4] % 30), fill=(120 + tone[5] % 80,) * 3)
    brush.text((12, 12), text, fill=(30, 30, 30))
    return as_png(picture)


def drawn_page(title: str, number: int) -> bytes:
    """A page's thumbnail with three pictures and some lines of print."""
    picture = Image.new("RGB", (226, 320), (253, 252, 250))
    brush = ImageDraw.Draw(picture)
    brush.text((23, 20), f"{title}  {number}", fill=(40, 40, 40))
    for place in range(3):
        x = 23 + place * 63
        brush.rectangle((x, 76, x + 57, 114), fill=(190 - 20 * place, 175, 150))
    for line in range(6):
        brush.line((23, 124 + line * 6, 90 + 9 * (line % 3), 124 + line * 6), fill=(120, 120, 120))
    return as_png(picture)


def as_png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

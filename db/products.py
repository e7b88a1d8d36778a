"""Owns product records and their links to images. Finding them by words or vectors is in `search`.

What people decide about them is in `product_reviews`; saving a product applies what was decided about it before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import class_row

from db import values
from db.document_claims import require_fence
from db.product_corrections import Decision, ReviewState, decided, decisions_of
from db.product_vectors import MADE_OF


@dataclass(frozen=True)
class ProductRow:
    """A row of products with its images, without its vector."""

    id: UUID
    document_id: UUID
    document_title: str
    document_languages: list[str]  # ISO 639-1, best first
    identity_key: str
    name: str
    code: str | None
    product_type: str | None
    description: str | None
    dimensions: dict[str, Any] | None  # actors.records.Dimensions
    materials: list[str]
    colours: list[str]
    finish: str | None
    fields: dict[str, dict[str, Any]]  # by category and field
    evidence: list[dict[str, Any]]  # actors.records.Evidence
    pages: list[int]
    confidence: float  # 0-1
    needs_review: bool
    review_reasons: list[str]
    embedding_model: str | None
    created_at: datetime
    review_state: ReviewState
    reviewed_by: str | None  # None: nobody has looked
    reviewed_at: datetime | None
    images: list[dict[str, Any]]  # [{image_id, page, box, reason, confidence, storage_key}], best first


COLUMNS: LiteralString = """
    p.id, p.document_id, d.title as document_title, d.languages as document_languages, p.identity_key, p.name, p.code,
    p.product_type, p.description, p.dimensions, p.materials, p.colours, p.finish, p.fields, p.evidence, p.pages,
    p.confidence, p.needs_review, p.review_reasons, p.embedding_model, p.created_at, p.review_state, p.reviewed_by,
    p.reviewed_at,
    (select coalesce(jsonb_agg(jsonb_build_object(
         'image_id', l.image_id, 'page', l.page, 'box', l.box, 'reason', l.reason, 'confidence', l.confidence,
         'storage_key', i.storage_key) order by l.confidence desc, l.page), '[]')
     from product_images l join document_images i on i.id = l.image_id
     where l.product_id = p.id) as images
"""

SAVE: LiteralString = """
    insert into products
        (id, document_id, identity_key, name, code, product_type, description, dimensions, materials, colours, finish,
         fields, evidence, pages, confidence, needs_review, review_reasons, embedding, embedding_model,
         review_state, reviewed_by, reviewed_at)
    values
        (%(id)s, %(document_id)s, %(identity_key)s, %(name)s, %(code)s, %(product_type)s, %(description)s,
         %(dimensions)s, %(materials)s, %(colours)s, %(finish)s, %(fields)s, %(evidence)s, %(pages)s, %(confidence)s,
         %(needs_review)s, %(review_reasons)s, %(embedding)s::vector, %(embedding_model)s,
         %(review_state)s, %(reviewed_by)s, %(reviewed_at)s)
"""
# A place of an image is linked once, by the surer reason; two places of one page's picture are two links.
SAVE_IMAGE: LiteralString = """
    insert into product_images as stored (product_id, image_id, page, box, reason, confidence)
    values (%(product_id)s, %(image_id)s, %(page)s, %(box)s, %(reason)s, %(confidence)s)
    on conflict (product_id, image_id, page, coalesce(box, '{}')) do update
    set reason = excluded.reason, confidence = excluded.confidence
    where excluded.confidence > stored.confidence
"""
FORGET: LiteralString = "delete from products where document_id = %(document_id)s"


def save_products(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    products: Sequence[Mapping[str, Any]],
    embeddings: Sequence[Sequence[float] | None],
    model: str,
) -> None:
    """Replace a document's products, all at once. A product keeps its id as long as its identity stays the same.

    What people accepted, corrected or rejected is decided of the new product of the same identity as well.

    Args:
        conn: the transaction.
        document_id: whose products.
        fence: of the claim; raises `LeaseLost`.
        products: each in the JSON form of `actors.records.Product`, no two of one identity_key.
        embeddings: for each product 384 numbers of unit length, or None.
        model: that made them.
    """
    require_fence(conn, document_id, fence)
    conn.execute(FORGET, {"document_id": document_id})
    decisions = decisions_of(conn, document_id)
    rows = [
        product_row(document_id, product, embedding, model, decisions.get(values.text(product["identity_key"])))
        for product, embedding in zip(products, embeddings, strict=True)
    ]
    links = [
        link_row(row["id"], image)
        for row, product in zip(rows, products, strict=True)
        for image in product.get("images", ())
    ]
    with conn.cursor() as cursor:
        cursor.executemany(SAVE, rows)
        cursor.executemany(SAVE_IMAGE, links)


def product_row(
    document_id: UUID,
    product: Mapping[str, Any],
    embedding: Sequence[float] | None,
    model: str,
    decision: Decision | None = None,
) -> dict[str, object]:
    """The parameters of one product, with what people have decided about it; no vector of words that they changed."""
    identity = values.text(product["identity_key"])
    if decision is not None:
        read, product = product, decided(product, decision)
        embedding = embedding if all(read.get(field) == product.get(field) for field in MADE_OF) else None
    dimensions = product.get("dimensions")
    return {
        "id": uuid5(document_id, identity),
        "document_id": document_id,
        "identity_key": identity,
        "dimensions": None if dimensions is None else values.jsonb(dimensions),
        "fields": values.jsonb(product.get("fields", {})),
        "evidence": values.jsonb(product["evidence"]),
        "pages": list(product["pages"]),
        "confidence": product["confidence"],
        "needs_review": product.get("needs_review", False),
        "embedding": values.vector(embedding),
        "embedding_model": None if embedding is None else model,
        "review_state": decision.state if decision else "open",
        "reviewed_by": decision.reviewed_by if decision else None,
        "reviewed_at": decision.reviewed_at if decision else None,
        **{name: values.text_or_none(product.get(name)) for name in TEXTS},
        **{name: [values.text(item) for item in product.get(name, ())] for name in LISTS},
    }


TEXTS = ("name", "code", "product_type", "description", "finish")
LISTS = ("materials", "colours", "review_reasons")


def link_row(product_id: object, image: Mapping[str, Any]) -> dict[str, object]:
    """The parameters of one link."""
    box = image.get("box")
    return {
        "product_id": product_id,
        "image_id": image["image_id"],
        "page": image["page"],
        "box": None if box is None else list(box),
        "reason": values.text(image["reason"]),
        "confidence": image["confidence"],
    }


LIST: LiteralString = f"""
    select {COLUMNS}
    from products p join processed_documents d on d.id = p.document_id
    where (%(document_id)s::uuid is null or p.document_id = %(document_id)s)
      and (%(rejected)s or p.review_state <> 'rejected')
    order by p.document_id, p.pages[1], p.name, p.id
    limit %(limit)s offset %(offset)s
"""
COUNT: LiteralString = """
    select count(*) from products
    where (%(document_id)s::uuid is null or document_id = %(document_id)s)
      and (%(rejected)s or review_state <> 'rejected')
"""


def list_products(
    conn: Connection[Any],
    document_id: UUID | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    rejected: bool = True,
) -> tuple[list[ProductRow], int]:
    """Products in the order of their pages, and how many there are in all.

    Args:
        conn: the transaction.
        document_id: only those of this document.
        limit: most rows; None is all.
        offset: rows to skip.
        rejected: those as well that people said are none.
    """
    asked = {"document_id": document_id, "limit": limit, "offset": offset, "rejected": rejected}
    with conn.cursor(row_factory=class_row(ProductRow)) as cursor:
        found = cursor.execute(LIST, asked).fetchall()
    counted = conn.execute(COUNT, asked).fetchone()
    return found, counted[0] if counted else 0


GET: LiteralString = f"""
    select {COLUMNS}
    from products p join processed_documents d on d.id = p.document_id
    where p.id = %(id)s
"""


def get_product(conn: Connection[Any], product_id: UUID) -> ProductRow | None:
    """One product, or None."""
    with conn.cursor(row_factory=class_row(ProductRow)) as cursor:
        return cursor.execute(GET, {"id": product_id}).fetchone()

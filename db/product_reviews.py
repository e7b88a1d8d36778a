"""Owns what people decide about products: accept, correct, reject. Each change leaves a line in the audit trail."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import audit, values
from db.errors import QuarryError
from db.product_corrections import ReviewState, corrected, value_of
from db.product_vectors import MADE_OF
from db.products import COLUMNS, ProductRow, get_product


class ProductNotFound(QuarryError):
    """There is no product of this id, or no longer."""

    code = "product_not_found"
    permanent = True


# A driver that saves products anew holds the document: whoever comes second sees what the first has done.
HOLD: LiteralString = """
    select 1 from processed_documents where id = (select document_id from products where id = %(id)s) for share
"""
DECIDE: LiteralString = """
    insert into product_reviews (document_id, identity_key, state, reviewed_by)
    values (%(document_id)s, %(identity_key)s, %(state)s, %(actor)s)
    on conflict (document_id, identity_key) do update
    set state = excluded.state, reviewed_by = excluded.reviewed_by, reviewed_at = now()
"""
MARK: LiteralString = """
    update products set review_state = %(state)s, reviewed_by = %(actor)s, reviewed_at = now() where id = %(id)s
"""
IS_CORRECTED: LiteralString = """
    select exists (select from product_corrections
                   where document_id = %(document_id)s and identity_key = %(identity_key)s)
"""
REMEMBER: LiteralString = """
    insert into product_corrections (document_id, identity_key, field, old, new, corrected_by)
    values (%(document_id)s, %(identity_key)s, %(field)s, %(old)s, %(new)s, %(actor)s)
"""
CORRECT: LiteralString = """
    update products
    set name = %(name)s, code = %(code)s, product_type = %(product_type)s, description = %(description)s,
        dimensions = %(dimensions)s, materials = %(materials)s, colours = %(colours)s, finish = %(finish)s,
        fields = %(fields)s, evidence = %(evidence)s,
        embedding = case when %(words_changed)s then null else embedding end,
        embedding_model = case when %(words_changed)s then null else embedding_model end
    where id = %(id)s
"""


def accept_product(conn: Connection[Any], product_id: UUID, actor: str) -> ProductRow:
    """The record is right as it stands; one that was corrected stays `corrected`.

    Raises:
        ProductNotFound: no such product.
    """
    product = _hold(conn, product_id)
    (is_corrected,) = conn.execute(IS_CORRECTED, asdict(product)).fetchone() or (False,)
    return _decide(conn, product, "corrected" if is_corrected else "accepted", "accept_product", actor)


def reject_product(conn: Connection[Any], product_id: UUID, actor: str) -> ProductRow:
    """It is no product: searches and exports leave it out, now and after the next extraction.

    Raises:
        ProductNotFound: no such product.
    """
    return _decide(conn, _hold(conn, product_id), "rejected", "reject_product", actor)


def correct_product(conn: Connection[Any], product_id: UUID, changes: Mapping[str, Any], actor: str) -> ProductRow:
    """Put other values into a record, each with evidence of the source `person`.

    Args:
        conn: the transaction.
        product_id: whose record.
        changes: by field (`db.product_corrections.COLUMNS`, or `category.field`), JSON types; None takes it away.
            What is the same already is passed over. Another name or description takes the vector away.
        actor: subject of the token.

    Raises:
        ProductNotFound: no such product.
    """
    product = _hold(conn, product_id)
    record: dict[str, Any] = asdict(product)
    told = [(field, value_of(record, field), new) for field, new in changes.items()]
    told = [(field, old, new) for field, old, new in told if (old or None) != (new or None)]
    if not told:
        return product
    _write_decision(conn, product, "corrected", actor)
    for field, old, new in told:
        record = corrected(record, field, new)
        row = {"field": field, "old": values.jsonb(old), "new": values.jsonb(new), "actor": values.text(actor)}
        conn.execute(REMEMBER, asdict(product) | row)
        detail = {"product_id": str(product.id), "name": product.name, "field": field, "old": old, "new": new}
        audit.record(conn, actor, "correct_product", product.document_id, detail)
    written: dict[str, Any] = {name: values.jsonb(record[name]) for name in ("fields", "evidence")}
    size = record["dimensions"]
    written |= {"dimensions": None if size is None else values.jsonb(size)}
    words_changed = any(field in MADE_OF for field, _, _ in told)  # of what the vector was made
    conn.execute(CORRECT, record | written | {"words_changed": words_changed})
    return _there(conn, product.id)


def _decide(conn: Connection[Any], product: ProductRow, state: ReviewState, action: str, actor: str) -> ProductRow:
    if product.review_state == state:
        return product
    _write_decision(conn, product, state, actor)
    detail = {
        "product_id": str(product.id), "name": product.name,
        "field": "review_state", "old": product.review_state, "new": state,
    }  # fmt: skip
    audit.record(conn, actor, action, product.document_id, detail)
    return _there(conn, product.id)


def _write_decision(conn: Connection[Any], product: ProductRow, state: ReviewState, actor: str) -> None:
    row = asdict(product) | {"state": state, "actor": values.text(actor)}
    conn.execute(DECIDE, row)
    conn.execute(MARK, row)


def _hold(conn: Connection[Any], product_id: UUID) -> ProductRow:
    conn.execute(HOLD, {"id": product_id})
    return _there(conn, product_id)


def _there(conn: Connection[Any], product_id: UUID) -> ProductRow:
    product = get_product(conn, product_id)
    if product is None:
        raise ProductNotFound(f"There is no product {product_id}.", "GET /products/to-review lists those that wait.")
    return product


TO_REVIEW: LiteralString = f"""
    select {COLUMNS}
    from products p join processed_documents d on d.id = p.document_id
    where p.needs_review and p.review_state = 'open'
      and (%(document_id)s::uuid is null or p.document_id = %(document_id)s)
    order by d.created_at desc, p.document_id, p.pages[1], p.name, p.id
    limit %(limit)s offset %(offset)s
"""
COUNT_TO_REVIEW: LiteralString = """
    select count(*) from products p
    where p.needs_review and p.review_state = 'open'
      and (%(document_id)s::uuid is null or p.document_id = %(document_id)s)
"""


def products_to_review(
    conn: Connection[Any], document_id: UUID | None = None, limit: int | None = None, offset: int = 0
) -> tuple[list[ProductRow], int]:
    """Doubtful products that nobody has decided about, of the newest document first, and how many there are in all.

    Args:
        conn: the transaction.
        document_id: only those of this document.
        limit: most rows; None is all.
        offset: rows to skip.
    """
    asked = {"document_id": document_id, "limit": limit, "offset": offset}
    with conn.cursor(row_factory=class_row(ProductRow)) as cursor:
        found = cursor.execute(TO_REVIEW, asked).fetchall()
    counted = conn.execute(COUNT_TO_REVIEW, asked).fetchone()
    return found, counted[0] if counted else 0

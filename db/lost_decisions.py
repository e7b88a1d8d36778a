"""Owns the decisions that fit no product any more: a later reading gave the product another name, code, size or finish.

They are kept until somebody has decided about the product that took its place, and forgets them. How decisions are
made is in `product_reviews`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import class_row

from db import audit
from db.errors import QuarryError
from db.product_corrections import ReviewState

WARNING, COUNTED_AS = "decisions_lost", "lost_decisions"
"""Codes under which a document tells of them, among its warnings and its counts."""


class DecisionNotFound(QuarryError):
    """No decision about such a product is lost."""

    code = "decision_not_found"
    permanent = True


@dataclass(frozen=True)
class LostDecision:
    """What somebody decided about a product that is there no more."""

    document_id: UUID
    identity_key: str  # folded name, code, size and finish, with | between them
    state: ReviewState
    reviewed_by: str
    reviewed_at: datetime
    corrections: list[dict[str, Any]]  # [{field, old, new}], oldest first

    @property
    def product_id(self) -> UUID:
        """The id that the product had: ids are made of the identity."""
        return uuid5(self.document_id, self.identity_key)

    @property
    def product(self) -> str:
        """What the product was, in a line, as it was compared: without capitals and accents."""
        return ", ".join(part for part in self.identity_key.split("|") if part)


FITS_NONE: LiteralString = """
    not exists (select from products p where p.document_id = r.document_id and p.identity_key = r.identity_key)
"""
# Until its products are made anew, a document that is read again has none that a decision could fit.
LOST: LiteralString = f"""
    select r.document_id, r.identity_key, r.state, r.reviewed_by, r.reviewed_at,
           coalesce((select jsonb_agg(jsonb_build_object('field', c.field, 'old', c.old, 'new', c.new) order by c.id)
                     from product_corrections c
                     where c.document_id = r.document_id and c.identity_key = r.identity_key), '[]') as corrections
    from product_reviews r join processed_documents d on d.id = r.document_id
    where r.document_id = %(document_id)s and d.status in ('completed', 'partial')
      and {FITS_NONE}
    order by r.reviewed_at, r.identity_key
"""
COUNT: LiteralString = f"""
    select count(*) from product_reviews r where r.document_id = %(document_id)s and {FITS_NONE}
"""
FORGET: LiteralString = """
    delete from product_reviews where document_id = %(document_id)s and identity_key = %(identity_key)s
"""
TELL: LiteralString = """
    update processed_documents
    set counts = counts || jsonb_build_object(%(count)s::text, %(left)s::int),
        warnings = case when %(left)s > 0 then warnings else (
            select coalesce(jsonb_agg(warning), '[]') from jsonb_array_elements(warnings) warning
            where warning ->> 'code' <> %(code)s) end
    where id = %(document_id)s
"""


def lost_decisions(conn: Connection[Any], document_id: UUID) -> list[LostDecision]:
    """Those of a document that has ended, oldest first."""
    with conn.cursor(row_factory=class_row(LostDecision)) as cursor:
        return cursor.execute(LOST, {"document_id": document_id}).fetchall()


def count_lost(conn: Connection[Any], document_id: UUID) -> int:
    """How many decisions fit none of the products that a document has now."""
    row = conn.execute(COUNT, {"document_id": document_id}).fetchone()
    return int(row[0]) if row else 0


def forget_decision(conn: Connection[Any], document_id: UUID, product_id: UUID, actor: str) -> None:
    """Drop a lost decision and its corrections; the audit trail keeps what was decided.

    With the last of them goes the document's warning.

    Args:
        conn: the transaction.
        document_id: whose decision.
        product_id: the id that the product had.
        actor: subject of the token.

    Raises:
        DecisionNotFound: none such is lost.
    """
    found = next((one for one in lost_decisions(conn, document_id) if one.product_id == product_id), None)
    if found is None:
        raise DecisionNotFound(
            f"No decision about a product {product_id} is lost.",
            "GET /documents/{id}/lost-decisions lists those that are.",
        )
    conn.execute(FORGET, {"document_id": document_id, "identity_key": found.identity_key})
    left = count_lost(conn, document_id)
    conn.execute(TELL, {"document_id": document_id, "count": COUNTED_AS, "code": WARNING, "left": left})
    detail = {
        "product_id": str(product_id), "product": found.product, "state": found.state,
        "reviewed_by": found.reviewed_by, "corrections": found.corrections,
    }  # fmt: skip
    audit.record(conn, actor, "forget_decision", document_id, detail)

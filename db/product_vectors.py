"""Owns the vectors of products whose words a person has corrected: the old one goes at once, a new one follows.

Between the two the product is found by its words alone. Vectors come from elsewhere; what one is made of is said here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values

MADE_OF = ("name", "description")


def product_text(name: str, description: str | None) -> str:
    """What a product's vector is made of."""
    return f"{name}. {description}" if description else name


@dataclass(frozen=True)
class BareProduct:
    """A product without a vector, and what it would be made of."""

    id: UUID
    name: str
    description: str | None

    @property
    def text(self) -> str:
        """To be encoded."""
        return product_text(self.name, self.description)


WITHOUT: LiteralString = """
    select id, name, description from products where document_id = %(document_id)s and embedding is null order by id
"""
# Corrected once more while it was encoded: that vector would be stale again.
KEEP: LiteralString = """
    update products set embedding = %(vector)s::vector, embedding_model = %(model)s
    where id = %(id)s and embedding is null and name = %(name)s and description is not distinct from %(description)s
"""


def without_vector(conn: Connection[Any], document_id: UUID) -> list[BareProduct]:
    """A document's products that wait for a vector."""
    with conn.cursor(row_factory=class_row(BareProduct)) as cursor:
        return cursor.execute(WITHOUT, {"document_id": document_id}).fetchall()


def keep_vector(conn: Connection[Any], product: BareProduct, vector: Sequence[float], model: str) -> bool:
    """Store it unless the product says something else by now, or is gone; returns whether it was.

    Args:
        conn: the transaction.
        product: as it was when its text was encoded.
        vector: 384 numbers of unit length.
        model: that made them.
    """
    row = {"id": product.id, "name": product.name, "description": product.description}
    return bool(conn.execute(KEEP, row | {"vector": values.vector(vector), "model": model}).rowcount)

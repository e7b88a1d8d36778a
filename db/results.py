"""Owns how much a document came to, counted where it is stored: a large one has more rows than a driver may hold."""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True)
class ResultCounts:
    """Rows of one document, by noun."""

    pages: int
    failed_pages: int
    incomplete_pages: int  # read, with something left out
    reused_pages: int  # known from before, not read again
    skipped_images: int
    images: int
    page_images: int  # of whole pages
    images_with_text: int
    images_without_vector: int  # because the model was missing
    chunks: int
    reused_vectors: int  # of chunks, known likewise
    products: int


COUNT: LiteralString = """
    select p.*, i.*, c.*,
           (select count(*) from products where document_id = %(document_id)s) as products
    from (
        select count(*) as pages,
               count(*) filter (where kind = 'failed') as failed_pages,
               count(*) filter (where kind <> 'failed' and warnings <> '[]') as incomplete_pages,
               count(reused_from) as reused_pages,
               coalesce(sum(skipped_images), 0)::bigint as skipped_images
        from document_pages where document_id = %(document_id)s) as p,
    (
        select count(*) as images,
               count(*) filter (where kind = 'page') as page_images,
               count(*) filter (where ocr_status = 'text') as images_with_text,
               count(*) filter (where embedding_status = 'model_missing') as images_without_vector
        from document_images where document_id = %(document_id)s) as i,
    (
        select count(*) as chunks, count(vector_reused_from) as reused_vectors
        from document_chunks where document_id = %(document_id)s) as c
"""


def count_rows(conn: Connection[Any], document_id: UUID) -> ResultCounts:
    """What is stored of a document."""
    with conn.cursor(row_factory=class_row(ResultCounts)) as cursor:
        counts = cursor.execute(COUNT, {"document_id": document_id}).fetchone()
    assert counts is not None
    return counts

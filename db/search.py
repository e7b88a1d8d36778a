"""Owns finding products and images by words and by vectors: both lists brought together by reciprocal rank.

Score = sum over both lists of 1 / (60 + place in the list), after Cormack, Clarke and Buettcher, "Reciprocal Rank
Fusion" (SIGIR 2009). Vectors are compared exactly: at the size of catalogues that takes milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import dict_row

from db import images, products, values
from db.images import ImageRow
from db.products import ProductRow

CANDIDATES = 200
"""Most entries that each of the two lists brings in."""
MIN_TEXT_SIMILARITY = 0.25
"""Cosine below which a product's vector has nothing to do with the words; unrelated pairs of MiniLM stay under it."""


@dataclass(frozen=True)
class ProductMatch:
    """A product and how well it fits; scores compare within one search only."""

    product: ProductRow
    score: float


@dataclass(frozen=True)
class ImageMatch:
    """An image and how well it fits."""

    image: ImageRow
    document_title: str
    score: float


# A word counts when it begins a word of what is found: so "marm" finds "Marmara" while it is typed. Half of the words
# must occur, and what has more of them comes first, however rare or frequent the others are.
WORDS: LiteralString = """
    select array_agg(to_tsquery('simple', quote_literal(lexeme) || ':*')) as each_word,
           to_tsquery('simple', string_agg(quote_literal(lexeme) || ':*', ' | ')) as words
    from unnest(to_tsvector('simple', search_folded(%(text)s)))
"""
HOW_MANY: LiteralString = "(select count(*) from unnest(each_word) as one_word where search @@ one_word)"
# The words of products stand in a table of their own, whose index is read under row-level security (migration 0017).
# Those that begin so lie between the beginning and the same with the last code point behind it. `offset 0` has them
# looked up one beginning after the other: Postgres does not know how few there are, and would read the whole table.
PRODUCTS: LiteralString = f"""
    with asked as ({WORDS}),
    hits as (
        select w.product_id as id, count(distinct b.lexeme) as hits
        from unnest(to_tsvector('simple', search_folded(%(text)s))) as b
        cross join lateral (
            select product_id from product_words
            where word >= b.lexeme and word < b.lexeme || chr(1114111)
            offset 0) as w
        group by w.product_id
        having 2 * count(distinct b.lexeme) >= (select cardinality(each_word) from asked)),
    by_words as (
        select id, row_number() over (order by hits desc, ts_rank(search, words) desc, id) as place
        from hits cross join asked
        cross join lateral (select search, review_state from products where id = hits.id limit 1) as found
        where review_state <> 'rejected'
        order by place
        limit %(candidates)s),
    by_vector as (
        select id, row_number() over (order by distance, id) as place
        from (select id, embedding <=> %(vector)s::vector as distance
              from products
              where %(vector)s::vector is not null and embedding is not null and review_state <> 'rejected'
                and (%(model)s::text is null or embedding_model = %(model)s)) as measured
        where distance <= 1 - %(min_similarity)s
        order by place
        limit %(candidates)s),
    best as (
        select id, sum(1.0 / (60 + place))::float8 as score
        from (select * from by_words union all select * from by_vector) as hits
        group by id
        order by score desc, id
        limit %(limit)s)
    select {products.COLUMNS}, best.score
    from best join products p using (id) join processed_documents d on d.id = p.document_id
    order by best.score desc, p.id
"""


def search_products(
    conn: Connection[Any],
    text: str,
    vector: Sequence[float] | None = None,
    limit: int = 20,
    *,
    model: str | None = None,
    min_similarity: float = MIN_TEXT_SIMILARITY,
) -> list[ProductMatch]:
    """Products whose words or meaning fit, best first.

    Args:
        conn: the transaction.
        text: what was typed; half of the words must begin a word of the record.
        vector: of the same text, unit length; None searches words only.
        limit: most rows.
        model: compare only with vectors of this model.
        min_similarity: cosine that a vector needs, -1 to 1.
    """
    asked = _asked(text, vector, limit, model) | {"min_similarity": min_similarity}
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(PRODUCTS, asked).fetchall()
    return [ProductMatch(score=row.pop("score"), product=ProductRow(**row)) for row in rows]


# Images may carry vectors of several models, of several lengths, and comparing unequal lengths is an error.
IMAGES: LiteralString = f"""
    with asked as ({WORDS}),
    by_words as (
        select id, row_number() over (order by hits desc, ts_rank(search, words) desc, id) as place
        from (select id, search, words, each_word, {HOW_MANY} as hits
              from document_images, asked
              where search @@ words) as found
        where 2 * hits >= cardinality(each_word)
        order by place
        limit %(candidates)s),
    by_vector as (
        select id, row_number() over (order by distance, id) as place
        from (select id, case when vector_dims(embedding) = vector_dims(%(vector)s::vector)
                              then embedding <=> %(vector)s::vector end as distance
              from document_images
              where %(vector)s::vector is not null and embedding is not null
                and (%(model)s::text is null or embedding_model = %(model)s)) as measured
        where distance is not null
        order by place
        limit %(candidates)s),
    best as (
        select id, sum(1.0 / (60 + place))::float8 as score
        from (select * from by_words union all select * from by_vector) as hits
        group by id
        order by score desc, id
        limit %(limit)s)
    select {images.COLUMNS}, d.title as document_title, best.score
    from best join document_images i using (id) join processed_documents d on d.id = i.document_id
    order by best.score desc, i.id
"""


def search_images(
    conn: Connection[Any],
    text: str,
    vector: Sequence[float] | None = None,
    limit: int = 20,
    *,
    model: str | None = None,
) -> list[ImageMatch]:
    """Images in which the words were read, or whose vector is near, best first.

    Args:
        conn: the transaction.
        text: what was typed; half of the words must begin a word that OCR read. May be empty.
        vector: a CLIP vector, unit length, of a text or of an image; None searches words only.
        limit: most rows.
        model: compare only with vectors of this model.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(IMAGES, _asked(text, vector, limit, model)).fetchall()
    return [
        ImageMatch(score=row.pop("score"), document_title=row.pop("document_title"), image=ImageRow(**row))
        for row in rows
    ]


# A product is as near as the nearest of its images.
PRODUCTS_BY_IMAGE: LiteralString = f"""
    with near as (
        select id, distance
        from (select id, case when vector_dims(embedding) = vector_dims(%(vector)s::vector)
                              then embedding <=> %(vector)s::vector end as distance
              from document_images
              where embedding is not null and embedding_model = %(model)s) as measured
        where distance is not null
        order by distance, id
        limit %(candidates)s),
    best as (
        select l.product_id as id, min(near.distance) as distance
        from near join product_images l on l.image_id = near.id join products p on p.id = l.product_id
        where p.review_state <> 'rejected'
        group by l.product_id
        order by distance, id
        limit %(limit)s)
    select {products.COLUMNS}, (1 - best.distance)::float8 as score
    from best join products p using (id) join processed_documents d on d.id = p.document_id
    order by best.distance, p.id
"""


def search_products_by_image(
    conn: Connection[Any], vector: Sequence[float], model: str, limit: int = 20
) -> list[ProductMatch]:
    """Products one of whose images is near, best first; the score is the cosine of the nearest.

    Args:
        conn: the transaction.
        vector: a CLIP vector, unit length.
        model: that made it; vectors of others are not compared.
        limit: most rows.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(PRODUCTS_BY_IMAGE, _asked("", vector, limit, model)).fetchall()
    return [ProductMatch(score=row.pop("score"), product=ProductRow(**row)) for row in rows]


def _asked(text: str, vector: Sequence[float] | None, limit: int, model: str | None) -> dict[str, object]:
    return {
        "text": values.text(text),
        "vector": values.vector(vector),
        "limit": limit,
        "model": model,
        "candidates": CANDIDATES,
    }

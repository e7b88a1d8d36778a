"""Owns images: their places on pages, what was read in them, and their vectors. Jobs on them are in `queue`."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values


@dataclass(frozen=True)
class ImageRow:
    """A row of document_images, without its vector."""

    id: UUID
    document_id: UUID
    page: int  # the first page that shows it
    kind: Literal["embedded", "page", "region"]
    content_hash: str
    storage_key: str
    media_type: str
    width_px: int
    height_px: int
    placements: list[dict[str, Any]]  # [{page, box in points, rotation}]
    colour: str | None  # "#rrggbb" of a picture of one colour
    ocr_status: Literal["pending", "text", "no_text", "failed"]
    ocr_text: str | None
    ocr_lines: list[dict[str, Any]]  # actors.records.OcrLine
    ocr_confidence: float | None  # mean over lines, 0-1
    embedding_status: Literal["pending", "stored", "model_missing", "failed"]
    embedding_model: str | None
    created_at: datetime


COLUMNS: LiteralString = """
    i.id, i.document_id, i.page, i.kind, i.content_hash, i.storage_key, i.media_type, i.width_px, i.height_px,
    i.placements, i.ocr_status, i.ocr_text, i.ocr_lines, i.ocr_confidence, i.embedding_status, i.embedding_model,
    i.colour, i.created_at
"""

# A logo stands on every page: one row, and each place of it once.
SAVE: LiteralString = """
    insert into document_images as stored
        (document_id, page, kind, content_hash, storage_key, media_type, width_px, height_px, placements, colour)
    values
        (%(document_id)s, %(page)s, %(kind)s, %(content_hash)s, %(storage_key)s, %(media_type)s, %(width_px)s,
         %(height_px)s, %(placements)s, %(colour)s)
    on conflict (document_id, kind, content_hash) do update
    set page = least(stored.page, excluded.page),
        placements = stored.placements || (
            select coalesce(jsonb_agg(new), '[]') from jsonb_array_elements(excluded.placements) as new
            where not exists (select from jsonb_array_elements(stored.placements) as old where old = new))
"""


def save_images(conn: Connection[Any], document_id: UUID, images: Sequence[Mapping[str, Any]]) -> None:
    """Store images under (kind, content hash); one that is there gains the places that are new.

    Args:
        conn: the transaction, which holds the document.
        document_id: whose images.
        images: each in the JSON form of `actors.records.ExtractedImage`.
    """
    with conn.cursor() as cursor:
        cursor.executemany(SAVE, [image_row(document_id, image) for image in images])


def image_row(document_id: UUID, image: Mapping[str, Any]) -> dict[str, object]:
    """The parameters of one image."""
    copied = ("kind", "content_hash", "storage_key", "media_type", "width_px", "height_px")
    return {
        "document_id": document_id,
        "page": min(placement["page"] for placement in image["placements"]),
        "placements": values.jsonb(image["placements"]),
        "colour": image.get("colour") or None,
        **{name: image[name] for name in copied},
    }


LIST: LiteralString = f"""
    select {COLUMNS} from document_images i
    where document_id = %(document_id)s
    order by page, id
    limit %(limit)s offset %(offset)s
"""


def list_images(conn: Connection[Any], document_id: UUID, limit: int | None = None, offset: int = 0) -> list[ImageRow]:
    """A document's images in the order of their pages; all of them without a limit."""
    with conn.cursor(row_factory=class_row(ImageRow)) as cursor:
        return cursor.execute(LIST, {"document_id": document_id, "limit": limit, "offset": offset}).fetchall()


COUNT: LiteralString = "select count(*) from document_images where document_id = %(document_id)s"


def count_images(conn: Connection[Any], document_id: UUID) -> int:
    """How many images a document has."""
    row = conn.execute(COUNT, {"document_id": document_id}).fetchone()
    return int(row[0]) if row else 0


GET: LiteralString = f"select {COLUMNS} from document_images i where id = %(id)s"


def get_image(conn: Connection[Any], image_id: UUID) -> ImageRow | None:
    """One image, or None."""
    with conn.cursor(row_factory=class_row(ImageRow)) as cursor:
        return cursor.execute(GET, {"id": image_id}).fetchone()


VECTOR: LiteralString = """
    select embedding::text, embedding_model from document_images where id = %(id)s and embedding is not null
"""


def image_vector(conn: Connection[Any], image_id: UUID) -> tuple[list[float], str] | None:
    """An image's vector and the model that made it; None while it has none."""
    row = conn.execute(VECTOR, {"id": image_id}).fetchone()
    return None if row is None else (json.loads(row[0]), str(row[1]))


VECTORS: LiteralString = """
    select id, embedding::text, embedding_model from document_images
    where document_id = %(document_id)s and id = any(%(ids)s::uuid[]) and embedding is not null
"""


def vectors_of(
    conn: Connection[Any], document_id: UUID, image_ids: Collection[str]
) -> dict[str, tuple[list[float], str]]:
    """By id, the vectors of these images of a document and the models that made them; only of those that have one."""
    rows = conn.execute(VECTORS, {"document_id": document_id, "ids": list(image_ids)}).fetchall()
    return {str(image_id): (json.loads(vector), str(model)) for image_id, vector, model in rows}


FOR_BACKFILL: LiteralString = f"""
    select {COLUMNS} from document_images i
    where embedding_status = 'model_missing' and (%(after)s::uuid is null or id > %(after)s)
    order by id
    limit %(limit)s
"""


def images_for_backfill(conn: Connection[Any], limit: int, *, after: UUID | None = None) -> list[ImageRow]:
    """Images that have no vector because the model was missing, in the order of their ids.

    Args:
        conn: the transaction.
        limit: most rows.
        after: only ids behind this one, for a walk that passes each image once.
    """
    with conn.cursor(row_factory=class_row(ImageRow)) as cursor:
        return cursor.execute(FOR_BACKFILL, {"limit": limit, "after": after}).fetchall()


WITHOUT_VECTOR: LiteralString = "select count(*) from document_images where embedding_status = 'model_missing'"


def count_without_vector(conn: Connection[Any]) -> int:
    """How many images wait for the model."""
    row = conn.execute(WITHOUT_VECTOR).fetchone()
    return int(row[0]) if row else 0


SAVE_EMBEDDING: LiteralString = """
    update document_images
    set embedding_status = 'stored', embedding = %(embedding)s::vector, embedding_model = %(model)s
    where id = %(id)s and embedding_status in ('model_missing', 'failed')
"""


def save_embedding(conn: Connection[Any], image_id: UUID | str, embedding: Sequence[float], model: str) -> bool:
    """Give an image the vector that it could not have then; False when it is gone or has one by now."""
    row = {"id": image_id, "embedding": values.vector(embedding), "model": model}
    return conn.execute(SAVE_EMBEDDING, row).rowcount == 1


SETTLE: LiteralString = """
    update processed_documents d
    set counts = counts || '{"images_without_vector": 0}',
        warnings = coalesce((
            select jsonb_agg(warning order by place)
            from jsonb_array_elements(d.warnings) with ordinality as each (warning, place)
            where warning ->> 'code' <> 'clip_model_missing'), '[]'),
        updated_at = now()
    where warnings @> '[{"code": "clip_model_missing"}]' and status not in ('pending', 'processing')
      and not exists (
          select from document_images i where i.document_id = d.id and i.embedding_status = 'model_missing')
"""


def settle_backfill(conn: Connection[Any]) -> int:
    """Take the warning off the documents in which no image waits for the model any more; returns how many those are."""
    return conn.execute(SETTLE).rowcount

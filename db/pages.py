"""Owns pages: what extraction found on each. The images that they show are in `images`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values
from db.contents import lock_files
from db.document_claims import require_fence
from db.errors import FilesGone
from db.images import save_images


@dataclass(frozen=True)
class PageRow:
    """A row of document_pages."""

    document_id: UUID
    page: int  # 1-based
    width_pt: float
    height_pt: float
    kind: Literal["text", "image", "empty", "failed"]
    blocks: list[dict[str, Any]]  # actors.records.TextBlock
    fills: list[list[float]]  # boxes in points
    thumbnail_key: str | None
    skipped_images: int
    warnings: list[str]
    error_code: str | None
    error_message: str | None
    reused_from: UUID | None  # the document from whose reading it was taken over; None: it was read
    created_at: datetime


SAVE_PAGE: LiteralString = """
    insert into document_pages
        (document_id, page, width_pt, height_pt, kind, blocks, fills, thumbnail_key, skipped_images, warnings,
         error_code, error_message, reused_from)
    values
        (%(document_id)s, %(page)s, %(width_pt)s, %(height_pt)s, %(kind)s, %(blocks)s, %(fills)s, %(thumbnail_key)s,
         %(skipped_images)s, %(warnings)s, %(error_code)s, %(error_message)s, %(reused_from)s)
    on conflict (document_id, page) do update
    set width_pt = excluded.width_pt, height_pt = excluded.height_pt, kind = excluded.kind, blocks = excluded.blocks,
        fills = excluded.fills, thumbnail_key = excluded.thumbnail_key, skipped_images = excluded.skipped_images,
        warnings = excluded.warnings, error_code = excluded.error_code, error_message = excluded.error_message,
        reused_from = excluded.reused_from
"""


def save_pages(
    conn: Connection[Any],
    document_id: UUID,
    fence: int,
    pages: Sequence[Mapping[str, Any]],
    *,
    is_stored: Callable[[str], bool] | None = None,
) -> None:
    """Store pages and the images that they show; storing a page twice changes nothing. Nothing is queued.

    Args:
        conn: the transaction.
        document_id: whose pages.
        fence: of the claim.
        pages: each in the JSON form of `actors.records.ExtractedPage`, with `reused_from` where it was taken over.
        is_stored: says whether the file store holds a key. It is asked under the lock of the content: a file that
            the page's reader found in the store may have been removed since, with the last document that named it.

    Raises:
        LeaseLost: the document is somebody else's.
        FilesGone: a file of these pages is not in the store; read them again.
    """
    require_fence(conn, document_id, fence)
    if is_stored is not None:
        keys = files_named_by(pages)
        lock_files(conn, keys)
        if gone := [key for key in keys if not is_stored(key)]:
            raise FilesGone(f"{gone[0]} was removed while a page with it was read.", "The page is read again.")
    with conn.cursor() as cursor:
        cursor.executemany(SAVE_PAGE, [page_row(document_id, page) for page in pages])
    save_images(conn, document_id, [image for page in pages for image in page.get("images", ())])


def files_named_by(pages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Storage keys of the images and thumbnails, each once."""
    images = [image["storage_key"] for page in pages for image in page.get("images", ())]
    return sorted({*images, *(page["thumbnail_key"] for page in pages if page.get("thumbnail_key"))})


def page_row(document_id: UUID, page: Mapping[str, Any]) -> dict[str, object]:
    """The parameters of one page."""
    return {
        "document_id": document_id,
        "page": page["page"],
        "width_pt": page["width_pt"],
        "height_pt": page["height_pt"],
        "kind": page["kind"],
        "blocks": values.jsonb(page.get("blocks", ())),
        "fills": values.jsonb(page.get("fills", ())),
        "thumbnail_key": page.get("thumbnail_key"),
        "skipped_images": page.get("skipped_images", 0),
        "warnings": values.jsonb(page.get("warnings", ())),
        "error_code": page.get("error_code"),
        "error_message": values.text_or_none(page.get("error_message")),
        "reused_from": page.get("reused_from"),
    }


STORED: LiteralString = "select page from document_pages where document_id = %(document_id)s"


def stored_pages(conn: Connection[Any], document_id: UUID) -> set[int]:
    """The pages that need not be read again, failed ones among them: a retry removes those first."""
    return {page for (page,) in conn.execute(STORED, {"document_id": document_id})}


COUNT: LiteralString = "select count(*) from document_pages where document_id = %(document_id)s"


def count_pages(conn: Connection[Any], document_id: UUID) -> int:
    """How many pages of a document are stored."""
    row = conn.execute(COUNT, {"document_id": document_id}).fetchone()
    return int(row[0]) if row else 0


CHARACTERS: LiteralString = """
    select coalesce(sum(length(line ->> 'text')), 0)
    from document_pages, jsonb_array_elements(blocks) as block, jsonb_array_elements(block -> 'lines') as line
    where document_id = %(document_id)s
"""


def stored_characters(conn: Connection[Any], document_id: UUID) -> int:
    """How much text the stored pages hold."""
    row = conn.execute(CHARACTERS, {"document_id": document_id}).fetchone()
    return int(row[0]) if row else 0


LIST: LiteralString = """
    select document_id, page, width_pt, height_pt, kind, blocks, fills, thumbnail_key, skipped_images, warnings,
           error_code, error_message, reused_from, created_at
    from document_pages
    where document_id = %(document_id)s
    order by page
    limit %(limit)s offset %(offset)s
"""


def list_pages(conn: Connection[Any], document_id: UUID, limit: int | None = None, offset: int = 0) -> list[PageRow]:
    """A document's pages in order; all of them without a limit."""
    with conn.cursor(row_factory=class_row(PageRow)) as cursor:
        return cursor.execute(LIST, {"document_id": document_id, "limit": limit, "offset": offset}).fetchall()

"""A document's images: what was read in them, and their pixels from the file store."""

from collections.abc import Iterator
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import READ_CODES, Limit, Offset, require_document
from api.problems import Refusal, problem_responses
from api.services import ServicesOf
from db.images import ImageRow, count_images, get_image, list_images

PIECE_BYTES = 256 * 1024
SHOWN_TYPES = ("image/jpeg", "image/png")
"""What extraction writes. Anything else is sent as a download, never shown: it came from a stranger's file."""
DOWNLOADED = "application/octet-stream"

router = APIRouter(tags=["contents"])


class ImageNotFound(Refusal):
    """No image has this id."""

    code = "image_not_found"


class ImageOut(BaseModel):
    """An image of a document."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document_id: UUID
    page: int = Field(description="1-based; the first page that shows it.")
    kind: Literal["embedded", "page", "region"] = Field(
        description="From the PDF; a page without text, drawn; or an area drawn because it is a colour and no image."
    )
    media_type: str
    width_px: int
    height_px: int
    placements: list[dict[str, Any]] = Field(description="Page, box in points, rotation of each place that shows it.")
    colour: str | None = Field(description="#rrggbb of a picture that is of one colour, or nearly so.")
    ocr_status: Literal["pending", "text", "no_text", "failed"]
    ocr_text: str | None
    ocr_lines: list[dict[str, Any]] = Field(
        description="Text, box in pixels, confidence and stroke of each line: the mean width of its letters' strokes, "
        "in sizes of the letters; 0 where nobody measured it."
    )
    ocr_confidence: float | None
    embedding_status: Literal["pending", "stored", "model_missing", "failed"]
    embedding_model: str | None
    content_url: str

    @classmethod
    def of(cls, image: ImageRow, request: Request) -> "ImageOut":
        """The answer for a row, with the address of its pixels."""
        address = request.url_for("read_image_content", image_id=image.id).path
        return cls.model_validate({**image.__dict__, "content_url": address})


class ImagePage(BaseModel):
    """A part of a document's images."""

    items: list[ImageOut]
    total: int
    limit: int
    offset: int


@router.get("/documents/{document_id}/images", responses=problem_responses(*READ_CODES, "document_not_found"))
def read_images(
    request: Request, services: ServicesOf, caller: Caller, document_id: UUID, limit: Limit = 50, offset: Offset = 0
) -> ImagePage:
    """Images in the order of their pages, with the text that was read in them."""
    with services.reads(caller).transaction() as conn:
        require_document(conn, document_id)
        images, total = list_images(conn, document_id, limit, offset), count_images(conn, document_id)
    return ImagePage(items=[ImageOut.of(image, request) for image in images], total=total, limit=limit, offset=offset)


CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The pixels.",
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in (*SHOWN_TYPES, DOWNLOADED)},
    },
    304: {"description": "What the client has is the image still"},
}


@router.get(
    "/images/{image_id}/content",
    response_class=StreamingResponse,
    responses={**CONTENT, **problem_responses(*READ_CODES, "image_not_found", "storage_failed")},
)
def read_image_content(request: Request, services: ServicesOf, caller: Caller, image_id: UUID) -> StreamingResponse:
    """The pixels of an image, as a JPEG or PNG."""
    with services.reads(caller).transaction() as conn:
        image = get_image(conn, image_id)
    if image is None:
        raise ImageNotFound(f"There is no image {image_id}.", "GET /documents/{id}/images lists those that exist.")
    headers = _headers(image)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return StreamingResponse(iter(()), status_code=304, headers=headers)
    shown = image.media_type in SHOWN_TYPES
    media_type = image.media_type if shown else DOWNLOADED
    file = services.storage.open(image.storage_key)

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    return StreamingResponse(pieces(), media_type=media_type, headers=headers)


def _headers(image: ImageRow) -> dict[str, str]:
    shown = "inline" if image.media_type in SHOWN_TYPES else "attachment"
    return {
        "Content-Disposition": f'{shown}; filename="{image.id}.{image.storage_key.rsplit(".", 1)[-1]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{image.content_hash}"',
        # The bytes under an id never change; `private` because a token was needed.
        "Cache-Control": "private, max-age=86400, immutable",
    }

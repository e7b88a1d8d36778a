"""A document's chunks: its text in reading order."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import READ_CODES, Limit, Offset, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from db.chunks import count_chunks, list_chunks

router = APIRouter(tags=["contents"])


class ChunkOut(BaseModel):
    """A piece of text that belongs together."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document_id: UUID
    ordinal: int = Field(description="Reading order, from 0.")
    page: int
    kind: Literal["text", "table", "caption"]
    text: str
    box: list[float] = Field(description="x0, y0, x1, y1 in points from the page's top left.")
    heading_path: list[str] = Field(description="Headings above it, outermost first.")
    is_index: bool = Field(description="Part of a table of contents or an index: its entries are no products.")
    source: Literal["text_layer", "ocr"]
    image_id: UUID | None
    rows: list[list[str]] = Field(description="Cells by row, of a table.")
    embedding_model: str | None
    vector_reused_from: UUID | None = Field(description="The document that its vector was made for; null: this one.")


class ChunkPage(BaseModel):
    """A part of a document's chunks."""

    items: list[ChunkOut]
    total: int
    limit: int
    offset: int


@router.get("/documents/{document_id}/chunks", responses=problem_responses(*READ_CODES, "document_not_found"))
def read_chunks(
    services: ServicesOf, caller: Caller, document_id: UUID, limit: Limit = 50, offset: Offset = 0
) -> ChunkPage:
    """Chunks in reading order."""
    with services.reads(caller).transaction() as conn:
        require_document(conn, document_id)
        chunks, total = list_chunks(conn, document_id, limit, offset), count_chunks(conn, document_id)
    items = [ChunkOut.model_validate(chunk) for chunk in chunks]
    return ChunkPage(items=items, total=total, limit=limit, offset=offset)

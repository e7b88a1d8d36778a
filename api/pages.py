"""A document's pages: where their words come from, and what could not be read, with the reason."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import READ_CODES, Limit, Offset, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from db.pages import count_pages, list_pages

router = APIRouter(tags=["contents"])


class PageOut(BaseModel):
    """A page as extraction left it."""

    model_config = ConfigDict(from_attributes=True)

    page: int = Field(description="1-based.")
    width_pt: float
    height_pt: float
    kind: Literal["text", "image", "empty", "failed"] = Field(
        description="Its words come from the text layer, from its picture, from nowhere; or it could not be read."
    )
    skipped_images: int
    warnings: list[str] = Field(description="What was left out, a sentence each.")
    error_code: str | None = Field(description="Of a failed page.", examples=["page_timeout"])
    error_message: str | None
    reused_from: UUID | None = Field(
        description="The document from whose reading it was taken over, itself before a reprocess; null: it was read."
    )


class PagePage(BaseModel):
    """A part of a document's pages."""

    items: list[PageOut]
    total: int
    limit: int
    offset: int


@router.get("/documents/{document_id}/pages", responses=problem_responses(*READ_CODES, "document_not_found"))
def read_pages(
    services: ServicesOf, caller: Caller, document_id: UUID, limit: Limit = 50, offset: Offset = 0
) -> PagePage:
    """Pages in order, each with what was left out of it and why."""
    with services.reads(caller).transaction() as conn:
        require_document(conn, document_id)
        pages, total = list_pages(conn, document_id, limit, offset), count_pages(conn, document_id)
    items = [PageOut.model_validate(page) for page in pages]
    return PagePage(items=items, total=total, limit=limit, offset=offset)

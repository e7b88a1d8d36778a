"""A document's products. Finding products over all documents is in `search`, writing them to a file in `exports`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import READ_CODES, Limit, Offset, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from db.product_corrections import ReviewState
from db.products import ProductRow, list_products

router = APIRouter(tags=["contents"])


class DimensionsOut(BaseModel):
    """A size in millimetres, and as it was printed."""

    length_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    thickness_mm: float | None = None
    printed: str


class EvidenceOut(BaseModel):
    """Where a value was read."""

    model_config = ConfigDict(extra="allow")

    field: str
    value: str
    page: int
    box: list[float]
    source: str = Field(description="text_layer, ocr, model, pixels, or person: somebody typed it.")
    text: str
    confidence: float


class ProductImage(BaseModel):
    """An image of a product."""

    image_id: UUID
    page: int
    box: list[float] | None = Field(description="The region of the page, in points.")
    reason: str = Field(description="Why the image belongs to the product.")
    confidence: float
    content_url: str


class ProductOut(BaseModel):
    """A product record."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document_id: UUID
    document_title: str
    document_languages: list[str] = Field(description="ISO 639-1, the most of it first.")
    name: str
    code: str | None
    product_type: str | None
    description: str | None
    dimensions: DimensionsOut | None
    materials: list[str]
    colours: list[str]
    finish: str | None
    fields: dict[str, dict[str, Any]] = Field(
        description="Metadata by category and field.",
        examples=[{"visualProperties": {"primaryColor": "grey"}}],
    )
    evidence: list[EvidenceOut]
    pages: list[int]
    confidence: float = Field(ge=0, le=1)
    needs_review: bool
    review_reasons: list[str]
    images: list[ProductImage] = Field(description="Surest first.")
    created_at: datetime
    review_state: ReviewState = Field(description="What people said of it; `open`: nobody has looked.")
    reviewed_by: str | None
    reviewed_at: datetime | None

    @classmethod
    def of(cls, product: ProductRow, request: Request) -> "ProductOut":
        """The answer for a row, with the addresses of its images."""
        images = [
            {**image, "content_url": request.url_for("read_image_content", image_id=image["image_id"]).path}
            for image in product.images
        ]
        return cls.model_validate({**product.__dict__, "images": images})


class ProductPage(BaseModel):
    """A part of a document's products."""

    items: list[ProductOut]
    total: int
    limit: int
    offset: int


@router.get("/documents/{document_id}/products", responses=problem_responses(*READ_CODES, "document_not_found"))
def read_products(
    request: Request, services: ServicesOf, caller: Caller, document_id: UUID, limit: Limit = 50, offset: Offset = 0
) -> ProductPage:
    """Products in the order of their pages, each with its evidence and images."""
    with services.reads(caller).transaction() as conn:
        require_document(conn, document_id)
        products, total = list_products(conn, document_id, limit, offset)
    items = [ProductOut.of(product, request) for product in products]
    return ProductPage(items=items, total=total, limit=limit, offset=offset)

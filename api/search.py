"""Finding products and images over all documents, by words and by meaning.

Words are searched in Postgres. Meaning needs a vector from one of the pipeline's actors; where none is to be had,
the answer comes from the words alone and says so.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from api.access import Caller
from api.documents import READ_CODES
from api.images import ImageOut
from api.problems import problem_responses
from api.products import ProductOut
from api.services import ServicesOf
from cluster.workers.handles import ActorSilent, encode_text, encode_text_for_images
from db.search import search_images, search_products

Words = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]*[^\s\x00][^\x00]*$",
        description="What to look for; half of the words must begin a word of what is found; accents do not count.",
        examples=["grey terrazzo 60x60"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=100, description="Most hits to return.")]

router = APIRouter(tags=["search"])


class Method(BaseModel):
    """How the search was done."""

    words: bool = Field(True, description="By words.")
    meaning: bool = Field(description="By vectors as well.")
    reason: str | None = Field(None, description="Why not by vectors, when not.")


class ProductHit(BaseModel):
    """A product and how well it fits."""

    score: float = Field(description="Compares within one search only.")
    product: ProductOut


class ProductHits(BaseModel):
    """Products, best first."""

    query: str
    method: Method
    items: list[ProductHit]


class ImageHit(BaseModel):
    """An image and how well it fits."""

    score: float
    document_title: str
    image: ImageOut


class ImageHits(BaseModel):
    """Images, best first."""

    query: str
    method: Method
    items: list[ImageHit]


@router.get("/search/products", responses=problem_responses(*READ_CODES))
def find_products(request: Request, services: ServicesOf, caller: Caller, q: Words, limit: Limit = 20) -> ProductHits:
    """Products whose words or meaning fit."""
    vector: list[float] | None = None
    method = Method(meaning=True)
    try:
        vector = encode_text(q)
    except ActorSilent as error:
        method = Method(meaning=False, reason=str(error))
    with services.reads(caller).transaction() as conn:
        matches = search_products(conn, q, vector, limit, model=services.settings.text_model)
    items = [ProductHit(score=match.score, product=ProductOut.of(match.product, request)) for match in matches]
    return ProductHits(query=q, method=method, items=items)


@router.get("/search/images", responses=problem_responses(*READ_CODES))
def find_images(request: Request, services: ServicesOf, caller: Caller, q: Words, limit: Limit = 20) -> ImageHits:
    """Images in which the words were read, or that show what they mean."""
    vector: list[float] | None = None
    model: str | None = None
    method = Method(meaning=True)
    try:
        vector, model = encode_text_for_images(q)
    except ActorSilent as error:
        method = Method(meaning=False, reason=str(error))
    with services.reads(caller).transaction() as conn:
        matches = search_images(conn, q, vector, limit, model=model)
    items = [
        ImageHit(score=match.score, document_title=match.document_title, image=ImageOut.of(match.image, request))
        for match in matches
    ]
    return ImageHits(query=q, method=method, items=items)

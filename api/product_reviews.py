"""What people decide about products: what waits for it, accept, correct, reject.

The rules live in `db.product_reviews`; this module only speaks HTTP, and reads a size that is typed as one line.
"""

import logging
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from actors.values.dimensions import parse_dimensions
from api.access import Caller
from api.documents import READ_CODES, Limit, Offset, require_document
from api.problems import InvalidValues, WrongValue, problem_responses
from api.products import DimensionsOut, ProductOut, ProductPage
from api.services import Services, ServicesOf
from cluster.access.tokens import Token
from cluster.workers.handles import ActorSilent, encode_text
from db.product_corrections import COLUMNS, MIRRORS, SIDES
from db.product_reviews import (
    ProductNotFound,
    accept_product,
    correct_product,
    products_to_review,
    reject_product,
)
from db.product_vectors import BareProduct, keep_vector
from db.products import ProductRow, get_product

router = APIRouter(tags=["review"])
logger = logging.getLogger(__name__)
ONE_PRODUCT = problem_responses(*READ_CODES, "product_not_found")
SAID_BY_COLUMNS = {*MIRRORS.values(), *(f"physicalProperties.{side}" for side in SIDES)}
"""Fields that are corrected through the column that says the same."""

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=PRINTABLE)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000, pattern=r"^[^\x00]*$")]
FieldPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,40}\.[A-Za-z0-9_]{1,60}$")]
FieldValue = Words | bool | float | Annotated[list[Words], Field(max_length=50)] | None


class Corrections(BaseModel):
    """Only what is named is changed; null takes a value away."""

    model_config = ConfigDict(extra="forbid")

    name: Words = Field("", validate_default=False)
    code: Words | None = None
    product_type: Words | None = None
    description: Prose | None = None
    dimensions: DimensionsOut | Words | None = Field(
        None, description="Whole, or as it is printed: then the sides are read from it.", examples=["60 x 120 cm, 9 mm"]
    )
    materials: list[Words] = Field([], max_length=50)
    colours: list[Words] = Field([], max_length=50)
    finish: Words | None = None
    fields: dict[FieldPath, FieldValue] = Field(
        {}, max_length=50, description="Metadata by `category.field`.",
        examples=[{"commercialInformation.price": "24.50", "coreIdentity.brand": None}],
    )  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """By field, as `db.product_reviews` takes them. Raises InvalidValues."""
        given = {name: getattr(self, name) for name in COLUMNS if name in self.model_fields_set}
        if isinstance(size := given.get("dimensions"), str):
            given["dimensions"] = _read_size(size)
        elif size is not None:
            given["dimensions"] = size.model_dump()
        if twice := SAID_BY_COLUMNS & set(self.fields):
            raise InvalidValues(
                [WrongValue(where=f"body.fields.{path}", message="Name the field of the record itself")
                 for path in sorted(twice)]
            )  # fmt: skip
        return given | self.fields


def _read_size(text: str) -> dict[str, Any]:
    sizes = parse_dimensions(text)
    if not sizes:
        message = f"No size can be read in {text!r}; write it like 60 x 120 cm"
        raise InvalidValues([WrongValue(where="body.dimensions", message=message)])
    return sizes[0].to_record().to_json() | {"printed": text}


@router.get("/products/to-review", responses=problem_responses(*READ_CODES, "document_not_found"))
def read_products_to_review(
    request: Request,
    services: ServicesOf,
    caller: Caller,
    document_id: UUID | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> ProductPage:
    """Doubtful products that nobody has decided about, of the newest document first."""
    with services.reads(caller).transaction() as conn:
        if document_id is not None:
            require_document(conn, document_id)
        products, total = products_to_review(conn, document_id, limit, offset)
    items = [ProductOut.of(product, request) for product in products]
    return ProductPage(items=items, total=total, limit=limit, offset=offset)


@router.get("/products/{product_id}", responses=ONE_PRODUCT)
def read_product(request: Request, services: ServicesOf, caller: Caller, product_id: UUID) -> ProductOut:
    """One product with its evidence, images, and what was decided about it."""
    with services.reads(caller).transaction() as conn:
        product = get_product(conn, product_id)
    if product is None:
        raise ProductNotFound(
            f"There is no product {product_id}.", "GET /documents/{id}/products lists those there are."
        )
    return ProductOut.of(product, request)


@router.post("/products/{product_id}/accept", responses=ONE_PRODUCT)
def accept(request: Request, services: ServicesOf, caller: Caller, product_id: UUID) -> ProductOut:
    """Say that the record is right as it stands; a corrected one stays `corrected`."""
    return _act(request, services, caller, lambda conn: accept_product(conn, product_id, caller.subject))


@router.post("/products/{product_id}/reject", responses=ONE_PRODUCT)
def reject(request: Request, services: ServicesOf, caller: Caller, product_id: UUID) -> ProductOut:
    """Say that this is no product: searches and exports leave it out, also after the document is read again."""
    return _act(request, services, caller, lambda conn: reject_product(conn, product_id, caller.subject))


@router.patch("/products/{product_id}", responses=ONE_PRODUCT)
def correct(
    request: Request, services: ServicesOf, caller: Caller, product_id: UUID, corrections: Corrections
) -> ProductOut:
    """Put right what is wrong: with evidence of the source `person`, and also when the document is read again."""
    changes = corrections.changes()
    with services.acts(caller).transaction() as conn:
        product = correct_product(conn, product_id, changes, caller.subject)
    if product.embedding_model is None:
        _give_vector(services, caller, product)
    return ProductOut.of(product, request)


def _give_vector(services: Services, caller: Token, product: ProductRow) -> None:
    """A vector of its new words; where no encoder answers, the product is found by words until one is made."""
    bare = BareProduct(product.id, product.name, product.description)
    try:
        vector = encode_text(bare.text)
    except ActorSilent as silence:
        logger.info("product %s has no vector of its new words: %s", product.id, silence)
        return
    with services.acts(caller).transaction() as conn:
        keep_vector(conn, bare, vector, services.settings.text_model)


def _act(
    request: Request, services: Services, caller: Token, action: Callable[["Connection[Any]"], ProductRow]
) -> ProductOut:
    """Do it in the service role, under the caller's name in the audit trail."""
    with services.acts(caller).transaction() as conn:
        product = action(conn)
    return ProductOut.of(product, request)

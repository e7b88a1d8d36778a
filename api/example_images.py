"""POST /search/images and /search/products: what looks like an example image, sent with the request or stored here.

The picture is decoded by the CLIP actor, in a process of its own; here only its header is read.
"""

import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from PIL import Image, UnidentifiedImageError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.access import Caller
from api.documents import READ_CODES
from api.images import ImageNotFound, ImageOut
from api.multipart import FILE_FIELD, MalformedUpload, UploadMediaType
from api.problems import InvalidValues, Refusal, WrongValue, problem_responses
from api.products import ProductOut
from api.search import ImageHit, ImageHits, Limit, Method, ProductHit, ProductHits
from api.services import Services, ServicesOf
from api.uploads import FORM_BYTES, arriving
from cluster.access.tokens import Token
from cluster.workers.handles import ImageModelMissing, encode_image
from db.images import get_image, image_vector
from db.search import search_images, search_products_by_image

MAX_BYTES = 20 * 1024 * 1024
router = APIRouter(tags=["search"])
CODES = (
    *READ_CODES, "image_not_found", "malformed_upload", "upload_stalled", "upload_media_type", "not_an_image",
    "image_too_large", "image_unreadable", "image_model_missing", "actor_silent", "too_many_uploads",
)  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "The example, unless `image_id` names one.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FILE_FIELD],
                    "properties": {FILE_FIELD: {"type": "string", "format": "binary", "description": "JPEG, PNG ..."}},
                }
            }
        },
    }
}
StoredImage = Annotated[UUID | None, Query(description="A stored image as the example; then no body is read.")]
Length = Annotated[int | None, Header(include_in_schema=False)]


class NotAnImage(Refusal):
    """The file is no picture that can be read."""

    code = "not_an_image"


class ImageTooLarge(Refusal):
    """Too many bytes or pixels."""

    code = "image_too_large"


@dataclass(frozen=True)
class Example:
    """What is looked for."""

    name: str  # the id of a stored image, or the field of the form
    vector: list[float]
    model: str  # that made it


async def example_of(
    request: Request, services: ServicesOf, caller: Caller, image_id: StoredImage = None, content_length: Length = None
) -> Example:
    """The example of a request, sent or stored, as a vector."""
    data = None if image_id else await _receive(request, services, caller, content_length)
    vector, model = await run_in_threadpool(_vector, services, caller, image_id, data)
    return Example(str(image_id or FILE_FIELD), vector, model)


ExampleOf = Annotated[Example, Depends(example_of)]
BY_LOOK = Method(words=False, meaning=True)


@router.post("/search/images", responses=problem_responses(*CODES), openapi_extra=EXAMPLE)
def find_similar_images(
    request: Request, services: ServicesOf, caller: Caller, example: ExampleOf, limit: Limit = 20
) -> ImageHits:
    """Stored images that look like the example, best first."""
    with services.reads(caller).transaction() as conn:
        matches = search_images(conn, "", example.vector, limit, model=example.model)
    items = [
        ImageHit(score=match.score, document_title=match.document_title, image=ImageOut.of(match.image, request))
        for match in matches
    ]
    return ImageHits(query=example.name, method=BY_LOOK, items=items)


@router.post("/search/products", responses=problem_responses(*CODES), openapi_extra=EXAMPLE)
def find_similar_products(
    request: Request, services: ServicesOf, caller: Caller, example: ExampleOf, limit: Limit = 20
) -> ProductHits:
    """Products one of whose images looks like the example; the score is the cosine of the nearest, best first."""
    with services.reads(caller).transaction() as conn:
        matches = search_products_by_image(conn, example.vector, example.model, limit)
    items = [ProductHit(score=match.score, product=ProductOut.of(match.product, request)) for match in matches]
    return ProductHits(query=example.name, method=BY_LOOK, items=items)


async def _receive(request: Request, services: Services, caller: Token, content_length: int | None) -> bytes:
    """The one file of the form; what is too large is refused while it comes."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadMediaType(
            "The request brings no example.", f"Send multipart/form-data with the picture in the field '{FILE_FIELD}'."
        )
    if content_length is not None and content_length > MAX_BYTES + FORM_BYTES:
        raise _too_large()
    services.limits.count_upload(caller.subject)
    async with services.limits.receiving():
        try:
            form = await MultiPartParser(request.headers, _bounded(request), max_files=1, max_fields=1).parse()
        except (MultiPartException, KeyError) as error:
            raise MalformedUpload(f"The form cannot be read: {error}.", "Send it again, whole.") from error
        try:
            file = form.get(FILE_FIELD)
            if not isinstance(file, UploadFile):
                raise InvalidValues([WrongValue(where=f"body.{FILE_FIELD}", message="Field required")])
            data = await file.read()
        finally:
            await form.close()
    await run_in_threadpool(_look, data, services.settings.max_image_pixels)
    return data


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    arrived = 0
    async for piece in arriving(request):
        arrived += len(piece)
        if arrived > MAX_BYTES + FORM_BYTES:
            raise _too_large()
        yield piece


def _look(data: bytes, most_pixels: int) -> None:
    """Read the header; nothing is decoded. Raises NotAnImage, ImageTooLarge."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"{error}.", "Send a smaller one.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAnImage("The file is no picture that can be read.", "Send a JPEG or a PNG.") from error
    if width * height > most_pixels:
        raise ImageTooLarge(f"The picture has {width} x {height} pixels.", "Send a smaller one.")


def _too_large() -> ImageTooLarge:
    return ImageTooLarge(f"The picture has more than {MAX_BYTES:,} bytes.", "Send a smaller one.")


def _vector(services: Services, caller: Token, image_id: UUID | None, data: bytes | None) -> tuple[list[float], str]:
    """The example's vector and the model that made it."""
    if image_id is None:
        return encode_image(data or b"")
    with services.reads(caller).transaction() as conn:
        image, found = get_image(conn, image_id), image_vector(conn, image_id)
    if image is None:
        raise ImageNotFound(f"There is no image {image_id}.", "GET /documents/{id}/images lists those that exist.")
    if found is None:
        raise ImageModelMissing(
            f"The image {image_id} has no vector ({image.embedding_status}).",
            "Run `quarry backfill clip` once the weights are there.",
        )
    return found

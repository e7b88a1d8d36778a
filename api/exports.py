"""GET /documents/{id}/export: a document's products as a file. How each format looks is known by `cluster.exports`."""

import re
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.access import Caller
from api.documents import READ_CODES, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from cluster.exports import MEDIA_TYPES, ExportFormat, export_products
from db.products import list_products

router = APIRouter(tags=["contents"])

FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. CSV, Excel and Parquet have the same columns; JSON holds the records whole.",
        "content": {
            media_type.split(";")[0]: {
                "schema": {"type": "array", "items": {"type": "object"}}
                if export_format == "json"
                else {"type": "string", "format": "binary"}
            }
            for export_format, media_type in MEDIA_TYPES.items()
        },
    }
}


@router.get(
    "/documents/{document_id}/export",
    response_class=Response,
    responses={**FILE, **problem_responses(*READ_CODES, "document_not_found")},
)
def export_document(
    services: ServicesOf,
    caller: Caller,
    document_id: UUID,
    export_format: Annotated[ExportFormat, Query(alias="format")] = "json",
) -> Response:
    """All products of the document, in the order of their pages."""
    with services.reads(caller.role).transaction() as conn:
        document = require_document(conn, document_id)
        products, _ = list_products(conn, document_id)
    headers = {
        "Content-Disposition": attachment(f"{PurePath(document.filename).stem}-products.{export_format}"),
        "X-Content-Type-Options": "nosniff",
    }
    content = export_products(products, export_format)
    return Response(content, media_type=MEDIA_TYPES[export_format], headers=headers)


def attachment(filename: str) -> str:
    """The header that names a download (RFC 6266): plain letters for old clients, the true name for all others."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"

"""GET /documents/{id}/export: a document's products as a file, or with their images as a zip.

How each format looks is known by `cluster.exports` and `cluster.export_archive`.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO, Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.access import Caller
from api.documents import READ_CODES, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from cluster.export_archive import PIECE_BYTES, write_archive
from cluster.exports import ARCHIVE, MEDIA_TYPES, ExportFormat, export_products
from db.products import list_products

router = APIRouter(tags=["contents"])

ARCHIVE_TYPE = "application/zip"
IN_MEMORY_BYTES = 8 * 1024 * 1024
"""A larger zip is put together in a temporary file."""

FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. CSV, Excel and Parquet have the same columns; JSON holds the records whole, "
        "zip JSON, CSV and the images.",
        "content": {
            media_type.split(";")[0]: {
                "schema": {"type": "array", "items": {"type": "object"}}
                if export_format == "json"
                else {"type": "string", "format": "binary"}
            }
            for export_format, media_type in (*MEDIA_TYPES.items(), (ARCHIVE, ARCHIVE_TYPE))
        },
    }
}


@router.get(
    "/documents/{document_id}/export",
    response_class=Response,
    responses={**FILE, **problem_responses(*READ_CODES, "document_not_found", "storage_failed")},
)
def export_document(
    services: ServicesOf,
    caller: Caller,
    document_id: UUID,
    export_format: Annotated[ExportFormat | Literal["zip"], Query(alias="format")] = "json",
    rejected: Annotated[bool, Query(description="With those that people said are no products.")] = False,
) -> Response:
    """The products of the document, in the order of their pages."""
    with services.reads(caller).transaction() as conn:
        document = require_document(conn, document_id)
        products, _ = list_products(conn, document_id, rejected=rejected)
    headers = {
        "Content-Disposition": attachment(f"{PurePath(document.filename).stem}-products.{export_format}"),
        "X-Content-Type-Options": "nosniff",
    }
    if export_format == "zip":
        file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed by what streams it
        try:
            write_archive(products, services.storage, file)
        except BaseException:
            file.close()
            raise
        return StreamingResponse(_pieces(file), media_type=ARCHIVE_TYPE, headers=headers)
    content = export_products(products, export_format)
    return Response(content, media_type=MEDIA_TYPES[export_format], headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


def attachment(filename: str) -> str:
    """The header that names a download (RFC 6266): plain letters for old clients, the true name for all others."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"

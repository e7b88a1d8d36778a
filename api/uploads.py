"""POST /documents/upload-async: from the first byte to the row in the queue, or to a refusal that leaves nothing.

Answers as soon as the document is durably queued; processing is the pipeline's business.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from tempfile import NamedTemporaryFile
from typing import Annotated, Any, TypeVar, TypeVarTuple
from uuid import UUID, uuid4

from anyio import to_thread
from fastapi import APIRouter, Header, Request, Response
from psycopg import Connection
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from api.access import ACCESS_CODES, Caller
from api.multipart import FILE_FIELD, PART_SUFFIX, UploadReader, too_large
from api.problems import InvalidValues, Refusal, WrongValue, problem_responses
from api.services import Services, ServicesOf
from cluster.access.tokens import Token
from db.contents import content_of, lock_contents
from db.documents import Document, count_open, create_document, find_by_hash

PIECE_BYTES = 1024 * 1024
"""Pieces handed to the thread that parses, hashes and writes; Ray and uvicorn bring smaller ones."""
STALLED_AFTER_S = 60.0
"""An upload that brings nothing for so long is given up."""
FORM_BYTES = 256 * 1024
"""Room for boundaries, headers and text fields beside the file."""
LONGEST_NAME = 255
STORED_SUFFIX = ".pdf"

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

router = APIRouter(tags=["documents"])


def _split_tags(values: object) -> object:
    """Both `tags=a&tags=b` and `tags=a,b`; each once, in order."""
    if not isinstance(values, list):
        return values
    tags = (tag.strip() for value in values for tag in str(value).split(","))
    return list(dict.fromkeys(tag for tag in tags if tag))


Text = StringConstraints(strip_whitespace=True, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")


class UploadFields(BaseModel):
    """The form's text fields."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Text] | None = Field(None, description="Shown everywhere; the file's name when not given.")
    tags: Annotated[list[Annotated[str, Text]], BeforeValidator(_split_tags)] = Field(
        [], max_length=50, description="Words to sort documents by; repeat the field or separate them by commas."
    )
    priority: int = Field(0, ge=-100, le=100, description="Higher goes first.")
    force: bool = Field(False, description="Process bytes that were processed before as a document of their own.")
    callback_url: str | None = Field(
        None,
        description="Told of the document's end by a signed POST (Standard Webhooks). The operator's settings say "
        "which hosts are allowed. Of bytes that are a document already, the earlier upload's stays.",
        examples=["https://hooks.example.com/quarry"],
    )
    password: SecretStr | None = Field(
        None, max_length=LONGEST_NAME, description="Of a protected PDF; used once and not kept."
    )


class UploadAnswer(BaseModel):
    """Where the document stands and where to follow it."""

    document_id: UUID
    status: str = Field(examples=["pending"])
    duplicate: bool = Field(description="The same bytes were uploaded before; this is the document that exists.")
    status_url: str = Field(examples=["/documents/0190d3a4-5b1c-4a43-9df2-6a3b1f5f8a11"])
    progress_url: str = Field(examples=["/documents/0190d3a4-5b1c-4a43-9df2-6a3b1f5f8a11/progress"])
    events_url: str = Field(examples=["/documents/0190d3a4-5b1c-4a43-9df2-6a3b1f5f8a11/events"])


class UploadStalled(Refusal):
    """The client stopped sending."""

    code = "upload_stalled"


class TooManyOpenDocuments(Refusal):
    """The queue is full."""

    code = "too_many_open_documents"


@dataclass(frozen=True)
class Arrived:
    """A whole upload in its temporary file."""

    reader: UploadReader
    filename: str
    fields: UploadFields


UPLOAD_CODES = (
    "malformed_upload", "upload_stalled", "document_too_large", "not_a_pdf", "upload_media_type", "validation_failed",
    "empty_file", "document_encrypted", "document_password_wrong", "document_broken", "document_has_no_pages",
    "callback_refused", "too_many_open_documents", "too_many_uploads", "inspection_busy", "internal_error",
    "storage_failed", "database_unavailable",
)  # fmt: skip
REQUEST_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [FILE_FIELD],
                "properties": {
                    FILE_FIELD: {"type": "string", "format": "binary", "description": "The PDF."},
                    **UploadFields.model_json_schema()["properties"],
                },
            }
        }
    },
}


@router.post(
    "/documents/upload-async",
    status_code=202,
    response_model=UploadAnswer,
    responses={
        200: {"model": UploadAnswer, "description": "The same bytes are a document already"},
        202: {"description": "The document is queued"},
        **problem_responses(*ACCESS_CODES, *UPLOAD_CODES),
    },
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def upload_document(
    request: Request,
    response: Response,
    services: ServicesOf,
    caller: Caller,
    content_length: Annotated[int | None, Header(include_in_schema=False)] = None,
) -> UploadAnswer:
    """Upload a PDF; it is stored and queued, and processed as soon as its turn comes."""
    limit = services.settings.max_upload_bytes
    if content_length is not None and content_length > limit + FORM_BYTES:
        raise too_large(limit)
    services.limits.count_upload(caller.subject)
    await _in_thread(services, _require_room, services, caller)
    async with services.limits.receiving(), _reading(request, services) as reader:
        arrived = Arrived(reader, _shown_name(reader.filename or ""), _check_fields(reader.fields))
        if arrived.fields.callback_url is not None:
            services.callbacks.read(arrived.fields.callback_url)
        document, duplicate = await _in_thread(services, _admit, services, caller, arrived)
    answer = _answer(request, document, duplicate=duplicate)
    response.status_code = 200 if duplicate else 202
    response.headers["Location"] = answer.status_url
    return answer


async def _in_thread(services: Services, work: Callable[[*Given], Result], *given: *Given) -> Result:
    """Its result, from one of the threads that uploads have for themselves."""
    return await to_thread.run_sync(work, *given, limiter=services.upload_threads)


@asynccontextmanager
async def _reading(request: Request, services: Services) -> AsyncIterator[UploadReader]:
    """The whole body, read; its temporary file is gone at the end, however that came."""
    content_type = request.headers.get("content-type", "")
    folder, most_bytes = services.upload_folder, services.settings.max_upload_bytes
    reader = await _in_thread(services, UploadReader, content_type, folder, most_bytes)
    try:
        async for piece in _pieces(request, most_bytes=most_bytes + FORM_BYTES):
            await _in_thread(services, reader.feed, piece)
        await _in_thread(services, reader.finish)
        yield reader
    finally:
        reader.close()


async def _pieces(request: Request, *, most_bytes: int) -> AsyncIterator[bytes]:
    """The body in pieces worth a change of thread; raises UploadStalled or DocumentTooLarge."""
    buffer, arrived = bytearray(), 0
    async for chunk in arriving(request):
        buffer += chunk
        arrived += len(chunk)
        if arrived > most_bytes:  # the file's own limit is the reader's; this one ends a form that never ends
            raise too_large(most_bytes)
        if len(buffer) >= PIECE_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


async def arriving(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes; raises UploadStalled, so that nobody keeps a place among the uploads by sending nothing."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(STALLED_AFTER_S):
                chunk = await anext(stream, None)
        except TimeoutError as error:
            raise UploadStalled(f"Nothing came for {STALLED_AFTER_S:g} s.", "Send the upload again.") from error
        if chunk is None:
            return
        yield chunk


def _require_room(services: Services, caller: Token) -> None:
    """Refuse before the body is read while too many documents are open."""
    with services.acts(caller).transaction() as conn:
        open_documents = count_open(conn)
    if open_documents >= services.settings.max_open_documents:
        raise TooManyOpenDocuments(
            f"{open_documents} documents wait or are being processed.", "Upload again when some have ended."
        )


def _check_fields(fields: dict[str, list[str]]) -> UploadFields:
    """The text fields with their types; raises InvalidValues."""
    values: dict[str, object] = {
        name: given if name == "tags" or len(given) > 1 else given[0] for name, given in fields.items()
    }
    try:
        return UploadFields.model_validate(values)
    except ValidationError as error:
        raise InvalidValues(
            [
                WrongValue(where=".".join(["body", *(str(part) for part in item["loc"])]), message=item["msg"])
                for item in error.errors(include_url=False, include_input=False)
            ]
        ) from error


def _shown_name(filename: str) -> str:
    """The client's file name as it may be shown: no folders, no control characters, not hidden. Never a path."""
    name = "".join(letter for letter in PureWindowsPath(filename).name if letter.isprintable())
    return name.strip().lstrip(".")[-LONGEST_NAME:] or "document.pdf"


def _admit(services: Services, caller: Token, arrived: Arrived) -> tuple[Document, bool]:
    """The document's row, and whether it was there before."""
    existing = None
    if not arrived.fields.force:
        with services.acts(caller).transaction() as conn:
            existing = find_by_hash(conn, arrived.reader.content_hash)
    if existing is not None and not _was_locked(existing):
        return existing, True
    with _unlocked(services, arrived) as readable:
        if existing is not None:
            return existing, True
        # Storage first: a row never points at bytes that are not there.
        storage_key = _store(services, arrived, readable)
        with services.acts(caller).transaction() as conn:
            return _write_row(conn, services, caller, arrived, readable, storage_key)


def _store(services: Services, arrived: Arrived, readable: Path) -> str:
    """The file's key; what came was hashed as it came, its unlocked copy was not."""
    if readable == arrived.reader.path:
        return services.storage.adopt(readable, arrived.reader.content_hash, STORED_SUFFIX)
    return services.storage.put_file(readable, STORED_SUFFIX).key


def _was_locked(document: Document) -> bool:
    """Its file is not the bytes that came but their decrypted copy: who sends them again must know the password too."""
    return document.content_hash not in document.storage_key


@contextmanager
def _unlocked(services: Services, arrived: Arrived) -> Iterator[Path]:
    """The file as the pipeline can read it: as it came, or its copy without the password, for the time of the block.

    So the password is needed here alone: it is neither stored nor handed on. Raises the leaves of DocumentRefused.
    """
    source, password = arrived.reader.path, arrived.fields.password
    if password is None or not password.get_secret_value():
        services.inspection.inspect(source)
        yield source
        return
    with NamedTemporaryFile(dir=services.upload_folder, suffix=PART_SUFFIX) as copy:
        target = Path(copy.name)
        yield target if services.inspection.unlock(source, password.get_secret_value(), target) else source


def _write_row(
    conn: "Connection[Any]", services: Services, caller: Token, arrived: Arrived, readable: Path, storage_key: str
) -> tuple[Document, bool]:
    fields, content_hash = arrived.fields, arrived.reader.content_hash
    # Of the stored file as well: of a protected PDF that is another content, and its remover knows that one alone.
    lock_contents(conn, {content_hash, content_of(storage_key)})
    if not fields.force and (existing := find_by_hash(conn, content_hash)) is not None:
        return existing, True  # somebody sent the same bytes in the meantime
    if not services.storage.exists(storage_key):  # somebody deleted a document of the same bytes in the meantime
        _store(services, arrived, readable)
    document = create_document(
        conn,
        document_id=uuid4(),
        filename=arrived.filename,
        title=fields.title or PureWindowsPath(arrived.filename).stem,
        tags=fields.tags,
        content_hash=content_hash,
        size_bytes=arrived.reader.size,
        storage_key=storage_key,
        priority=fields.priority,
        submitted_by=caller.subject,
        max_retries=services.settings.max_retries,
        callback_url=fields.callback_url,
    )
    return document, False


def _answer(request: Request, document: Document, *, duplicate: bool) -> UploadAnswer:
    def address(route: str) -> str:
        return request.url_for(route, document_id=document.id).path

    return UploadAnswer(
        document_id=document.id,
        status=document.status,
        duplicate=duplicate,
        status_url=address("read_document"),
        progress_url=address("read_progress"),
        events_url=address("stream_events"),
    )

"""What users do to documents beside uploading: find, read, follow, cancel, retry, reprocess, delete.

The rules of each state live in `db.document_actions`; this module only speaks HTTP.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field

from api.access import ACCESS_CODES, Caller
from api.problems import problem_responses
from api.services import Services, ServicesOf
from cluster.access.tokens import Token
from cluster.upkeep.file_removal import remove_files
from db.document_actions import delete_document, reprocess_document, request_cancel, retry_document
from db.documents import Document, DocumentStatus, Stage, get_document, list_documents
from db.errors import DatabaseUnavailable, DocumentNotFound
from db.metrics import DocumentProgress, document_progress

READ_CODES = (*ACCESS_CODES, "internal_error", "database_unavailable", "validation_failed")
"""What every protected route with parameters may answer."""
ONE_DOCUMENT = problem_responses(*READ_CODES, "document_not_found")
ACTION = problem_responses(*READ_CODES, "document_not_found", "document_state_conflict")

Limit = Annotated[int, Query(ge=1, le=500, description="Rows to return.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Rows to skip.")]
SearchText = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]

router = APIRouter(tags=["documents"])
logger = logging.getLogger(__name__)


class AttemptError(BaseModel):
    """Why one attempt ended."""

    model_config = ConfigDict(extra="allow")

    attempt: int | None = Field(description="Null where a single page failed.")
    at: datetime
    error: str


class WarningOut(BaseModel):
    """Something that the reader of the results should know."""

    code: str = Field(examples=["clip_model_missing"])
    message: str


class DocumentOut(BaseModel):
    """A document and how far it is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    filename: str
    tags: list[str]
    status: DocumentStatus
    stage: Stage | None = Field(description="The stage that it is in; null before and after.")
    progress: float = Field(ge=0, le=100, description="Percent, over all stages; only a retry moves it back.")
    priority: int
    page_count: int | None
    languages: list[str] = Field(
        description="ISO 639-1, the most of it first; empty until its text is read, and where too few words tell."
    )
    size_bytes: int
    content_hash: str = Field(description="sha256 of the uploaded bytes, hex.")
    submitted_by: str
    attempt: int
    max_attempts: int
    cancel_requested: bool
    error_code: str | None
    error_message: str | None
    errors: list[AttemptError] = Field(description="Every attempt's error.")
    warnings: list[WarningOut]
    counts: dict[str, Any] = Field(description="Pages, images, chunks, products, failed jobs and the like.")
    callback_url: str | None = Field(description="Who is told of its end, by a webhook.")
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None


class DocumentPage(BaseModel):
    """A part of the list of documents."""

    items: list[DocumentOut]
    total: int = Field(description="Documents that match, over all pages.")
    limit: int
    offset: int


class StageOut(BaseModel):
    """One stage of a document in numbers."""

    model_config = ConfigDict(from_attributes=True)

    stage: Stage
    progress: float = Field(ge=0, le=100, description="Percent of this stage.")
    total: int
    completed: int = Field(description="Items that are done; finally failed ones count.")
    failed: int
    rate_per_s: float | None
    seconds_left: float | None = Field(description="Null: no estimate yet.")
    updated_at: datetime | None


class ProgressOut(BaseModel):
    """How far a document is, overall and by stage."""

    document_id: UUID
    status: DocumentStatus
    stage: Stage | None
    progress: float = Field(ge=0, le=100)
    error_code: str | None
    error_message: str | None
    updated_at: datetime
    stages: list[StageOut]

    @classmethod
    def of(cls, progress: DocumentProgress) -> "ProgressOut":
        """The answer for a row of the database layer."""
        document = progress.document
        return cls(
            document_id=document.id,
            status=document.status,
            stage=document.stage,
            progress=document.progress,
            error_code=document.error_code,
            error_message=document.error_message,
            updated_at=document.updated_at,
            stages=[StageOut.model_validate(stage) for stage in progress.stages],
        )


class ActionAnswer(BaseModel):
    """The document after what was asked."""

    document_id: UUID
    status: DocumentStatus
    cancel_requested: bool
    jobs_queued: int | None = Field(None, description="Of a retry: jobs that wait again.")


@router.get("/documents", responses=problem_responses(*READ_CODES))
def read_documents(
    services: ServicesOf,
    caller: Caller,
    status: Annotated[DocumentStatus | None, Query(description="Only documents in this state.")] = None,
    text: Annotated[SearchText | None, Query(description="Part of title, file name, tag or id.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> DocumentPage:
    """Documents, newest first."""
    with services.reads(caller).transaction() as conn:
        documents, total = list_documents(conn, status=status, text=text, limit=limit, offset=offset)
    items = [DocumentOut.model_validate(document) for document in documents]
    return DocumentPage(items=items, total=total, limit=limit, offset=offset)


@router.get("/documents/{document_id}", responses=ONE_DOCUMENT)
def read_document(services: ServicesOf, caller: Caller, document_id: UUID) -> DocumentOut:
    """Its state, its counts, and every warning and error."""
    with services.reads(caller).transaction() as conn:
        return DocumentOut.model_validate(require_document(conn, document_id))


@router.get("/documents/{document_id}/progress", responses=ONE_DOCUMENT)
def read_progress(services: ServicesOf, caller: Caller, document_id: UUID) -> ProgressOut:
    """How far it is, with counts, rate and time left of each stage."""
    with services.reads(caller).transaction() as conn:
        progress = document_progress(conn, document_id)
    if progress is None:
        raise no_document(document_id)
    return ProgressOut.of(progress)


@router.post("/documents/{document_id}/cancel", status_code=202, responses=ACTION)
def cancel_document(services: ServicesOf, caller: Caller, document_id: UUID) -> ActionAnswer:
    """Stop it. A waiting document is cancelled at once, a running one within seconds; what was stored stays."""
    return _act(services, caller, document_id, request_cancel)


@router.post("/documents/{document_id}/retry", status_code=202, responses=ACTION)
def retry_failed_jobs(services: ServicesOf, caller: Caller, document_id: UUID) -> ActionAnswer:
    """Try what has failed again, and only that. Earlier errors are kept."""
    return _act(services, caller, document_id, retry_document)


@router.post("/documents/{document_id}/reprocess", status_code=202, responses=ACTION)
def reprocess(services: ServicesOf, caller: Caller, document_id: UUID) -> ActionAnswer:
    """Do everything again, but for what has not changed: results of the same content are taken over."""
    return _act(services, caller, document_id, reprocess_document)


@router.delete("/documents/{document_id}", status_code=204, response_class=Response, responses=ONE_DOCUMENT)
def remove_document(services: ServicesOf, caller: Caller, document_id: UUID) -> Response:
    """Remove the document, everything made of it, and the files that no other document uses."""
    with services.acts(caller).transaction() as conn:
        require_document(conn, document_id)
        files = delete_document(conn, document_id, caller.subject)
    try:
        remove_files(services.databases["service"], services.storage, files)
    except DatabaseUnavailable as error:  # the document is gone; the supervisor removes what is left
        logger.warning("files of the deleted document %s stay in the store for now: %s", document_id, error)
    return Response(status_code=204)


def require_document(conn: "Connection[Any]", document_id: UUID) -> Document:
    """The document; raises DocumentNotFound."""
    document = get_document(conn, document_id)
    if document is None:
        raise no_document(document_id)
    return document


def no_document(document_id: UUID) -> DocumentNotFound:
    """The refusal of an id that no document has."""
    return DocumentNotFound(f"There is no document {document_id}.", "GET /documents lists those that exist.")


def _act(
    services: Services, caller: Token, document_id: UUID, action: Callable[["Connection[Any]", UUID, str], object]
) -> ActionAnswer:
    """Do it in the service role, under the caller's name in the audit trail."""
    with services.acts(caller).transaction() as conn:
        require_document(conn, document_id)
        outcome = action(conn, document_id, caller.subject)
        document = require_document(conn, document_id)
    return ActionAnswer(
        document_id=document_id,
        status=document.status,
        cancel_requested=document.cancel_requested,
        jobs_queued=outcome if isinstance(outcome, int) else None,
    )

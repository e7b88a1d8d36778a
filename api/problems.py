"""Every refusal of the API: the error tree's codes as application/problem+json (RFC 9457), also in its OpenAPI.

`code` is stable and part of the API; `detail` says what happened and what to do. Knows no route.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi_problem.error import Problem
from fastapi_problem.handler import ExceptionHandler, new_exception_handler
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from db.errors import QuarryError

MEDIA_TYPE = "application/problem+json"
SCHEMA_REFERENCE = {"$ref": "#/components/schemas/Problem"}
RETRY_SOON_S = 5
RETRY_LATER_S = 30

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What HTTP makes of one code."""

    status: int
    title: str
    retry_after_s: int | None = None


ANSWERS: dict[str, Answer] = {
    "malformed_upload": Answer(400, "The upload cannot be read"),
    "token_missing": Answer(401, "A token is needed"),
    "token_invalid": Answer(401, "The token cannot be accepted"),
    "token_expired": Answer(401, "The token has expired"),
    "role_not_allowed": Answer(403, "The token's role may not do this"),
    "document_not_found": Answer(404, "There is no such document"),
    "delivery_not_found": Answer(404, "There is no such delivery"),
    "image_not_found": Answer(404, "There is no such image"),
    "decision_not_found": Answer(404, "There is no such lost decision"),
    "product_not_found": Answer(404, "There is no such product"),
    "not_found": Answer(404, "There is nothing at this address"),
    "method_not_allowed": Answer(405, "The address does not take this method"),
    "image_too_large": Answer(413, "The picture is too large"),
    "not_an_image": Answer(415, "The file is not a picture"),
    "image_unreadable": Answer(422, "The picture cannot be read"),
    "image_model_missing": Answer(503, "Pictures cannot be compared", RETRY_LATER_S),
    "actor_silent": Answer(503, "The models do not answer", RETRY_SOON_S),
    "upload_stalled": Answer(408, "The upload stopped coming"),
    "document_state_conflict": Answer(409, "The document is being worked on"),
    "delivery_state_conflict": Answer(409, "The delivery is on its way"),
    "document_too_large": Answer(413, "The document is too large"),
    "not_a_pdf": Answer(415, "The file is not a PDF"),
    "upload_media_type": Answer(415, "The request is not a form with a file"),
    "validation_failed": Answer(422, "The request has wrong values"),
    "empty_file": Answer(422, "The file is empty"),
    "document_encrypted": Answer(422, "The PDF asks for a password"),
    "document_password_wrong": Answer(422, "The password does not open the PDF"),
    "document_broken": Answer(422, "The PDF cannot be opened"),
    "document_has_no_pages": Answer(422, "The PDF has no pages"),
    "callback_refused": Answer(422, "Webhooks may not be sent to this address"),
    "document_refused": Answer(422, "The file cannot become a document"),
    "too_many_open_documents": Answer(429, "Too many documents are open", RETRY_LATER_S),
    "too_many_streams": Answer(429, "Too many event streams are open", RETRY_LATER_S),
    "too_many_requests": Answer(429, "Too many requests in a minute", RETRY_SOON_S),
    "token_secret_missing": Answer(500, "The service cannot check tokens"),
    "internal_error": Answer(500, "Something went wrong in Quarry"),
    "database_misconfigured": Answer(500, "The database is not set up as Quarry needs it"),
    "token_keys_unavailable": Answer(503, "The service cannot check tokens now", RETRY_SOON_S),
    "too_many_uploads": Answer(503, "Too many uploads arrive at once", RETRY_SOON_S),
    "inspection_busy": Answer(503, "Too many uploads are being looked into", RETRY_LATER_S),
    "storage_failed": Answer(503, "The file store does not answer", RETRY_LATER_S),
    "database_unavailable": Answer(503, "The database does not answer", RETRY_SOON_S),
}


class ProblemDetails(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="`urn:quarry:problem:` and the code.")
    title: str = Field(description="The kind of error in a few words; the same for every error of the code.")
    status: int = Field(description="The HTTP status again.")
    code: str = Field(description="Stable name of the error, for programs.")
    detail: str = Field(description="What happened, and what to do about it.")
    errors: list["WrongValue"] | None = Field(None, description="With code `validation_failed`: each wrong value.")


class WrongValue(BaseModel):
    """One value of a request that cannot be taken."""

    where: str = Field(examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 500"])


class Refusal(QuarryError):
    """An error that only HTTP knows; the leaves name their code."""

    permanent = True
    retry_after_s: int | None = None
    """Where it is known better than by the code."""


class InvalidValues(Refusal):
    """Values that only the handler could check, answered like those that FastAPI checks."""

    code = "validation_failed"

    def __init__(self, errors: list[WrongValue]) -> None:
        """Keep each wrong value."""
        super().__init__(_sentence(errors), "Correct these values and send the request again.")
        self.errors = errors


def to_problem(code: str, detail: str, *, headers: dict[str, str] | None = None, **extras: Any) -> Problem:
    """The answer of a code; one that is not listed is a 500."""
    answer = ANSWERS.get(code, ANSWERS["internal_error"])
    headers = dict(headers or {})
    if answer.retry_after_s is not None:
        headers.setdefault("Retry-After", str(answer.retry_after_s))
    if answer.status == 401:
        headers["WWW-Authenticate"] = "Bearer" if code == "token_missing" else 'Bearer error="invalid_token"'
    return Problem(
        answer.title,
        type_=f"urn:quarry:problem:{code}",
        detail=detail,
        status=answer.status,
        headers=headers,
        code=code,
        **extras,
    )


def install_problems(app: FastAPI) -> None:
    """Answer every error of `app` with a problem, and put the problem's schema into its OpenAPI."""
    handler = new_exception_handler(
        pre_hooks=[_log],
        unhandled_wrappers={"default": _unexpected},  # type: ignore[dict-item]
        handlers={QuarryError: _from_quarry_error},
        http_exception_handler=_from_http_exception,
        request_validation_handler=_from_validation,
    )
    for kind in (Exception, Problem, QuarryError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handler)
    app.openapi = _with_problem_schema(app.openapi)  # type: ignore[method-assign]


def problem_responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` for these codes, by status, each with an example."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        answer = ANSWERS[code]
        response = by_status.setdefault(
            answer.status, {"description": "", "content": {MEDIA_TYPE: {"schema": SCHEMA_REFERENCE, "examples": {}}}}
        )
        example = to_problem(code, "What happened, and what to do about it.").marshal()
        response["content"][MEDIA_TYPE]["examples"][code] = {"summary": answer.title, "value": example}
        response["description"] = "; ".join(filter(None, [response["description"], answer.title]))
        if answer.retry_after_s is not None:
            seconds = {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}}
            response["headers"] = {"Retry-After": seconds}
    return by_status


def _log(request: Request, error: Exception) -> None:
    """What is away is told in a line, what nobody foresaw with its trace; a client's mistakes are not logged."""
    what = f"{request.method} {request.url.path}"
    if isinstance(error, QuarryError):
        answer = ANSWERS.get(error.code)
        if answer is None or answer.status >= 500:
            logger.warning("%s: %s (%s)", what, error, error.code)
    elif not isinstance(error, HTTPException | RequestValidationError | Problem):
        logger.error("%s ended in an unexpected error", what, exc_info=error)


def _from_quarry_error(_: ExceptionHandler, __: Request, error: QuarryError) -> Problem:
    extras: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, InvalidValues):
        extras["errors"] = [value.model_dump() for value in error.errors]
    if isinstance(error, Refusal) and error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    return to_problem(error.code, str(error), headers=headers, **extras)


def _from_http_exception(_: ExceptionHandler, request: Request, error: HTTPException) -> Problem:
    headers = dict(error.headers or {})
    if error.status_code == 404:
        detail = f"Nothing answers at {request.url.path}. See /docs for what there is."
        return to_problem("not_found", detail, headers=headers)
    if error.status_code == 405:
        allowed = headers.get("allow") or headers.get("Allow") or "other methods"
        detail = f"{request.url.path} does not take {request.method}. It takes {allowed}."
        return to_problem("method_not_allowed", detail, headers=headers)
    if error.status_code == 400:
        return to_problem("malformed_upload", f"The request's body cannot be read: {error.detail}.", headers=headers)
    code = f"http_{error.status_code}"
    kind = f"urn:quarry:problem:{code}"
    return Problem(error.detail, kind, error.detail, error.status_code, headers, code=code)


def _from_validation(_: ExceptionHandler, __: Request, error: RequestValidationError) -> Problem:
    wrong = [
        WrongValue(where=".".join(str(part) for part in item["loc"]), message=str(item["msg"]))
        for item in error.errors()
    ]
    detail = f"{_sentence(wrong)} Correct these values and send the request again."
    return to_problem("validation_failed", detail, errors=[value.model_dump() for value in wrong])


def _unexpected(_: str) -> Problem:
    # The exception's own text stays in the log: it may hold addresses and values that are nobody's business.
    detail = "The request ended in an unexpected error. Try again; if it stays, look into the API's log."
    return to_problem("internal_error", detail)


def _sentence(errors: list[WrongValue]) -> str:
    return " ".join(f"{value.where}: {value.message}." for value in errors[:5])


def _with_problem_schema(openapi: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    def described() -> dict[str, Any]:
        schema = openapi()
        components = schema.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        components.update(problem.pop("$defs"))
        components["Problem"] = problem
        return schema

    return described

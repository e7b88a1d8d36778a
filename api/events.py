"""GET /documents/{id}/events: a document's progress as server-sent events, a snapshot first, then every change.

Polls Postgres in a thread; knows nothing of who writes the progress there.
"""

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import anyio
from anyio import to_thread
from fastapi import APIRouter, Depends
from sse_starlette import EventSourceResponse, JSONServerSentEvent

from api.access import Caller
from api.documents import READ_CODES, ProgressOut, no_document
from api.problems import Refusal, problem_responses, to_problem
from api.services import Services, ServicesOf
from db.connection import CallersView
from db.errors import DatabaseUnavailable
from db.metrics import DocumentProgress, document_progress

POLL_S = 0.4
POLLED_AT_ONCE = 20
"""More streams than this poll more slowly, so that all together never look more than 50 times a second."""
POLL_WHILE_AWAY_S = 2.0
KEEP_ALIVE_S = 10
RECONNECT_MS = 2000
MOST_STREAMS = 100
"""In one replica; half of what it serves at a time, so that uploads are always answered."""
LONGEST_STREAM_S = 1800.0
"""Then the stream ends and the client connects again, which every EventSource does by itself."""
ENDED = frozenset({"completed", "partial", "failed", "cancelled"})

router = APIRouter(tags=["documents"])


class TooManyStreams(Refusal):
    """All streams are taken."""

    code = "too_many_streams"


EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "Events `snapshot` (first, once), `progress` (every change), `problem` (the database is away; the stream "
            "goes on) and `end` (last). Data of all but `problem` is a ProgressOut; `problem` carries a Problem. "
            f"Comments keep the line alive every {KEEP_ALIVE_S} s."
        ),
        "content": {
            "text/event-stream": {
                "itemSchema": {
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                        "event": {"enum": ["snapshot", "progress", "problem", "end"]},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                        "retry": {"type": "integer", "description": "Milliseconds before connecting again."},
                    },
                },
                "example": 'event: progress\r\ndata: {"status":"processing","progress":24.65, ...}\r\n\r\n',
            }
        },
    }
}


async def hold_place(services: ServicesOf, caller: Caller) -> AsyncIterator[None]:
    """One of the places for streams, from before anything is waited for until the answer has been sent or has failed.

    Many streams that arrive at once would else all be counted before the first of them is. Who has no token gets none.
    """
    if len(services.open_streams) >= MOST_STREAMS:
        raise TooManyStreams(
            f"{MOST_STREAMS} event streams are open.", "Connect again later, or poll the document's progress_url."
        )
    stream = object()
    services.open_streams.add(stream)
    try:
        yield
    finally:
        services.open_streams.discard(stream)


@router.get(
    "/documents/{document_id}/events",
    response_class=EventSourceResponse,
    responses={**EVENT_STREAM, **problem_responses(*READ_CODES, "document_not_found", "too_many_streams")},
)
async def stream_events(
    services: ServicesOf, caller: Caller, document_id: UUID, place: Annotated[None, Depends(hold_place)]
) -> EventSourceResponse:
    """Follow a document; the stream ends when the document has ended."""
    database = services.reads(caller)
    first = await _look(services, database, document_id)
    if first is None:
        raise no_document(document_id)
    longest_s = min(LONGEST_STREAM_S, caller.expires_at - time.time())  # no longer than the token is good
    return EventSourceResponse(_events(services, database, first, longest_s), ping=KEEP_ALIVE_S)


async def _events(
    services: Services, database: CallersView, first: DocumentProgress, longest_s: float
) -> AsyncIterator[JSONServerSentEvent]:
    yield _event("snapshot", first)
    async for event in _changes(services, database, first, longest_s):
        yield event


async def _changes(
    services: Services, database: CallersView, first: DocumentProgress, longest_s: float
) -> AsyncIterator[JSONServerSentEvent]:
    """Every change after the snapshot, until the document has ended, is deleted, or the stream is old."""
    seen, away = first, False
    until = time.monotonic() + longest_s
    while seen.document.status not in ENDED and time.monotonic() < until:
        busy = max(1.0, len(services.open_streams) / POLLED_AT_ONCE)
        await anyio.sleep(POLL_WHILE_AWAY_S if away else POLL_S * busy)
        try:
            now = await _look(services, database, seen.document.id)
        except DatabaseUnavailable as error:
            if not away:
                yield _problem(error.code, str(error))
            away = True
            continue
        if now is None:
            gone = no_document(seen.document.id)
            yield _problem(gone.code, str(gone))
            return
        if away or _state(now) != _state(seen):
            yield _event("progress", now)
        seen, away = now, False
    if seen.document.status in ENDED:
        yield _event("end", seen)


async def _look(services: Services, database: CallersView, document_id: UUID) -> DocumentProgress | None:
    return await to_thread.run_sync(_read, database, document_id, limiter=services.stream_threads)


def _read(database: CallersView, document_id: UUID) -> DocumentProgress | None:
    with database.transaction() as conn:
        return document_progress(conn, document_id)


def _state(progress: DocumentProgress) -> tuple[object, ...]:
    """What counts as a change. Rates and times differ at every look, and a renewed lease is none."""
    document = progress.document
    stages = [(stage.stage, stage.progress, stage.total, stage.completed, stage.failed) for stage in progress.stages]
    return document.status, document.stage, document.progress, document.error_message, document.cancel_requested, stages


def _event(kind: str, progress: DocumentProgress) -> JSONServerSentEvent:
    data = ProgressOut.of(progress).model_dump(mode="json")
    return JSONServerSentEvent(data, event=kind, retry=RECONNECT_MS)


def _problem(code: str, detail: str) -> JSONServerSentEvent:
    return JSONServerSentEvent(to_problem(code, detail).marshal(), event="problem")

"""The queues over HTTP: in numbers aggregated over everything, their newest jobs, and their switches."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import READ_CODES
from api.problems import problem_responses
from api.services import ServicesOf
from db.metrics import document_totals, get_queue_metrics, recent_jobs, server_time
from db.queue_switches import SwitchName, pause_queue, queue_switches, resume_queue

router = APIRouter(tags=["queues"])


class QueueOut(BaseModel):
    """One queue."""

    model_config = ConfigDict(from_attributes=True)

    pending: int
    processing: int
    completed: int
    failed: int = Field(description="Finally: no attempt is left.")
    cancelled: int
    total: int
    average_seconds: float | None = Field(description="Of completed jobs; null while there is none.")
    success_rate: float | None = Field(description="Completed of all that ended, 0-1; null while none has ended.")
    oldest_pending_s: float | None


class TotalsOut(BaseModel):
    """All documents by state."""

    model_config = ConfigDict(from_attributes=True)

    pending: int
    processing: int
    completed: int
    partial: int
    failed: int
    cancelled: int
    total: int
    success_rate: float | None


class Metrics(BaseModel):
    """Everything at one moment."""

    at: datetime = Field(description="By the database's clock.")
    documents: TotalsOut
    image: QueueOut
    ai: QueueOut


class JobOut(BaseModel):
    """A job that moved lately."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document_id: UUID
    document_title: str
    item: str
    analysis_type: str | None
    status: str
    attempt: int
    max_attempts: int
    error_message: str | None
    seconds: float | None
    updated_at: datetime


class SwitchOut(BaseModel):
    """Whether a queue is paused."""

    model_config = ConfigDict(from_attributes=True)

    queue: SwitchName
    paused: bool
    changed_by: str | None = Field(description="Subject of the token; null while it was never paused.")
    changed_at: datetime | None


@router.get("/queues/metrics", responses=problem_responses(*READ_CODES))
def read_metrics(services: ServicesOf, caller: Caller) -> Metrics:
    """Counts, average time and success rate of the image queue and the AI queue."""
    with services.reads(caller).transaction() as conn:
        queues = get_queue_metrics(conn)
        return Metrics(
            at=server_time(conn),
            documents=TotalsOut.model_validate(document_totals(conn)),
            image=QueueOut.model_validate(queues["image"]),
            ai=QueueOut.model_validate(queues["ai"]),
        )


@router.get("/queues/{queue}/jobs", responses=problem_responses(*READ_CODES))
def read_recent_jobs(
    services: ServicesOf,
    caller: Caller,
    queue: Literal["image", "ai"],
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[JobOut]:
    """The jobs of a queue that moved last."""
    with services.reads(caller).transaction() as conn:
        return [JobOut.model_validate(job) for job in recent_jobs(conn, queue, limit=limit)]


@router.get("/queues", responses=problem_responses(*READ_CODES))
def read_switches(services: ServicesOf, caller: Caller) -> list[SwitchOut]:
    """Which queues are paused, by whom and since when."""
    with services.reads(caller).transaction() as conn:
        return [SwitchOut.model_validate(switch) for switch in queue_switches(conn).values()]


@router.post("/queues/{queue}/pause", responses=problem_responses(*READ_CODES))
def pause(services: ServicesOf, caller: Caller, queue: SwitchName) -> SwitchOut:
    """Give out nothing more of a queue. What is in work ends; documents wait without losing attempts or leases."""
    with services.acts(caller).transaction() as conn:
        return SwitchOut.model_validate(pause_queue(conn, queue, caller.subject))


@router.post("/queues/{queue}/resume", responses=problem_responses(*READ_CODES))
def resume(services: ServicesOf, caller: Caller, queue: SwitchName) -> SwitchOut:
    """Go on where the queue was paused."""
    with services.acts(caller).transaction() as conn:
        return SwitchOut.model_validate(resume_queue(conn, queue, caller.subject))

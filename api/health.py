"""Whether the service lives (/healthz) and whether it can do its work (/readyz). The only routes without a token."""

from collections.abc import Callable
from typing import Literal

import anyio
from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.services import Services, ServicesOf
from cluster.handles import supervisor_status
from db.errors import QuarryError

CHECK_WITHIN_S = 3.0
"""Longer than an actor's answer (2 s), shorter than what asks here usually waits."""

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Check(BaseModel):
    """One thing that Quarry cannot work without."""

    ready: bool
    reason: str | None = Field(None, description="Why not.", examples=["The actor supervisor is not running."])


class Readiness(BaseModel):
    """Whether a document that is uploaded now would be processed."""

    ready: bool
    database: Check
    storage: Check
    pipeline: Check


@router.get("/healthz")
async def healthz() -> Alive:
    """The process lives. Says nothing of the database or the pipeline: see /readyz."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "It cannot do its work now"}})
async def readyz(services: ServicesOf, response: Response) -> Readiness:
    """Database in the right roles, writable storage, and a supervisor whose pools stand: all of it, tried now."""
    database, storage, pipeline = Check(ready=False), Check(ready=False), Check(ready=False)

    async def run(check: Check, work: Callable[[Services], None]) -> None:
        check.reason = await _reason_against(work, services)
        check.ready = check.reason is None

    async with anyio.create_task_group() as checks:
        checks.start_soon(run, database, _check_database)
        checks.start_soon(run, storage, _check_storage)
        checks.start_soon(run, pipeline, _check_pipeline)
    ready = database.ready and storage.ready and pipeline.ready
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, database=database, storage=storage, pipeline=pipeline)


async def _reason_against(work: Callable[[Services], None], services: Services) -> str | None:
    try:
        with anyio.fail_after(CHECK_WITHIN_S):
            await to_thread.run_sync(work, services, abandon_on_cancel=True)
    except TimeoutError:
        return f"No answer within {CHECK_WITHIN_S:g} s."
    except QuarryError as error:
        return str(error)
    return None


def _check_database(services: Services) -> None:
    for database in services.databases.values():
        database.check_role()


def _check_storage(services: Services) -> None:
    services.storage.check()


class PipelineNotReady(QuarryError):
    """The supervisor says that it cannot work."""

    code = "pipeline_not_ready"


def _check_pipeline(_: Services) -> None:
    status = supervisor_status()
    if not status["ready"]:
        raise PipelineNotReady(f"The supervisor is not ready: {status.get('reason') or 'no reason given'}.")

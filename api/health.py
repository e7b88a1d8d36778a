"""Whether the service lives (/healthz) and whether it can do its work (/readyz). The only routes without a token."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.services import ServicesOf

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
    """Database in the right roles, writable storage, and a supervisor whose pools stand: all tried in this second."""
    reasons = await services.readiness.look()
    checks = {name: Check(ready=reason is None, reason=reason) for name, reason in reasons.items()}
    ready = all(check.ready for check in checks.values())
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, **checks)

"""Decisions about products that a later reading knows no more: which they are, and forgetting one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import ONE_DOCUMENT, READ_CODES, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from db.lost_decisions import forget_decision, lost_decisions
from db.product_corrections import ReviewState

router = APIRouter(tags=["review"])


class LostCorrection(BaseModel):
    """One field that a person corrected."""

    field: str
    old: Any = Field(description="What had been read; null: nothing.")
    new: Any = Field(description="What it was corrected to; null: taken away.")


class LostDecisionOut(BaseModel):
    """What somebody decided about a product that is there no more."""

    model_config = ConfigDict(from_attributes=True)

    product_id: UUID = Field(description="The id that the product had.")
    product: str = Field(description="What it was, without capitals and accents.", examples=["marmara white, 600x600"])
    state: ReviewState
    reviewed_by: str
    reviewed_at: datetime
    corrections: list[LostCorrection]


@router.get("/documents/{document_id}/lost-decisions", responses=ONE_DOCUMENT)
def read_lost_decisions(services: ServicesOf, caller: Caller, document_id: UUID) -> list[LostDecisionOut]:
    """Decisions that fit no product any more; decide again about what took its place, then forget them."""
    with services.reads(caller).transaction() as conn:
        require_document(conn, document_id)
        return [LostDecisionOut.model_validate(decision) for decision in lost_decisions(conn, document_id)]


@router.delete(
    "/documents/{document_id}/lost-decisions/{product_id}",
    status_code=204,
    response_class=Response,
    responses=problem_responses(*READ_CODES, "decision_not_found"),
)
def forget(services: ServicesOf, caller: Caller, document_id: UUID, product_id: UUID) -> Response:
    """Forget a decision that fits no product any more; the audit trail keeps it."""
    with services.acts(caller).transaction() as conn:
        forget_decision(conn, document_id, product_id, caller.subject)
    return Response(status_code=204)

"""A document's webhooks: what was sent, what became of each attempt, and sending once more."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.documents import ONE_DOCUMENT, READ_CODES, require_document
from api.problems import problem_responses
from api.services import ServicesOf
from db.webhooks import DeliveryNotFound, DeliveryStatus, get_delivery, list_deliveries, replay_delivery

router = APIRouter(tags=["documents"])


class DeliveryAttempt(BaseModel):
    """One try to deliver."""

    attempt: int
    at: datetime
    status_code: int | None = Field(description="What the receiver answered; null when it did not.")
    error: str | None = Field(description="Null when it was delivered.")
    seconds: float | None


class DeliveryOut(BaseModel):
    """A webhook and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="Sent as `webhook-id`, the same in every attempt.")
    document_id: UUID
    event: str = Field(examples=["document.completed"])
    url: str
    status: DeliveryStatus
    attempt: int
    run_after: datetime = Field(description="When it is sent next, while it is pending.")
    error_message: str | None
    created_at: datetime
    completed_at: datetime | None
    attempts: list[DeliveryAttempt]


@router.get("/documents/{document_id}/deliveries", responses=ONE_DOCUMENT)
def read_deliveries(services: ServicesOf, caller: Caller, document_id: UUID) -> list[DeliveryOut]:
    """The webhooks of a document, one for each time that it ended, with every attempt."""
    with services.reads(caller).transaction() as conn:
        require_document(conn, document_id)
        return [DeliveryOut.model_validate(delivery) for delivery in list_deliveries(conn, document_id)]


@router.post(
    "/deliveries/{delivery_id}/replay",
    status_code=202,
    responses=problem_responses(*READ_CODES, "delivery_not_found", "delivery_state_conflict"),
)
def replay(services: ServicesOf, caller: Caller, delivery_id: UUID) -> DeliveryOut:
    """Send an ended webhook once more: the same body under the same id."""
    with services.acts(caller).transaction() as conn:
        replay_delivery(conn, delivery_id, caller.subject)
        delivery = get_delivery(conn, delivery_id)
    if delivery is None:
        raise DeliveryNotFound(f"There is no delivery {delivery_id}.", "It was deleted just now.")
    return DeliveryOut.model_validate(delivery)

"""Owns the outbox of webhooks: claim, outcome of an attempt, log, replay. Knows no HTTP.

The rows are written by a trigger, in the transaction that ends a document (migration 0010).

States of a delivery: who moves it there, and what a crash leaves.

    pending     the trigger, a failed attempt (after `run_after`), a replay
    processing  claimed by a courier; a crash leaves it here until `reap_deliveries` finds the lease expired
    completed   the receiver answered with a 2xx
    failed      no attempt is left, or no further one can help; `replay_delivery` begins anew
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import audit, values
from db.errors import LeaseLost, QuarryError

DeliveryStatus = Literal["pending", "processing", "completed", "failed"]


class DeliveryNotFound(QuarryError):
    """There is no delivery of this id, or no longer."""

    code = "delivery_not_found"
    permanent = True


class DeliveryBusy(QuarryError):
    """The delivery has not ended, so it cannot be replayed."""

    code = "delivery_state_conflict"


@dataclass(frozen=True)
class Claimed:
    """What a courier needs of a delivery."""

    id: UUID
    document_id: UUID
    url: str
    body: str  # JSON, sent as it is
    attempt: int  # counted at the claim
    attempts_before: int
    fence: int

    @property
    def tries(self) -> int:
        """Attempts since the beginning or the last replay, this one included."""
        return self.attempt - self.attempts_before


@dataclass(frozen=True)
class Attempt:
    """One line of the log."""

    attempt: int
    at: datetime
    status_code: int | None
    error: str | None
    seconds: float | None


@dataclass(frozen=True)
class Delivery:
    """A message and what became of it."""

    id: UUID
    document_id: UUID
    event: str
    url: str
    status: DeliveryStatus
    attempt: int
    run_after: datetime
    error_message: str | None
    created_at: datetime
    completed_at: datetime | None
    attempts: list[dict[str, Any]]  # of Attempt, in order


CLAIM: LiteralString = """
    update webhook_deliveries
    set status = 'processing', worker = %(worker)s, attempt = attempt + 1, fence = nextval('fence_sequence'),
        lease_expires_at = now() + make_interval(secs => %(lease_s)s), updated_at = now()
    where id = any (array(
        select id from webhook_deliveries
        where status = 'pending' and run_after <= now()
          and substring(url from '://([^/?#]*)') <> all (%(except_hosts)s::text[])
        order by run_after
        limit %(limit)s
        for update skip locked))
    returning id, document_id, url, body, attempt, attempts_before, fence
"""


def claim_deliveries(
    conn: Connection[Any], *, worker: str, lease_s: float, limit: int, except_hosts: Sequence[str] = ()
) -> list[Claimed]:
    """Take deliveries whose time has come, the oldest first; nobody else gets them before the lease runs out.

    Args:
        conn: the transaction.
        worker: who takes them.
        lease_s: seconds until somebody else may.
        limit: most deliveries.
        except_hosts: none to these, each with its port where the address names one.
    """
    asked = {"worker": worker, "lease_s": lease_s, "limit": limit, "except_hosts": list(except_hosts)}
    with conn.cursor(row_factory=class_row(Claimed)) as cursor:
        return cursor.execute(CLAIM, asked).fetchall()


COMPLETE: LiteralString = """
    update webhook_deliveries
    set status = 'completed', worker = null, lease_expires_at = null, error_message = null, completed_at = now(),
        updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""
FAIL: LiteralString = """
    update webhook_deliveries
    set status = case when %(over)s then 'failed' else 'pending' end,
        completed_at = case when %(over)s then now() end,
        run_after = now() + make_interval(secs => %(wait_s)s),
        error_message = %(error)s, worker = null, lease_expires_at = null, updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""
LOG: LiteralString = """
    insert into webhook_attempts (delivery_id, attempt, status_code, error, seconds)
    values (%(id)s, %(attempt)s, %(status_code)s, %(error)s, %(seconds)s)
"""


def complete_delivery(conn: Connection[Any], claimed: Claimed, *, status_code: int, seconds: float) -> None:
    """The receiver has taken it; raises `LeaseLost`."""
    _end_attempt(conn, COMPLETE, claimed, status_code=status_code, error=None, seconds=seconds)


def fail_delivery(
    conn: Connection[Any],
    claimed: Claimed,
    error: str,
    *,
    status_code: int | None,
    seconds: float | None,
    wait_s: float | None,
) -> None:
    """The attempt failed: the delivery waits, or has failed when `wait_s` is None. Raises `LeaseLost`."""
    asked = {"over": wait_s is None, "wait_s": wait_s or 0.0}
    _end_attempt(
        conn, FAIL, claimed, status_code=status_code, error=values.text(error), seconds=seconds, **asked
    )  # fmt: skip


def _end_attempt(conn: Connection[Any], query: LiteralString, claimed: Claimed, **outcome: object) -> None:
    asked = {"id": claimed.id, "fence": claimed.fence, "attempt": claimed.attempt, **outcome}
    if conn.execute(query, asked).rowcount == 0:
        raise LeaseLost(f"Delivery {claimed.id} is no longer held under fence {claimed.fence}.", "Stop.")
    conn.execute(LOG, asked)


RELEASE: LiteralString = """
    update webhook_deliveries
    set status = 'pending', attempt = attempt - 1, run_after = now(), worker = null, lease_expires_at = null,
        updated_at = now()
    where id = %(id)s and fence = %(fence)s and status = 'processing'
"""


def release_delivery(conn: Connection[Any], claimed: Claimed) -> None:
    """Give it back as if it had not been taken."""
    conn.execute(RELEASE, {"id": claimed.id, "fence": claimed.fence})


REAP: LiteralString = """
    with reaped as (
        update webhook_deliveries
        set status = case when attempt - attempts_before >= %(most)s then 'failed' else 'pending' end,
            completed_at = case when attempt - attempts_before >= %(most)s then now() end,
            run_after = now(), error_message = %(error)s, worker = null, lease_expires_at = null, updated_at = now()
        where id = any (array(
            select id from webhook_deliveries
            where status = 'processing' and lease_expires_at < now()
            for update skip locked))
        returning id, attempt)
    insert into webhook_attempts (delivery_id, attempt, error)
    select id, attempt, %(error)s from reaped
"""
LOST = "The courier was lost during this attempt; whether the receiver got it is not known."


def reap_deliveries(conn: Connection[Any], *, most_tries: int) -> int:
    """Take what a dead courier held back into line; returns how many those were."""
    return conn.execute(REAP, {"most": most_tries, "error": LOST}).rowcount


LIST: LiteralString = """
    select d.id, d.document_id, d.event, d.url, d.status, d.attempt, d.run_after, d.error_message, d.created_at,
           d.completed_at,
           coalesce((select jsonb_agg(jsonb_build_object(
                         'attempt', a.attempt, 'at', a.at, 'status_code', a.status_code, 'error', a.error,
                         'seconds', a.seconds) order by a.attempt)
                     from webhook_attempts a where a.delivery_id = d.id), '[]') as attempts
    from webhook_deliveries d
"""
OF_DOCUMENT: LiteralString = LIST + " where d.document_id = %(document_id)s order by d.created_at, d.id"
ONE: LiteralString = LIST + " where d.id = %(id)s"


def list_deliveries(conn: Connection[Any], document_id: UUID) -> list[Delivery]:
    """What a document's uploader was told, or is to be, in order, each with its attempts."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(OF_DOCUMENT, {"document_id": document_id}).fetchall()


def get_delivery(conn: Connection[Any], delivery_id: UUID) -> Delivery | None:
    """One delivery with its attempts, or None."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(ONE, {"id": delivery_id}).fetchone()


HOLD: LiteralString = "select document_id, status from webhook_deliveries where id = %(id)s for update"
REPLAY: LiteralString = """
    update webhook_deliveries
    set status = 'pending', attempts_before = attempt, run_after = now(), error_message = null, completed_at = null,
        updated_at = now()
    where id = %(id)s
"""


def replay_delivery(conn: Connection[Any], delivery_id: UUID, actor: str) -> None:
    """Send an ended delivery once more, the same body under the same id; its log goes on.

    Raises:
        DeliveryNotFound: no such delivery.
        DeliveryBusy: it has not ended.
    """
    row = conn.execute(HOLD, {"id": delivery_id}).fetchone()
    if row is None:
        raise DeliveryNotFound(
            f"There is no delivery {delivery_id}.", "GET /documents/{id}/deliveries lists those that exist."
        )
    document_id, status = row
    if status in ("pending", "processing"):
        raise DeliveryBusy(f"Delivery {delivery_id} is {status}.", "It is sent without this; wait for its end.")
    conn.execute(REPLAY, {"id": delivery_id})
    audit.record(conn, actor, "replay_webhook", document_id, {"delivery_id": str(delivery_id), "was": status})

"""The outbox of webhooks: one row for each end, in its transaction; claims, fences, leases, replay."""

import json
from uuid import uuid4

import psycopg
import pytest

from db import document_actions, document_claims, reaper, webhooks
from db.errors import LeaseLost
from tests.integration import factories

URL = "https://hooks.example.com/quarry"


def add(conn, **given):
    return factories.add_claimed_document(conn, callback_url=URL, **given)


def claim(conn, *, lease_s=30.0, limit=10):
    return webhooks.claim_deliveries(conn, worker="courier-1", lease_s=lease_s, limit=limit)


@pytest.fixture
def ended(service):
    """A document that has ended, with a message that waits."""
    with service.transaction() as conn:
        document = add(conn)
        document_claims.set_counts(conn, document.id, document.fence, {"products": 3})
        document_claims.finish_document(conn, document.id, document.fence, "completed")
    return document


def only(service, document):
    with service.transaction() as conn:
        (delivery,) = webhooks.list_deliveries(conn, document.id)
    return delivery


def test_an_end_and_its_message_are_one_transaction(service, ended):
    delivery = only(service, ended)
    assert (delivery.event, delivery.url, delivery.status, delivery.attempts) == (
        "document.completed",
        URL,
        "pending",
        [],
    )
    with service.transaction() as conn:
        (claimed,) = claim(conn)
    told = json.loads(claimed.body)
    assert told["type"] == "document.completed"
    assert told["data"]["document_id"] == str(ended.id)
    assert told["data"]["counts"] == {"products": 3}
    with pytest.raises(ZeroDivisionError), service.transaction() as conn:
        document = add(conn)
        document_claims.finish_document(conn, document.id, document.fence, "completed")
        assert len(webhooks.list_deliveries(conn, document.id)) == 1
        raise ZeroDivisionError
    with service.transaction() as conn:
        assert webhooks.list_deliveries(conn, document.id) == []


def test_every_way_to_end_is_announced_and_nothing_else(service):
    """The trigger does not ask who ends a document: driver, API or reaper."""
    with service.transaction() as conn:
        failed, lost, cancelled, silent = add(conn), add(conn), None, factories.add_claimed_document(conn)
        document_claims.fail_document_attempt(
            conn, failed.id, failed.fence, "broken", code="document_broken", permanent=True, backoff_s=1.0
        )
        cancelled = factories.add_document(conn, callback_url=URL)
        document_actions.request_cancel(conn, cancelled.id, "erika")
        conn.execute("update processed_documents set attempt = 4 where id = %s", [lost.id])
        document_claims.renew_document(conn, lost.id, lost.fence, -1)
        reaper.reap_expired(conn, backoff_s=1.0)
        document_claims.finish_document(conn, silent.id, silent.fence, "completed")
    for document, event in ((failed, "failed"), (lost, "failed"), (cancelled, "cancelled")):
        assert only(service, document).event == f"document.{event}"
    with service.transaction() as conn:
        assert webhooks.list_deliveries(conn, silent.id) == []
        assert len(claim(conn)) == 3


def test_a_retried_document_is_announced_again(service):
    with service.transaction() as conn:
        document = add(conn)
        document_claims.finish_document(
            conn, document.id, document.fence, "failed", error_code="x", error_message="broken"
        )
        document_actions.retry_document(conn, document.id, "erika")
    with service.transaction() as conn:
        again = factories.claim_document(conn)
        assert again.id == document.id
        document_claims.finish_document(conn, again.id, again.fence, "partial")
        assert [one.event for one in webhooks.list_deliveries(conn, document.id)] == [
            "document.failed", "document.partial",
        ]  # fmt: skip


def test_a_delivery_is_claimed_once_and_finished_only_under_its_fence(service, ended):
    with service.transaction() as conn:
        (claimed,) = claim(conn)
        assert claim(conn) == []
        webhooks.complete_delivery(conn, claimed, status_code=204, seconds=0.1)
        with pytest.raises(LeaseLost):
            webhooks.complete_delivery(conn, claimed, status_code=204, seconds=0.1)
    delivery = only(service, ended)
    assert delivery.status == "completed"
    assert [(one["attempt"], one["status_code"], one["error"]) for one in delivery.attempts] == [(1, 204, None)]


def test_a_failed_attempt_waits_and_keeps_its_error(service, ended):
    with service.transaction() as conn:
        (first,) = claim(conn)
        webhooks.fail_delivery(conn, first, "answered 500", status_code=500, seconds=0.1, wait_s=3600)
        assert claim(conn) == []
        conn.execute("update webhook_deliveries set run_after = now()")
        (second,) = claim(conn)
        assert (second.attempt, second.tries, second.body) == (2, 2, first.body)
        webhooks.fail_delivery(conn, second, "answered 410", status_code=410, seconds=0.1, wait_s=None)
    delivery = only(service, ended)
    assert (delivery.status, delivery.error_message) == ("failed", "answered 410")
    assert [one["error"] for one in delivery.attempts] == ["answered 500", "answered 410"]


def test_what_a_dead_courier_held_is_sent_again_and_its_late_word_refused(service, ended):
    with service.transaction() as conn:
        (stale,) = claim(conn, lease_s=-1)
        assert webhooks.reap_deliveries(conn, most_tries=8) == 1
        (second,) = claim(conn)
        with pytest.raises(LeaseLost):
            webhooks.complete_delivery(conn, stale, status_code=204, seconds=0.1)
        webhooks.release_delivery(conn, second)
        (third,) = claim(conn, lease_s=-1)
        assert third.attempt == second.attempt
        assert webhooks.reap_deliveries(conn, most_tries=2) == 1
    delivery = only(service, ended)
    assert delivery.status == "failed"
    assert "courier was lost" in delivery.error_message


def test_a_replay_sends_the_same_again_and_the_log_goes_on(service, ended):
    with service.transaction() as conn:
        with pytest.raises(webhooks.DeliveryBusy):
            webhooks.replay_delivery(conn, webhooks.list_deliveries(conn, ended.id)[0].id, "erika")
        (first,) = claim(conn)
        webhooks.complete_delivery(conn, first, status_code=200, seconds=0.1)
        webhooks.replay_delivery(conn, first.id, "erika")
        (second,) = claim(conn)
        assert (second.id, second.body, second.attempt, second.tries) == (first.id, first.body, 2, 1)
        webhooks.complete_delivery(conn, second, status_code=200, seconds=0.1)
        with pytest.raises(webhooks.DeliveryNotFound):
            webhooks.replay_delivery(conn, uuid4(), "erika")
        trail = conn.execute("select actor, document_id from audit_log where action = 'replay_webhook'").fetchall()
    assert trail == [("erika", ended.id)]
    assert [one["attempt"] for one in only(service, ended).attempts] == [1, 2]


def test_messages_go_with_their_document(service, ended):
    with service.transaction() as conn:
        (claimed,) = claim(conn)
        webhooks.fail_delivery(conn, claimed, "away", status_code=None, seconds=None, wait_s=1.0)
        document_actions.delete_document(conn, ended.id, "erika")
        left = conn.execute("select (select count(*) from webhook_deliveries), (select count(*) from webhook_attempts)")
        assert left.fetchone() == (0, 0)


def test_the_monitor_reads_and_changes_nothing(admin, ended):
    with admin.transaction() as conn:
        assert len(webhooks.list_deliveries(conn, ended.id)) == 1
    for statement in ("delete from webhook_deliveries", "update webhook_attempts set error = null"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), admin.transaction() as conn:
            conn.execute(statement)


def test_the_database_refuses_wrong_states(service, ended):
    for change in (
        "status = 'lost'",
        "status = 'processing'",
        "status = 'completed'",
        "status = 'failed', completed_at = now()",
    ):
        with pytest.raises(psycopg.errors.CheckViolation), service.transaction() as conn:
            conn.execute(f"update webhook_deliveries set {change}")

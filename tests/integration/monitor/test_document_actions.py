"""The buttons on a document's page ask a real API, and the page shows what became of it."""

import pytest

from db.documents import get_document
from db.webhooks import list_deliveries
from tests.integration import factories
from tests.integration.monitor import situations


@pytest.fixture
def state_of(service):
    def state_of(document):
        with service.transaction() as conn:
            found = get_document(conn, document.id)
        return found and found.status

    return state_of


def opened(monitor, document, view="Products"):
    return monitor.open("document", id=str(document.id), view=view)


def trail(service):
    with service.transaction() as conn:
        return conn.execute("select actor, action from audit_log where actor = 'monitor' order by id").fetchall()


def test_each_state_has_the_buttons_that_fit_it(monitor, service, storage):
    held = situations.held_document(service, "Axpert")
    assert opened(monitor, held).buttons == ["Cancel", "Delete this document"]
    done = situations.completed_catalogue(service, storage, "Nordiche", ["Terra"])
    assert opened(monitor, done).buttons[:2] == ["Reprocess this document", "Delete this document"]
    failed = situations.refused_document(service, "Secret", "The PDF asks for a password.")
    labels = ["Retry what failed", "Reprocess this document", "Delete this document"]
    assert opened(monitor, failed).buttons == labels


def test_a_pending_document_is_cancelled_and_tried_again(monitor, api, service, state_of):
    document = situations.waiting_document(service, "Barmin")
    opened(monitor, document).press("Cancel")
    assert state_of(document) == "cancelled"
    assert "Cancelled" in opened(monitor, document).text
    (told,) = monitor.press("Retry what failed").app.toast
    assert told.value == r"What failed is tried again\."
    assert state_of(document) == "pending"
    assert trail(service) == [("monitor", "cancel"), ("monitor", "retry")]


def test_a_running_document_that_was_asked_to_stop_has_no_second_cancel(monitor, api, service):
    held = situations.held_document(service, "Axpert")
    assert opened(monitor, held).press("Cancel").buttons == ["Delete this document"]


def test_reprocess_and_delete_ask_first(monitor, api, service, storage, state_of):
    done = situations.completed_catalogue(service, storage, "Nordiche", ["Terra"])
    opened(monitor, done)
    asked = " ".join(text.value for text in monitor.app.main.markdown)
    assert "taken over where nothing has changed" in asked and "This cannot be undone." in asked
    assert state_of(done) == "completed", "nothing is done before the second button"
    monitor.press("Reprocess this document")
    assert state_of(done) == "pending"
    assert "There is no such document" in monitor.press("Delete this document").text
    assert state_of(done) is None
    assert trail(service) == [("monitor", "reprocess"), ("monitor", "delete")]


def test_what_the_api_refuses_is_said(monitor, api, service, storage):
    done = situations.completed_catalogue(service, storage, "Nordiche", ["Terra"])
    opened(monitor, done)
    with service.transaction() as conn:
        conn.execute("update processed_documents set status = 'pending', completed_at = null where id = %s", [done.id])
    text = monitor.press("Reprocess this document").text
    assert f"Reprocessing Nordiche did not work. Document {done.id} is pending." in text


def test_a_webhook_that_ended_is_sent_again(monitor, api, service):
    with service.transaction() as conn:
        delivery = factories.add_failed_delivery(conn)
        conn.execute(
            "update webhook_deliveries set status = 'failed', completed_at = now() where id = %s", [delivery.id]
        )
    monitor.open("document", id=str(delivery.document_id), view="Webhooks").press("Send again")
    with service.transaction() as conn:
        (again,) = list_deliveries(conn, delivery.document_id)
    assert again.status == "pending"
    assert trail(service) == [("monitor", "replay_webhook")]

"""The page of a document shows whom it told of its end, and how that went."""

import pytest

from tests.integration import factories


@pytest.mark.usefixtures("monitor_settings")
def test_each_attempt_is_shown_with_what_became_of_it(monitor, service):
    with service.transaction() as conn:
        delivery = factories.add_failed_delivery(conn)
    page = monitor.open("document", id=str(delivery.document_id), view="Webhooks")
    for words in ("document.cancelled", "https://hooks.example.com/", "answered 500", "Next attempt", "Pending"):
        assert words in page.text


@pytest.mark.usefixtures("monitor_settings")
def test_a_document_that_tells_nobody_says_so(monitor, service):
    with service.transaction() as conn:
        document = factories.add_document(conn)
    assert "No webhooks" in monitor.open("document", id=str(document.id), view="Webhooks").text

"""Uploads and deletions of the same bytes."""

import threading

from db.contents import is_used, lock_content
from tests.integration import factories


def test_a_file_is_used_while_a_document_is_made_of_it(service, pending_document):
    with service.transaction() as conn:
        assert is_used(conn, pending_document.storage_key)
        assert not is_used(conn, "another key")


def test_whoever_locks_the_same_content_waits_for_the_first(service):
    order = []
    locked = threading.Event()

    def second():
        locked.wait()
        with service.transaction() as conn:
            lock_content(conn, "same bytes")
            order.append(("second", is_used(conn, "cc/file.pdf")))

    waiting = threading.Thread(target=second)
    waiting.start()
    with service.transaction() as conn:
        lock_content(conn, "same bytes")
        locked.set()
        waiting.join(0.3)
        assert waiting.is_alive()
        factories.add_document(conn, storage_key="cc/file.pdf")
        order.append(("first", True))
    waiting.join(10)
    assert order == [("first", True), ("second", True)]


def test_other_content_does_not_wait(service):
    with service.transaction() as first, service.transaction() as other:
        lock_content(first, "one")
        other.execute("set local lock_timeout = '1s'")
        lock_content(other, "two")

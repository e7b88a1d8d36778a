"""A driver's hold on its document, on a real Postgres."""

import time
from contextlib import contextmanager

import pytest

from cluster.document_run import DocumentRun
from cluster.lease import DocumentCancelled, DocumentLease
from cluster.settings import Settings
from db.document_actions import request_cancel
from db.document_claims import claim_next, release_document, renew_document, take_over
from db.documents import get_document
from db.errors import LeaseLost
from db.queue import queue_image_processing_jobs
from db.reaper import reap_expired
from tests.integration import factories

SETTINGS = Settings(_env_file=None, lease_s=3.0)


def wait_for(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def raises(lease, error):
    try:
        lease.check()
    except error:
        return True
    return False


@pytest.fixture
def ticket(service):
    """What the supervisor hands to a driver."""
    with service.transaction() as conn:
        factories.add_document(conn)
        return claim_next(conn, worker="supervisor/1", lease_s=SETTINGS.lease_s, max_active=10)


def take(service, ticket):
    return DocumentLease.take(service, ticket.id, "supervisor/1", ticket.fence, SETTINGS)


def test_the_first_driver_takes_over_without_a_second_attempt(service, ticket):
    lease = take(service, ticket)
    assert lease.document.attempt == 1
    assert lease.fence > ticket.fence


def test_a_retried_driver_counts_as_another_attempt_and_shuts_out_the_first(service, ticket):
    first = take(service, ticket)
    second = take(service, ticket)
    assert (second.document.attempt, second.fence > first.fence) == (2, True)
    with first:
        wait_for(lambda: raises(first, LeaseLost))


def test_somebody_elses_document_is_not_taken(service, ticket):
    assert DocumentLease.take(service, ticket.id, "supervisor/2", ticket.fence, SETTINGS) is None


def test_it_is_renewed_while_it_is_held(service, ticket):
    with take(service, ticket) as lease:
        time.sleep(SETTINGS.lease_s + 1.0)
        lease.check()
        with service.transaction() as conn:
            assert reap_expired(conn, backoff_s=0).documents == []


def test_after_its_end_it_runs_out(service, ticket):
    with take(service, ticket) as lease:
        pass
    with service.transaction() as conn:
        renew_document(conn, ticket.id, lease.fence, -1)
    with service.transaction() as conn:
        assert reap_expired(conn, backoff_s=0).documents == [ticket.id]
        assert get_document(conn, ticket.id).status == "pending"


def test_a_cancel_is_seen_within_seconds(service, ticket):
    with take(service, ticket) as lease:
        with service.transaction() as conn:
            request_cancel(conn, ticket.id, "tester")
        started = time.monotonic()
        wait_for(lambda: raises(lease, DocumentCancelled))
        assert time.monotonic() - started < 5


def test_four_lost_drivers_use_up_the_attempts(service, ticket):
    for _ in range(4):
        lease = take(service, ticket)
    assert lease.document.attempt == 4
    with service.transaction() as conn:
        assert take_over(conn, ticket.id, worker="supervisor/1", claimed_fence=ticket.fence, lease_s=3.0) is None


@pytest.mark.parametrize("cancelled", [False, True])
def test_what_was_given_back_is_noticed_at_the_next_look_and_not_at_the_next_renewal(service, ticket, cancelled):
    def expires_at():
        with service.transaction() as conn:
            return get_document(conn, ticket.id).lease_expires_at

    patient = SETTINGS.model_copy(update={"lease_s": 60.0})
    with DocumentLease.take(service, ticket.id, "supervisor/1", ticket.fence, patient) as lease:
        wait_for(lambda: expires_at() > lease.document.lease_expires_at)  # renewed, and not again for 20 s
        with service.transaction() as conn:
            assert release_document(conn, ticket.id, worker="supervisor/1")
            if cancelled:
                assert request_cancel(conn, ticket.id, "tester") == "cancelled"
        wait_for(lambda: raises(lease, LeaseLost), seconds=4)


def test_a_driver_that_does_not_know_yet_that_it_was_replaced_queues_no_job(service, ticket, tmp_path):
    first = take(service, ticket)
    with service.transaction() as conn:
        factories.add_images(conn, first.document, 1)
    second = take(service, ticket)
    home = SETTINGS.model_copy(update={"home": tmp_path})
    with pytest.raises(LeaseLost):
        DocumentRun(home, service, first).enqueue(queue_image_processing_jobs)
    assert DocumentRun(home, service, second).enqueue(queue_image_processing_jobs) == 1


class Stumbling:
    """The real database, whose first transactions end as nobody foresaw."""

    def __init__(self, database, stumbles):
        self._database = database
        self.stumbles = stumbles

    @contextmanager
    def transaction(self):
        if self.stumbles:
            self.stumbles -= 1
            raise RuntimeError("nobody foresaw this")
        with self._database.transaction() as conn:
            yield conn


def test_whatever_happens_to_a_renewal_the_next_one_is_tried(service, ticket):
    taken = take(service, ticket)
    stumbling = Stumbling(service, 2)
    with DocumentLease(stumbling, taken.document, SETTINGS) as lease:
        wait_for(lambda: not stumbling.stumbles)
        with service.transaction() as conn:
            request_cancel(conn, ticket.id, "tester")
        wait_for(lambda: raises(lease, DocumentCancelled))

"""A paused queue gives no claims and costs nobody anything."""

import pytest

from db import document_actions, document_claims, documents, queue, reaper
from db.job_results import complete_image_jobs
from db.queue_switches import SWITCHES, pause_queue, queue_switches, resume_queue
from tests.integration import factories


def claims_of(conn, document, name):
    claim = {"image": factories.claim_images, "ai": factories.claim_analyses}[name]
    return claim(conn, document)


@pytest.fixture
def queued(service):
    """A held document with a job in both queues."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        factories.add_image_jobs(conn, document, 1)
        factories.add_analysis_jobs(conn, document, 1)
    return document


def test_queues_run_until_somebody_pauses_them(service):
    with service.transaction() as conn:
        found = queue_switches(conn)
    assert list(found) == list(SWITCHES)
    assert not any(switch.paused for switch in found.values())
    assert all(switch.changed_by is None for switch in found.values())


@pytest.mark.parametrize(("name", "other"), [("image", "ai"), ("ai", "image")])
def test_a_paused_queue_gives_no_jobs_and_the_other_does(service, queued, name, other):
    with service.transaction() as conn:
        assert pause_queue(conn, name, "maria").paused
        assert claims_of(conn, queued, name) == []
        assert len(claims_of(conn, queued, other)) == 1
        assert not resume_queue(conn, name, "maria").paused
        (job,) = claims_of(conn, queued, name)
    assert job.attempt == 1, "waiting cost no attempt"


def test_while_documents_are_paused_none_is_admitted(service):
    with service.transaction() as conn:
        document = factories.add_document(conn)
        pause_queue(conn, "documents", "maria")
        assert factories.claim_document(conn) is None
        resume_queue(conn, "documents", "maria")
        claimed = factories.claim_document(conn)
    assert (claimed.id, claimed.attempt) == (document.id, 1)


def test_a_document_keeps_its_lease_and_its_attempts_while_its_queues_stand(service, queued):
    with service.transaction() as conn:
        for name in SWITCHES:
            pause_queue(conn, name, "maria")
        assert document_claims.renew_document(conn, queued.id, queued.fence, 30.0) is False
        assert reaper.reap_expired(conn, backoff_s=0).documents == []
        held = documents.get_document(conn, queued.id)
        assert (held.status, held.attempt, held.fence) == ("processing", 1, queued.fence)
        counts = queue.job_counts(conn, queued.id)["image"]
    assert (counts.pending, counts.processing) == (1, 0)


def test_what_is_claimed_when_a_queue_is_paused_may_end(service, queued):
    with service.transaction() as conn:
        (job,) = factories.claim_images(conn, queued)
        pause_queue(conn, "image", "maria")
        assert complete_image_jobs(conn, [factories.image_completion(job)]) == {job.id}


def test_cancel_works_while_everything_stands(service, queued):
    with service.transaction() as conn:
        waiting = factories.add_document(conn)
        for name in SWITCHES:
            pause_queue(conn, name, "maria")
        assert document_actions.request_cancel(conn, waiting.id, "tester") == "cancelled"
        assert document_actions.request_cancel(conn, queued.id, "tester") == "cancelling"
        assert document_claims.renew_document(conn, queued.id, queued.fence, 30.0) is True, "the driver sees it"
        document_claims.finish_document(conn, queued.id, queued.fence, "cancelled")
        assert queue.job_counts(conn, queued.id)["image"].cancelled == 1


def test_pausing_twice_is_pausing_once_and_the_first_stays_named(service):
    with service.transaction() as conn:
        pause_queue(conn, "ai", "maria")
        pause_queue(conn, "ai", "josef")
        assert queue_switches(conn)["ai"].changed_by == "maria"
        resume_queue(conn, "ai", "josef")
        resume_queue(conn, "ai", "maria")
        trail = conn.execute("select actor, action, detail, at is not null from audit_log order by id").fetchall()
    assert trail == [("maria", "pause", {"queue": "ai"}, True), ("josef", "resume", {"queue": "ai"}, True)]


def test_resuming_what_was_never_paused_leaves_no_trace(service):
    with service.transaction() as conn:
        assert resume_queue(conn, "image", "maria").changed_by is None
        assert conn.execute("select count(*) from audit_log").fetchone() == (0,)

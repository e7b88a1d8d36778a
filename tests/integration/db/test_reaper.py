from concurrent.futures import ThreadPoolExecutor

import pytest

from db import document_claims, queue
from db.documents import get_document
from db.errors import LeaseLost
from db.reaper import reap_expired
from tests.integration import factories
from tests.integration.factories import WORKER, claim_analyses, claim_document, claim_images


def test_what_is_held_is_left_alone(service, claimed_document, claimed_image_job):
    with service.transaction() as conn:
        assert reap_expired(conn, backoff_s=0).documents == []
        assert get_document(conn, claimed_document.id).status == "processing"
        assert queue.job_counts(conn, claimed_document.id)["image"].processing == 1


def test_a_dead_drivers_document_goes_back_in_line_with_the_reason(service, expired_document):
    with service.transaction() as conn:
        document_claims.set_stage(conn, expired_document.id, expired_document.fence, "chunking")
        assert reap_expired(conn, backoff_s=0).documents == [expired_document.id]
        row = get_document(conn, expired_document.id)
        assert (row.status, row.attempt, row.worker, row.stage) == ("pending", 1, None, None)
        assert row.errors[0]["attempt"] == 1 and row.errors[0]["code"] == "driver_lost"
        assert WORKER in row.errors[0]["error"] and "chunking" in row.errors[0]["error"]
        with pytest.raises(LeaseLost):
            document_claims.require_fence(conn, expired_document.id, expired_document.fence)
        assert claim_document(conn).attempt == 2


def test_the_second_chance_waits(service, expired_document):
    with service.transaction() as conn:
        reap_expired(conn, backoff_s=60)
        assert claim_document(conn) is None


def test_a_document_that_kills_every_driver_fails_after_four(service, pending_document):
    for attempt in range(1, 5):
        with service.transaction() as conn:
            assert claim_document(conn, lease_s=-1).attempt == attempt
            reap_expired(conn, backoff_s=0)
    with service.transaction() as conn:
        row = get_document(conn, pending_document.id)
        assert claim_document(conn) is None
    assert (row.status, row.error_code) == ("failed", "driver_lost")
    assert "4 time" in row.error_message and [entry["attempt"] for entry in row.errors] == [1, 2, 3, 4]


def test_a_failed_documents_jobs_do_not_wait_for_ever(service):
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn, max_retries=0)
        factories.add_image_jobs(conn, document, 2)
        conn.execute("update processed_documents set lease_expires_at = now() - interval '1 s'")
        reap_expired(conn, backoff_s=0)
        assert get_document(conn, document.id).status == "failed"
        assert queue.job_counts(conn, document.id)["image"].cancelled == 2


def test_a_cancelled_document_of_a_dead_driver_is_cancelled(service, expired_document):
    with service.transaction() as conn:
        conn.execute("update processed_documents set cancel_requested = true")
        reap_expired(conn, backoff_s=0)
        assert get_document(conn, expired_document.id).status == "cancelled"


def test_a_dead_workers_job_goes_back_while_its_document_lives(service, claimed_document, expired_job):
    with service.transaction() as conn:
        assert reap_expired(conn, backoff_s=0).documents == []
        (again,) = claim_images(conn, claimed_document)
        errors = conn.execute("select errors from image_processing_queue").fetchone()[0]
    assert again.id == expired_job.id and again.attempt == 2 and again.fence > expired_job.fence
    assert [(entry["attempt"], "lease" in entry["error"]) for entry in errors] == [(1, True)]


def test_a_job_that_kills_every_worker_fails_after_four(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 1)
        factories.add_analysis_jobs(conn, claimed_document, 1)
        for attempt in range(1, 5):
            assert claim_images(conn, claimed_document, lease_s=-1)[0].attempt == attempt
            assert claim_analyses(conn, claimed_document, lease_s=-1)[0].attempt == attempt
            reap_expired(conn, backoff_s=0)
        counts = queue.job_counts(conn, claimed_document.id)
        image = conn.execute("select ocr_status, embedding_status from document_images").fetchone()
        reasons = conn.execute("select jsonb_array_length(errors), error_message from ai_analysis_queue").fetchone()
    assert counts["image"].failed == counts["ai"].failed == 1
    assert image == ("failed", "failed")
    assert reasons[0] == 4 and "ran out" in reasons[1]


def test_reapers_in_several_places_take_each_once(service):
    with service.transaction() as conn:
        for _ in range(20):
            factories.add_claimed_document(conn, lease_s=-1)

    def reap(_):
        with service.transaction() as conn:
            return reap_expired(conn, backoff_s=0).documents

    with ThreadPoolExecutor(8) as threads:
        reaped = [document for got in threads.map(reap, range(8)) for document in got]
    assert len(reaped) == len(set(reaped)) == 20


def test_lost_calls_are_counted_beside_the_documents(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 2)
        claim_images(conn, claimed_document, limit=2, lease_s=-1)
        assert reap_expired(conn, backoff_s=0) == ([], 2)

from uuid import uuid4

import pytest

from db import document_claims, images, job_results, pages, products, progress, queue
from db.contents import dropped_files, is_used
from db.document_actions import delete_document, reprocess_document, request_cancel, retry_document
from db.documents import get_document
from db.errors import DocumentBusy, DocumentNotFound, LeaseLost
from tests.integration import factories
from tests.integration.factories import claim_document, claim_images, image_completion


def trail(conn):
    return conn.execute("select actor, action, document_id, detail from audit_log order by id").fetchall()


def finish(conn, document, status="partial"):
    reason = {"error_code": "x", "error_message": "y"} if status == "failed" else {}
    document_claims.finish_document(conn, document.id, document.fence, status, **reason)


@pytest.mark.parametrize("action", [request_cancel, retry_document, reprocess_document, delete_document])
def test_an_unknown_document_is_not_found(service, action):
    with pytest.raises(DocumentNotFound), service.transaction() as conn:
        action(conn, uuid4(), "ann")


# ---- cancel


def test_a_waiting_document_is_cancelled_at_once(service, pending_document):
    with service.transaction() as conn:
        assert request_cancel(conn, pending_document.id, "ann") == "cancelled"
        row = get_document(conn, pending_document.id)
        assert row.status == "cancelled" and row.completed_at is not None
        assert claim_document(conn) is None
        assert trail(conn)[-1] == ("ann", "cancel", pending_document.id, {"was": "pending"})


def test_a_running_document_is_asked_to_stop(service, claimed_document):
    with service.transaction() as conn:
        assert request_cancel(conn, claimed_document.id, "ann") == "cancelling"
        assert get_document(conn, claimed_document.id).status == "processing"
        assert document_claims.renew_document(conn, claimed_document.id, claimed_document.fence, 30) is True


def test_an_ended_document_stays_as_it_ended(service, claimed_document):
    with service.transaction() as conn:
        finish(conn, claimed_document, "completed")
        assert request_cancel(conn, claimed_document.id, "ann") == "completed"
        assert [action for _, action, _, _ in trail(conn)] == ["submit"]


# ---- retry


@pytest.fixture
def partial_document(service, claimed_document):
    """Three images: one completed, one failed, one cancelled; one page failed; progress everywhere."""
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        bad = factories.page_json(4, kind="failed", error_code="page_failed", error_message="it never returned")
        pages.save_pages(conn, claimed_document.id, claimed_document.fence, [bad])
        done, failed = claim_images(conn, claimed_document, limit=2)
        job_results.complete_image_jobs(conn, [image_completion(done)])
        job_results.mark_job_failed(conn, "image", failed.id, failed.fence, "boom", permanent=True)
        for stage, total in (("extraction", 4), ("image_processing", 3), ("chunking", 5), ("product_creation", 1)):
            progress.update_progress(conn, claimed_document.id, stage, total=total, completed=total)
        finish(conn, claimed_document)
    return claimed_document


def test_a_retry_runs_what_failed_and_keeps_the_diagnosis(service, partial_document):
    with service.transaction() as conn:
        assert retry_document(conn, partial_document.id, "ann") == 2
        row = get_document(conn, partial_document.id)
        states = conn.execute(
            "select status, attempt, jsonb_array_length(errors), error_message from image_processing_queue "
            "order by created_at"
        ).fetchall()
        ocr = [image.ocr_status for image in images.list_images(conn, partial_document.id)]
    assert (row.status, row.attempt, row.completed_at, row.cancel_requested) == ("pending", 0, None, False)
    assert states == [("completed", 1, 0, None), ("pending", 0, 1, "boom"), ("pending", 0, 0, None)]
    assert ocr == ["text", "pending", "pending"]


def test_a_retry_reads_failed_pages_again_and_remembers_why_they_failed(service, partial_document):
    with service.transaction() as conn:
        retry_document(conn, partial_document.id, "ann")
        assert pages.stored_pages(conn, partial_document.id) == {1, 2, 3}
        (entry,) = get_document(conn, partial_document.id).errors
    assert (entry["page"], entry["code"], entry["error"]) == (4, "page_failed", "it never returned")


def test_a_retry_forgets_warnings_that_its_end_may_not_repeat(service, claimed_document):
    with service.transaction() as conn:
        fence = claimed_document.fence
        document_claims.add_warning(conn, claimed_document.id, fence, "pages_failed", "1 of 4 pages could not be read")
        finish(conn, claimed_document)
        assert [warning["code"] for warning in get_document(conn, claimed_document.id).warnings] == ["pages_failed"]
        retry_document(conn, claimed_document.id, "ann")
        assert get_document(conn, claimed_document.id).warnings == []


def test_progress_goes_back_to_what_is_really_done(service, partial_document):
    with service.transaction() as conn:
        retry_document(conn, partial_document.id, "ann")
        stages = conn.execute("select stage, progress, completed_items from job_progress").fetchall()
        overall = get_document(conn, partial_document.id).progress
    assert {stage: (percent, items) for stage, percent, items in stages} == {
        "extraction": (75, 3),
        "image_processing": (33, 1),
        "chunking": (100, 5),
        "product_creation": (0, 0),
    }
    assert overall == pytest.approx(15 + 20 / 3 + 20, abs=0.01)


def test_a_retried_document_gets_four_attempts_again(service, partial_document):
    with service.transaction() as conn:
        retry_document(conn, partial_document.id, "ann")
        document = claim_document(conn)
        assert document.attempt == 1
        assert [job.attempt for job in claim_images(conn, document)] == [1, 1]


def test_a_cancelled_document_goes_on_where_it_stopped(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 2)
        request_cancel(conn, claimed_document.id, "ann")
        finish(conn, claimed_document, "cancelled")
        assert retry_document(conn, claimed_document.id, "ann") == 2
        document = claim_document(conn)
        assert document.id == claimed_document.id and not document.cancel_requested


def test_a_completed_document_has_nothing_to_retry(service, claimed_document):
    with service.transaction() as conn:
        finish(conn, claimed_document, "completed")
        assert retry_document(conn, claimed_document.id, "ann") == 0
        assert get_document(conn, claimed_document.id).status == "completed"


@pytest.mark.parametrize("action", [retry_document, reprocess_document])
def test_an_open_document_cannot_begin_again(service, pending_document, action):
    with service.transaction() as conn:
        with pytest.raises(DocumentBusy, match="pending"):
            action(conn, pending_document.id, "ann")
        claim_document(conn)
        with pytest.raises(DocumentBusy, match="processing"):
            action(conn, pending_document.id, "ann")


# ---- reprocess


def test_reprocessing_forgets_everything_made_but_not_the_errors(service, claimed_document):
    document = claimed_document
    with service.transaction() as conn:
        factories.add_image_jobs(conn, document, 2)
        factories.add_analysis_jobs(conn, document, 2)
        products.save_products(conn, document.id, document.fence, [factories.product_json()], [None], "")
        progress.update_progress(conn, document.id, "extraction", total=1, completed=1)
        document_claims.set_counts(conn, document.id, document.fence, {"pages": 2})
        document_claims.set_languages(conn, document.id, document.fence, ["tr"])
        document_claims.fail_document_attempt(
            conn, document.id, document.fence, "boom", code="x", permanent=True, backoff_s=1
        )
        reprocess_document(conn, document.id, "ann")
        row = get_document(conn, document.id)
        for table in ("document_pages", "document_images", "document_chunks", "products", "job_progress"):
            assert conn.execute(f"select count(*) from {table}").fetchone() == (0,)
        for counts in queue.job_counts(conn, document.id).values():
            assert counts.total == 0
        assert trail(conn)[-1][:3] == ("ann", "reprocess", document.id)
    assert (row.status, row.progress, row.attempt, row.counts, row.error_code) == ("pending", 0, 0, {}, None)
    assert row.languages == [], "its text is to be read anew"
    assert [entry["error"] for entry in row.errors] == ["boom"]


# ---- delete


def test_deleting_leaves_only_the_trail(service, partial_document):
    with service.transaction() as conn:
        keys = delete_document(conn, partial_document.id, "ann")
        assert get_document(conn, partial_document.id) is None
        assert trail(conn)[-1][:3] == ("ann", "delete", partial_document.id)
    assert partial_document.storage_key in keys and len(keys) == 4


def test_files_that_another_document_uses_are_kept(service, claimed_document):
    shared = factories.image_json(storage_key="cc/logo.png")
    own = factories.image_json(storage_key="cc/own.png")
    page = factories.page_json(images=[shared, own], thumbnail_key="cc/shared-thumbnail.png")
    with service.transaction() as conn:
        other = factories.add_claimed_document(conn, storage_key=claimed_document.storage_key)
        pages.save_pages(conn, claimed_document.id, claimed_document.fence, [page])
        theirs = factories.page_json(images=[shared], thumbnail_key="cc/shared-thumbnail.png")
        pages.save_pages(conn, other.id, other.fence, [theirs])
        named = delete_document(conn, claimed_document.id, "ann")
        assert named == sorted(["cc/logo.png", "cc/own.png", "cc/shared-thumbnail.png", other.storage_key])
        assert [key for key in named if not is_used(conn, key)] == ["cc/own.png"]
        assert not any(is_used(conn, key) for key in delete_document(conn, other.id, "ann"))
        assert sorted(dropped_files(conn, older_than_s=-1, limit=10)) == named, "remembered until they are removed"


def test_a_driver_whose_document_is_deleted_stops(service, claimed_document, claimed_image_job):
    with service.transaction() as conn:
        delete_document(conn, claimed_document.id, "ann")
    with service.transaction() as conn:
        assert document_claims.renew_document(conn, claimed_document.id, claimed_document.fence, 30) is None
        assert job_results.complete_image_jobs(conn, [image_completion(claimed_image_job)]) == set()
        assert (
            job_results.mark_job_failed(conn, "image", claimed_image_job.id, claimed_image_job.fence, "x")
            == "lease_lost"
        )
        assert queue.queue_image_processing_jobs(conn, claimed_document.id) == 0
        with pytest.raises(LeaseLost):
            pages.save_pages(conn, claimed_document.id, claimed_document.fence, [factories.page_json()])

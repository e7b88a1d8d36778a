import pytest

from db import document_claims, job_results, pages
from db.document_actions import retry_document
from db.error_log import error_log
from tests.integration import factories
from tests.integration.factories import claim_analyses, claim_images


@pytest.fixture
def troubled_document(service):
    """Errors of every source, oldest first: page, image twice, analysis, document."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        bad = factories.page_json(7, kind="failed", error_code="page_failed", error_message="over its time")
        pages.save_pages(conn, document.id, document.fence, [bad])
    with service.transaction() as conn:
        factories.add_image_jobs(conn, document, 1)
        factories.add_analysis_jobs(conn, document, 1)
    for attempt in (1, 2):
        with service.transaction() as conn:
            conn.execute("update image_processing_queue set run_after = now()")
            (job,) = claim_images(conn, document)
            job_results.mark_job_failed(conn, "image", job.id, job.fence, f"image {attempt}", permanent=attempt == 2)
    with service.transaction() as conn:
        (job,) = claim_analyses(conn, document)
        job_results.mark_job_failed(conn, "ai", job.id, job.fence, "analysis")
    with service.transaction() as conn:
        document_claims.fail_document_attempt(
            conn, document.id, document.fence, "the whole", code="internal_error", permanent=False, backoff_s=1
        )
    return document


def test_the_error_log_shows_every_attempt_newest_first(admin, troubled_document):
    with admin.transaction() as conn:
        log = error_log(conn)
    assert [(entry.source, entry.item, entry.attempt, entry.error, entry.final) for entry in log] == [
        ("document", "document", 1, "the whole", False),
        ("ai", "chunk 0 on page 1, classification", 1, "analysis", False),
        ("image", "image on page 1", 2, "image 2", True),
        ("image", "image on page 1", 1, "image 1", False),
        ("page", "page 7", None, "over its time", True),
    ]
    assert {entry.document_title for entry in log} == {troubled_document.title}
    assert (log[0].code, log[0].max_attempts, log[4].code) == ("internal_error", 4, "page_failed")


def test_the_error_log_is_read_in_parts(service, admin, troubled_document):
    with service.transaction() as conn:
        factories.add_claimed_document(conn)
    with admin.transaction() as conn:
        whole = error_log(conn)
        for limit in (1, 2, 3):
            parts = [error_log(conn, limit=limit, offset=offset) for offset in range(0, len(whole), limit)]
            assert [entry for part in parts for entry in part] == whole
        assert error_log(conn, document_id=troubled_document.id) == whole


def test_an_old_error_of_a_row_that_moved_since_does_not_push_out_newer_ones(service, admin):
    """Rows are taken by their newest error, not by their last change."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        factories.add_image_jobs(conn, document, 2)
    jobs = []
    for error in ("older", "newer"):
        with service.transaction() as conn:
            (job,) = claim_images(conn, document, limit=1)
            job_results.mark_job_failed(conn, "image", job.id, job.fence, error)
            jobs.append(job)
    with service.transaction() as conn:
        conn.execute("update image_processing_queue set updated_at = now(), priority = 1 where id = %s", [jobs[0].id])
    with admin.transaction() as conn:
        assert [entry.error for entry in error_log(conn, limit=1)] == ["newer"]


def test_a_retry_keeps_the_log(service, admin, troubled_document):
    with service.transaction() as conn:
        before = len(error_log(conn))
        conn.execute("update processed_documents set run_after = now()")
        document = factories.claim_document(conn)
        document_claims.finish_document(conn, document.id, document.fence, "partial")
        retry_document(conn, document.id, "ann")
    with admin.transaction() as conn:
        assert len(error_log(conn)) == before


def test_the_error_log_is_filtered(admin, troubled_document):
    def errors(**asked):
        with admin.transaction() as conn:
            return [entry.error for entry in error_log(conn, **asked)]

    assert errors(source="image") == ["image 2", "image 1"]
    assert errors(source="page") == ["over its time"]
    assert errors(text="ANALY") == ["analysis"]
    assert errors(text="%") == []
    assert errors(final_only=True) == ["image 2", "over its time"]
    assert errors(final_only=True, limit=1, offset=1) == ["over its time"]

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from db import document_claims, job_recovery, job_results, metrics
from db.error_log import error_log
from db.progress import update_progress
from tests.integration import factories
from tests.integration.factories import claim_images, image_completion


def complete(conn, jobs):
    job_results.complete_image_jobs(conn, [image_completion(job) for job in jobs])


def test_an_empty_system_has_zeros_and_no_invented_numbers(admin):
    with admin.transaction() as conn:
        for queue_metrics in metrics.get_queue_metrics(conn).values():
            assert queue_metrics == metrics.QueueMetrics(0, 0, 0, 0, 0, 0, None, None, None)
        assert metrics.document_totals(conn) == metrics.DocumentTotals(0, 0, 0, 0, 0, 0, 0, None)
        assert metrics.documents_progress(conn) == metrics.recent_jobs(conn, "ai") == error_log(conn) == []


def test_queues_are_counted_over_everything(service, admin):
    with service.transaction() as conn:
        for _ in range(2):
            document = factories.add_claimed_document(conn)
            factories.add_image_jobs(conn, document, 70)
            jobs = claim_images(conn, document, limit=60)
            complete(conn, jobs[:45])
            for job in jobs[45:50]:
                job_results.mark_job_failed(conn, "image", job.id, job.fence, "boom", permanent=True)
        job_recovery.cancel_jobs(conn, document.id)
        conn.execute("update image_processing_queue set started_at = completed_at - interval '3 s'")
        conn.execute("update image_processing_queue set created_at = now() - interval '90 s' where status = 'pending'")
    with admin.transaction() as conn:
        found = metrics.get_queue_metrics(conn)["image"]
    assert (found.pending, found.processing, found.completed, found.failed, found.cancelled) == (10, 10, 90, 10, 20)
    assert (found.total, found.average_seconds, found.success_rate) == (140, 3.0, 0.9)
    assert found.oldest_pending_s == pytest.approx(90, abs=20)


def test_recent_jobs_tell_document_item_attempt_and_error(service, admin, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 2)
    with service.transaction() as conn:
        (job,) = claim_images(conn, claimed_document, limit=1)
        job_results.mark_job_failed(conn, "image", job.id, job.fence, "no pixels")
        factories.add_analysis_jobs(conn, claimed_document, 1)
    with admin.transaction() as conn:
        first, second = metrics.recent_jobs(conn, "image")
        (analysis,) = metrics.recent_jobs(conn, "ai")
        assert len(metrics.recent_jobs(conn, "image", limit=1)) == 1
    assert first.id == job.id and first.document_title == claimed_document.title
    assert (first.item, first.status, first.attempt, first.max_attempts) == ("image on page 1", "pending", 1, 4)
    assert (first.error_message, first.seconds, second.attempt) == ("no pixels", None, 0)
    assert (analysis.item, analysis.analysis_type) == ("chunk 0 on page 1", "classification")


def test_recent_jobs_are_those_that_moved_last_whatever_state_they_are_in(service, admin, claimed_document):
    """Each move in a transaction of its own, since times are those of transactions."""
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 6)
    with service.transaction() as conn:
        jobs = claim_images(conn, claimed_document, limit=5)
    done, failed, released, cancelled, held = jobs
    moves = [
        lambda conn: job_results.complete_image_jobs(conn, [factories.image_completion(done)]),
        lambda conn: job_results.mark_job_failed(conn, "image", failed.id, failed.fence, "no pixels", permanent=True),
        lambda conn: job_recovery.release_calls(conn, claimed_document.id, "image", [(released.id, released.fence)]),
        lambda conn: conn.execute(
            """update image_processing_queue
               set status = 'cancelled', worker = null, lease_expires_at = null, completed_at = now(),
                   updated_at = now()
               where id = %s""",
            [cancelled.id],
        ),
        lambda conn: conn.execute("update image_processing_queue set updated_at = now() where id = %s", [held.id]),
    ]
    for move in moves:
        with service.transaction() as conn:
            move(conn)
    newest_first = [held.id, cancelled.id, released.id, failed.id, done.id]
    with admin.transaction() as conn:
        for limit in range(1, 6):
            found = [job.id for job in metrics.recent_jobs(conn, "image", limit=limit)]
            assert found == newest_first[:limit]
        assert len(metrics.recent_jobs(conn, "image")) == 6


def test_documents_are_totalled_by_state(service, admin):
    with service.transaction() as conn:
        for status in ("completed", "completed", "completed", "partial", "cancelled"):
            document = factories.add_claimed_document(conn)
            document_claims.finish_document(conn, document.id, document.fence, status)
        factories.add_claimed_document(conn)
        factories.add_document(conn)
    with admin.transaction() as conn:
        totals = metrics.document_totals(conn)
    assert totals == metrics.DocumentTotals(1, 1, 3, 1, 0, 1, 7, 0.75)


# ---- progress


def test_open_documents_come_in_the_order_of_their_turn(service, admin):
    with service.transaction() as conn:
        late, early = factories.add_document(conn, priority=1), factories.add_document(conn, priority=9)
        running = factories.add_claimed_document(conn)
        ended = factories.add_claimed_document(conn)
        document_claims.finish_document(conn, ended.id, ended.fence, "completed")
    with admin.transaction() as conn:
        found = [progress.document.id for progress in metrics.documents_progress(conn)]
        everything = metrics.documents_progress(conn, open_only=False)
        assert len(metrics.documents_progress(conn, limit=1, offset=1)) == 1
    assert found == [running.id, early.id, late.id]
    assert {progress.document.id for progress in everything} == {running.id, early.id, late.id, ended.id}


def test_stages_come_in_their_order_with_counts(service, admin, claimed_document):
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "image_processing", total=215, completed=50, failed=2)
        update_progress(conn, claimed_document.id, "extraction", total=71, completed=71)
    with admin.transaction() as conn:
        progress = metrics.document_progress(conn, claimed_document.id)
        assert metrics.document_progress(conn, progress.document.id) == progress
    extraction, images = progress.stages
    assert (extraction.stage, extraction.progress, extraction.seconds_left) == ("extraction", 100, 0)
    assert (images.stage, images.progress, images.total, images.completed, images.failed) == (
        "image_processing",
        23,
        215,
        50,
        2,
    )
    assert progress.document.progress == 24.65


def test_an_unknown_document_has_no_progress(admin, claimed_document):
    with admin.transaction() as conn:
        assert metrics.document_progress(conn, uuid4()) is None


def move_marks(conn, seconds):
    """As if the mark that rates are measured from had been set so long ago."""
    moved = "jsonb_set(metadata, '{previous,at}', to_jsonb(now() - make_interval(secs => %s)))"
    conn.execute(f"update job_progress set metadata = {moved}", [seconds])


def test_rate_and_time_left_follow_from_what_was_done(service, admin, claimed_document):
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "extraction", total=100, completed=0)
        update_progress(conn, claimed_document.id, "extraction", total=100, completed=40)
        move_marks(conn, 20)
    with admin.transaction() as conn:
        (stage,) = metrics.document_progress(conn, claimed_document.id).stages
    assert stage.rate_per_s == pytest.approx(2.0, rel=0.2)
    assert stage.seconds_left == pytest.approx(30, rel=0.2)


def test_a_stage_that_stands_still_has_no_estimate(service, admin, claimed_document):
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "extraction", total=100, completed=40)
        move_marks(conn, 20)
    with admin.transaction() as conn:
        (stage,) = metrics.document_progress(conn, claimed_document.id).stages
    assert (stage.rate_per_s, stage.seconds_left) == (None, None)


def test_the_databases_clock_is_utc(admin):
    with admin.transaction() as conn:
        now = metrics.server_time(conn)
    assert now.tzinfo is not None and abs(now - datetime.now(UTC)) < timedelta(minutes=1)

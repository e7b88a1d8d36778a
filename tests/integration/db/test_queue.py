import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from db import chunks, document_claims, job_recovery, job_results, queue
from db.errors import LeaseLost
from tests.integration import factories
from tests.integration.factories import claim_analyses, claim_images, image_completion


def job_row(conn, job_id, table="image_processing_queue"):
    columns = "status, attempt, retry_count, errors, error_message, worker, run_after - now() as wait"
    row = conn.execute(f"select {columns} from {table} where id = %s", [job_id]).fetchone()
    return dict(
        zip(("status", "attempt", "retry_count", "errors", "error_message", "worker", "wait"), row, strict=True)
    )


# ---- queueing


def test_every_image_gets_one_job_however_often_it_is_asked(service, claimed_document):
    with service.transaction() as conn:
        factories.add_images(conn, claimed_document, 3)
        assert queue.queue_image_processing_jobs(conn, claimed_document.id) == 3
        assert queue.queue_image_processing_jobs(conn, claimed_document.id) == 0
        factories.add_images(conn, claimed_document, 1)
        assert queue.queue_image_processing_jobs(conn, claimed_document.id) == 1
        assert queue.job_counts(conn, claimed_document.id)["image"].pending == 4


def test_only_the_named_images_are_queued(service, claimed_document):
    with service.transaction() as conn:
        images = factories.add_images(conn, claimed_document, 3)
        assert queue.queue_image_processing_jobs(conn, claimed_document.id, images[:2]) == 2
        assert queue.queue_image_processing_jobs(conn, claimed_document.id, []) == 0


def test_another_documents_images_are_not_queued(service, claimed_document):
    with service.transaction() as conn:
        other = factories.add_claimed_document(conn)
        images = factories.add_images(conn, other, 1)
        assert queue.queue_image_processing_jobs(conn, claimed_document.id, images) == 0


def test_every_chunk_gets_one_job_for_each_analysis(service, claimed_document):
    types = ["classification", "metadata", "product_detection"]
    with service.transaction() as conn:
        ids = factories.add_chunks(conn, claimed_document, 4)
        assert queue.queue_ai_analysis_jobs(conn, claimed_document.id, types, ids[:1]) == 3
        assert queue.queue_ai_analysis_jobs(conn, claimed_document.id, types) == 9
        assert queue.queue_ai_analysis_jobs(conn, claimed_document.id, types) == 0


def test_two_that_queue_at_once_make_no_double(service, claimed_document):
    with service.transaction() as conn:
        factories.add_images(conn, claimed_document, 20)

    def enqueue(_):
        with service.transaction() as conn:
            return queue.queue_image_processing_jobs(conn, claimed_document.id)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(enqueue, range(8))) == 20


# ---- claiming


def test_images_come_in_the_order_of_their_pages_chunks_in_reading_order(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 7)
        factories.add_chunks(conn, claimed_document, 5)
        queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["metadata", "classification"])
        pages = [job.page for _ in range(3) for job in claim_images(conn, claimed_document, limit=3)]
        analyses = claim_analyses(conn, claimed_document, limit=100)
        ordinals = {chunk.id: chunk.ordinal for chunk in chunks.list_chunks(conn, claimed_document.id)}
    assert pages == [1, 2, 3, 4, 5, 6, 7]
    assert [(job.analysis_type, ordinals[job.chunk_id]) for job in analyses] == [
        (analysis, ordinal) for analysis in ("metadata", "classification") for ordinal in range(5)
    ]


def test_higher_priority_goes_first(service, claimed_document):
    with service.transaction() as conn:
        images = factories.add_images(conn, claimed_document, 3)
        queue.queue_image_processing_jobs(conn, claimed_document.id, images[:2])
        queue.queue_image_processing_jobs(conn, claimed_document.id, images[2:], priority=5)
        assert [job.image_id for job in claim_images(conn, claimed_document)] == [images[2], images[0], images[1]]


def test_a_claim_carries_what_the_actor_needs(service, claimed_document, queued_image_job):
    with service.transaction() as conn:
        (job,) = claim_images(conn, claimed_document)
        (started,) = conn.execute("select started_at = now() from image_processing_queue").fetchone()
    assert (job.id, job.document_id, job.attempt, job.max_retries) == (queued_image_job, claimed_document.id, 1, 3)
    assert job.storage_key.startswith("bb/image-") and (job.width_px, job.height_px) == (640, 480)
    assert job.fence > claimed_document.fence and started


def test_no_more_than_the_limit_is_claimed(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 10)
        assert [len(claim_images(conn, claimed_document, limit=4)) for _ in range(4)] == [4, 4, 2, 0]


def test_only_this_documents_jobs_are_claimed(service, claimed_document, queued_image_job):
    with service.transaction() as conn:
        other = factories.add_claimed_document(conn)
        assert claim_images(conn, other) == []


def test_claims_at_once_share_no_job_and_forget_none(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 200)
    start = threading.Barrier(12)

    def claim(number):
        start.wait()
        got = []
        while True:
            with service.transaction() as conn:
                jobs = claim_images(conn, claimed_document, worker=f"w{number}", limit=7)
            if not jobs:
                return got
            got += jobs

    with ThreadPoolExecutor(12) as threads:
        taken = [job for got in threads.map(claim, range(12)) for job in got]
    assert len({job.id for job in taken}) == len(taken) == 200
    assert len({job.fence for job in taken}) == 200


def test_a_claim_does_not_wait_for_rows_that_another_holds(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 4)
    with service.transaction() as first:
        held = claim_images(first, claimed_document, limit=2)
        with service.transaction() as second:
            second.execute("set local lock_timeout = '2s'")
            others = claim_images(second, claimed_document, limit=4)
    assert len(held) == len(others) == 2 and {job.id for job in held}.isdisjoint(job.id for job in others)


def test_a_claim_that_is_rolled_back_costs_no_attempt(service, claimed_document, queued_image_job):
    with pytest.raises(ZeroDivisionError), service.transaction() as conn:
        claim_images(conn, claimed_document)
        _ = 1 / 0
    with service.transaction() as conn:
        assert claim_images(conn, claimed_document)[0].attempt == 1


# ---- failing


@pytest.mark.parametrize("name", ["image", "ai"])
def test_a_job_fails_after_four_attempts_with_all_four_errors(service, claimed_document, name):
    add = {"image": factories.add_image_jobs, "ai": factories.add_analysis_jobs}[name]
    claim = {"image": claim_images, "ai": claim_analyses}[name]
    table = {"image": "image_processing_queue", "ai": "ai_analysis_queue"}[name]
    with service.transaction() as conn:
        add(conn, claimed_document, 1)
        for attempt in range(1, 5):
            conn.execute(f"update {table} set run_after = now()")
            (job,) = claim(conn, claimed_document)
            assert job.attempt == attempt
            answer = job_results.mark_job_failed(conn, name, job.id, job.fence, f"boom {attempt}\0")
            assert answer == ("pending" if attempt < 4 else "failed")
        row = job_row(conn, job.id, table)
        assert claim(conn, claimed_document) == []
    assert [(entry["attempt"], entry["error"]) for entry in row["errors"]] == [
        (n, f"boom {n}\ufffd") for n in range(1, 5)
    ]
    assert (row["status"], row["attempt"], row["retry_count"]) == ("failed", 4, 3)
    assert row["error_message"] == "boom 4\ufffd"


def test_max_retries_is_the_jobs_own(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 1, max_retries=0)
        (job,) = claim_images(conn, claimed_document)
        assert job_results.mark_job_failed(conn, "image", job.id, job.fence, "boom") == "failed"


def test_a_permanent_error_skips_the_retries(service, claimed_image_job):
    job = claimed_image_job
    with service.transaction() as conn:
        assert job_results.mark_job_failed(conn, "image", job.id, job.fence, "no pixels", permanent=True) == "failed"
        image = conn.execute("select ocr_status, embedding_status from document_images").fetchone()
    assert image == ("failed", "failed"), "an image whose job has failed does not look like work to come"


def test_a_retry_waits_with_jitter(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 12)
        waits = []
        for job in claim_images(conn, claimed_document, limit=12):
            job_results.mark_job_failed(conn, "image", job.id, job.fence, "boom", backoff_s=10)
            waits.append(job_row(conn, job.id)["wait"].total_seconds())
        assert claim_images(conn, claimed_document) == []
        counts = queue.job_counts(conn, claimed_document.id)["image"]
    assert all(5 <= wait <= 15 for wait in waits) and len(set(waits)) > 1
    assert counts.next_run_in_s == pytest.approx(min(waits), abs=2)


def test_the_failure_of_a_lost_job_changes_nothing(service, claimed_document, claimed_image_job):
    job = claimed_image_job
    with service.transaction() as conn:
        assert job_results.mark_job_failed(conn, "image", job.id, job.fence - 1, "late") == "lease_lost"
        assert job_results.mark_job_failed(conn, "ai", job.id, job.fence, "wrong queue") == "lease_lost"
        assert job_row(conn, job.id)["errors"] == []
        job_results.complete_image_jobs(conn, [image_completion(job)])
        assert job_results.mark_job_failed(conn, "image", job.id, job.fence, "late") == "lease_lost"
        assert job_row(conn, job.id)["status"] == "completed"


# ---- giving back, cancelling, counting


def test_released_jobs_have_their_attempt_back(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 2)
        factories.add_analysis_jobs(conn, claimed_document, 1)
        (mine,) = claim_images(conn, claimed_document, limit=1, worker="me")
        (other,) = claim_images(conn, claimed_document, limit=1, worker="other")
        claim_analyses(conn, claimed_document, worker="me")
        assert job_recovery.release_jobs(conn, claimed_document.id, "me") == 2
        assert job_row(conn, mine.id)["attempt"] == 0 and job_row(conn, other.id)["status"] == "processing"
        assert claim_images(conn, claimed_document)[0].attempt == 1


def test_of_one_queue_only_that_is_released(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 1)
        factories.add_analysis_jobs(conn, claimed_document, 1)
        (image,) = claim_images(conn, claimed_document, worker="me")
        claim_analyses(conn, claimed_document, worker="me")
        assert job_recovery.release_jobs(conn, claimed_document.id, "me", "ai") == 1
        assert job_row(conn, image.id)["status"] == "processing"


def test_calls_that_were_never_begun_have_their_attempt_back(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        lost, done, other = claim_images(conn, claimed_document)
        job_results.complete_image_jobs(conn, [image_completion(done)])
        calls = [(lost.id, lost.fence), (done.id, done.fence), (other.id, other.fence - 1)]
        assert job_recovery.release_calls(conn, claimed_document.id, "image", calls) == 1
        assert (job_row(conn, lost.id)["status"], job_row(conn, lost.id)["attempt"]) == ("pending", 0)
        assert job_row(conn, done.id)["status"] == "completed"
        assert job_row(conn, other.id)["status"] == "processing", "its fence was not that of the call"


def test_jobs_that_were_tried_can_be_claimed_apart(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        failed = claim_images(conn, claimed_document, limit=1)[0]
        job_results.mark_job_failed(conn, "image", failed.id, failed.fence, "boom", backoff_s=0)
        claim = {"worker": "w", "limit": 10, "lease_s": 30}
        where = (conn, claimed_document.id, claimed_document.fence)
        assert [job.attempt for job in queue.claim_image_jobs(*where, **claim, tried=False)] == [1, 1]
        assert [job.id for job in queue.claim_image_jobs(*where, **claim, tried=True)] == [failed.id]


@pytest.mark.parametrize("claim", [claim_images, claim_analyses])
def test_a_driver_that_was_replaced_claims_nothing(service, claimed_document, claim):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 1)
        factories.add_analysis_jobs(conn, claimed_document, 1)
        new = document_claims.take_over(conn, claimed_document.id, worker=factories.WORKER, lease_s=30)
    with service.transaction() as conn, pytest.raises(LeaseLost):
        claim(conn, claimed_document)  # and nothing is taken, though the transaction is committed
    with service.transaction() as conn:
        assert [job.attempt for job in claim(conn, new)] == [1]


def test_cancelling_takes_open_jobs_and_leaves_finished_ones(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        factories.add_analysis_jobs(conn, claimed_document, 1)
        done, running = claim_images(conn, claimed_document, limit=2)
        job_results.complete_image_jobs(conn, [image_completion(done)])
        assert job_recovery.cancel_jobs(conn, claimed_document.id) == 3
        assert job_results.complete_image_jobs(conn, [image_completion(running)]) == set()
        counts = queue.job_counts(conn, claimed_document.id)
    assert (counts["image"].completed, counts["image"].cancelled, counts["ai"].cancelled) == (1, 2, 1)


def test_counts_add_up(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 6)
        completed, failed, waiting, _running = claim_images(conn, claimed_document, limit=4)
        job_results.complete_image_jobs(conn, [image_completion(completed)])
        job_results.mark_job_failed(conn, "image", failed.id, failed.fence, "boom", permanent=True)
        job_results.mark_job_failed(conn, "image", waiting.id, waiting.fence, "boom")
        counts = queue.job_counts(conn, claimed_document.id)["image"]
        empty = queue.job_counts(conn, claimed_document.id)["ai"]
    assert (counts.pending, counts.processing, counts.completed, counts.failed) == (3, 1, 1, 1)
    assert (counts.total, counts.done, counts.next_run_in_s) == (6, 2, 0)
    assert (empty.total, empty.next_run_in_s) == (0, None)

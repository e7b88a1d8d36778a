"""The one writer on a real Postgres: results, failed attempts, lost leases, refused entries, a server that is away."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from actors.progress import JobFailure, ProgressWriter
from db.document_claims import take_over
from db.documents import get_document
from db.errors import DatabaseUnavailable
from db.queue import job_counts
from db.spans import WorkSpan
from tests.integration import factories


@pytest.fixture
def writer(service_url):
    writer = ProgressWriter(service_url, retry_backoff_s=0.0)
    yield writer
    writer.close()


@pytest.fixture
def jobs(service, claimed_document):
    """Four claimed image jobs."""
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 4)
        return factories.claim_images(conn, claimed_document, limit=4)


def counts(service, document):
    with service.transaction() as conn:
        return job_counts(conn, document.id)["image"]


def test_a_result_moves_job_and_progress_together(service, writer, claimed_document, jobs):
    lost = writer.record_jobs(str(claimed_document.id), "image", [factories.image_completion(jobs[0])])
    assert lost == []
    assert counts(service, claimed_document).completed == 1
    with service.transaction() as conn:
        assert get_document(conn, claimed_document.id).progress == pytest.approx(20 * 1 / 4)


def test_writing_twice_changes_nothing_and_says_so(service, writer, claimed_document, jobs):
    completion = factories.image_completion(jobs[0])
    writer.record_jobs(str(claimed_document.id), "image", [completion])
    lost = writer.record_jobs(str(claimed_document.id), "image", [completion])
    assert lost == [str(jobs[0].id)]
    assert counts(service, claimed_document).completed == 1


def test_a_result_under_an_old_fence_is_discarded(service, writer, claimed_document, jobs):
    late = {**factories.image_completion(jobs[0]), "fence": jobs[0].fence - 1}
    assert writer.record_jobs(str(claimed_document.id), "image", [late]) == [str(jobs[0].id)]
    assert counts(service, claimed_document).completed == 0


def test_a_lost_lease_counts_once_and_only_when_it_is_written(writer, claimed_document, jobs):
    late = JobFailure(str(jobs[0].id), jobs[0].fence - 1, "late", False)
    own = JobFailure(str(jobs[1].id), jobs[1].fence, "boom", False)
    backwards = WorkSpan("image_processing", "ocr-0", began_at=2.0, ended_at=1.0, cpu_seconds=0.0, items=1)
    with pytest.raises(psycopg.errors.CheckViolation):
        writer.record_jobs(str(claimed_document.id), "image", [], [late, own], [backwards])
    assert writer.facts()["leases_lost"] == 0
    assert writer.record_jobs(str(claimed_document.id), "image", [], [late, own]) == [str(jobs[0].id)]
    assert writer.facts()["leases_lost"] == 1


def test_four_failed_attempts_fail_the_job_for_good(service, writer, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 1)
    for attempt in range(1, 5):
        with service.transaction() as conn:
            (job,) = factories.claim_images(conn, claimed_document, limit=1)
        writer.record_jobs(
            str(claimed_document.id), "image", [], [JobFailure(str(job.id), job.fence, f"error {attempt}", False)]
        )
    assert counts(service, claimed_document).failed == 1
    with service.transaction() as conn:
        errors = conn.execute("select errors from image_processing_queue where id = %s", [job.id]).fetchone()[0]
    assert [e["error"] for e in errors] == ["error 1", "error 2", "error 3", "error 4"]
    assert [e["attempt"] for e in errors] == [1, 2, 3, 4]


def test_a_permanent_error_skips_the_retries(service, writer, claimed_document, jobs):
    writer.record_jobs(str(claimed_document.id), "image", [], [JobFailure(str(jobs[0].id), jobs[0].fence, "x", True)])
    assert counts(service, claimed_document).failed == 1


def test_one_refused_entry_does_not_take_the_others_with_it(service, writer, claimed_document, jobs):
    """Handed in at once, so that they meet in one group; the bad one is refused by a CHECK."""
    bad = {**factories.image_completion(jobs[0]), "ocr_status": "nonsense"}
    good = [factories.image_completion(job) for job in jobs[1:]]
    outcomes = {}

    def hand_in(number, completion):
        try:
            outcomes[number] = writer.record_jobs(str(claimed_document.id), "image", [completion])
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=hand_in, args=pair) for pair in enumerate([bad, *good])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert isinstance(outcomes[0], Exception)
    assert [outcomes[n] for n in (1, 2, 3)] == [[], [], []]
    assert counts(service, claimed_document).completed == 3


def test_many_callers_each_get_their_own_answer(service, writer, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 40)
        jobs = factories.claim_images(conn, claimed_document, limit=40)
    lost = {}

    def hand_in(job):
        lost[job.id] = writer.record_jobs(str(claimed_document.id), "image", [factories.image_completion(job)])

    threads = [threading.Thread(target=hand_in, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(lost) == 40
    assert all(answer == [] for answer in lost.values())
    assert counts(service, claimed_document).completed == 40


def test_progress_of_a_stage_is_stored(service, writer, claimed_document):
    reached = {"total": 10, "completed": 5, "current_item": "page 5"}
    writer.record_progress(str(claimed_document.id), "extraction", fence=claimed_document.fence, **reached)
    with service.transaction() as conn:
        assert get_document(conn, claimed_document.id).progress == pytest.approx(10)


def test_progress_of_a_driver_that_was_replaced_is_discarded(service, writer, claimed_document):
    with service.transaction() as conn:
        assert take_over(conn, claimed_document.id, worker=factories.WORKER, lease_s=30) is not None
    writer.record_progress(str(claimed_document.id), "extraction", fence=claimed_document.fence, total=10, completed=9)
    with service.transaction() as conn:
        assert get_document(conn, claimed_document.id).progress == 0


def test_an_unknown_job_is_reported_as_lost(writer, claimed_document, jobs):
    stranger = str(uuid.uuid4())
    completion = {**factories.image_completion(jobs[0]), "job_id": stranger}
    assert writer.record_jobs(str(claimed_document.id), "image", [completion]) == [stranger]


def test_all_that_waited_for_postgres_are_refused_together(service_url):
    """Not one after the other, each after its own time of waiting."""
    away = ProgressWriter(service_url, retry_backoff_s=0.0, patience_s=1.0)
    away.close()
    reached = {"fence": 1, "total": 1, "completed": 1}
    began = time.monotonic()
    with ThreadPoolExecutor(16) as threads:
        waiting = [threads.submit(away.record_progress, str(uuid.uuid4()), "extraction", **reached) for _ in range(16)]
    assert time.monotonic() - began < 8
    assert all(isinstance(one.exception(), DatabaseUnavailable) for one in waiting)

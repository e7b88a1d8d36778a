import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from db import images, job_results, queue
from tests.integration import factories
from tests.integration.factories import claim_analyses, claim_images, image_completion, unit_vector


def test_a_result_and_its_jobs_state_are_stored_together(service, claimed_document, claimed_image_job):
    with service.transaction() as conn:
        assert job_results.complete_image_jobs(conn, [image_completion(claimed_image_job)]) == {claimed_image_job.id}
        image = images.get_image(conn, claimed_image_job.image_id)
        vector, dimensions = conn.execute(
            "select embedding::text, vector_dims(embedding) from document_images"
        ).fetchone()
        job = conn.execute("select status, result, completed_at, worker from image_processing_queue").fetchone()
    assert (image.ocr_status, image.ocr_text, image.ocr_confidence) == ("text", "OAK 120", pytest.approx(0.8))
    assert image.ocr_lines[0]["box"] == [1.0, 2.0, 30.0, 9.0]
    assert (image.embedding_status, image.embedding_model) == ("stored", "test-clip")
    assert (vector, dimensions) == ("[1,0,0,0]", 4)
    assert job[:2] == ("completed", {"lines": 1}) and job[2] is not None and job[3] is None


def test_no_text_and_a_missing_model_are_told_apart_from_failure(service, claimed_image_job):
    completion = image_completion(
        claimed_image_job,
        ocr_status="no_text",
        ocr_text="",
        ocr_lines=[],
        ocr_confidence=None,
        embedding_status="model_missing",
        embedding=None,
        embedding_model=None,
    )
    with service.transaction() as conn:
        job_results.complete_image_jobs(conn, [completion])
        image = images.get_image(conn, claimed_image_job.image_id)
    assert (image.ocr_status, image.ocr_lines, image.embedding_status) == ("no_text", [], "model_missing")


def test_writing_twice_changes_nothing(service, claimed_image_job):
    again = image_completion(claimed_image_job, ocr_text="something else")
    with service.transaction() as conn:
        job_results.complete_image_jobs(conn, [image_completion(claimed_image_job)])
        assert job_results.complete_image_jobs(conn, [again]) == set()
        assert images.get_image(conn, claimed_image_job.image_id).ocr_text == "OAK 120"


@pytest.mark.parametrize("wrong", [{"fence": 0}, {"job_id": str(uuid4())}], ids=["old fence", "unknown job"])
def test_what_is_not_ours_is_discarded_and_the_rest_is_stored(service, claimed_document, wrong):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 2)
        lost, ours = claim_images(conn, claimed_document)
        answer = job_results.complete_image_jobs(conn, [image_completion(lost, **wrong), image_completion(ours)])
        assert answer == {ours.id}
        assert images.get_image(conn, lost.image_id).ocr_status == "pending"


def test_a_result_that_comes_after_the_lease_was_reclaimed_is_discarded(service, claimed_document, expired_job):
    from db.reaper import reap_expired

    with service.transaction() as conn:
        reap_expired(conn, backoff_s=0)
        assert job_results.complete_image_jobs(conn, [image_completion(expired_job)]) == set()
        (again,) = claim_images(conn, claimed_document)
        assert job_results.complete_image_jobs(conn, [image_completion(expired_job)]) == set()
        assert job_results.complete_image_jobs(conn, [image_completion(again)]) == {again.id}


def test_nothing_to_complete_is_fine(service):
    with service.transaction() as conn:
        assert job_results.complete_image_jobs(conn, []) == job_results.complete_ai_jobs(conn, []) == set()


def test_ids_may_be_texts_or_uuids(service, claimed_image_job):
    completion = image_completion(claimed_image_job, job_id=claimed_image_job.id, image_id=claimed_image_job.image_id)
    with service.transaction() as conn:
        assert job_results.complete_image_jobs(conn, [completion]) == {claimed_image_job.id}


def test_text_that_postgres_refuses_is_stored_without_what_it_refuses(service, claimed_image_job):
    completion = image_completion(claimed_image_job, ocr_text="a\0b\ud800", result={"note": ["\0"]})
    with service.transaction() as conn:
        job_results.complete_image_jobs(conn, [completion])
        assert images.get_image(conn, claimed_image_job.image_id).ocr_text == "a\ufffdb\ufffd"


def test_a_made_up_vector_is_refused(service, claimed_image_job):
    """A stored vector has a model; 'model_missing' has none."""
    for given in ({"embedding_status": "model_missing"}, {"embedding": None}, {"embedding_model": None}):
        refused = pytest.raises(psycopg.errors.CheckViolation, match="images_vector_has_model")
        with refused, service.transaction() as conn:
            job_results.complete_image_jobs(conn, [image_completion(claimed_image_job, **given)])


def test_a_vector_with_nan_is_refused(service, claimed_image_job):
    with pytest.raises(psycopg.DataError), service.transaction() as conn:
        job_results.complete_image_jobs(conn, [image_completion(claimed_image_job, embedding=[float("nan"), 1.0])])


def test_results_of_several_documents_in_one_transaction(service):
    with service.transaction() as conn:
        completions = []
        for _ in range(3):
            document = factories.add_claimed_document(conn)
            factories.add_image_jobs(conn, document, 2)
            completions += [image_completion(job) for job in claim_images(conn, document)]
        assert len(job_results.complete_image_jobs(conn, completions)) == 6


def test_analyses_are_completed_likewise(service, claimed_document):
    with service.transaction() as conn:
        factories.add_chunks(conn, claimed_document, 2)
        queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["classification", "metadata"])
        jobs = claim_analyses(conn, claimed_document)
        rows = [{"job_id": job.id, "fence": job.fence, "result": {"label": job.analysis_type}} for job in jobs]
        rows[0]["fence"] -= 1
        assert job_results.complete_ai_jobs(conn, rows) == {job.id for job in jobs[1:]}
        results = job_results.analysis_results(conn, claimed_document.id)
    assert [(kind, result["label"]) for _, kind, result in results] == [
        ("metadata", "metadata"),
        ("classification", "classification"),
        ("metadata", "metadata"),
    ]


def test_many_writers_and_renewals_at_once_do_not_deadlock(service, claimed_document):
    """Group commits, failures, claims, renewals and the reaper on the same document."""
    from db import document_claims, reaper
    from db.errors import DatabaseUnavailable
    from db.progress import update_progress

    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 120)
    stop = threading.Event()
    troubles = []

    def again_and_again(work):
        while not stop.is_set():
            try:
                with service.transaction() as conn:
                    work(conn)
            except DatabaseUnavailable as error:
                troubles.append(error)

    def renew(conn):
        document_claims.renew_document(conn, claimed_document.id, claimed_document.fence, 30)

    def report(conn):
        done = queue.job_counts(conn, claimed_document.id)["image"].done
        update_progress(conn, claimed_document.id, "image_processing", total=120, completed=done)

    side_work = (renew, report, lambda conn: reaper.reap_expired(conn, backoff_s=0))
    side = [threading.Thread(target=again_and_again, args=(work,)) for work in side_work]
    for thread in side:
        thread.start()

    def work_off(number):
        while True:
            with service.transaction() as conn:
                jobs = claim_images(conn, claimed_document, limit=3, worker=f"w{number}")
            if not jobs:
                return
            with service.transaction() as conn:
                job_results.complete_image_jobs(conn, [image_completion(job) for job in jobs[:2]])
                for job in jobs[2:]:
                    job_results.mark_job_failed(conn, "image", job.id, job.fence, "boom", permanent=True)
                report(conn)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work_off, range(6)))
    stop.set()
    for thread in side:
        thread.join()
    assert troubles == []
    with service.transaction() as conn:
        counts = queue.job_counts(conn, claimed_document.id)["image"]
        assert (counts.completed + counts.failed, counts.total) == (120, 120)


def test_equal_vectors_are_equal_and_others_are_not(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        jobs = claim_images(conn, claimed_document)
        vectors = [unit_vector(0, 4), unit_vector(0, 4), unit_vector(1, 4)]
        rows = [image_completion(job, embedding=vector) for job, vector in zip(jobs, vectors, strict=True)]
        job_results.complete_image_jobs(conn, rows)
        distances = conn.execute(
            "select a.embedding <=> b.embedding from document_images a, document_images b "
            "where a.page = 1 order by b.page"
        ).fetchall()
    assert distances == [(0.0,), (0.0,), (1.0,)]


def test_what_a_language_model_cost_is_summed_by_document(service, claimed_document):
    with service.transaction() as conn:
        assert job_results.token_usage(conn, claimed_document.id) == {"input_tokens": 0, "output_tokens": 0, "cost": 0}
        factories.add_chunks(conn, claimed_document, 1)
        queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["classification", "metadata", "product_detection"])
        spent = (
            {"input_tokens": 321, "output_tokens": 45, "cost": 0.002},
            {"input_tokens": 100, "output_tokens": 5},
            {},
        )
        jobs = claim_analyses(conn, claimed_document)
        rows = [
            {"job_id": job.id, "fence": job.fence, "result": {"value": {}, **tokens}}
            for job, tokens in zip(jobs, spent, strict=True)
        ]
        job_results.complete_ai_jobs(conn, rows)
        assert job_results.token_usage(conn, claimed_document.id) == {
            "input_tokens": 421,
            "output_tokens": 50,
            "cost": 0.002,
        }

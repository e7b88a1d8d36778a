"""Results by content: kept with the job that read it, found by others, gone with the last document that has it."""

import pytest

from db.content_results import find_results, keep_document_results
from db.document_actions import delete_document, reprocess_document
from db.document_claims import finish_document
from db.job_results import complete_ai_jobs, complete_image_jobs
from tests.integration import factories


def reading(content_hash="h", model="m", **given):
    return {"kind": "ocr", "content_hash": content_hash, "model": model, "result": {"lines": ["OAK"]}, **given}


def read(service, *kept):
    """A document whose one image job was completed and left this; the document and the job."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        factories.add_images(conn, document, 1)
        factories.queue.queue_image_processing_jobs(conn, document.id)
        (job,) = factories.claim_images(conn, document, limit=1)
        assert complete_image_jobs(conn, [factories.image_completion(job, keep=list(kept))]) == {job.id}
    return document, job


def test_what_a_job_read_is_found_by_content_model_and_kind(service):
    document, job = read(service, reading("a"), reading("b"), reading("a", kind="clip", embedding=[0.6, 0.8]))
    with service.transaction() as conn:
        found = find_results(conn, "ocr", "m", ["a", "b", "c"])
        assert set(found) == {"a", "b"}
        assert found["a"].result == {"lines": ["OAK"]}
        assert found["a"].origin == {"document_id": str(document.id), "job_id": str(job.id)}
        assert find_results(conn, "ocr", "another model", ["a"]) == {}
        vector = find_results(conn, "clip", "m", ["a"])["a"].embedding
        assert vector == pytest.approx([0.6, 0.8])
        assert find_results(conn, "ocr", "m", []) == {}


def test_analyses_are_kept_likewise(service, claimed_document, claimed_analysis_job):
    kept = {"kind": "metadata", "content_hash": "a", "model": "m", "result": {"fields": {}}}
    completion = {"job_id": claimed_analysis_job.id, "fence": claimed_analysis_job.fence, "result": {}, "keep": [kept]}
    with service.transaction() as conn:
        complete_ai_jobs(conn, [completion])
        assert find_results(conn, "metadata", "m", ["a"])["a"].result == {"fields": {}}


def test_a_late_worker_leaves_nothing(service, claimed_document, claimed_image_job):
    late = factories.image_completion(claimed_image_job, keep=[reading()])
    with service.transaction() as conn:
        assert complete_image_jobs(conn, [{**late, "fence": late["fence"] - 1}]) == set()
        assert find_results(conn, "ocr", "m", ["h"]) == {}


def test_who_takes_a_result_over_keeps_it_with_its_origin_when_the_first_is_deleted(service):
    first, first_job = read(service, reading())
    origin = {"from_document": str(first.id), "from_job": str(first_job.id)}
    second, _ = read(service, reading(**origin))
    with service.transaction() as conn:
        delete_document(conn, first.id, "ann")
        found = find_results(conn, "ocr", "m", ["h"])["h"]
        assert found.origin == {"document_id": str(first.id), "job_id": str(first_job.id)}
        assert conn.execute("select ocr_text from document_images where document_id = %s", [second.id]).fetchone()
        delete_document(conn, second.id, "ann")
        assert find_results(conn, "ocr", "m", ["h"]) == {}, "with the last document that had it"


def test_a_reprocess_keeps_what_is_known(service):
    document, _ = read(service, reading())
    with service.transaction() as conn:
        finish_document(conn, document.id, document.fence, "completed")
        reprocess_document(conn, document.id, "ann")
        assert conn.execute("select count(*) from document_images").fetchone() == (0,)
        assert set(find_results(conn, "ocr", "m", ["h"])) == {"h"}


def test_keeping_the_same_twice_is_keeping_it_once(service):
    read(service, reading(), reading())
    with service.transaction() as conn:
        assert conn.execute("select count(*) from content_results").fetchone() == (1,)


def test_what_no_job_reads_is_kept_by_the_document_and_goes_with_it(service, claimed_document):
    page = {"kind": "page", "content_hash": "f page 1", "model": "m", "result": {"page": 1}}
    vector = {"kind": "text_vector", "content_hash": "t", "model": "m", "result": {}, "embedding": [0.6, 0.8]}
    with service.transaction() as conn:
        other = factories.add_claimed_document(conn)
        keep_document_results(conn, claimed_document.id, [page, vector])
        keep_document_results(conn, other.id, [page | {"from_document": str(claimed_document.id)}])
        found = find_results(conn, "page", "m", ["f page 1"])["f page 1"]
        assert (found.result, found.origin) == ({"page": 1}, {"document_id": str(claimed_document.id)})
        assert find_results(conn, "text_vector", "m", ["t"])["t"].embedding == pytest.approx([0.6, 0.8])
        delete_document(conn, claimed_document.id, "ann")
        assert find_results(conn, "text_vector", "m", ["t"]) == {}
        found = find_results(conn, "page", "m", ["f page 1"])["f page 1"]
        assert found.from_document == claimed_document.id, "the other keeps its line, and says where it comes from"

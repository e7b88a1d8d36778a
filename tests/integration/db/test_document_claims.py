import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from db import document_claims as claims
from db import queue
from db.documents import get_document
from db.errors import LeaseLost
from tests.integration import factories
from tests.integration.factories import WORKER, claim_document


def fetch(conn, document):
    return get_document(conn, document.id)


# ---- claiming


def test_nothing_waits_nothing_is_claimed(service):
    with service.transaction() as conn:
        assert claim_document(conn) is None


def test_a_claim_counts_the_attempt_and_sets_lease_and_fence(service, pending_document):
    with service.transaction() as conn:
        claimed = claim_document(conn, lease_s=30)
        (now,) = conn.execute("select now()").fetchone()
    assert claimed.id == pending_document.id
    assert (claimed.status, claimed.worker, claimed.attempt) == ("processing", WORKER, 1)
    assert claimed.fence > 0 and claimed.started_at == now
    assert (claimed.lease_expires_at - now).total_seconds() == pytest.approx(30)


def test_priority_goes_first_then_the_order_of_arrival(service):
    expected = []
    for priority in (0, 5, 0, 9, 5):
        with service.transaction() as conn:
            expected.append(factories.add_document(conn, priority=priority))
    expected = [document.id for document in sorted(expected, key=lambda d: (-d.priority, d.created_at))]
    with service.transaction() as conn:
        assert [claim_document(conn).id for _ in expected] == expected


def test_each_claim_has_a_higher_fence(service):
    with service.transaction() as conn:
        for _ in range(5):
            factories.add_document(conn)
        fences = [claim_document(conn).fence for _ in range(5)]
    assert fences == sorted(set(fences))


def test_excluded_documents_are_passed_over(service, pending_document):
    with service.transaction() as conn:
        other = factories.add_document(conn)
        assert claim_document(conn, exclude=[pending_document.id]).id == other.id
        assert claim_document(conn, exclude={pending_document.id}) is None


def test_a_document_waits_for_its_time(service, pending_document):
    with service.transaction() as conn:
        conn.execute("update processed_documents set run_after = now() + interval '1 hour'")
        assert claim_document(conn) is None
        conn.execute("update processed_documents set run_after = now()")
        assert claim_document(conn).id == pending_document.id


def test_no_more_than_max_active_are_held(service):
    with service.transaction() as conn:
        for _ in range(3):
            factories.add_document(conn)
        assert claim_document(conn, max_active=2) and claim_document(conn, max_active=2)
        assert claim_document(conn, max_active=2) is None


LARGE, SMALL = 50_000_000, 1_000_000
PLACES = {"max_active": 4, "reserved": 2, "small_bytes": SMALL}


def test_large_documents_leave_places_to_small_and_urgent_ones(service):
    with service.transaction() as conn:
        large = [factories.add_document(conn, size_bytes=LARGE) for _ in range(4)]
        small = factories.add_document(conn, size_bytes=SMALL)
        urgent = factories.add_document(conn, size_bytes=LARGE, priority=1)
        claimed = [claim_document(conn, **PLACES) for _ in range(4)]
        assert [document.id for document in claimed] == [urgent.id, large[0].id, large[1].id, small.id]
        assert claim_document(conn, **PLACES) is None


def test_small_documents_may_take_every_place_and_a_large_one_then_has_its_own(service):
    with service.transaction() as conn:
        small = [factories.add_document(conn, size_bytes=SMALL) for _ in range(4)]
        large = factories.add_document(conn, size_bytes=LARGE)
        assert [claim_document(conn, **PLACES).id for _ in small] == [document.id for document in small]
        assert claim_document(conn, **PLACES) is None
        assert claim_document(conn, **{**PLACES, "max_active": 5}).id == large.id


def test_one_place_is_always_left_to_large_documents(service):
    with service.transaction() as conn:
        large = factories.add_document(conn, size_bytes=LARGE)
        assert claim_document(conn, max_active=1, reserved=5, small_bytes=SMALL).id == large.id


def test_few_drivers_start_at_a_time_unless_it_is_urgent(service):
    with service.transaction() as conn:
        waiting = [factories.add_document(conn) for _ in range(3)]
        first = claim_document(conn, max_starting=2)
        assert claim_document(conn, max_starting=2).id == waiting[1].id
        assert claim_document(conn, max_starting=2) is None
        urgent = factories.add_document(conn, priority=1)
        second = claim_document(conn, max_starting=2)
        assert second.id == urgent.id
        for document in (first, second):  # their drivers are at work
            claims.set_stage(conn, document.id, document.fence, "extraction")
        assert claim_document(conn, max_starting=2).id == waiting[2].id


def test_an_expired_lease_does_not_count_as_active(service, expired_document):
    with service.transaction() as conn:
        other = factories.add_document(conn)
        assert claim_document(conn, max_active=1).id == other.id


def test_claims_at_once_never_share_a_document_nor_pass_the_bound(service):
    with service.transaction() as conn:
        for _ in range(30):
            factories.add_document(conn)
    start = threading.Barrier(16)

    def claim(number):
        start.wait()
        got = []
        for _ in range(4):
            with service.transaction() as conn:
                got.append(claim_document(conn, worker=f"w{number}", max_active=7))
        return [document.id for document in got if document]

    with ThreadPoolExecutor(16) as threads:
        taken = [document for got in threads.map(claim, range(16)) for document in got]
    assert len(taken) == len(set(taken)) == 7


# ---- taking over


def test_the_first_run_takes_its_claim_without_another_attempt(service, claimed_document):
    with service.transaction() as conn:
        taken = claims.take_over(
            conn, claimed_document.id, worker=WORKER, lease_s=30, claimed_fence=claimed_document.fence
        )
    assert taken.attempt == 1 and taken.fence > claimed_document.fence


def test_a_second_run_of_the_same_driver_counts_an_attempt(service, claimed_document):
    arguments = {"worker": WORKER, "lease_s": 30, "claimed_fence": claimed_document.fence}
    with service.transaction() as conn:
        first = claims.take_over(conn, claimed_document.id, **arguments)
        second = claims.take_over(conn, claimed_document.id, **arguments)
        assert (first.attempt, second.attempt) == (1, 2)
        with pytest.raises(LeaseLost):
            claims.set_stage(conn, claimed_document.id, first.fence, "extraction")
        claims.set_stage(conn, claimed_document.id, second.fence, "extraction")


def test_there_are_four_runs_in_all(service, claimed_document):
    arguments = {"worker": WORKER, "lease_s": 30, "claimed_fence": claimed_document.fence}
    with service.transaction() as conn:
        attempts = [claims.take_over(conn, claimed_document.id, **arguments) for _ in range(5)]
    assert [taken.attempt if taken else None for taken in attempts] == [1, 2, 3, 4, None]


def test_another_workers_document_is_not_taken(service, claimed_document):
    with service.transaction() as conn:
        assert claims.take_over(conn, claimed_document.id, worker="somebody else", lease_s=30) is None
        assert claims.take_over(conn, uuid4(), worker=WORKER, lease_s=30) is None


def test_taking_over_frees_the_jobs_of_the_dead_run(service, claimed_document, claimed_image_job):
    with service.transaction() as conn:
        taken = claims.take_over(conn, claimed_document.id, worker=WORKER, lease_s=30)
        (job,) = factories.claim_images(conn, taken)
        errors = conn.execute("select errors from image_processing_queue").fetchone()[0]
    assert job.id == claimed_image_job.id and job.attempt == 2
    assert [(entry["attempt"], "driver" in entry["error"]) for entry in errors] == [(1, True)]


# ---- renewing


def test_renewing_lengthens_the_lease_and_tells_the_flag(service, claimed_document):
    with service.transaction() as conn:
        assert claims.renew_document(conn, claimed_document.id, claimed_document.fence, 300) is False
        conn.execute("update processed_documents set cancel_requested = true")
        assert claims.renew_document(conn, claimed_document.id, claimed_document.fence, 300) is True
        left = fetch(conn, claimed_document).lease_expires_at - claimed_document.lease_expires_at
    assert left.total_seconds() > 250


def test_a_lost_lease_is_not_renewed(service, claimed_document):
    with service.transaction() as conn:
        taken = claims.take_over(conn, claimed_document.id, worker=WORKER, lease_s=30)
        assert claims.renew_document(conn, claimed_document.id, claimed_document.fence, 300) is None
        claims.finish_document(conn, claimed_document.id, taken.fence, "completed")
        assert claims.renew_document(conn, claimed_document.id, taken.fence, 300) is None


def test_jobs_are_renewed_with_their_document(service, claimed_document, claimed_image_job, claimed_analysis_job):
    with service.transaction() as conn:
        claims.renew_document(conn, claimed_document.id, claimed_document.fence, 3600)
        for table in ("image_processing_queue", "ai_analysis_queue"):
            query = f"select lease_expires_at > now() + interval '50 minutes' from {table}"
            assert conn.execute(query).fetchone() == (True,)


def test_renewing_does_not_wait_for_a_job_that_is_being_completed(service, claimed_document, claimed_image_job):
    with service.transaction() as busy:
        busy.execute("select 1 from image_processing_queue for update")
        with service.transaction() as conn:
            conn.execute("set local lock_timeout = '2s'")
            assert claims.renew_document(conn, claimed_document.id, claimed_document.fence, 30) is False


# ---- fenced writes

WRITES = {
    "require_fence": lambda conn, id, fence: claims.require_fence(conn, id, fence),
    "set_stage": lambda conn, id, fence: claims.set_stage(conn, id, fence, "chunking"),
    "set_page_count": lambda conn, id, fence: claims.set_page_count(conn, id, fence, 7),
    "set_languages": lambda conn, id, fence: claims.set_languages(conn, id, fence, ("tr", "en")),
    "add_warning": lambda conn, id, fence: claims.add_warning(conn, id, fence, "code", "message"),
    "set_counts": lambda conn, id, fence: claims.set_counts(conn, id, fence, {"pages": 7}),
    "finish_document": lambda conn, id, fence: claims.finish_document(conn, id, fence, "completed"),
    "fail_document_attempt": lambda conn, id, fence: claims.fail_document_attempt(
        conn, id, fence, "boom", code="x", permanent=False, backoff_s=1
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_every_write_needs_the_fence_and_the_state(service, claimed_document, write):
    with service.transaction() as conn:
        with pytest.raises(LeaseLost):
            write(conn, claimed_document.id, claimed_document.fence - 1)
        assert fetch(conn, claimed_document) == claimed_document
        write(conn, claimed_document.id, claimed_document.fence)
        if fetch(conn, claimed_document).status == "processing":
            claims.finish_document(conn, claimed_document.id, claimed_document.fence, "completed")
        with pytest.raises(LeaseLost):
            write(conn, claimed_document.id, claimed_document.fence)


def test_the_guard_does_not_make_inserts_of_children_wait(service, claimed_document):
    with service.transaction() as conn:
        claims.require_fence(conn, claimed_document.id, claimed_document.fence)
        with service.transaction() as other:
            other.execute("set local lock_timeout = '2s'")
            other.execute(
                "insert into job_progress (document_id, stage) values (%s, 'chunking')", [claimed_document.id]
            )


def test_what_a_driver_writes_is_there(service, claimed_document):
    document, fence = claimed_document.id, claimed_document.fence
    with service.transaction() as conn:
        claims.set_stage(conn, document, fence, "chunking")
        claims.set_page_count(conn, document, fence, 71)
        claims.set_languages(conn, document, fence, ("tr", "en"))
        for code, message in (("a", "first"), ("b", "second"), ("a", "first"), ("a", "third")):
            claims.add_warning(conn, document, fence, code, message)
        claims.set_counts(conn, document, fence, {"pages": 71, "images": 1})
        claims.set_counts(conn, document, fence, {"images": 215})
        row = fetch(conn, claimed_document)
    assert row.languages == ["tr", "en"]
    assert (row.stage, row.page_count, row.counts) == ("chunking", 71, {"pages": 71, "images": 215})
    assert [(entry["code"], entry["message"]) for entry in row.warnings] == [
        ("a", "first"),
        ("b", "second"),
        ("a", "third"),
    ]


# ---- ends


@pytest.mark.parametrize("status", ["completed", "partial"])
def test_a_document_that_is_done_is_at_a_hundred(service, claimed_document, status):
    with service.transaction() as conn:
        claims.finish_document(conn, claimed_document.id, claimed_document.fence, status)
        row = fetch(conn, claimed_document)
    assert (row.status, row.progress, row.worker, row.lease_expires_at) == (status, 100, None, None)
    assert row.completed_at is not None


def test_a_failed_document_needs_a_reason(service, claimed_document):
    refused = pytest.raises(psycopg.errors.CheckViolation, match="documents_failed_has_reason")
    with refused, service.transaction() as conn:
        claims.finish_document(conn, claimed_document.id, claimed_document.fence, "failed")
    with service.transaction() as conn:
        claims.finish_document(
            conn, claimed_document.id, claimed_document.fence, "failed", error_code="broken", error_message="no\0pages"
        )
        row = fetch(conn, claimed_document)
    assert (row.status, row.error_code, row.error_message, row.progress) == ("failed", "broken", "no\ufffdpages", 0)


def test_ending_a_document_cancels_what_is_still_queued(service, claimed_document, claimed_image_job):
    with service.transaction() as conn:
        claims.finish_document(conn, claimed_document.id, claimed_document.fence, "cancelled")
        assert queue.job_counts(conn, claimed_document.id)["image"].cancelled == 1


def fail(conn, document, error, **given):
    arguments = {"code": "internal_error", "permanent": False, "backoff_s": 2.0, **given}
    return claims.fail_document_attempt(conn, document.id, document.fence, error, **arguments)


def test_four_failed_attempts_fail_a_document_with_all_four_errors(service, pending_document):
    for attempt in range(1, 5):
        with service.transaction() as conn:
            conn.execute("update processed_documents set run_after = now()")
            document = claim_document(conn)
            assert document.attempt == attempt
            assert fail(conn, document, f"boom {attempt}") == ("pending" if attempt < 4 else "failed")
    with service.transaction() as conn:
        row = fetch(conn, pending_document)
        assert claim_document(conn) is None
    assert [(entry["attempt"], entry["error"]) for entry in row.errors] == [(n, f"boom {n}") for n in range(1, 5)]
    assert all(entry["at"] and entry["code"] == "internal_error" for entry in row.errors)
    assert (row.error_code, row.error_message) == ("internal_error", "boom 4")


def test_a_permanent_error_skips_the_retries(service, claimed_document):
    with service.transaction() as conn:
        assert fail(conn, claimed_document, "encrypted", permanent=True) == "failed"
        assert fetch(conn, claimed_document).attempt == 1


def test_a_failed_attempt_of_a_cancelled_document_cancels_it(service, claimed_document):
    with service.transaction() as conn:
        conn.execute("update processed_documents set cancel_requested = true")
        assert fail(conn, claimed_document, "boom") == "cancelled"


def test_waits_double_and_differ(service):
    waits = {1: [], 2: [], 3: []}
    with service.transaction() as conn:
        for _ in range(12):
            document = factories.add_claimed_document(conn)
            for attempt in waits:
                fail(conn, document, "boom", backoff_s=10)
                waits[attempt].append(
                    conn.execute(
                        "select extract(epoch from run_after - now())::float8 from processed_documents where id = %s",
                        [document.id],
                    ).fetchone()[0]
                )
                conn.execute("update processed_documents set run_after = now() where id = %s", [document.id])
                document = claim_document(conn)
            claims.finish_document(conn, document.id, document.fence, "completed")
    for attempt, base in ((1, 10), (2, 20), (3, 40)):
        assert all(0.5 * base <= wait <= 1.5 * base for wait in waits[attempt])
        assert len(set(waits[attempt])) > 1


# ---- giving back


def test_a_released_document_has_its_attempt_back_and_its_jobs_too(service, claimed_document, claimed_image_job):
    with service.transaction() as conn:
        assert claims.release_document(conn, claimed_document.id, claimed_document.fence)
        row = fetch(conn, claimed_document)
        job = conn.execute("select status, attempt, retry_count from image_processing_queue").fetchone()
        assert (row.status, row.attempt, row.worker) == ("pending", 0, None)
        assert job == ("pending", 0, 0)
        assert claim_document(conn).attempt == 1


def test_a_document_is_released_by_its_workers_name_whatever_the_fence(service, claimed_document):
    with service.transaction() as conn:
        claims.take_over(conn, claimed_document.id, worker=WORKER, lease_s=30, claimed_fence=claimed_document.fence)
        assert not claims.release_document(conn, claimed_document.id, worker="somebody else")
        assert claims.release_document(conn, claimed_document.id, worker=WORKER)
        assert not claims.release_document(conn, claimed_document.id, worker=WORKER)
        assert fetch(conn, claimed_document).attempt == 0


def test_a_late_driver_cannot_release_anothers_document(service, claimed_document):
    with service.transaction() as conn:
        claims.take_over(conn, claimed_document.id, worker=WORKER, lease_s=30)
        assert not claims.release_document(conn, claimed_document.id, claimed_document.fence)

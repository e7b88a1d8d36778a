"""Counts that move with the rows: always what counting would say, also while many write and somebody folds."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from db import document_actions, document_claims, job_results, metrics, queue
from db.tallies import fold_tallies
from tests.integration import factories

STATES = ("pending", "processing", "completed", "failed", "cancelled")
COUNT = """
    select count(*) filter (where status = 'pending'), count(*) filter (where status = 'processing'),
           count(*) filter (where status = 'completed'), count(*) filter (where status = 'failed'),
           count(*) filter (where status = 'cancelled'),
           avg(extract(epoch from completed_at - started_at)::float8) filter (where status = 'completed')
    from image_processing_queue
"""


def told(conn):
    found = metrics.get_queue_metrics(conn)["image"]
    return (*(getattr(found, state) for state in STATES), found.average_seconds)


def assert_counts(database):
    with database.transaction() as conn:
        assert told(conn)[:5] == conn.execute(COUNT).fetchone()[:5]


def assert_true(database):
    with database.transaction() as conn:
        conn.execute("set transaction isolation level repeatable read")
        counted = conn.execute(COUNT).fetchone()
        assert told(conn)[:5] == counted[:5]
        assert told(conn)[5] == pytest.approx(counted[5])
        documents = conn.execute("select count(*) from processed_documents").fetchone()[0]
        assert metrics.document_totals(conn).total == documents


def live_through(service):
    """One document's life: jobs in every state, then all of it gone or left."""
    for turn in range(3):
        with service.transaction() as conn:
            document = factories.add_claimed_document(conn)
            factories.add_images(conn, document, 6)
            queue.queue_image_processing_jobs(conn, document.id, max_retries=0)
        with service.transaction() as conn:
            jobs = factories.claim_images(conn, document, limit=4)
        with service.transaction() as conn:
            job_results.complete_image_jobs(conn, [factories.image_completion(job) for job in jobs[:2]])
            job_results.mark_job_failed(conn, "image", jobs[2].id, jobs[2].fence, "boom")
        with service.transaction() as conn:
            document_claims.finish_document(conn, document.id, document.fence, "partial")
        with service.transaction() as conn:
            if turn == 0:
                document_actions.delete_document(conn, document.id, "tester")
            elif turn == 1:
                document_actions.reprocess_document(conn, document.id, "tester")
                document_actions.request_cancel(conn, document.id, "tester")


def test_counts_are_true_while_many_write_and_somebody_folds(service):
    """Writers of eight documents beside a folder and readers."""
    with ThreadPoolExecutor(10) as threads:
        writers = [threads.submit(live_through, service) for _ in range(8)]
        while not all(writer.done() for writer in writers):
            with service.transaction() as conn:
                fold_tallies(conn, above=3)
            assert_true(service)
        for writer in writers:
            writer.result()
    assert_true(service)
    with service.transaction() as conn:
        assert conn.execute(COUNT).fetchone()[2] == 16, "two completed jobs of each last document are left"


def test_folding_leaves_one_line_a_queue_and_the_same_sums(service):
    live_through(service)
    with service.transaction() as conn:
        before = told(conn)
        assert fold_tallies(conn, above=3) > 3
        assert told(conn) == before
        assert conn.execute("select count(*), count(distinct queue) from queue_tallies").fetchone() == (2, 2)
        assert fold_tallies(conn) == 2, "so few are left alone"


def test_each_row_is_counted_once_by_statements_that_move_rows_in_several_ways(service):
    """An upsert, two updates and a delete of one table in one statement, a delete that takes rows along."""
    with service.transaction() as conn:
        documents = [factories.add_claimed_document(conn) for _ in range(4)]
        for document in documents:
            factories.add_images(conn, document, 3)
            queue.queue_image_processing_jobs(conn, document.id)
    ids = [document.id for document in documents]
    statements = [
        """
        insert into image_processing_queue (document_id, image_id)
        select document_id, image_id from image_processing_queue
        on conflict (image_id) do update set status = 'cancelled', completed_at = now()
        """,
        """
        with one as (update image_processing_queue set status = 'pending', completed_at = null where document_id = %s),
             another as (update image_processing_queue set priority = 1 where document_id = %s),
             gone as (delete from image_processing_queue where document_id = %s)
        select %s
        """,
        "delete from document_images where document_id in (%s, %s, %s, %s)",
    ]
    for statement in statements:
        with service.transaction() as conn:
            conn.execute(statement, ids if "%s" in statement else None)
        assert_counts(service)


def test_what_is_rolled_back_is_not_counted(service):
    with pytest.raises(ZeroDivisionError), service.transaction() as conn:
        factories.add_document(conn)
        _ = 1 / 0
    with service.transaction() as conn:
        assert metrics.document_totals(conn).total == 0


def test_a_renewal_adds_no_line(service, claimed_document):
    lines = "select count(*) from queue_tallies"
    with service.transaction() as conn:
        before = conn.execute(lines).fetchone()
        document_claims.renew_document(conn, claimed_document.id, claimed_document.fence, 60)
        assert conn.execute(lines).fetchone() == before


def test_a_truncate_would_make_the_counts_lie_and_is_refused(owner_url):
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="counts"), psycopg.connect(owner_url) as conn:
        conn.execute("truncate image_processing_queue")

"""Over many finished rows the hot statements read the index of the few that are open, and never the whole table."""

import re
from urllib.parse import urlsplit

import psycopg
import pytest

from db import document_claims, error_log, job_recovery, metrics, queue, reaper
from db.connection import Database
from db.roles import derive_url
from tests.integration import factories
from tests.integration.conftest import drop_database, in_database, new_database

FINISHED = 50_000
FILL = """
    insert into processed_documents (filename, title, content_hash, size_bytes, storage_key, status, completed_at)
    select 'f', 't', 'hash ' || n, 1, 'key ' || n, 'completed', now() from generate_series(1, %(finished)s / 10) n;

    insert into document_images
        (document_id, page, kind, content_hash, storage_key, media_type, width_px, height_px)
    select id, page, 'embedded', page, 'key', 'image/png', 9, 9
    from processed_documents, generate_series(1, 10) page where status = 'completed';

    insert into image_processing_queue
        (document_id, image_id, status, attempt, result, started_at, completed_at)
    select document_id, id, 'completed', 1, jsonb_build_object('engine', repeat('x', 100)),
           now() - interval '2 s', now()
    from document_images where storage_key = 'key';
"""


@pytest.fixture(scope="module")
def database(server, template, passwords):
    """One for all tests here: they only ask for plans."""
    name = new_database(server, template)
    yield in_database(server.owner_url, name)
    drop_database(server, name)


@pytest.fixture(scope="module")
def service(database, passwords):
    service = Database(derive_url(database, "service", passwords["service"]), "service")
    yield service
    service.close()


@pytest.fixture(scope="module")
def admin(database, passwords):
    admin = Database(derive_url(database, "admin", passwords["admin"]), "admin")
    yield admin
    admin.close()


@pytest.fixture(scope="module")
def many(server, service, database):
    """Finished rows beside one open document with open jobs."""
    as_superuser = in_database(server.superuser_url, urlsplit(database).path[1:])
    with psycopg.connect(as_superuser) as conn:
        conn.execute(FILL.replace("%(finished)s", str(FINISHED)))
    with service.transaction() as conn:
        for _ in range(20):
            factories.add_document(conn)
        document = factories.add_claimed_document(conn)
        factories.add_image_jobs(conn, document, 40)
    with psycopg.connect(as_superuser, autocommit=True) as conn:
        conn.execute("vacuum analyze")
    return document


def plan(database, statement, params):
    with database.transaction() as conn:
        rows = [row for (row,) in conn.execute(b"explain " + as_bytes(statement, conn), params)]
        conn.rollback()
    return "\n".join(rows)


def as_bytes(statement, conn):
    return statement.as_bytes(conn) if isinstance(statement, psycopg.sql.Composed) else statement.encode()


def reads_open_jobs_only(text):
    """By the partial index of open jobs, or by that of the states: which one depends on the planner's sample."""
    by_index = re.search("Index Scan (Backward )?(using|on) image_processing_queue_(open|status)", text)
    return by_index is not None and not whole_tables_read(text)


def whole_tables_read(text):
    return re.findall(r"Seq Scan on (image_processing_queue|processed_documents|document_images)\b", text)


def test_claiming_a_document_reads_the_open_ones(service, many):
    params = {"worker": "w", "lease_s": 30, "max_active": 5, "exclude": []}
    text = plan(service, document_claims.CLAIM_NEXT, params)
    assert "processed_documents_open" in text and not whole_tables_read(text), text


def test_claiming_jobs_reads_the_open_ones(service, many):
    params = {"document_id": many.id, "worker": "w", "lease_s": 30, "limit": 8}
    for tried in (None, False, True):
        text = plan(service, queue.CLAIM_IMAGES, {**params, "tried": tried})
        assert reads_open_jobs_only(text), text


def test_renewing_and_reaping_read_the_open_ones(service, many):
    text = plan(service, reaper.REAP_DOCUMENTS, {"backoff_s": 1})
    assert "processed_documents_open" in text and not whole_tables_read(text), text
    text = plan(service, job_recovery.LAPSE_EXPIRED["image"], {"reason": "x"})
    assert reads_open_jobs_only(text), text
    params = {"document_id": many.id, "fence": many.fence, "lease_s": 30}
    text = plan(service, job_recovery.RENEW["image"], params)
    assert reads_open_jobs_only(text), text


def test_metrics_count_open_jobs_and_finished_ones_from_indexes_alone(admin, many):
    text = plan(admin, metrics.METRICS["image"], None)
    assert reads_open_jobs_only(text), text
    assert "Index Only Scan using image_processing_queue_ended" in text, text
    with admin.transaction() as conn:
        found = metrics.get_queue_metrics(conn)["image"]
    assert (found.completed, found.pending, found.average_seconds) == (FINISHED, 40, 2.0)


def test_recent_jobs_and_errors_read_the_newest_only(admin, many):
    text = plan(admin, metrics.RECENT["image"], {"limit": 50})
    assert "image_processing_queue_updated_at" in text, text
    assert "image_processing_queue" not in whole_tables_read(text), text
    params = {"limit": 50, "offset": 0, "reach": 50, "document_id": None, "source": None, "text": None}
    text = plan(admin, error_log.LOG, {**params, "final_only": False})
    assert "image_processing_queue_errors" in text, text
    assert "image_processing_queue" not in whole_tables_read(text), text


def test_open_documents_are_listed_from_the_open_ones(admin, many):
    text = plan(admin, metrics.OPEN_DOCUMENTS, {"limit": 50, "offset": 0})
    assert "processed_documents_open" in text and not whole_tables_read(text), text

"""Over many finished rows the hot statements read the index of the few that are open, and never the whole table."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from benchmarks.finished_jobs import fill
from db import (
    content_results,
    document_claims,
    documents,
    error_log,
    job_recovery,
    job_results,
    metrics,
    progress,
    queue,
    reaper,
    retention,
    search,
    throughput,
    webhooks,
)
from db.connection import Database
from db.roles import derive_url
from tests.integration import factories
from tests.integration.conftest import drop_database, in_database, new_database

FINISHED = {"image": 1_000_000, "ai": 200_000}
PRODUCTS = 200_000
QUEUES = ("image", "ai")
BESIDE = (
    """
    insert into job_progress (document_id, stage, progress, total_items, completed_items)
    select id, a_stage, 100, 9, 9 from processed_documents,
           unnest(array['extraction', 'image_processing', 'chunking', 'ai_analysis', 'product_creation']) as a_stage
    """,
    """
    insert into content_results (document_id, kind, content_hash, model, result, from_document, from_job)
    select gen_random_uuid(), 'ocr', 'content ' || n / 2, 'ocr-1', '{}', gen_random_uuid(), gen_random_uuid()
    from generate_series(1, 50000) n
    """,
    """
    insert into webhook_deliveries (document_id, event, url, body, status, attempt, completed_at)
    select gen_random_uuid(), 'document.completed', 'https://hooks.example.com/', '{}', 'completed', 1, now()
    from generate_series(1, 50000) n
    """,
)
"""What months of work leave beside the queues."""
SHELF = (
    "alter table products alter column search drop expression",  # computed so, it would cost most of the time
    f"""
    insert into products (document_id, identity_key, name, evidence, pages, confidence, search)
    select gen_random_uuid(), n, n, '[{{}}]', '{{1}}', 1, to_tsvector('simple', 'serie' || n % 5000 || ' stone')
    from generate_series(1, {PRODUCTS}) n
    """,
    "insert into product_words (word, product_id) select unnest(tsvector_to_array(search)), id from products",
    "analyze products, product_words",
)
TABLES = {"image": "image_processing_queue", "ai": "ai_analysis_queue"}


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
    """A million finished image jobs, a fifth of that of analyses, beside one open document with open jobs in both."""
    as_superuser = in_database(server.superuser_url, urlsplit(database).path[1:])
    with psycopg.connect(as_superuser, autocommit=True) as conn:
        fill(conn, FINISHED["image"], FINISHED["ai"])
        conn.execute("set session_replication_role = replica")  # no triggers, no foreign keys
        for statement in BESIDE:
            conn.execute(statement)
        conn.execute("reset session_replication_role")
    with service.transaction() as conn:
        for _ in range(20):
            factories.add_document(conn)
        document = factories.add_claimed_document(conn)
        factories.add_images(conn, document, 40)
        factories.add_chunks(conn, document, 40)
        queue.queue_image_processing_jobs(conn, document.id)
        queue.queue_ai_analysis_jobs(conn, document.id, ["metadata"])
    with psycopg.connect(as_superuser, autocommit=True) as conn:
        conn.execute("analyze")
    return document


def plan(database, statement, params, *, whole_tables=True, claim=False):
    """The plan; without `whole_tables`, the one for tables so large that reading them whole is out of the question."""
    with database.transaction() as conn:
        if claim:
            conn.execute(queue.READ_IN_ORDER)
        conn.execute("select set_config('enable_seqscan', %s, true)", ["on" if whole_tables else "off"])
        rows = [row for (row,) in conn.execute(b"explain " + as_bytes(statement, conn), params)]
        conn.rollback()
    return "\n".join(rows)


def as_bytes(statement, conn):
    return statement.as_bytes(conn) if isinstance(statement, psycopg.sql.Composed) else statement.encode()


def reads_open_jobs_only(text, name):
    """By a partial index of open jobs: which one depends on the planner's sample."""
    by_index = re.search(rf"Index (Only )?Scan (Backward )?(using|on) {TABLES[name]}_(open|leases|waiting)", text)
    return by_index is not None and not whole_tables_read(text)


def whole_tables_read(text):
    return re.findall(r"Seq Scan on (image_processing_queue|ai_analysis_queue|processed_documents)\b", text)


def reads_by(text, index, table):
    return re.search(rf"{index}\b", text) is not None and f"Seq Scan on {table}" not in text


def test_claiming_a_document_reads_the_open_ones(service, many):
    params = {
        "worker": "w",
        "lease_s": 30,
        "max_active": 5,
        "reserved": 2,
        "small_bytes": 1,
        "max_starting": 2,
        "exclude": [],
    }
    text = plan(service, document_claims.CLAIM_NEXT, params)
    assert "processed_documents_open" in text and not whole_tables_read(text), text


@pytest.mark.parametrize("name", QUEUES)
def test_claiming_jobs_reads_the_open_ones(service, many, name):
    params = {"document_id": many.id, "fence": many.fence, "worker": "w", "lease_s": 30, "limit": 8}
    statement = {"image": queue.CLAIM_IMAGES, "ai": queue.CLAIM_ANALYSES}[name]
    for tried in (None, False, True):
        text = plan(service, statement, {**params, "tried": tried}, claim=True)
        assert reads_open_jobs_only(text, name), text


@pytest.mark.parametrize("name", QUEUES)
def test_renewing_reaping_and_lapsing_read_the_open_ones(service, many, name):
    text = plan(service, reaper.REAP_DOCUMENTS, {"backoff_s": 1})
    assert "processed_documents_open" in text and not whole_tables_read(text), text
    of_document = {"document_id": many.id, "fence": many.fence, "lease_s": 30, "reason": "x"}
    for statements in (job_recovery.RENEW, job_recovery.LAPSE_EXPIRED, job_recovery.LAPSE_OF_EARLIER_DRIVER):
        text = plan(service, statements[name], of_document)
        assert reads_open_jobs_only(text, name), text


@pytest.mark.parametrize("name", QUEUES)
def test_completing_and_failing_read_no_finished_jobs(service, many, name):
    params = {"job_id": uuid4(), "fence": 1, "error": "x", "permanent": False, "backoff_s": 1, "job_ids": [uuid4()]}
    completions = {"image": job_results.COMPLETE_IMAGES, "ai": job_results.COMPLETE_ANALYSES}[name]
    given = Jsonb([{"job_id": str(uuid4()), "fence": 1, "result": {}}])
    for statement in (completions, job_results.FAIL[name], job_results.HOLD_DOCUMENTS[name]):
        text = plan(service, statement, {**params, "completions": given})
        assert re.search(f"(using|on) {TABLES[name]}_(pkey|leases|open)", text) and not whole_tables_read(text), text


@pytest.mark.parametrize("name", QUEUES)
def test_metrics_read_the_tallies_and_the_first_of_the_waiting(admin, many, name):
    text = plan(admin, metrics.METRICS[name], None)
    assert "queue_tallies" in text and not whole_tables_read(text), text
    assert reads_open_jobs_only(text, name), text
    with admin.transaction() as conn:
        found = metrics.get_queue_metrics(conn)[name]
    assert (found.completed, found.pending, found.average_seconds) == (FINISHED[name], 40, 2.0)


def test_open_pages_are_counted_over_the_open_documents(service, many):
    text = plan(service, progress.OPEN_PAGES, None)
    assert "processed_documents_open" in text and not whole_tables_read(text), text
    assert "Seq Scan on job_progress" not in text, text


def test_totals_of_documents_read_the_tallies_alone(admin, many):
    text = plan(admin, metrics.TOTALS, None)
    assert "queue_tallies" in text and "processed_documents" not in text, text


@pytest.mark.parametrize("name", QUEUES)
def test_recent_jobs_throughput_and_errors_read_the_newest_only(admin, many, name):
    text = plan(admin, metrics.RECENT[name], {"limit": 50})
    for index in ("updated_at", "leases", "status"):  # of the waiting, those in work, the ended
        assert f"{TABLES[name]}_{index}" in text and TABLES[name] not in whole_tables_read(text), text
    text = plan(admin, throughput.THROUGHPUT[name], {"minutes": 60})
    assert f"{TABLES[name]}_status" in text and TABLES[name] not in whole_tables_read(text), text
    params = {"limit": 50, "offset": 0, "reach": 50, "document_id": None, "source": None, "text": None}
    text = plan(admin, error_log.LOG, {**params, "final_only": False})
    assert f"{TABLES[name]}_errors" in text and TABLES[name] not in whole_tables_read(text), text


@pytest.mark.parametrize("name", QUEUES)
def test_jobs_of_one_document_are_counted_from_its_own(service, many, name):
    text = plan(service, queue.COUNTS[name], {"document_id": many.id})
    assert f"{TABLES[name]}_document" in text and not whole_tables_read(text), text


def test_open_documents_are_listed_from_the_open_ones(admin, many):
    text = plan(admin, metrics.OPEN_DOCUMENTS, {"limit": 50, "offset": 0})
    assert "processed_documents_open" in text and not whole_tables_read(text), text


def test_documents_are_listed_counted_and_pruned_by_indexes_that_serve_them(admin, service, many):
    """A few thousand are read whole, and as fast. Looking for a text in all of them has no index."""
    asked = {"status": None, "text": None, "limit": 50, "offset": 0}
    text = plan(admin, documents.LIST, asked, whole_tables=False)
    assert reads_by(text, "processed_documents_created_at", "processed_documents"), text
    text = plan(admin, documents.COUNT_OPEN, None)
    assert reads_by(text, "processed_documents_open", "processed_documents"), text
    text = plan(service, retention.NEXT, {"seconds": 86400 * 30}, whole_tables=False)
    assert reads_by(text, "processed_documents_(to_prune|ended)", "processed_documents"), text


def test_progress_reads_the_stages_of_one_document(service, many):
    for statement in (progress.RAISE_OVERALL, progress.SET_OVERALL):
        text = plan(service, statement, progress.ranges(many.id))
        assert reads_by(text, "job_progress_(document|pkey|document_id_stage_key)", "job_progress"), text


def test_known_contents_are_found_by_their_hash(service, many):
    params = {"kind": "ocr", "model": "ocr-1", "hashes": [f"content {number}" for number in range(32)]}
    text = plan(service, content_results.FIND, params)
    assert reads_by(text, "content_results_key", "content_results"), text


def test_messages_are_claimed_and_reaped_from_the_open_ones(service, many):
    claim = {"worker": "w", "lease_s": 30, "limit": 8, "except_hosts": ["busy.example.com"]}
    for statement, params in ((webhooks.CLAIM, claim), (webhooks.REAP, {"most": 8, "error": "x"})):
        text = plan(service, statement, params)
        assert reads_by(text, "webhook_deliveries_open", "webhook_deliveries"), text


@pytest.mark.parametrize("counted_anew", [False, True])
def test_a_claim_from_a_long_queue_reads_no_more_than_it_takes(server, service, database, many, counted_anew):
    """Whether the planner knows of the thousands that came since it last counted or not."""
    as_superuser = in_database(server.superuser_url, urlsplit(database).path[1:])
    with service.transaction() as conn:
        for document in [factories.add_claimed_document(conn) for _ in range(2)]:
            factories.add_images(conn, document, 3000)
            factories.add_chunks(conn, document, 3000)
            queue.queue_image_processing_jobs(conn, document.id)
            queue.queue_ai_analysis_jobs(conn, document.id, ["classification", "metadata", "product_detection"])
    if counted_anew:
        with psycopg.connect(as_superuser, autocommit=True) as conn:
            conn.execute("analyze")
    held = {"document_id": document.id, "fence": document.fence}
    params = {**held, "worker": "w", "lease_s": 30, "limit": 20, "tried": None}
    for name, statement in (("image", queue.CLAIM_IMAGES), ("ai", queue.CLAIM_ANALYSES)):
        text = plan(service, statement, params, claim=True)
        assert f"Index Scan using {TABLES[name]}_open" in text, text
        assert f"Sort Key: {TABLES[name]}" not in text, text


@pytest.fixture(scope="module")
def shelf(server, database):
    with psycopg.connect(in_database(server.superuser_url, urlsplit(database).path[1:]), autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")
        for statement in SHELF:
            conn.execute(statement)


@pytest.mark.parametrize("text", ["serie47", "serie4711 stone", "an unknown word"])
@pytest.mark.parametrize("login", ["service", "admin"])
def test_products_are_found_by_their_words_under_the_policies(request, login, text, shelf):
    """By the comparisons of an index, which are leakproof: a search never reads all products or all words."""
    asked = {"text": text, "vector": None, "model": None, "limit": 20, "candidates": 200, "min_similarity": 0.25}
    found = plan(request.getfixturevalue(login), search.PRODUCTS, asked)
    assert reads_by(found, "product_words_pkey", "product_words") and "Seq Scan on products" not in found, found
    assert re.search(r"Index Cond: .*word >= ", found), found

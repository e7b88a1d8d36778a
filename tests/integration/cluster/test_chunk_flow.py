"""Stages 3 and 4 side by side, on a real Ray and a real Postgres: vectors, lost calls, a restart, a paused queue."""

import os
import random
import threading
import time

import pytest
import ray
from pydantic import SecretStr

from actors.records import ANALYSIS_TYPES, AnalysisResult
from actors.served import Served
from cluster.document_run import DocumentRun, StageTimedOut
from cluster.flows.analyses import AnalysisFlow
from cluster.flows.chunks import ChunkFlow
from cluster.flows.jobs import work_off
from cluster.lease import DocumentLease
from cluster.pools import start_actor, start_progress
from cluster.settings import Settings
from db.chunks import list_chunks
from db.pages import save_pages
from db.queue import job_counts
from db.queue_switches import pause_queue, resume_queue
from db.results import count_rows
from db.spans import list_spans
from tests.integration import factories
from tests.integration.cluster.reprocessed import reprocessed

pytestmark = pytest.mark.usefixtures("local_ray")
PAGES = 70
"""One chunk each: more than two calls for vectors."""
WORDS = ("slate", "oak", "marble", "brass", "linen", "copper", "walnut", "clay")


class Analyst:
    """The same vector for every text, an empty answer for every analysis; may end its process at its first call."""

    def __init__(self, fuse):
        self._fuse = fuse

    def encode_batch(self, texts, turn):
        if self._fuse.exists():
            self._fuse.unlink()
            os._exit(1)
        return Served([factories.unit_vector(0) for _ in texts], time.time(), time.time(), 0.0)

    def analyse(self, tasks, turn):
        told = {"result": {}, "model": "none"}
        results = [AnalysisResult(job_id=task.job_id, analysis_type=task.analysis_type, **told) for task in tasks]
        return Served(results, time.time(), time.time(), 0.0)

    def facts(self):
        return {}


def text_page(number, place=None):
    """Each with other words at another height, so that none is taken for page furniture."""
    words = " ".join(
        random.Random(number).choices(["slate", "oak", "marble", "brass", "linen", "copper", "walnut", "clay"], k=7)
    )
    place = place or number
    box = [50, 60 + 10 * place, 400, 72 + 10 * place]
    block = {"lines": [{"text": words, "box": box, "size": 12.0}], "box": box, "label": "text", "source": "text_layer"}
    return factories.page_json(place, blocks=[block])


@pytest.fixture
def run(service, service_url, tmp_path):
    """A driver's view of a document whose pages are stored."""
    settings = Settings(
        _env_file=None, home=tmp_path, service_database_url=SecretStr(service_url), retry_backoff_s=0.05, lease_s=10
    )
    actors = [start_actor("analysis-0", Analyst, tmp_path / "fuse"), start_progress(settings)]
    ray.get([actor.facts.remote() for actor in actors])
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        save_pages(conn, document.id, document.fence, [text_page(number) for number in range(1, PAGES + 1)])
    with DocumentLease.take(service, document.id, factories.WORKER, document.fence, settings) as lease:
        yield DocumentRun(settings, service, lease)
    for actor in actors:
        ray.kill(actor)


def cut_and_analyse(run):
    run.begin("chunking")
    chunks = ChunkFlow(run)
    work_off(run, AnalysisFlow(run, chunks.chunks), source=chunks)


def analysed(run):
    return sum(span.items for span in run.read(list_spans) if span.stage == "ai_analysis")


def encoded(run):
    return sum(span.items for span in run.read(list_spans) if (span.stage, span.actor) == ("chunking", "analysis-0"))


def test_every_chunk_is_stored_with_its_vector_and_analysed(run):
    cut_and_analyse(run)
    rows = run.read(list_chunks)
    assert [row.ordinal for row in rows] == list(range(PAGES))
    assert {row.embedding_model for row in rows} == {run.settings.text_model}
    assert run.read(job_counts)["ai"].completed == PAGES * len(ANALYSIS_TYPES)


def test_a_lost_call_for_vectors_is_sent_again(run, tmp_path):
    (tmp_path / "fuse").touch()
    cut_and_analyse(run)
    assert run.read(job_counts)["ai"].completed == PAGES * len(ANALYSIS_TYPES)


def test_what_is_stored_is_not_analysed_again_unless_its_page_reads_otherwise_nor_encoded(run):
    cut_and_analyse(run)
    assert encoded(run) == PAGES
    cut_and_analyse(run)
    assert encoded(run) == PAGES
    assert analysed(run) == run.read(job_counts)["ai"].total == PAGES * len(ANALYSIS_TYPES)
    # Another page of the same words: a picture is read there that a retry has found.
    run.transact(save_pages, [{**text_page(5), "images": [factories.image_json(5)]}])
    cut_and_analyse(DocumentRun(run.settings, run.database, run.lease))
    assert encoded(run) == PAGES
    assert analysed(run) == (PAGES + 1) * len(ANALYSIS_TYPES)
    assert run.read(job_counts)["ai"].completed == PAGES * len(ANALYSIS_TYPES)


def store_pages(run, changed=()):
    pages = [text_page(number + 1000 if number in changed else number, place=number) for number in range(1, PAGES + 1)]
    run.transact(save_pages, pages)


def test_a_reprocess_takes_vectors_over_by_their_text(run, service):
    cut_and_analyse(run)
    with reprocessed(service, run) as again:
        store_pages(again, changed=(5, 60))
        cut_and_analyse(again)
        assert encoded(again) == PAGES + 2, "the two texts that are new"
        rows = again.read(list_chunks)
        assert [row.page for row in rows if row.vector_reused_from is None] == [5, 60]
        assert {row.vector_reused_from for row in rows} == {None, run.document.id}
        assert again.read(count_rows).reused_vectors == PAGES - 2
        assert again.read(job_counts)["ai"].completed == PAGES * len(ANALYSIS_TYPES)
        with again.database.transaction() as conn:
            stored = "select count(*) from document_chunks where embedding = %s::vector"
            assert conn.execute(stored, [factories.unit_vector(0)]).fetchone() == (PAGES,)


def test_a_queue_that_stands_costs_no_time_and_a_stage_that_takes_too_long_is_ended(run, service):
    run.settings = run.settings.model_copy(update={"stage_deadline_s": 1.5})
    with service.transaction() as conn:
        pause_queue(conn, "ai", "tester")
    timer = threading.Timer(4.0, resume, [service])
    timer.start()
    cut_and_analyse(run)
    timer.join()
    assert run.read(job_counts)["ai"].completed == PAGES * len(ANALYSIS_TYPES)
    run.begin("ai_analysis")
    time.sleep(1.6)
    with pytest.raises(StageTimedOut, match=r"ai_analysis took longer than 1\.5 s"):
        run.look_around()


def resume(service):
    with service.transaction() as conn:
        resume_queue(conn, "ai", "tester")

"""Stages 1 and 2 side by side, on a real Ray and a real Postgres: lost readers, a store that refuses, a restart."""

import threading
import time
from contextlib import contextmanager

import pymupdf
import pytest
import ray
from pydantic import SecretStr

from actors.errors import DocumentBroken, DocumentTooLarge
from cluster.document_run import DocumentRun
from cluster.flows.extraction import ExtractionFlow
from cluster.flows.images import ImageFlow
from cluster.flows.jobs import work_off
from cluster.lease import DocumentLease
from cluster.pools import start_actor, start_progress
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.workers.reader_worker import ReaderWorker
from db.document_actions import delete_document
from db.images import list_images
from db.metrics import document_progress
from db.pages import list_pages
from db.queue import job_counts
from db.results import count_rows
from db.spans import list_spans
from tests.integration import factories
from tests.integration.api.pdfs import broken_pdf, valid_pdf
from tests.integration.api.situations import png
from tests.integration.cluster.made_up import PAGES, Answers, Reader
from tests.integration.cluster.reprocessed import reprocessed

POISON = 7
STORE = "an image of every page"


def pictured():
    """A page with a photo in it."""
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((72, 72), "Oak, natural")
        page.insert_image((72, 100, 300, 300), stream=png())
        return document.tobytes()


@pytest.fixture(scope="module")
def answers(local_ray):
    """The actors that answer for all images of these tests."""
    actors = [start_actor("ocr-0", Answers), start_actor("clip-0", Answers)]
    yield ray.get([actor.facts.remote() for actor in actors])
    for actor in actors:
        ray.kill(actor)


@pytest.fixture
def driving(service, service_url, tmp_path, answers):
    """Makes a driver's view of a document with that content, beside reader actors of that class."""
    settings = Settings(
        _env_file=None, home=tmp_path, service_database_url=SecretStr(service_url), retry_backoff_s=0.05, lease_s=10
    )
    storage = Storage(settings.storage_address)

    @contextmanager
    def driving(content, *readers):
        actors = [start_actor(f"reader-{n}", kind, *given, **how) for n, (kind, given, how) in enumerate(readers)]
        actors += [start_progress(settings)]
        ray.get([actor.facts.remote() for actor in actors])
        try:
            with service.transaction() as conn:
                key = storage.put(content, ".pdf")
                document = factories.add_claimed_document(conn, storage_key=key)
            with DocumentLease.take(service, document.id, factories.WORKER, document.fence, settings) as lease:
                yield DocumentRun(settings, service, lease)
        finally:
            for actor in actors:
                ray.kill(actor)

    driving.settings, driving.storage = settings, storage
    return driving


def read(run):
    run.begin("extraction")
    work_off(run, ImageFlow(run), source=ExtractionFlow(run))


def made_up(driving, full, **how):
    key = driving.storage.put(STORE.encode(), ".png")
    return [(Reader, (key, full), how)] * 2


def test_pages_are_read_by_several_and_their_images_meanwhile(driving, service, tmp_path):
    with driving(b"%PDF-", *made_up(driving, tmp_path / "full")) as run:
        read(run)
        pages, images = run.read(list_pages), run.read(list_images)
        assert [page.page for page in pages] == list(range(1, PAGES + 1))
        assert {image.ocr_status for image in images} == {"no_text"}
        assert run.read(job_counts)["image"].completed == PAGES == len(images)
        spans = run.read(list_spans)
        by_stage = {stage: [one for one in spans if one.stage == stage] for stage in ("extraction", "image_processing")}
        assert {one.actor for one in by_stage["extraction"]} == {"reader-0", "reader-1"}
        assert sum(one.items for one in by_stage["extraction"]) == PAGES
        assert by_stage["image_processing"][0].began_at < by_stage["extraction"][-1].ended_at, "they run side by side"
        assert run.read(document_progress).document.progress == 40.0


def test_a_page_that_kills_its_reader_fails_after_four_attempts_and_takes_nobody_along(driving, tmp_path):
    with driving(b"%PDF-", *made_up(driving, tmp_path / "full", poison=POISON)) as run:
        read(run)
        pages = {page.page: page for page in run.read(list_pages)}
        assert pages.keys() == set(range(1, PAGES + 1))
        assert [page for page in pages if pages[page].kind == "failed"] == [POISON]
        assert pages[POISON].error_code == "page_lost"


def test_a_file_store_that_refuses_is_waited_for(driving, tmp_path):
    full = tmp_path / "full"
    full.touch()
    with driving(b"%PDF-", *made_up(driving, full)) as run:
        threading.Timer(1.5, full.unlink).start()
        read(run)
        assert {page.kind for page in run.read(list_pages)} == {"text"}


def test_a_second_driver_reads_only_what_is_not_stored(driving, tmp_path):
    with driving(b"%PDF-", *made_up(driving, tmp_path / "full")) as run:
        flow = ExtractionFlow(run)
        call = flow.send_next()
        answers = tuple(ray.get(list(call.refs)))
        flow.settle(type("Outcome", (), {"batch": call.batch, "answers": answers, "seconds": 0.0})())
        stored = len(run.read(list_pages))
        assert 0 < stored < PAGES
        read(run)
        assert sum(one.items for one in run.read(list_spans) if one.stage == "extraction") == PAGES


def test_the_real_reader_reads_a_real_file_and_refuses_a_broken_one(driving):
    given = (driving.settings,)
    real = (ReaderWorker, given, {"duty": "reader-0", "gpu": False, "threads": 1})
    with driving(valid_pdf(pages=3), real) as run:
        read(run)
        assert ["page 2" in str(page.blocks) for page in run.read(list_pages)] == [False, True, False]
        assert all(one.cpu_seconds > 0 for one in run.read(list_spans) if one.stage == "extraction")
    with driving(broken_pdf(), real) as run, pytest.raises(DocumentBroken):
        read(run)


def test_pages_that_together_take_too_long_end_the_document(driving, tmp_path):
    with driving(b"%PDF-", *made_up(driving, tmp_path / "full")) as run:
        run.settings = run.settings.model_copy(update={"document_timeout_s": 0.25})  # each call says 0.1 s
        with pytest.raises(DocumentTooLarge, match="QUARRY_DOCUMENT_TIMEOUT_S"):
            read(run)


def test_files_that_went_with_another_document_are_made_again(driving, service):
    """The reader knows that file and its images already: the same catalogue was read, and deleted with its files."""
    real = (ReaderWorker, (driving.settings,), {"duty": "reader-0", "gpu": False, "threads": 1})
    with driving(pictured(), real) as run:
        read(run)
        keys = {image.storage_key for image in run.read(list_images)}
        assert keys
        for key in [*keys, *(page.thumbnail_key for page in run.read(list_pages))]:
            driving.storage.delete(key)
        with service.transaction() as conn:
            delete_document(conn, run.document.id, "tester")
            again = factories.add_claimed_document(conn, storage_key=run.document.storage_key)
        with DocumentLease.take(service, again.id, factories.WORKER, again.fence, driving.settings) as lease:
            second = DocumentRun(driving.settings, service, lease)
            started = time.monotonic()
            read(second)
            assert {image.storage_key for image in second.read(list_images)} == keys
            assert all(driving.storage.exists(key) for key in keys)
            assert time.monotonic() - started < 10, "no round of reading was in vain"


def pages_read(run):
    """By readers, over all times that the document was processed."""
    return sum(one.items for one in run.read(list_spans) if one.stage == "extraction")


def test_a_reprocess_takes_pages_over_that_were_read_whole_and_they_say_so(driving, service, tmp_path):
    with driving(b"%PDF-", *made_up(driving, tmp_path / "full", warned=3)) as run:
        read(run)
        with reprocessed(service, run) as again:
            read(again)
            pages = {page.page: page.reused_from for page in again.read(list_pages)}
            assert pages == {page: run.document.id for page in range(1, PAGES + 1)} | {3: None}
            assert again.read(job_counts)["image"].completed == PAGES
            assert again.read(count_rows).reused_pages == PAGES - 1
            assert pages_read(again) == PAGES + 1, "a reader was asked for the one that it had left something out of"
            with reprocessed(service, again, page_dpi=72) as third:
                read(third)
                assert {page.reused_from for page in third.read(list_pages)} == {None}
                assert pages_read(third) == 2 * PAGES + 1, "other settings, another reading"


def test_pages_are_taken_over_from_another_document_and_stay_when_it_goes(driving, service, tmp_path):
    with driving(b"%PDF-", *made_up(driving, tmp_path / "full")) as run:
        read(run)
        with service.transaction() as conn:
            other = factories.add_claimed_document(conn, storage_key=run.document.storage_key)
        with DocumentLease.take(service, other.id, factories.WORKER, other.fence, driving.settings) as lease:
            second = DocumentRun(driving.settings, service, lease)
            read(second)
            assert pages_read(second) == 0
            with service.transaction() as conn:
                delete_document(conn, run.document.id, "tester")
            assert {page.reused_from for page in second.read(list_pages)} == {run.document.id}
            with reprocessed(service, second) as again:
                read(again)
                assert len(again.read(list_pages)) == PAGES and pages_read(again) == 0


def test_known_pages_whose_files_are_gone_are_read(driving, service):
    real = (ReaderWorker, (driving.settings,), {"duty": "reader-0", "gpu": False, "threads": 1})
    with driving(pictured(), real) as run:
        read(run)
        keys = {image.storage_key for image in run.read(list_images)}
        for key in keys:
            driving.storage.delete(key)
        with reprocessed(service, run) as again:
            read(again)
            assert {image.storage_key for image in again.read(list_images)} == keys
            assert all(driving.storage.exists(key) for key in keys)
            assert [page.reused_from for page in again.read(list_pages)] == [None]

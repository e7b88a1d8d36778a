"""Stage 2 on a real Ray and a real Postgres, with actors that answer without a model and can be made to die."""

import os
import threading
import time

import pytest
import ray
from pydantic import SecretStr

from actors.records import EmbeddingResult, OcrResult
from actors.served import Served
from cluster.document_run import DocumentRun
from cluster.flows.images import ImageFlow
from cluster.flows.jobs import work_off
from cluster.lease import DocumentLease
from cluster.pools import start_actor, start_progress
from cluster.settings import Settings
from cluster.storage import Storage
from db import queue
from db.pages import save_pages
from tests.integration import factories

pytestmark = pytest.mark.usefixtures("local_ray")
IMAGES = 10
FIRST_TWO_BATCHES = 4
"""Images in what is sent before any result has come."""
PATIENCE_S = 60.0
POISON = "bb/poison.png"
REFUSED = "bb/refused.png"
JOBS = """
    select i.storage_key, q.status, q.attempt, q.errors
    from image_processing_queue q join document_images i on i.id = q.image_id order by q.created_at
"""


def served(results):
    return Served(results, time.time(), time.time(), 0.0)


class Reader:
    """Finds no text, and fails without its files; the poison ends its process."""

    def __init__(self, files):
        self._files = files

    def read(self, tasks, turn):
        if any(task.storage_key == POISON for task in tasks):
            os._exit(1)
        error = None if self._files.exists() else "no bytes"
        return served([OcrResult(image_id=task.image_id, engine="none", error=error) for task in tasks])

    def facts(self):
        return {}


class Embedder:
    """One vector for all; for one image a state that the database does not know."""

    def embed(self, tasks, turn):
        states = {task.image_id: "nonsense" if task.storage_key == REFUSED else "stored" for task in tasks}
        told = {"vector": (1.0, 0.0), "model": "none", "seconds": 0.0, "error": None, "permanent": False}
        return served([EmbeddingResult.model_construct(image_id=key, status=states[key], **told) for key in states])

    def facts(self):
        return {}


@pytest.fixture
def run(service, service_url, tmp_path):
    """A driver's view of a document; its image jobs are not queued yet."""
    settings = Settings(
        _env_file=None,
        home=tmp_path,
        service_database_url=SecretStr(service_url),
        lease_s=10,
        retry_backoff_s=0.05,
        max_batch_items=4,
    )
    actors = [
        start_actor("ocr-0", Reader, tmp_path / "files"),
        start_actor("clip-0", Embedder),
        start_progress(settings),
    ]
    ray.get([actor.facts.remote() for actor in actors])
    key = Storage(settings.storage_address).put(b"%PDF-", ".pdf")
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn, storage_key=key)
    with DocumentLease.take(service, document.id, factories.WORKER, document.fence, settings) as lease:
        yield DocumentRun(settings, service, lease)
    for actor in actors:
        ray.kill(actor)


def store_images(run, service, *, special=None):
    """Ten images, the fourth of which may be a special one."""
    keys = [special if special and number == 3 else f"bb/{number}.png" for number in range(IMAGES)]
    rows = [
        factories.page_json(page, images=[factories.image_json(page, storage_key=key)])
        for page, key in enumerate(keys, start=1)
    ]
    with service.transaction() as conn:
        save_pages(conn, run.document.id, run.lease.fence, rows)
    run.enqueue(queue.queue_image_processing_jobs)


def statuses(service):
    return {status: [job[0] for job in jobs(service).values()].count(status) for status in ("processing", "completed")}


def jobs(service):
    with service.transaction() as conn:
        return {key: (status, attempt, errors) for key, status, attempt, errors in conn.execute(JOBS)}


def test_a_poison_image_fails_after_four_attempts_and_takes_nobody_along(run, service):
    store_images(run, service, special=POISON)
    work_off(run, ImageFlow(run))
    found = jobs(service)
    status, attempt, errors = found.pop(POISON)
    assert (status, attempt, [error["attempt"] for error in errors]) == ("failed", 4, [1, 2, 3, 4])
    assert all("the OCR call was lost" in error["error"] for error in errors)
    assert {status for status, _, _ in found.values()} == {"completed"}
    in_its_batch = [errors for _, _, errors in found.values() if errors]
    assert all(len(errors) == 1 for errors in in_its_batch)
    assert len(in_its_batch) <= run.settings.max_batch_items - 1


def test_a_result_that_the_database_refuses_fails_its_own_job_alone(run, service):
    store_images(run, service, special=REFUSED)
    work_off(run, ImageFlow(run))
    found = jobs(service)
    status, attempt, errors = found.pop(REFUSED)
    assert (status, attempt) == ("failed", 1)
    assert "the result was refused" in errors[0]["error"]
    assert {(status, attempt) for status, attempt, _ in found.values()} == {("completed", 1)}


def test_no_attempt_counts_while_the_file_store_is_away(run, service, tmp_path):
    store_images(run, service)
    files = tmp_path / "files"
    away = files.rename(tmp_path / "away")
    back = threading.Timer(6.0, away.rename, [files])
    back.start()
    work_off(run, ImageFlow(run))
    back.join()
    assert {found for found in map(str, jobs(service).values())} == {str(("completed", 1, []))}


def test_jobs_whose_claim_was_answered_to_nobody_are_given_back_and_done(run, service):
    """The connection broke after the commit: they are claimed in this driver's name, and it does not know."""
    store_images(run, service)
    lost = run.transact(queue.claim_image_jobs, worker=run.worker, limit=3, lease_s=60)
    assert len(lost) == 3
    work_off(run, ImageFlow(run))
    assert {(status, attempt) for status, attempt, _ in jobs(service).values()} == {("completed", 1)}


def test_the_next_batches_are_sent_while_results_are_being_written_and_the_stage_waits_for_them(run, service):
    store_images(run, service)
    stage = threading.Thread(target=work_off, args=(run, ImageFlow(run)), daemon=True)
    with service.transaction() as conn:
        conn.execute("select from document_images for update")  # no result can be written
        stage.start()
        until = time.monotonic() + PATIENCE_S
        while statuses(service)["processing"] <= FIRST_TWO_BATCHES:
            assert time.monotonic() < until, statuses(service)
            time.sleep(0.05)
        assert statuses(service)["completed"] == 0
        assert stage.is_alive()
    stage.join(PATIENCE_S)
    assert statuses(service) == {"processing": 0, "completed": IMAGES}


def test_nobody_asks_again_right_after_there_was_nothing(run, service, monkeypatch):
    asked = []

    def claim(*args, **kwargs):
        asked.append(kwargs["tried"])
        return queue.claim_image_jobs(*args, **kwargs)

    monkeypatch.setattr("cluster.flows.images.claim_image_jobs", claim)
    flow = ImageFlow(run)
    assert flow.send_next() is None
    assert flow.send_next() is None
    assert asked == [False, True]
    store_images(run, service)
    flow.look_again()
    assert flow.send_next() is not None

"""What an operator sees of a running Quarry: its numbers in Ray's exporter, its log, and whether it is ready."""

import json
import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cluster.host.logs import log_file
from tests.acceptance.conftest import settings_of

SEEN_WITHIN_S = 90
"""The supervisor looks every 10 s, counts ends that are 10 s old, and Ray reports every 10 s."""
ACTORS = ("ocr-0", "clip-0", "analysis-0")


def scrape(checkout):
    """The value of each of our samples, by name and tags of ours."""
    url = f"http://127.0.0.1:{checkout.port('METRICS_PORT')}/metrics"
    text = httpx.get(url, timeout=30, trust_env=False).text
    ours = ("queue", "state", "outcome", "actor", "device", "what")
    return {
        (sample.name.removeprefix("ray_quarry_"), *(sample.labels[tag] for tag in ours if tag in sample.labels)): sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("ray_quarry_")
    }


def count(numbers, queue, outcome="completed"):
    """Jobs of a queue that ended so."""
    found = numbers.get(("attempts_total", queue, outcome))
    return 0 if found is None else found.value


def is_whole(numbers, queue):
    """Ray takes each number at a moment of its own: whether they are of the same look of the supervisor."""
    ran = numbers.get(("job_run_seconds_count", queue, "completed"))
    waited = numbers.get(("job_wait_seconds_count", queue))
    if ran is None or waited is None:
        return False
    return ran.value == count(numbers, queue) > 0 and waited.value == ran.value + count(numbers, queue, "failed")


@pytest.fixture(scope="module")
def numbers(client, checkout, sample_id):
    """The exporter's samples once all jobs of the first document are in them."""
    images = len(client.all(sample_id, "images"))
    deadline = time.monotonic() + SEEN_WITHIN_S
    while True:
        found = scrape(checkout)
        counted = all(is_whole(found, queue) for queue in ("image", "ai")) and count(found, "image") >= images
        if counted and all(("actor_items_total", actor) in found for actor in ACTORS):
            return found
        assert time.monotonic() < deadline, sorted(found)
        time.sleep(1)


def test_jobs_and_documents_are_exported_by_queue_and_state(client, numbers):
    metrics = client.get("/queues/metrics")
    for queue in ("image", "ai"):
        assert numbers["jobs", queue, "completed"].value > 0
        assert numbers["jobs", queue, "completed"].value <= metrics[queue]["completed"]
        assert numbers["jobs", queue, "failed"].value == metrics[queue]["failed"]
        assert numbers["oldest_pending_seconds", queue].value >= 0
    assert numbers["documents", "completed"].value >= 1
    assert numbers["ready",].value == 1


def test_wait_and_run_times_are_histograms_of_every_ended_job(numbers):
    for queue in ("image", "ai"):
        assert is_whole(numbers, queue)
        assert numbers["job_run_seconds_sum", queue, "completed"].value > 0


def test_actors_tell_their_device_and_how_full_their_batches_are(numbers):
    for actor in ACTORS:
        assert numbers["actor_up", actor, "cpu"].value == 1
        assert numbers["actor_memory_bytes", actor].value > 50_000_000
        assert numbers["actor_items_total", actor].value > 0
        assert 0 < numbers["actor_batch_fill_ratio", actor].value <= 1


def events(checkout):
    """Every line of the log, those of turned files included."""
    files = sorted(log_file(checkout.home).parent.glob("quarry.log*"))
    return [json.loads(line) for file in files if file.suffix != ".turn" for line in file.read_text().splitlines()]


def test_the_log_tells_a_documents_way_with_its_context(checkout, sample_id):
    lines = [line for line in events(checkout) if line.get("document_id") == sample_id]
    done = [line["stage"] for line in lines if line["event"] == "stage done"]
    assert done == ["extraction", "image_processing", "chunking", "ai_analysis", "product_creation"]
    assert {line["process"] for line in lines} >= {"supervisor", "driver"}
    assert all(line["document_attempt"] == 1 for line in lines if line["process"] == "driver")


def test_actors_and_api_write_into_the_same_log(checkout, client):
    client.get("/documents")
    lines = events(checkout)
    assert {line["process"] for line in lines} >= {"ocr-0", "clip-0", "analysis-0", "serve replica", "supervisor"}
    assert any(line["event"] == "batch done" and line["items"] > 0 for line in lines)
    assert any(line["event"] == "request" and line["path"] == "/documents" and line["status"] == 200 for line in lines)


def test_no_secret_is_in_any_log(checkout, client):
    settings = settings_of(checkout)
    secrets = {
        "the token": client.http.headers["Authorization"].removeprefix("Bearer "),
        "the key": settings.jwt_secret.get_secret_value(),
        "the service's login": settings.service_url,
        "the admin's login": settings.admin_url,
        "Ray's token": (checkout.home / "ray_token").read_text().strip(),
    }
    for file in (checkout.home / "logs").iterdir():
        text = file.read_text(errors="replace")
        assert [name for name, secret in secrets.items() if secret in text] == [], file

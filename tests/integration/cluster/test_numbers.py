"""What Prometheus reads of the actors and of what was lost, scraped from a real Ray's exporter."""

import time
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cluster.settings import Settings
from cluster.upkeep.numbers import Numbers, ServedSoFar
from db.reaper import Reaped

WITHIN_S = 30.0
OCR = {"pid": 1, "memory_bytes": 5_000, "model": "en", "device": "cpu", "items": 12, "batches": 3}
WRITER = {"pid": 2, "memory_bytes": 7_000, "leases_lost": 3}


def told(port):
    """Each value of ours, by name and the tags that matter here."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30, trust_env=False).text
    return {
        (
            sample.name.removeprefix("ray_quarry_"),
            *(sample.labels[tag] for tag in ("actor", "what") if tag in sample.labels),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("ray_quarry_")
    }


@pytest.fixture
def numbers(local_ray):
    return Numbers(Settings(_env_file=None, max_batch_items=8))


def test_one_that_is_gone_is_down_and_what_was_lost_is_counted(numbers, metrics_port):
    def wait_for(**expected):
        deadline = time.monotonic() + WITHIN_S
        wanted = {tuple(name.split("__")): value for name, value in expected.items()}
        while not wanted.items() <= (found := told(metrics_port)).items():
            assert time.monotonic() < deadline, found
            time.sleep(0.2)

    numbers.count_reaped(Reaped([uuid4()], jobs=4))
    numbers.show_actors({"ocr": OCR, "progress": WRITER})
    wait_for(actor_up__ocr=1, actor_up__progress=1, actor_items_total__ocr=12, actor_batch_fill_ratio__ocr=0.5)
    wait_for(reaped_total__documents=1, reaped_total__jobs=4, leases_lost_total=3)
    numbers.count_reaped(Reaped([], jobs=1))
    numbers.show_actors({"progress": {**WRITER, "leases_lost": 5}})
    wait_for(actor_up__ocr=0, actor_up__progress=1, reaped_total__jobs=5, leases_lost_total=5)
    numbers.show_actors({"progress": {**WRITER, "pid": 3, "leases_lost": 1}})  # begins to count anew
    wait_for(actor_up__ocr=0, leases_lost_total=6)


def test_how_full_the_last_batches_were_is_told_while_nothing_is_done():
    busy = ServedSoFar().next(12, 3)
    assert (busy.new_items, busy.items_a_batch) == (12, 4.0)
    idle = busy.next(12, 3)
    assert (idle.new_items, idle.items_a_batch) == (0, 4.0)
    assert idle.next(13, 4).items_a_batch == 1.0
    restarted = idle.next(2, 1)
    assert (restarted.new_items, restarted.items_a_batch) == (2, 2.0)
    assert idle.next(0, 0).items_a_batch is None, "a new process has had no batch"

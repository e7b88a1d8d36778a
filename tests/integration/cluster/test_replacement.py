"""Actors that have served enough are replaced while a driver works with them: nothing is lost, nothing has failed."""

import time

import pytest
import ray
from pydantic import SecretStr

from actors.records import EmbeddingResult, ImageTask, Retiring
from actors.served import Served
from cluster.pool_care.replacement import Replacements
from cluster.pools import PoolPlan, start_actor, start_pool
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.workers.dispatch import Pool, wait_for
from tests.integration.api.situations import png
from tests.small_clip import make_small_clip

IMAGES, MOST = 8, 4
WITHIN_S = 120


class Desk:
    """The supervisor's two answers, given by the class that gives them there."""

    def __init__(self):
        self._replacements = Replacements()

    def retire(self, name, pid, reason):
        self._replacements.replace(name, pid, reason)

    def replaced_within(self, name, seconds):
        return self._replacements.within(name, seconds)


@pytest.fixture
def pool(local_ray, tmp_path):
    """One real CLIP actor that serves four images, then wants to be replaced."""
    settings = Settings(
        home=tmp_path / "home",
        clip_model=make_small_clip(tmp_path / "clip"),
        service_database_url=SecretStr("postgresql://nobody@127.0.0.1/nowhere"),
        actor_recycle_items=MOST,
    )
    desk = start_actor("supervisor", Desk)
    started = start_pool(PoolPlan("clip", actors=1, num_cpus=0.5, num_gpus=0), settings)
    yield Pool.connect("clip")
    for actor in [desk, *started.values()]:
        ray.kill(actor)


@pytest.fixture
def tasks(tmp_path):
    storage = Storage(f"file://{tmp_path / 'home' / 'files'}")
    return [
        ImageTask(
            job_id=f"job-{number}",
            image_id=f"image-{number}",
            fence=number,
            storage_key=storage.put(png((number * 20, 90, 40)), ".png"),
            width_px=64,
            height_px=64,
        )
        for number in range(IMAGES)
    ]


def until_up(pool):
    deadline = time.monotonic() + WITHIN_S
    while not pool.is_up():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def look_around():
    """Nobody cancels here."""


def test_a_worn_actor_is_replaced_and_every_image_is_served_once(pool, tasks):
    served, refused, pids = [], 0, []
    waiting = list(tasks)
    while waiting:
        until_up(pool)
        pids.append(pool.call("facts", tries=1, timeout_s=WITHIN_S, look_around=look_around)["pid"])
        # Three at a time in flight: the third is refused, or lost with its process, when the others used the rest up.
        sent = [(batch, pool.send("embed", batch)) for batch in (waiting[:2], waiting[2:4], waiting[4:6]) if batch]
        waiting = waiting[6:]
        for batch, call in sent:
            answer = wait_for(call.ref, WITHIN_S, look_around)
            begun = pool.take_answer(call, answer)
            if isinstance(answer, Served):
                assert begun
                served += answer.results
            else:
                assert not begun, answer
                refused += isinstance(answer, Retiring)
                waiting += batch
    assert sorted(result.image_id for result in served) == sorted(task.image_id for task in tasks)
    assert all(isinstance(result, EmbeddingResult) and result.status == "stored" for result in served)
    assert refused >= 1
    assert len(set(pids)) == IMAGES // MOST, "each process serves four images"

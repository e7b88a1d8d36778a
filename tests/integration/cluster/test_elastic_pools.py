"""Pools that follow their backlog on a real Ray and a real Postgres, with a real, small CLIP model."""

import time

import pytest
import ray
from pydantic import SecretStr

from cluster.dispatch import Pool, names_of, wait_for
from cluster.fair_share import Turn
from cluster.pool_keeper import PoolKeeper, count_open_jobs
from cluster.pool_watch import PoolWatch
from cluster.pools import PoolPlan
from cluster.replacement import Replacements
from cluster.settings import Settings
from db.job_recovery import cancel_jobs
from tests.integration import factories
from tests.small_clip import make_small_clip

WITHIN_S = 60.0
ROOM = 3
"""So many CLIP actors the test's Ray has room for."""
PLANS = [PoolPlan("clip", actors=1, num_cpus=4 / ROOM - 0.05, num_gpus=0.0, least=1, most=6)]


@pytest.fixture
def keeper(local_ray, tmp_path):
    """Of one pool, which asks for more actors than there is room for."""
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        clip_model=make_small_clip(tmp_path / "clip"),
        service_database_url=SecretStr("postgresql://nobody@127.0.0.1/nowhere"),
    )
    yield PoolKeeper(settings, Replacements())
    for name in names_of("clip"):
        ray.kill(ray.get_actor(name, namespace="quarry"))


def until(condition):
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def look_around():
    """Nobody cancels here."""


def grow(keeper, service):
    """A document whose backlog asks for six actors; what the keeper then keeps."""
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        factories.add_image_jobs(conn, document, 180)
        return document, keeper.keep(PLANS, {}, count_open_jobs(conn))


def test_it_grows_beyond_the_room_there_is_and_the_waiting_ones_are_no_trouble(keeper, service):
    watch = PoolWatch()
    needed, welcome = keeper.keep(PLANS, {}, {})
    assert (list(needed), list(welcome)) == (["clip-0"], [])
    _, (needed, welcome) = grow(keeper, service)
    assert (list(needed), len(welcome)) == (["clip-0"], 5)
    watch.follow(needed, welcome)

    def up():
        watch.poll()
        return len(watch.facts()) == ROOM and watch.trouble() is None

    until(up)
    pool = Pool.connect("clip", Turn("document"))
    assert len(pool) == ROOM, "nothing is sent to an actor that waits for a node"


def test_a_pool_that_is_in_use_meets_new_actors_and_loses_removed_ones(keeper, service, monkeypatch):
    monkeypatch.setattr("cluster.dispatch.LOOK_FOR_MEMBERS_S", 0.1)
    keeper.keep(PLANS, {}, {})
    pool = Pool.connect("clip")
    until(pool.is_up)
    document, _ = grow(keeper, service)
    until(lambda: pool.is_up() and len(pool) == ROOM)
    with service.transaction() as conn:
        cancel_jobs(conn, document.id)
        open_jobs = count_open_jobs(conn)
    monkeypatch.setattr("cluster.pool_size.KEPT_FOR_S", 0.0)
    keeper.keep(PLANS, {}, open_jobs)
    until(lambda: names_of("clip") == ["clip-0"])
    until(lambda: pool.is_up() and len(pool) == 1)
    sent = pool.send("embed", [])
    answer = wait_for(sent.ref, WITHIN_S, look_around)
    assert answer.results == []
    assert pool.take_answer(sent, answer) is True

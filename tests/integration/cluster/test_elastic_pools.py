"""Pools that follow their backlog on a real Ray and a real Postgres; their CLIP actors compute nothing."""

import time
from functools import partial

import pytest
import ray
from pydantic import SecretStr
from ray.exceptions import RayError

from actors.records import Retiring
from actors.served import Served
from cluster import pools
from cluster.pool_care.pool_keeper import PoolKeeper, count_open_items
from cluster.pool_care.replacement import Replacements
from cluster.pools import PoolPlan, start_actor
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.supervisor import SUPERVISOR_CALLS, Supervisor
from cluster.workers.actor_names import QUESTIONS, SUPERVISOR, progress_names
from cluster.workers.dispatch import Pool, names_of, wait_for
from cluster.workers.fair_share import Turn
from cluster.workers.pool_watch import PoolWatch
from db.document_claims import set_page_count
from db.job_recovery import cancel_jobs
from db.progress import update_progress
from tests.integration import factories
from tests.integration.api.pdfs import valid_pdf
from tests.integration.cluster.held_worker import Held

WITHIN_S = 60.0
ROOM = 3
"""So many CLIP actors the test's Ray has room for."""
PLANS = [PoolPlan("clip", actors=1, num_cpus=4 / ROOM - 0.05, num_gpus=0.0, least=1, most=6)]


@pytest.fixture
def keeper(local_ray, tmp_path, monkeypatch):
    """Of one pool, which asks for more actors than there is room for."""
    monkeypatch.setitem(pools.WORKERS, "clip", Held)
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        service_database_url=SecretStr("postgresql://nobody@127.0.0.1/nowhere"),
    )
    yield PoolKeeper(settings, Replacements())
    end_actors("clip")


def end_actors(*pools):
    for pool in pools:
        for name in names_of(pool):
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
        return document, keeper.keep(PLANS, {}, count_open_items(conn))


def shrink(keeper, service, document, facts):
    """Nothing waits any more, and the pool has no patience; asked again as the supervisor asks."""
    with service.transaction() as conn:
        cancel_jobs(conn, document.id)
        open_items = count_open_items(conn)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cluster.pool_care.pool_size.KEPT_FOR_S", 0.0)
        keeper.keep(PLANS, facts, open_items)
    return partial(keeper.keep, PLANS, facts, open_items)


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


def test_a_pool_that_is_in_use_meets_new_actors_and_loses_removed_ones(keeper, service, monkeypatch, tmp_path):
    monkeypatch.setattr("cluster.workers.dispatch.LOOK_FOR_MEMBERS_S", 0.1)
    keeper.keep(PLANS, {}, {})
    pool = Pool.connect("clip")
    until(pool.is_up)
    document, _ = grow(keeper, service)
    until(lambda: pool.is_up() and len(pool) == ROOM)
    shrink(keeper, service, document, {})
    until(lambda: names_of("clip") == ["clip-0"])
    until(lambda: pool.is_up() and len(pool) == 1)
    sent = pool.send("embed", str(tmp_path))
    answer = wait_for(sent.ref, WITHIN_S, look_around)
    assert answer.results == [str(tmp_path)]
    assert pool.take_answer(sent, answer) is True


def facts_of(name):
    actor = ray.get_actor(name, namespace="quarry")
    return ray.get(actor.facts.options(concurrency_group=QUESTIONS).remote(), timeout=WITHIN_S)


@pytest.fixture
def at_work(keeper, service, monkeypatch, tmp_path):
    """A grown pool, each actor at a batch until `tmp_path / "there"` is; its keeper's view, its document."""
    monkeypatch.setattr("cluster.workers.dispatch.LOOK_FOR_MEMBERS_S", 1000.0)
    document, (needed, welcome) = grow(keeper, service)
    watch = PoolWatch()
    watch.follow(needed, welcome)
    until(lambda: watch.poll() or len(watch.facts()) == ROOM)
    pool = Pool.connect("clip", Turn("document"))
    calls = [pool.send("embed", str(tmp_path / "there")) for _ in range(ROOM)]
    until(lambda: all(facts_of(name)["at_work"] for name in watch.facts()))
    return pool, calls, watch.facts(), document


def test_an_actor_that_is_not_needed_ends_what_it_is_at_and_takes_nothing_more(keeper, service, at_work, tmp_path):
    pool, first, facts, document = at_work
    second = [pool.send("embed", str(tmp_path / "there")) for _ in range(ROOM)]
    again = shrink(keeper, service, document, facts)
    assert set(names_of("clip")) >= set(facts), "the ones that never came up are gone, nobody is ended at work"
    assert [name in keeper.departures for name in ("clip-0", "clip-1", "clip-2")] == [False, True, True]
    until(
        lambda: [facts_of(name)["retiring"] is None for name in ("clip-0", "clip-1", "clip-2")] == [True, False, False]
    )
    (tmp_path / "there").touch()
    until(lambda: again() and names_of("clip") == ["clip-0"])
    for call in first:
        answer = wait_for(call.ref, WITHIN_S, look_around)
        assert isinstance(answer, Served) and pool.take_answer(call, answer), "what was in work was done"
    for call in second:
        answer = wait_for(call.ref, WITHIN_S, look_around)
        assert isinstance(answer, Served) == (call.member.name == "clip-0")
        assert pool.take_answer(call, answer) is isinstance(answer, Served), "what waited has not been tried"
        assert isinstance(answer, Served | Retiring)


def test_one_that_does_not_end_is_not_waited_for_longer_than_that(keeper, service, at_work, monkeypatch):
    _, _, facts, document = at_work
    again = shrink(keeper, service, document, facts)
    until(lambda: len(names_of("clip")) == ROOM)
    again()
    assert len(names_of("clip")) == ROOM, "nobody is ended at work"
    monkeypatch.setattr("cluster.pool_care.departures.LEAVES_WITHIN_S", 0.5)
    until(lambda: again() and names_of("clip") == ["clip-0"])


def test_readers_follow_the_pages_that_are_not_read(keeper, service, tmp_path):
    plans = [PoolPlan("reader", actors=1, num_cpus=0.5, num_gpus=0.0, least=1, most=2)]
    key = Storage(f"file://{tmp_path / 'home' / 'files'}").put(valid_pdf(pages=3), ".pdf")

    def keep():
        with service.transaction() as conn:
            needed, welcome = keeper.keep(plans, {}, count_open_items(conn))
        return [*needed], [*welcome]

    try:
        assert keep() == (["reader-0"], [])
        with service.transaction() as conn:
            document = factories.add_claimed_document(conn)
            set_page_count(conn, document.id, document.fence, 60)
        assert keep() == (["reader-0"], ["reader-1"])
        for name in names_of("reader"):
            assert ray.get(ray.get_actor(name, namespace="quarry").count_pages.remote(key), timeout=WITHIN_S) == 3
        with service.transaction() as conn:
            update_progress(conn, document.id, "extraction", total=60, completed=60)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("cluster.pool_care.pool_size.KEPT_FOR_S", 0.0)
            assert keep() == (["reader-0"], [])
        until(lambda: names_of("reader") == ["reader-0"])
    finally:
        end_actors("reader")


class Hasty(Supervisor):
    """The supervisor over such actors; it looks often, and its pools have no patience."""

    def __init__(self, settings):
        pools.WORKERS.update(dict.fromkeys(pools.WORKERS, Held))
        patched = pytest.MonkeyPatch()
        patched.setattr("cluster.supervisor.POOL_CHECK_EVERY_S", 0.5)
        patched.setattr("cluster.pool_care.pool_size.KEPT_FOR_S", 0.0)
        super().__init__(settings)


@pytest.fixture
def supervisor(local_ray, service_url, tmp_path):
    """A whole one, whose CLIP pool may grow to three."""
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        service_database_url=SecretStr(service_url),
        reader_actors=1,
        ocr_actors=1,
        analysis_actors=1,
        clip_actors_max=ROOM,
    )
    yield start_actor(SUPERVISOR, Hasty, settings, max_concurrency=SUPERVISOR_CALLS, groups={QUESTIONS: 1})
    for name in (SUPERVISOR, *progress_names(settings)):
        ray.kill(ray.get_actor(name, namespace="quarry"))
    end_actors(*pools.WORKERS)


def test_a_supervisor_that_starts_again_lets_those_end_their_work_who_were_leaving(supervisor, service, tmp_path):
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn, lease_s=600.0)
        factories.add_image_jobs(conn, document, 180)
    until(lambda: len(names_of("clip")) == ROOM)
    before = {name: facts_of(name)["pid"] for name in names_of("clip")}
    calls = [ray.get_actor(name, namespace="quarry").embed.remote(str(tmp_path / "there")) for name in sorted(before)]
    until(lambda: all(facts_of(name)["at_work"] for name in before))
    with service.transaction() as conn:
        cancel_jobs(conn, document.id)
    until(lambda: facts_of("clip-2")["retiring"])
    first = facts_of(SUPERVISOR)["pid"]
    ray.kill(supervisor, no_restart=False)
    until(lambda: is_another(first))
    time.sleep(3.0)  # it looks at the pools six times
    assert not ray.wait(calls, timeout=0)[0]
    assert {name: facts_of(name)["pid"] for name in names_of("clip")} == before, "nobody is ended at work"
    (tmp_path / "there").touch()
    assert all(isinstance(ray.get(call, timeout=WITHIN_S), Served) for call in calls)
    seen = set()

    def gone():
        seen.update(names_of("clip"))
        return names_of("clip") == ["clip-0"]

    until(gone)
    assert seen <= set(before)
    assert facts_of("clip-0")["pid"] == before["clip-0"]


def is_another(pid):
    """Whether a supervisor answers that has started its pools and is not the one of that process."""
    try:
        supervisor = ray.get_actor(SUPERVISOR, namespace="quarry")
        return facts_of(SUPERVISOR)["pid"] != pid and ray.get(supervisor.status.remote())["actors"]
    except (RayError, ValueError):
        return False

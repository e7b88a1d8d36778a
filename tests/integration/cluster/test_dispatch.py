"""A driver's view of a pool on a real Ray: who is up, which call was begun, and what hangs."""

import os
import signal
import time

import pytest
import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayTaskError

from cluster.pools import start_actor
from cluster.workers.dispatch import Pool, PoolMissing, wait_for

pytestmark = pytest.mark.usefixtures("local_ray")
TIMEOUT_S = 60.0


class Worker:
    """Takes a while to start, as a model does."""

    def __init__(self):
        time.sleep(0.3)

    def work(self, seconds, value):
        time.sleep(seconds)
        return value

    def fail(self):
        raise ValueError("no good")

    def facts(self):
        return {"pid": os.getpid()}


@pytest.fixture
def pool():
    """One actor, which is up."""
    actor = start_actor("slow-0", Worker)
    pool = Pool.connect("slow")
    assert pool.call("facts", tries=1, timeout_s=TIMEOUT_S, look_around=look_around)
    yield pool
    ray.kill(actor)
    wait_until(lambda: not named("slow-0"))


def named(name):
    return any(actor["name"] == name for actor in ray.util.list_named_actors(all_namespaces=True))


def look_around():
    """Nobody cancels here."""


def wait_until(condition, seconds=TIMEOUT_S):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answer(sent, timeout_s=TIMEOUT_S):
    return wait_for(sent.ref, timeout_s, look_around)


def kill(pool, number=signal.SIGKILL):
    pid = pool.call("facts", tries=1, timeout_s=TIMEOUT_S, look_around=look_around)["pid"]
    os.kill(pid, number)
    return pid


def test_an_absent_pool_is_missing():
    with pytest.raises(PoolMissing, match="No absent actor"):
        Pool.connect("absent")


def test_only_the_call_that_the_actor_was_at_was_begun(pool):
    pid = pool.call("facts", tries=1, timeout_s=TIMEOUT_S, look_around=look_around)["pid"]
    done, at_work, waiting = pool.send("work", 0, "a"), pool.send("work", 60, "b"), pool.send("work", 0, "c")
    assert answer(done) == "a"
    os.kill(pid, signal.SIGKILL)
    lost = [answer(at_work), answer(waiting)]
    assert all(isinstance(error, RayActorError) for error in lost)
    # Settled in any order: "a", whose answer has not been taken yet, does not hide that "b" was begun.
    assert pool.take_answer(waiting, lost[1]) is False
    assert pool.take_answer(at_work, lost[0]) is True
    assert pool.take_answer(done, "a") is True


def test_nothing_is_up_until_the_actor_has_answered_again(pool):
    kill(pool)
    sent = pool.send("work", 0, "a")
    lost = answer(sent)
    assert isinstance(lost, RayActorError)
    pool.take_answer(sent, lost)
    assert not pool.is_up()
    wait_until(pool.is_up)
    assert answer(pool.send("work", 0, "b")) == "b"


def test_a_lost_call_is_sent_again_when_the_actor_is_back(pool):
    pid = kill(pool)
    facts = pool.call("facts", tries=2, timeout_s=TIMEOUT_S, look_around=look_around)
    assert facts["pid"] != pid


def test_an_error_of_the_actor_is_raised_after_the_last_try_and_it_stays_up(pool):
    with pytest.raises(RayTaskError, match="no good"):
        pool.call("fail", tries=2, timeout_s=TIMEOUT_S, look_around=look_around)
    assert pool.is_up()


def test_an_actor_that_hangs_is_ended_and_comes_back(pool):
    """Stopped, it cannot hear that it should end."""
    pid = kill(pool, signal.SIGSTOP)
    at_work, waiting = pool.send("work", 0, "a"), pool.send("work", 0, "b")
    lost = answer(at_work, timeout_s=1.0)
    assert isinstance(lost, GetTimeoutError)
    assert pool.take_answer(at_work, lost) is True
    assert pool.take_answer(waiting, answer(waiting)) is False
    wait_until(pool.is_up)
    assert pool.call("facts", tries=1, timeout_s=TIMEOUT_S, look_around=look_around)["pid"] != pid
    wait_until(lambda: ended(pid))


def ended(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_looking_around_ends_the_waiting(pool):
    class Cancelled(Exception):
        pass

    def cancel():
        raise Cancelled

    with pytest.raises(Cancelled):
        pool.call("work", 60, "a", tries=1, timeout_s=TIMEOUT_S, look_around=cancel)

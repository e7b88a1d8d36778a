"""The bounded map on a real Ray: bound, order of arrival, lost actors, hanging actors, and an early end."""

import time

import pytest
import ray
from ray.exceptions import GetTimeoutError, RayActorError

from cluster.flow import Call, run_bounded

pytestmark = pytest.mark.usefixtures("local_ray")


class Sleeper:
    """Counts how many calls it was sent, and can be told to hang or to die."""

    def work(self, seconds, value):
        time.sleep(seconds)
        return value

    def die(self):
        import os

        os._exit(1)


@pytest.fixture
def sleeper():
    actor = ray.remote(Sleeper).options(num_cpus=0, max_restarts=-1, max_task_retries=0).remote()
    yield actor
    ray.kill(actor)


def sender(batches, submit, *, seen=None):
    """next_call over a list; notes how many batches had been sent at each call."""
    waiting = list(batches)

    def next_call():
        if not waiting:
            return None
        batch = waiting.pop(0)
        if seen is not None:
            seen.append(batch)
        return Call(batch, submit(batch), time.monotonic())

    return next_call


def outcomes(next_call, *, in_flight=2, timeout_s=60.0, look_around=lambda: None):
    return run_bounded(next_call, in_flight=in_flight, timeout_s=timeout_s, look_around=look_around)


def test_every_batch_comes_back_once_with_its_answer(sleeper):
    flow = outcomes(sender(range(7), lambda n: (sleeper.work.remote(0, n * 10),)))
    assert sorted((o.batch, o.answers[0]) for o in flow) == [(n, n * 10) for n in range(7)]


def test_never_more_in_flight_than_the_bound(sleeper):
    sent: list[int] = []
    done = 0
    for _ in outcomes(sender(range(10), lambda n: (sleeper.work.remote(0.02, n),), seen=sent), in_flight=3):
        done += 1
        assert len(sent) - done <= 3
    assert done == 10


def test_a_batch_with_two_calls_waits_for_both(sleeper):
    def submit(n):
        return sleeper.work.remote(0, "fast"), sleeper.work.remote(0.2, "slow")

    (outcome,) = outcomes(sender([0], submit))
    assert outcome.answers == ("fast", "slow")
    assert outcome.seconds >= 0.2


def test_a_half_done_batch_is_waited_for_asleep(sleeper):
    """One of its two answers is there at once; asking again and again until the other comes would burn a core."""
    looks = []

    def submit(n):
        return ray.put("there"), sleeper.work.remote(2.5, "slow")

    (outcome,) = outcomes(sender([0], submit), look_around=lambda: looks.append(True))
    assert outcome.answers == ("there", "slow")
    assert len(looks) < 10


def test_an_actor_that_dies_loses_its_call_only(sleeper):
    def submit(n):
        return (sleeper.die.remote(),) if n == 1 else (sleeper.work.remote(0, n),)

    answers = {o.batch: o.answers[0] for o in outcomes(sender(range(3), submit), in_flight=1)}
    assert answers[0] == 0
    assert isinstance(answers[1], RayActorError)
    assert answers[2] == 2 or isinstance(answers[2], RayActorError)  # sent before Ray knew of the death


def test_a_call_that_hangs_is_given_up_and_what_was_answered_is_kept(sleeper):
    def submit(n):
        return ray.put("there"), sleeper.work.remote(60, n)

    (outcome,) = outcomes(sender([0], submit), timeout_s=0.5)
    assert outcome.answers[0] == "there"
    assert isinstance(outcome.answers[1], GetTimeoutError)


def test_looking_around_may_end_the_flow(sleeper):
    class Cancelled(Exception):
        pass

    started = time.monotonic()

    def look_around():
        if time.monotonic() - started > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(outcomes(sender([0], lambda n: (sleeper.work.remote(30, n),)), look_around=look_around))
    assert time.monotonic() - started < 10

"""Calls for several flows at once on a real Ray: bounds, order, lost and hanging actors, an early end."""

import time

import pytest
import ray
from ray.exceptions import GetTimeoutError, RayActorError

from cluster.flow import Call, run_flows

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


class Listed:
    """A flow over a list; keeps what came of each batch, and the most that were out at a time."""

    def __init__(self, batches, submit, *, in_flight=2):
        self.waiting = list(batches)
        self.submit = submit
        self.in_flight = in_flight
        self.outcomes = []
        self.out = self.most_out = 0

    def send_next(self):
        if not self.waiting:
            return None
        batch = self.waiting.pop(0)
        self.out += 1
        self.most_out = max(self.most_out, self.out)
        return Call(batch, self.submit(batch), time.monotonic())

    def settle(self, outcome):
        self.out -= 1
        self.outcomes.append(outcome)

    def rest(self):
        return 0.05 if self.waiting else None


def run(*flows, timeout_s=60.0, look_around=lambda: None):
    run_flows(flows, timeout_s=timeout_s, look_around=look_around)
    return [outcome for flow in flows for outcome in flow.outcomes]


def test_every_batch_comes_back_once_with_its_answer(sleeper):
    outcomes = run(Listed(range(7), lambda n: (sleeper.work.remote(0, n * 10),)))
    assert sorted((o.batch, o.answers[0]) for o in outcomes) == [(n, n * 10) for n in range(7)]


def test_never_more_in_flight_than_the_bound_of_each_flow(sleeper):
    flows = [Listed(range(10), lambda n: (sleeper.work.remote(0.02, n),), in_flight=most) for most in (1, 3)]
    assert len(run(*flows)) == 20
    assert [flow.most_out for flow in flows] == [1, 3]


def test_a_flow_goes_on_with_what_another_brings_about(sleeper):
    """Pages bring images about: the second flow has nothing at first, and ends when the first has and all is done."""
    images = Listed([], lambda n: (sleeper.work.remote(0, n),))

    class Pages(Listed):
        def settle(self, outcome):
            super().settle(outcome)
            images.waiting += [outcome.batch * 10, outcome.batch * 10 + 1]

    pages = Pages(range(1, 4), lambda n: (sleeper.work.remote(0.05, n),), in_flight=1)
    run(pages, images)
    assert [outcome.batch for outcome in images.outcomes] == [10, 11, 20, 21, 30, 31]


def test_what_can_only_be_sent_later_is_waited_for(sleeper):
    class Late(Listed):
        def send_next(self):
            return super().send_next() if time.monotonic() > self.not_before else None

    late = Late([1], lambda n: (sleeper.work.remote(0, n),))
    late.not_before = time.monotonic() + 0.3
    assert [outcome.batch for outcome in run(late)] == [1]


def test_a_batch_with_two_calls_waits_for_both(sleeper):
    def submit(n):
        return sleeper.work.remote(0, "fast"), sleeper.work.remote(0.2, "slow")

    (outcome,) = run(Listed([0], submit))
    assert outcome.answers == ("fast", "slow")
    assert outcome.seconds >= 0.2


def test_a_half_done_batch_is_waited_for_asleep(sleeper):
    """One of its two answers is there at once; asking again and again until the other comes would burn a core."""
    looks = []

    def submit(n):
        return ray.put("there"), sleeper.work.remote(2.5, "slow")

    (outcome,) = run(Listed([0], submit), look_around=lambda: looks.append(True))
    assert outcome.answers == ("there", "slow")
    assert len(looks) < 10


def test_an_actor_that_dies_loses_its_call_only(sleeper):
    def submit(n):
        return (sleeper.die.remote(),) if n == 1 else (sleeper.work.remote(0, n),)

    answers = {o.batch: o.answers[0] for o in run(Listed(range(3), submit, in_flight=1))}
    assert answers[0] == 0
    assert isinstance(answers[1], RayActorError)
    assert answers[2] == 2 or isinstance(answers[2], RayActorError)  # sent before Ray knew of the death


def test_a_call_that_hangs_is_given_up_and_what_was_answered_is_kept(sleeper):
    def submit(n):
        return ray.put("there"), sleeper.work.remote(60, n)

    (outcome,) = run(Listed([0], submit), timeout_s=0.5)
    assert outcome.answers[0] == "there"
    assert isinstance(outcome.answers[1], GetTimeoutError)


def test_looking_around_may_end_it_all(sleeper):
    class Cancelled(Exception):
        pass

    started = time.monotonic()

    def look_around():
        if time.monotonic() - started > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(Listed([0], lambda n: (sleeper.work.remote(30, n),)), look_around=look_around)
    assert time.monotonic() - started < 10

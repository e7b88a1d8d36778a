"""Calls of several documents to one real actor: it computes one at a time, in fair order, and errors find their way."""

import threading
import time

import pytest
import ray
from ray.exceptions import RayTaskError

from cluster.pools import start_actor
from cluster.workers.dispatch import Pool, wait_for
from cluster.workers.fair_share import Turn
from cluster.workers.turns import WAITING_CALLS, Turns

pytestmark = pytest.mark.usefixtures("local_ray")
TIMEOUT_S = 60.0
BATCH_S = 0.1


class Worker:
    """Notes what it computes, in order."""

    def __init__(self):
        self._turns = Turns(call_timeout_s=600.0)
        self._computed = []

    def work(self, number, *, turn):
        return self._turns.take(turn, lambda: self._compute(number, turn))

    def _compute(self, number, turn):
        time.sleep(BATCH_S)
        self._computed.append((turn.document, number, threading.get_ident()))
        return number

    def fail(self, *, turn):
        return self._turns.take(turn, lambda: 1 / 0)

    def computed(self):
        return self._computed

    def facts(self):
        return {}


@pytest.fixture
def actor():
    actor = start_actor("turns-0", Worker, max_concurrency=WAITING_CALLS)
    assert ray.get(actor.facts.remote(), timeout=TIMEOUT_S) == {}
    yield actor
    ray.kill(actor)


def pool_of(document, priority=0):
    return Pool.connect("turns", Turn(document, priority))


def computed(actor):
    return ray.get(actor.computed.remote(), timeout=TIMEOUT_S)


@pytest.fixture
def busy(actor):
    """Five documents have sent five calls each, and the first of them are computed."""
    pools = [pool_of(f"large-{number}") for number in range(5)]
    sent = [pool.send("work", number) for pool in pools for number in range(5)]
    while len(computed(actor)) < 2:
        time.sleep(0.01)
    return sent


def answers(sent):
    return [wait_for(call.ref, TIMEOUT_S, lambda: None) for call in sent]


def test_a_newcomer_is_served_before_what_waits_there_already(actor, busy):
    newcomer = pool_of("small")
    assert answers([newcomer.send("work", number) for number in range(3)]) == [0, 1, 2]
    before = len(computed(actor))
    assert before < len(busy), "the large ones still wait"
    answers(busy)


def test_priority_moves_a_document_ahead_of_the_newcomer(actor, busy):
    small, urgent = pool_of("small"), pool_of("urgent", priority=1)
    answers([small.send("work", number) for number in range(3)] + [urgent.send("work", number) for number in range(3)])
    order = [document for document, _, _ in computed(actor) if document in ("small", "urgent")]
    assert order.index("urgent") <= 1
    assert order[-1] == "small"
    answers(busy)


def test_one_thread_computes_and_each_documents_calls_keep_their_order(actor, busy):
    answers(busy)
    done = computed(actor)
    assert len({thread for _, _, thread in done}) == 1
    assert [number for document, number, _ in done if document == "large-3"] == [0, 1, 2, 3, 4]


def test_an_error_is_raised_for_its_own_call_and_the_actor_goes_on(actor):
    pool = pool_of("unlucky")
    lost, kept = pool.send("fail"), pool.send("work", 7)
    first, second = answers([lost, kept])
    assert isinstance(first, RayTaskError)
    assert isinstance(first.cause, ZeroDivisionError)
    assert second == 7

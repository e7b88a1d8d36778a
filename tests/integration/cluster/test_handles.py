"""Questions to named actors: answers, silence, errors and absence, each within its time."""

import time

import pytest
import ray

from cluster.pools import start_actor
from cluster.workers.actor_names import QUESTIONS
from cluster.workers.handles import ActorSilent, encode_text, encode_text_for_images, supervisor_status

pytestmark = pytest.mark.usefixtures("local_ray")


class Oracle:
    """Answers like the actors that are asked; can be slow, fail, or lack its model."""

    def __init__(self, *, delay_s=0.0, error=None, available=True):
        self._delay_s, self._error, self._available = delay_s, error, available

    def _answer(self, value):
        time.sleep(self._delay_s)
        if self._error:
            raise RuntimeError(self._error)
        return value

    def status(self):
        return self._answer({"ready": True, "reason": None, "actors": {}})

    def encode_texts(self, texts):
        return self._answer([[float(len(text)), 0.0] for text in texts])

    def embed_text(self, texts):
        return self._answer([[1.0] for _ in texts])

    def work(self, seconds):
        """A batch."""
        time.sleep(seconds)

    def facts(self):
        return {"model": "test-clip", "available": self._available}


@pytest.fixture
def start():
    started = []

    def start(name, **how):
        actor = start_actor(name, Oracle, groups={QUESTIONS: 1}, **how)
        ray.get(actor.facts.remote())
        started.append((name, actor))

    yield start
    for name, actor in started:
        ray.kill(actor)
        wait_until_gone(name)


def wait_until_gone(name):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            ray.get_actor(name, namespace="quarry")
        except ValueError:
            return
        time.sleep(0.05)


def test_answers_come_through(start):
    start("supervisor")
    start("analysis-0")
    start("clip-0")
    assert supervisor_status()["ready"] is True
    assert encode_text("oak") == [3.0, 0.0]
    assert encode_text_for_images("oak") == ([1.0], "test-clip")


def test_an_absent_actor_is_silent():
    with pytest.raises(ActorSilent, match="supervisor is not running"):
        supervisor_status()


def test_a_slow_actor_is_not_waited_for(start):
    start("analysis-0", delay_s=5.0)
    begun = time.monotonic()
    with pytest.raises(ActorSilent, match=r"did not answer within 0\.5 s"):
        encode_text("oak", timeout_s=0.5)
    assert time.monotonic() - begun < 2.0


def test_an_error_of_the_actor_is_told(start):
    start("analysis-0", error="no such device")
    with pytest.raises(ActorSilent, match="no such device"):
        encode_text("oak")


def test_a_missing_model_is_told(start):
    start("clip-0", available=False)
    with pytest.raises(ActorSilent, match="test-clip are missing"):
        encode_text_for_images("oak")


def test_a_question_does_not_wait_for_the_batches(start):
    start("analysis-0")
    start("clip-0")
    batches = [
        ray.get_actor(name, namespace="quarry").work.remote(20.0) for name in ("analysis-0", "clip-0") for _ in range(2)
    ]
    assert encode_text("oak") == [3.0, 0.0]
    assert encode_text_for_images("oak") == ([1.0], "test-clip")
    finished, _ = ray.wait(batches, num_returns=len(batches), timeout=0)
    assert finished == []

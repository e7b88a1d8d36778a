"""One look at a time, kept for a moment, and nothing started twice that hangs; each look is a real one."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import api.readiness
from api.readiness import Readiness
from cluster.storage import Storage


class CountingStore(Storage):
    """A folder that counts who looks into it, and holds them while it is told to."""

    def __init__(self, folder):
        super().__init__(f"file://{folder}")
        self.looks = 0
        self.open = threading.Event()
        self.open.set()

    def check(self):
        self.looks += 1
        self.open.wait(timeout=30)
        super().check()


class TornStore(CountingStore):
    """One whose first look fails in a way that nobody foresaw."""

    def check(self):
        super().check()
        if self.looks == 1:
            raise KeyError("size")


def run(work):
    """In a thread of its own: a browser of an earlier test may have left a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_many_questions_are_one_look(tmp_path):
    store = CountingStore(tmp_path)
    readiness = Readiness([], store)

    async def ask():
        return await asyncio.gather(*(readiness.look() for _ in range(50)))

    answers = run(ask())
    readiness.close()
    assert store.looks == 1
    assert answers == [answers[0]] * 50
    assert (answers[0]["database"], answers[0]["storage"]) == (None, None)
    assert answers[0]["pipeline"], "there is no supervisor, whether an earlier test has left Ray here or not"


def test_a_look_that_fails_is_told_and_the_next_one_is_another(tmp_path, monkeypatch):
    monkeypatch.setattr(api.readiness, "KEPT_S", 0.0)
    readiness = Readiness([], TornStore(tmp_path))

    async def ask():
        return [(await readiness.look())["storage"] for _ in range(2)]

    reasons = run(ask())
    readiness.close()
    assert reasons == ["The look itself has failed (KeyError); the log says how.", None]


def test_what_hangs_is_told_and_not_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(api.readiness, "CHECK_WITHIN_S", 0.2)
    monkeypatch.setattr(api.readiness, "KEPT_S", 0.0)
    store = CountingStore(tmp_path)
    store.open.clear()
    readiness = Readiness([], store)

    async def ask():
        reasons = [(await readiness.look())["storage"] for _ in range(3)]
        store.open.set()
        while (reason := (await readiness.look())["storage"]) is not None:
            assert reason in reasons
        return reasons

    reasons = run(ask())
    readiness.close()
    assert reasons == ["No answer within 0.2 s."] * 3
    assert store.looks == 1

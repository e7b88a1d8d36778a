"""Actors that hang, that are busy, and that load their models: only the first are named and ended."""

import os
import signal
import time

import psutil
import pytest
import ray

from cluster.pools import start_actor
from cluster.workers import pool_watch
from cluster.workers.actor_names import QUESTIONS
from cluster.workers.dispatch import end_actor
from cluster.workers.pool_watch import PoolWatch
from cluster.workers.watchdog import look

pytestmark = pytest.mark.usefixtures("local_ray")
HUNG_S = 1.5
WITHIN_S = 60.0


class Worker:
    """Loads, works and answers as the pools' actors do."""

    def __init__(self, *, loading_s=0.0, stands_still=False):
        time.sleep(loading_s)
        self._stands_still = stands_still

    def work(self, seconds):
        """A batch."""
        time.sleep(seconds)

    def stop_the_loop(self):
        self._stands_still = True

    def facts(self):
        return {"pid": os.getpid(), "stood_still_s": 60.0 if self._stands_still else 0.0}


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(pool_watch, "ASK_EVERY_S", 0.1)
    monkeypatch.setattr(pool_watch, "SILENT_S", 1.0)


@pytest.fixture
def start():
    started = []

    def start(name, **how):
        started.append(start_actor(name, Worker, groups={QUESTIONS: 1}, **how))
        return started[-1]

    yield start
    for actor in started:
        ray.kill(actor)


def poll_until(watch, condition, within_s=WITHIN_S):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, watch.trouble()
        watch.poll()
        time.sleep(0.05)


def poll_for(watch, seconds):
    """What was said of anybody meanwhile."""
    said, until = set(), time.monotonic() + seconds
    while time.monotonic() < until:
        watch.poll()
        said |= {watch.trouble(), *watch.hung(HUNG_S)}
        time.sleep(0.05)
    return said


def test_one_that_hangs_is_named_and_one_that_works_is_not(start):
    actors = {"ocr-0": start("ocr-0"), "ocr-1": start("ocr-1")}
    watch = PoolWatch()
    watch.follow(actors)
    poll_until(watch, lambda: len(watch.facts()) == 2)
    actors["ocr-1"].work.remote(WITHIN_S)
    assert poll_for(watch, 2 * HUNG_S) == {None}, "who works answers beside it"
    pid = watch.facts()["ocr-0"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    poll_until(watch, lambda: watch.trouble() is not None)
    assert watch.trouble().startswith("ocr-0: no answer for")
    poll_until(watch, lambda: watch.hung(HUNG_S) == ["ocr-0"])
    end_actor(actors["ocr-0"])
    watch.forget_question("ocr-0")
    assert watch.hung(HUNG_S) == [] and "ocr-0: starting again" in watch.trouble()
    poll_until(watch, lambda: watch.trouble() is None)
    assert watch.facts()["ocr-0"]["pid"] != pid and not psutil.pid_exists(pid)


def test_one_that_loads_is_not_ready_and_left_in_peace(start):
    watch = PoolWatch()
    watch.follow({"clip-0": start("clip-0", loading_s=2.5 * HUNG_S)})
    assert poll_for(watch, 2 * HUNG_S) == {"clip-0: loading its model"}
    poll_until(watch, lambda: watch.trouble() is None)


@pytest.mark.parametrize("fault", ["hangs", "stands still"])
def test_a_supervisor_that_hangs_or_whose_loop_stands_still_is_started_again(start, fault):
    supervisor, watch = start("supervisor"), PoolWatch()

    def pid():
        look(watch, HUNG_S)
        return watch.facts().get("supervisor", {}).get("pid")

    poll_until(watch, pid)
    before = pid()
    if fault == "hangs":
        os.kill(before, signal.SIGSTOP)
    else:
        ray.get(supervisor.stop_the_loop.remote())
    poll_until(watch, lambda: pid() not in (None, before))
    assert not psutil.pid_exists(before)


def test_without_a_supervisor_there_is_nobody_to_end():
    look(PoolWatch(), HUNG_S)

"""What is taken off somebody's Ray, and what was there before and stays: actors on a real Ray."""

import pytest
import ray

from cluster.pools import start_actor
from cluster.serving import actor_names, services_there, stop_services
from cluster.workers.actor_names import NAMESPACE, SUPERVISOR

pytestmark = pytest.mark.usefixtures("local_ray")


class Model:
    """Of a pool."""

    def __init__(self, told):
        self._told = told

    def shutdown(self, grace_s):
        """As the supervisor's: writes down how long it was given."""
        self._told.write_text(str(grace_s))


class Broken(Model):
    def shutdown(self, grace_s):
        raise RuntimeError("the database is away")


@pytest.fixture
def start(tmp_path):
    """Starts an actor under a name, which ends with the test."""
    started = []

    def start(name, kind=Model):
        actor = start_actor(name, kind, tmp_path / "told")
        ray.get(actor.__ray_ready__.remote())
        started.append(name)

    yield start
    for name in set(started) & set(actor_names()):
        ray.kill(ray.get_actor(name, namespace=NAMESPACE))


def test_what_was_there_before_stays(start, tmp_path):
    start("ocr-0")
    before = services_there()
    assert "ocr-0" in before.actors
    for name in (SUPERVISOR, "ocr-1", "progress"):
        start(name)
    stop_services(0.5, ours_alone=False, kept=before)
    assert "ocr-0" in actor_names()
    assert not {SUPERVISOR, "ocr-1", "progress"} & set(actor_names())
    assert (tmp_path / "told").read_text() == "0.5", "the leases were given back"


def test_actors_of_a_supervisor_that_was_there_before_are_its_own(start, tmp_path):
    start(SUPERVISOR)
    before = services_there()
    start("ocr-0")
    stop_services(0.5, ours_alone=False, kept=before)
    assert {"ocr-0", SUPERVISOR} <= set(actor_names())
    assert not (tmp_path / "told").exists()


def test_the_actors_of_a_supervisor_that_cannot_give_back_go_all_the_same(start):
    before = services_there()
    start(SUPERVISOR, Broken)
    start("ocr-0")
    with pytest.raises(ray.exceptions.RayTaskError, match="the database is away"):
        stop_services(0.5, ours_alone=False, kept=before)
    assert not {SUPERVISOR, "ocr-0"} & set(actor_names())

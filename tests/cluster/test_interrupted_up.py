"""`quarry up` on somebody's Ray that is interrupted while the models load: the cluster is as it was before."""

import json
import signal
import subprocess
import sys

import pytest

from tests.checkout import PROJECT, Checkout
from tests.cluster.nodes import Nodes

pytestmark = pytest.mark.nodes
LIST = """
import json, sys
import ray

ray.init(address=sys.argv[1], namespace="quarry", log_to_driver=False, logging_level="ERROR")
if sys.argv[2:]:
    class Here:
        def answer(self):
            return 1
    actor = ray.remote(num_cpus=0)(Here).options(name=sys.argv[2], lifetime="detached").remote()
    ray.get(actor.answer.remote())
print(json.dumps(sorted(one["name"] for one in ray.util.list_named_actors(all_namespaces=True))))
"""


@pytest.fixture
def nodes():
    nodes = Nodes()
    try:
        nodes.start(1)
        yield nodes
    finally:
        nodes.kill_all()


def names(nodes, *to_start):
    """Of all that runs on the cluster, after starting an actor of that name."""
    command = [sys.executable, "-c", LIST, nodes.address, *to_start]
    environment = {**nodes.inherited, **nodes.environment}
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_an_interrupted_up_takes_off_the_cluster_what_it_had_put_there(nodes, tmp_path):
    assert names(nodes, "reader-7") == ["reader-7"]
    checkout = Checkout(tmp_path / "home", {"QUARRY_RAY_ADDRESS": nodes.address, **nodes.environment})
    command = [sys.executable, "-m", "cluster.cli", "up"]
    starting = subprocess.Popen(
        command, env=checkout.environment, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = []
        for line in starting.stdout:
            said.append(line)
            if "loading the models" in line:
                break
        assert {"supervisor", "progress", "reader-7", "SERVE_CONTROLLER_ACTOR"} <= set(names(nodes)), said
        starting.send_signal(signal.SIGINT)
        rest, _ = starting.communicate(timeout=120)
        assert starting.returncode == 130, rest
        assert "taking off the Ray cluster what was put there" in rest
        assert "may still be there" not in rest
        assert names(nodes) == ["reader-7"]
        assert checkout.book.members() == {}
        assert checkout.book.state.addresses == {}
    finally:
        checkout.quarry("down", timeout=120)

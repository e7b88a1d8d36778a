"""Three worker nodes and a head on one machine, files on a real S3 server: work spreads, and nodes may go."""

from contextlib import contextmanager

import pytest

from tests.chaos.faults import Fault
from tests.chaos.run import Ground
from tests.cluster.nodes import ClusterStack, Nodes
from tests.s3_server import s3_server

pytestmark = pytest.mark.nodes
WORKERS = 3


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """Up, with one catalogue read undisturbed."""
    folder = tmp_path_factory.mktemp("nodes")
    with s3_server("nodes") as address:
        nodes = Nodes()
        nodes.start(WORKERS)
        stack = ClusterStack(folder, nodes, {"QUARRY_STORAGE_URL": address})
        try:
            yield Ground(stack, folder)
        finally:
            stack.close()


def test_the_pools_spread_over_all_worker_nodes_and_leave_the_head_alone(ground):
    places = ground.stack.places()
    assert {"ocr-0", "ocr-1", "clip-0", "analysis-0", "reader-0"} <= set(places)
    assert None not in places.values()
    assert len({node.pid for node in places.values()}) == WORKERS


def test_all_files_are_on_s3(ground):
    assert not (ground.stack.home / "files").exists()


@contextmanager
def a_node_goes(stack, document_id):
    """That of an OCR actor; another comes, as an autoscaler sees to it."""
    stack.nodes.kill_worker(stack.places()["ocr-0"])
    stack.nodes.add_worker()
    yield


@contextmanager
def the_head_goes(stack, document_id):
    """And the nodes with it: they are nothing without their head. The procedure of the README brings all back."""
    stack.nodes.kill_head()
    stack.nodes.kill_all()
    stack.nodes.start(WORKERS)
    stack.up()
    yield


@pytest.mark.parametrize(
    ("name", "strike"), [("a node is lost", a_node_goes), ("the head is lost, then `quarry up`", the_head_goes)]
)
def test_a_lost_node_loses_nothing(ground, name, strike):
    row = ground.run((Fault(name, ("image_processing",), strike), "image_processing"))
    assert (row.lost, row.doubled, row.wrong) == (0, 0, ())
    print(f"{name}: {row.recovery_s:.1f} s")

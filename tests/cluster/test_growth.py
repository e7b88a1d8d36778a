"""A pool that grows on Ray's own autoscaler, whose nodes are processes of this machine, and shrinks again."""

import json
import subprocess
import sys

import pytest

from tests.checkout import PROJECT
from tests.cluster.nodes import OBJECT_STORE_BYTES, Nodes
from tests.small_clip import make_small_clip

pytestmark = pytest.mark.nodes
WITHIN_S = 180
AUTOSCALER = {"RAY_FAKE_CLUSTER": "1", "AUTOSCALER_UPDATE_INTERVAL_S": "1"}


def config(nodes):
    """What `ray start` reads; one worker holds one actor."""
    worker = {"CPU": 1, "object_store_memory": OBJECT_STORE_BYTES}
    return {
        "cluster_name": "grows",
        "max_workers": 3,
        "upscaling_speed": 10.0,
        "idle_timeout_minutes": 0.05,
        "head_node_type": "ray.head.default",
        "provider": {
            "type": "fake_multinode",
            "gcs_address": nodes.address,
            "use_node_id_as_ip": True,
            "disable_node_updaters": True,
            "disable_launch_config_check": True,
        },
        "available_node_types": {
            "ray.head.default": {"resources": {"CPU": 0}, "node_config": {}, "max_workers": 0},
            "worker": {"resources": worker, "node_config": {}, "min_workers": 0, "max_workers": 3},
        },
        "auth": {},
        "setup_commands": [],
        "head_setup_commands": [],
        "worker_setup_commands": [],
        "initialization_commands": [],
        "head_start_ray_commands": [],
        "worker_start_ray_commands": [],
        "file_mounts": {},
        "cluster_synced_files": [],
        "file_mounts_sync_continuously": False,
        "rsync_exclude": [],
        "rsync_filter": [],
    }


@pytest.fixture
def nodes(tmp_path):
    nodes = Nodes()
    nodes.environment |= AUTOSCALER
    written = tmp_path / "autoscaler.json"
    written.write_text(json.dumps(config(nodes)))
    nodes.start(0, f"--autoscaling-config={written}")
    yield nodes
    nodes.kill_all()


def test_waiting_actors_bring_nodes_and_removed_ones_let_them_go(nodes, tmp_path):
    clip = make_small_clip(tmp_path / "clip")
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster.grow", nodes.address, str(tmp_path), clip],
        cwd=PROJECT,
        env={**nodes.inherited, **nodes.environment},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    log = (nodes.folder / "nodes.log").read_text()
    assert done.returncode == 0, (seen[-3:], done.stderr[-2000:], log[-1000:])
    assert seen[0] == {"nodes": 0, "up": 0}
    assert {"nodes": 2, "up": 2} in seen
    assert seen[-1] == {"nodes": 1, "up": 1}

"""ray-cluster.yaml against Ray's own validator, and against what the pools ask for."""

import copy
from pathlib import Path

import pytest
import yaml
from jsonschema import ValidationError
from ray.autoscaler._private.aws.config import DEFAULT_AMI
from ray.autoscaler._private.util import prepare_config, validate_config

from cluster.pools import plan_pools
from cluster.settings import Settings

FILE = Path(__file__).parents[2] / "ray-cluster.yaml"


@pytest.fixture
def config():
    return yaml.safe_load(FILE.read_text())


@pytest.fixture
def prepared(config):
    """As `ray up` sees it, with Ray's defaults filled in."""
    prepared = prepare_config(copy.deepcopy(config))
    validate_config(prepared)
    return prepared


def totals(prepared, bound):
    """Resources of all workers at their smallest or largest number."""
    found = {}
    for node_type in prepared["available_node_types"].values():
        for name, amount in node_type["resources"].items():
            found[name] = found.get(name, 0) + amount * node_type[bound]
    return found


def test_ray_accepts_it(prepared):
    assert set(prepared["available_node_types"]) == {"head", "cpu_worker", "gpu_worker"}
    assert prepared["head_node_type"] == "head"


def test_ray_would_refuse_a_mistake(config):
    config["available_node_types"]["cpu_worker"]["min_worker"] = 1
    with pytest.raises(ValidationError, match="min_worker"):
        validate_config(prepare_config(config))


def test_the_whole_cluster_may_grow_to_the_sum_of_its_node_types(prepared):
    workers = [node for name, node in prepared["available_node_types"].items() if name != "head"]
    assert prepared["max_workers"] == sum(node["max_workers"] for node in workers)
    assert all(0 < node["min_workers"] <= node["max_workers"] for node in workers)


def test_the_region_has_an_image_with_gpu_drivers(prepared):
    assert prepared["provider"]["region"] in DEFAULT_AMI


@pytest.mark.parametrize("bound", ["min_workers", "max_workers"])
def test_every_actor_of_every_pool_finds_a_node(prepared, bound):
    resources = totals(prepared, bound)
    nodes = [node["resources"] for node in prepared["available_node_types"].values()]
    plans = plan_pools(resources, Settings())
    assert plans["ocr"].num_gpus > 0
    assert plans["clip"].num_gpus > 0
    for plan in plans.values():
        assert any(plan.num_cpus <= node.get("CPU", 0) and plan.num_gpus <= node.get("GPU", 0) for node in nodes)
    assert sum(plan.actors * plan.num_cpus for plan in plans.values()) <= resources["CPU"]
    assert sum(plan.actors * plan.num_gpus for plan in plans.values()) <= resources["GPU"]


def test_no_model_actor_takes_cores_from_the_api_on_the_head(prepared):
    assert prepared["available_node_types"]["head"]["resources"] == {"CPU": 0}


def test_all_nodes_install_this_project_from_its_lock_file(prepared):
    assert prepared["file_mounts"]["~/quarry"] == "."
    for commands in (prepared["head_setup_commands"], prepared["worker_setup_commands"]):
        assert any(command.startswith("make -C ~/quarry setup") for command in commands)


def test_state_and_environments_of_this_machine_stay_here(prepared):
    assert {".venv", ".quarry", ".quarry-test", ".cache", ".git"} <= set(prepared["rsync_exclude"])


def test_every_part_of_ray_wants_the_token(prepared):
    assert "~/.ray/auth_token" in prepared["file_mounts"]
    starts = [*prepared["head_start_ray_commands"], *prepared["worker_start_ray_commands"]]
    assert all("RAY_AUTH_MODE=token" in command for command in starts if "ray start" in command)
    assert not any("0.0.0.0" in command for command in starts)

"""deploy/kuberay.yaml against Ray's own reading of it, against ray-cluster.yaml, and against what the pools ask for."""

import importlib
import inspect
from pathlib import Path

import pytest
import ray
import yaml
from jsonschema import Draft7Validator
from ray.autoscaler._private.kuberay.autoscaling_config import _derive_autoscaling_config_from_ray_cr
from ray.serve.schema import ServeDeploySchema

import serve_app
from cluster.pools import plan_pools
from cluster.settings import Settings

PROJECT = Path(__file__).parents[2]
NAMES = {"headgroup": "head", "cpu-worker": "cpu_worker", "gpu-worker": "gpu_worker"}
CONTAINER = {
    "type": "object",
    "required": ["name", "image"],
    "properties": {
        "name": {"type": "string"},
        "image": {"type": "string"},
        "command": {"type": "array", "items": {"type": "string"}},
        "env": {"type": "array", "items": {"type": "object", "required": ["name"]}},
        "envFrom": {"type": "array", "items": {"type": "object", "required": ["secretRef"]}},
        "ports": {"type": "array"},
        "resources": {"type": "object", "required": ["requests", "limits"]},
    },
    "additionalProperties": False,
}
GROUP = {
    "rayStartParams": {"type": "object", "additionalProperties": {"type": "string"}},
    "template": {
        "type": "object",
        "required": ["spec"],
        "properties": {
            "spec": {
                "type": "object",
                "required": ["containers"],
                "properties": {
                    "containers": {"type": "array", "minItems": 1, "items": CONTAINER},
                    "initContainers": {"type": "array", "items": CONTAINER},
                    "tolerations": {"type": "array"},
                },
                "additionalProperties": False,
            }
        },
        "additionalProperties": False,
    },
}
RAY_SERVICE = {  # what KubeRay 1.5's reference says of the fields that the manifest uses
    "type": "object",
    "required": ["serveConfigV2", "rayClusterConfig"],
    "properties": {
        "serveConfigV2": {"type": "string"},
        "upgradeStrategy": {
            "properties": {"type": {"enum": ["NewCluster", "NewClusterWithIncrementalUpgrade", "None"]}}
        },
        "rayClusterConfig": {
            "type": "object",
            "required": ["headGroupSpec", "workerGroupSpecs", "rayVersion"],
            "properties": {
                "rayVersion": {"type": "string"},
                "authOptions": {"properties": {"mode": {"enum": ["disabled", "token"]}}},
                "enableInTreeAutoscaling": {"type": "boolean"},
                "autoscalerOptions": {
                    "properties": {
                        "version": {"enum": ["v1", "v2"]},
                        "idleTimeoutSeconds": {"type": "integer"},
                        "upscalingMode": {"enum": ["Default", "Aggressive", "Conservative"]},
                    },
                    "additionalProperties": False,
                },
                "headGroupSpec": {"type": "object", "properties": GROUP, "additionalProperties": False},
                "workerGroupSpecs": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["groupName", "minReplicas", "maxReplicas"],
                        "properties": {
                            "groupName": {"type": "string"},
                            **{name: {"type": "integer"} for name in ("replicas", "minReplicas", "maxReplicas")},
                            **GROUP,
                        },
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


@pytest.fixture
def manifests():
    return list(yaml.safe_load_all((PROJECT / "deploy" / "kuberay.yaml").read_text()))


@pytest.fixture
def service(manifests):
    (service,) = [one for one in manifests if one["kind"] == "RayService"]
    return service


@pytest.fixture
def node_types(service):
    """As Ray's autoscaler reads the manifest, checked by Ray's own schema."""
    cluster = {"metadata": service["metadata"], "spec": service["spec"]["rayClusterConfig"]}
    return _derive_autoscaling_config_from_ray_cr(cluster)["available_node_types"]


def containers(service):
    cluster = service["spec"]["rayClusterConfig"]
    groups = [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]
    return [container for group in groups for container in group["template"]["spec"]["containers"]]


def test_it_has_the_structure_that_kuberay_documents(service):
    assert (service["apiVersion"], service["kind"]) == ("ray.io/v1", "RayService")
    assert [error.message for error in Draft7Validator(RAY_SERVICE).iter_errors(service["spec"])] == []


def test_a_field_that_is_not_there_would_be_noticed(service):
    service["spec"]["rayClusterConfig"]["workerGroupSpecs"][0]["minReplica"] = 1
    assert list(Draft7Validator(RAY_SERVICE).iter_errors(service["spec"]))


def test_ray_is_the_one_that_is_installed(service):
    assert service["spec"]["rayClusterConfig"]["rayVersion"] == ray.__version__


def test_nodes_are_those_of_ray_up(node_types):
    other = yaml.safe_load((PROJECT / "ray-cluster.yaml").read_text())["available_node_types"]
    assert {NAMES[name] for name in node_types} == set(other)
    for name, node in node_types.items():
        twin = other[NAMES[name]]
        assert {key: node["resources"].get(key, 0) for key in twin["resources"]} == twin["resources"]
        bounds = ("min_workers", "max_workers")
        assert [node[bound] for bound in bounds] == [twin.get(bound, 0) for bound in bounds]


@pytest.mark.parametrize("bound", ["min_workers", "max_workers"])
def test_every_actor_of_every_pool_finds_a_node(node_types, bound):
    resources: dict[str, float] = {}
    for node in node_types.values():
        for name, amount in node["resources"].items():
            resources[name] = resources.get(name, 0) + amount * node[bound]
    for plan in plan_pools(resources, Settings()).values():
        fitting = [
            node
            for node in node_types.values()
            if plan.num_cpus <= node["resources"].get("CPU", 0) and plan.num_gpus <= node["resources"].get("GPU", 0)
        ]
        assert fitting, plan


def test_pools_at_their_most_find_room_when_all_nodes_are_there(node_types, service):
    head = service["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]
    given = {one["name"].lower().removeprefix("quarry_"): one["value"] for one in head["initContainers"][0]["env"]}
    settings = Settings(**{name: value for name, value in given.items() if name.endswith("_actors_max")})
    smallest, largest = (
        {
            name: sum(node["resources"].get(name, 0) * node[bound] for node in node_types.values())
            for name in ("CPU", "GPU")
        }
        for bound in ("min_workers", "max_workers")
    )
    plans = plan_pools(smallest, settings).values()
    assert all(plan.elastic for plan in plans)
    assert sum(plan.most * plan.num_gpus for plan in plans) <= largest["GPU"]
    assert sum(plan.most * plan.num_cpus for plan in plans) <= largest["CPU"]


def test_requests_are_limits_so_that_ray_counts_what_there_is(service):
    for container in containers(service):
        assert container["resources"]["requests"] == container["resources"]["limits"]


def test_serve_takes_its_config_and_the_limits_are_ours(service):
    config = ServeDeploySchema.model_validate(yaml.safe_load(service["spec"]["serveConfigV2"]))
    options = serve_app.http_options(Settings())
    assert config.http_options.request_timeout_s == options.request_timeout_s
    assert config.http_options.keep_alive_timeout_s == options.keep_alive_timeout_s
    (application,) = config.applications
    module, name = application.import_path.split(":")
    builder = getattr(importlib.import_module(module), name)
    assert list(inspect.signature(builder).parameters) == ["args"]
    assert builder(application.args)._bound_deployment.init_kwargs == {"brings_supervisor": True}


def test_a_mistyped_argument_is_refused():
    with pytest.raises(ValueError, match="QUARRY_ variables"):
        serve_app.build_cluster_application({"setings": "x"})


def test_only_migrations_have_the_owners_address(service, manifests):
    everything = yaml.safe_dump_all(manifests)
    assert everything.count("quarry-owner") == 1
    head = service["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]
    (migrate,) = head["initContainers"]
    assert {"secretRef": {"name": "quarry-owner"}} in migrate["envFrom"]
    assert migrate["command"] == ["python", "-m", "cluster.host.database"]


def test_the_monitor_has_its_own_role_only(manifests):
    (monitor,) = [one for one in manifests if one["kind"] == "Deployment"]
    (container,) = monitor["spec"]["template"]["spec"]["containers"]
    assert {one["name"] for one in container["env"]} == {
        "QUARRY_ENVIRONMENT_ONLY",
        "QUARRY_ADMIN_DATABASE_URL",
        "QUARRY_STORAGE_URL",
        "QUARRY_MONITOR_PASSWORD_HASH",
    }
    assert (PROJECT / container["command"][4]).exists()
    assert "--server.address=0.0.0.0" in container["command"]  # beyond the pod, so behind the password


def test_every_part_of_ray_wants_the_token(service):
    assert service["spec"]["rayClusterConfig"]["authOptions"] == {"mode": "token"}

"""A real Ray of this test session's own, small and bound to loopback."""

import os

import pytest
import ray


@pytest.fixture(scope="session")
def local_ray(tmp_path_factory):
    """Ray with four logical CPUs, whatever the machine has."""
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(
        num_cpus=4,
        namespace="quarry",
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 * 1024 * 1024,
        configure_logging=False,
    )
    yield
    ray.shutdown()

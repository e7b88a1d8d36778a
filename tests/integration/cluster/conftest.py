"""A real Ray of this test session's own, small and bound to loopback."""

import os

import pytest
import ray

from cluster.host.ports import free_ports


@pytest.fixture(scope="session")
def metrics_port():
    """Where this Ray's exporter answers."""
    (port,) = free_ports(1)
    return port


@pytest.fixture(scope="session")
def local_ray(metrics_port):
    """Ray with four logical CPUs, whatever the machine has."""
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(
        num_cpus=4,
        namespace="quarry",
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 * 1024 * 1024,
        configure_logging=False,
        _metrics_export_port=metrics_port,
        _system_config={
            "metrics_report_interval_ms": 1000,
            "kill_worker_timeout_milliseconds": 500,  # what a stopped process gets to end itself, which it cannot
        },
    )
    yield
    ray.shutdown()

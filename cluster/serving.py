"""Puts Quarry onto a Ray that runs: the supervisor, and the HTTP edge on Ray Serve; and takes both off again.

The one place of the start that connects to Ray. `ray` is imported inside the functions: what it reads from the
environment must be there first (`become_ray_client`).
"""

import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from cluster.host.dashboard import keep_dashboard_address
from cluster.host.environment import OWNER_ONLY, become_ray_client, settings_environment
from cluster.host.ray_head import RayFailed, head_address, last_words, logs_are
from cluster.settings import Settings
from cluster.workers.actor_names import NAMESPACE, SUPERVISOR
from db.errors import QuarryError

APPLICATION = "quarry"
EDGE = "serve_app"
"""Imported by its name: an import statement would point up, from the cluster to the edge that stands on it."""

CONNECT_WITHIN_S = 5.0


class ClusterUnreachable(QuarryError):
    """The Ray that the settings name is not there."""

    code = "cluster_unreachable"


class ApiFailed(QuarryError):
    """The API's replica did not start."""

    code = "api_failed"


@contextmanager
def connected(settings: Settings) -> Iterator[None]:
    """This process as a driver on the local Ray, or on the cluster that `ray_address` names; ended with the block.

    Raises:
        ClusterUnreachable, RayFailed: the latter also for what Ray raises within the block.
    """
    become_ray_client(settings)
    import ray

    address = settings.ray_address or head_address(settings)
    require_reachable(address)
    # The workers of a local Ray have their environment from its head; those of a cluster get it from here.
    environment = None
    if settings.ray_address is not None:
        environment = {"env_vars": settings_environment(settings, without=OWNER_ONLY)}
    try:
        context = ray.init(
            address=address,
            namespace=NAMESPACE,
            runtime_env=environment,
            log_to_driver=False,
            logging_level=logging.WARNING,
        )
        if settings.ray_address is not None:
            keep_dashboard_address(settings, context.dashboard_url or "")
        yield
    except (ray.exceptions.RayError, ConnectionError) as error:
        raise RayFailed(f"Ray failed: {last_words(str(error), 1)}", logs_are(settings)) from error
    finally:
        ray.shutdown()


def require_reachable(address: str) -> None:
    """Raise ClusterUnreachable when nobody listens at `host:port`: Ray itself would try on for minutes."""
    host, _, port = address.rpartition(":")
    if not host:  # "auto"
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_WITHIN_S).close()
    except (OSError, ValueError) as error:
        raise ClusterUnreachable(
            f"No Ray answers at {address}: {error}.", "Check QUARRY_RAY_ADDRESS, and that the cluster is up."
        ) from error


def import_services(settings: Settings) -> None:
    """Import what `start_services` needs, which takes seconds, while others start."""
    become_ray_client(settings)
    import cluster.supervisor  # noqa: F401

    import_module(EDGE)


def start_services(settings: Settings) -> None:
    """Start the supervisor and the API unless they run; returns when the API's replica answers."""
    from ray import serve
    from ray.exceptions import RayError

    from cluster.supervisor import start_supervisor

    start_supervisor(settings)
    edge = import_module(EDGE)
    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    options = edge.http_options(settings)
    try:
        serve.start(proxy_location="HeadOnly", http_options=options)
    except (TimeoutError, RayError):  # its proxy was slow or replaced; the controller is there and goes on by itself
        serve.start(proxy_location="HeadOnly", http_options=options)
    try:
        serve.run(edge.build_deployment(), name=APPLICATION, route_prefix="/")
    except (RuntimeError, TimeoutError) as error:  # what Serve raises for a replica that does not start
        raise ApiFailed(f"The API did not start: {last_words(str(error), 1)}", logs_are(settings)) from error


def stop_services(grace_s: float, *, ours_alone: bool) -> None:
    """Let the supervisor give its leases back within the grace; on somebody's cluster, take off what we put there.

    Our own Ray ends next, and Serve with it: an upload that was answered is safe, one that was not is sent again.

    Args:
        grace_s: how long running documents may go on.
        ours_alone: the Ray is the one that we started.
    """
    import ray

    ours = [one["name"] for one in ray.util.list_named_actors(all_namespaces=True) if one["namespace"] == NAMESPACE]
    answer = ray.get_actor(SUPERVISOR, namespace=NAMESPACE).shutdown.remote(grace_s) if SUPERVISOR in ours else None
    if not ours_alone:
        from ray import serve

        serve.delete(APPLICATION)
    if answer is not None:
        ray.get(answer, timeout=2 * grace_s + 10)
    if not ours_alone:
        for name in ours:
            ray.kill(ray.get_actor(name, namespace=NAMESPACE))


if __name__ == "__main__":  # `down` runs it as a program of its own: a driver that loses its Ray may be aborted by it
    here = Settings()
    with connected(here):
        stop_services(float(sys.argv[1]), ours_alone=here.ray_address is None)

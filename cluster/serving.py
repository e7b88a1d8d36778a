"""Puts Quarry onto a Ray that runs: the supervisor, and the HTTP edge on Ray Serve; and takes both off again.

The one place of the start that connects to Ray. `ray` is imported inside the functions: what it reads from the
environment must be there first (`become_ray_client`).
"""

import json
import logging
import socket
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

from cluster.host.dashboard import keep_dashboard_address
from cluster.host.environment import OWNER_ONLY, become_ray_client, settings_environment
from cluster.host.ray_head import RayFailed, head_address, last_words, logs_are
from cluster.settings import Settings
from cluster.workers.actor_names import NAMESPACE, SUPERVISOR
from db.errors import QuarryError

APPLICATION = "quarry"
SERVE_NAMESPACE = "serve"
EDGE = "serve_app"
"""Imported by its name: an import statement would point up, from the cluster to the edge that stands on it."""

CONNECT_WITHIN_S = 5.0
GONE_WITHIN_S = 15.0
"""Ray forgets an actor's name soon after it was told to end it."""
POLL_S = 0.2


class ClusterUnreachable(QuarryError):
    """The Ray that the settings name is not there."""

    code = "cluster_unreachable"


class ApiFailed(QuarryError):
    """The API's replica did not start."""

    code = "api_failed"


@dataclass(frozen=True)
class Services:
    """What of Quarry is on a Ray."""

    actors: tuple[str, ...] = ()  # by name, in the namespace `quarry`
    api: bool = False
    serve: bool = False  # Ray Serve itself, which others may use as well


ONLY_SERVE = Services(serve=True)
"""What `down` leaves: nobody remembers any more whether Serve was there before Quarry."""


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


def services_there() -> Services:
    """What is on the Ray that this process is connected to."""
    import ray
    from ray import serve

    serve_runs = any(one["namespace"] == SERVE_NAMESPACE for one in ray.util.list_named_actors(all_namespaces=True))
    return Services(tuple(actor_names()), serve_runs and APPLICATION in serve.status().applications, serve_runs)


def actor_names() -> list[str]:
    """The names in use in our namespace."""
    import ray

    named = ray.util.list_named_actors(all_namespaces=True)
    return sorted(one["name"] for one in named if one["namespace"] == NAMESPACE)


def stop_services(grace_s: float, *, ours_alone: bool, kept: Services = ONLY_SERVE) -> None:
    """Let the supervisor give its leases back within the grace; on somebody's cluster, take off what we put there.

    Our own Ray ends next, and Serve with it: an upload that was answered is safe, one that was not is sent again.

    Args:
        grace_s: how long running documents may go on.
        ours_alone: the Ray is the one that we started.
        kept: what is left on somebody's cluster. Where the supervisor is, all actors are: it has started them.

    Raises:
        RayFailed: actors are still there. Also what the supervisor raises; its actors are ended all the same.
    """
    import ray

    supervised = SUPERVISOR in kept.actors
    answer: ray.ObjectRef[Any] | None = None
    if not supervised and SUPERVISOR in actor_names():
        answer = ray.get_actor(SUPERVISOR, namespace=NAMESPACE).shutdown.remote(grace_s)
    try:
        if not ours_alone:
            take_off_api(kept)
        if answer is not None:
            ray.get(answer, timeout=2 * grace_s + 10)
    finally:
        if not ours_alone and not supervised:
            end_actors(kept.actors)


def take_off_api(kept: Services) -> None:
    """Take the API off Serve, and Serve off the cluster where nothing else is on it, unless they are to be kept."""
    from ray import serve

    there = services_there()
    if there.api and not kept.api:
        serve.delete(APPLICATION)
    if there.serve and not kept.serve and not serve.status().applications:
        serve.shutdown()  # type: ignore[no-untyped-call]


def end_actors(kept: Collection[str]) -> None:
    """End the others, the supervisor first: it would start them anew. Raises RayFailed when they are still there."""
    import ray

    deadline = time.monotonic() + GONE_WITHIN_S
    while names := [name for name in actor_names() if name not in kept]:
        if time.monotonic() > deadline:
            raise RayFailed(f"Ray did not end the actors {', '.join(names)}.", "Try `quarry down`.")
        for name in sorted(names, key=lambda name: name != SUPERVISOR):
            with suppress(ValueError):  # it has gone by itself
                ray.kill(ray.get_actor(name, namespace=NAMESPACE))
        time.sleep(POLL_S)


def stop_arguments(grace_s: float, kept: Services) -> list[str]:
    """What this program is given by whoever has it stop the services."""
    return [str(grace_s), json.dumps(asdict(kept))]


def main(grace_s: str, kept: str) -> None:
    """Stop the services, told as `stop_arguments` says."""
    settings = Settings()
    with connected(settings):
        stop_services(float(grace_s), ours_alone=settings.ray_address is None, kept=Services(**json.loads(kept)))


if __name__ == "__main__":  # run as a program of its own: a driver that loses its Ray may be aborted by it
    main(*sys.argv[1:])

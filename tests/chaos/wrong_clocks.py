"""A program that starts the supervisor and the progress actor anew, in processes whose wall clock is wrong.

Argument: seconds that their clocks are ahead; 0 brings right ones back.
"""

import sys

from cluster.host.database import resolve_secrets
from cluster.serving import connected
from cluster.settings import Settings
from tests.chaos.stack import wait_until


def at(worker_class, ahead_s):
    """The class, in a process that believes that it is so much later."""

    class Shifted(worker_class):
        def __init__(self, *arguments, **options):
            import time

            right = time.time
            time.time = lambda: right() + ahead_s
            super().__init__(*arguments, **options)

    # Ray tells methods apart by the names of their classes: two of one name answered with each other's.
    Shifted.__name__ = Shifted.__qualname__ = f"Shifted{worker_class.__name__}"
    return Shifted


def is_gone(name):
    import ray

    from cluster.workers.actor_names import NAMESPACE

    try:
        ray.get_actor(name, namespace=NAMESPACE)
    except ValueError:
        return True
    return False


def main(ahead_s):
    settings = resolve_secrets(Settings())
    with connected(settings):
        import ray

        from cluster.pools import PROGRESS_CALLS, start_actor
        from cluster.supervisor import SUPERVISOR_CALLS, Supervisor
        from cluster.workers.actor_names import NAMESPACE, PROGRESS, QUESTIONS, SUPERVISOR
        from cluster.workers.pool_workers import ProgressActor

        for name in (SUPERVISOR, PROGRESS):  # the supervisor first: it would start the other again
            ray.kill(ray.get_actor(name, namespace=NAMESPACE))
            wait_until(lambda name=name: is_gone(name), f"the {name} does not go", 30)
        groups = {QUESTIONS: 1}
        progress = at(ProgressActor, ahead_s)
        start_actor(PROGRESS, progress, settings, duty=PROGRESS, max_concurrency=PROGRESS_CALLS, groups=groups)
        supervisor = start_actor(
            SUPERVISOR, at(Supervisor, ahead_s), settings, max_concurrency=SUPERVISOR_CALLS, groups=groups
        )
        ray.get(supervisor.facts.remote(), timeout=60)


if __name__ == "__main__":
    main(float(sys.argv[1]))

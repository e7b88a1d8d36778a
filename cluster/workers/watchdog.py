"""Watches the supervisor from the progress actor's process, so that whoever hangs is ended by somebody who does not.

The supervisor watches all other actors (`pool_watch`); Ray alone sees no difference between a process that waits and
one that hangs. Here as there an actor is judged only once it has answered: loading takes what it takes.
"""

import logging
import threading

import ray

from cluster.workers.actor_names import NAMESPACE, SUPERVISOR
from cluster.workers.dispatch import end_actor
from cluster.workers.pool_watch import PoolWatch

LOOK_EVERY_S = 1.0

logger = logging.getLogger(__name__)


def watch_supervisor(silence_s: float) -> None:
    """Begin, in a thread of its own that ends with the process.

    Args:
        silence_s: the supervisor is ended after so long without an answer, or when its loop stood still for so long.
    """
    threading.Thread(target=_watch_forever, args=[silence_s], name="watchdog", daemon=True).start()


def _watch_forever(silence_s: float) -> None:
    watch, pause = PoolWatch(), threading.Event()
    while not pause.wait(LOOK_EVERY_S):
        try:
            look(watch, silence_s)
        except Exception:  # the round's boundary: who does not watch on is of no use
            logger.exception("this look at the supervisor failed")


def look(watch: PoolWatch, silence_s: float) -> None:
    """Ask it, take its answers, and end it when it hangs; never waits for it."""
    try:
        supervisor = ray.get_actor(SUPERVISOR, namespace=NAMESPACE)
    except ValueError:  # not started, or ended for good
        return
    watch.follow({SUPERVISOR: supervisor})
    watch.poll()
    for name in watch.hung(silence_s):
        logger.warning("restarting the %s: it hangs", name)
        end_actor(supervisor)
        watch.forget_question(name)

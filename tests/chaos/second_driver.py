"""A program that drives a document which somebody else drives already, and may believe that it is another time.

Arguments: document, worker and fence of the present holder, seconds that the clock is ahead (0).
"""

import sys

from cluster.host.database import resolve_secrets
from cluster.serving import connected
from cluster.settings import Settings

END_WITHIN_S = 300


def drive_at(ahead_s, document_id, worker, fence, settings):
    """`drive`, in a process whose wall clock is wrong."""
    import time

    right = time.time
    time.time = lambda: right() + ahead_s

    from cluster.driver import drive

    return drive(document_id, worker, fence, settings)


def main(document_id, worker, fence, ahead_s="0"):
    settings = resolve_secrets(Settings())
    with connected(settings):
        import ray

        task = ray.remote(drive_at).options(num_cpus=0, max_retries=0)
        ref = task.remote(float(ahead_s), document_id, worker, int(fence), settings)
        print(ray.get(ref, timeout=END_WITHIN_S))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`ray start` without the server of Ray Client: `python -m cluster.host.ray_daemon start --head --block ...`.

Nobody here uses Ray Client (`ray://`), but `ray start` runs its server wherever it can import grpc. The server gives up
when the node is not there within a fixed 30 seconds, as happens on a busy machine, and `ray start` then ends all of Ray
with it. So this one process acts like an installation without `ray[client]`; all that it starts is left as it is.
"""

import sys


def main() -> None:
    """Run Ray's own command line."""
    import ray.dashboard.optional_deps  # noqa: F401  # first: without grpc Ray would start its dashboard without pages

    sys.modules["grpc"] = None  # type: ignore[assignment]  # importing it raises ImportError now
    from ray.scripts.scripts import main as ray_command

    ray_command()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

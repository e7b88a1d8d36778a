"""The API under uvicorn alone, beside the one on Ray Serve: same app, same settings, same database and disk.

What an upload takes here it takes on any server; the rest is Serve, which passes bodies from its proxy to the replica.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from cluster.host.environment import settings_environment
from cluster.host.ports import free_ports
from cluster.host.ray_head import HOST, SESSION_NICENESS
from cluster.settings import Settings

START_WITHIN_S = 60.0


@contextmanager
def bare_api(settings: Settings) -> Iterator[str]:
    """Its address, for the time of the block; it has a session of its own that gives way as Ray's does."""
    port = free_ports(1, HOST)[0]
    environment = os.environ | settings_environment(settings, without=set())
    argv = [sys.executable, "-m", "benchmarks.bare_api", str(port)]
    process = subprocess.Popen(argv, env=environment, start_new_session=True)
    try:
        with suppress(OSError):  # another system, or one that shares cores by process alone
            Path(f"/proc/{process.pid}/autogroup").write_text(str(SESSION_NICENESS))
        address = f"http://{HOST}:{port}"
        _wait_for(f"{address}/healthz", process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            httpx.get(address, trust_env=False).raise_for_status()
            return
        time.sleep(0.1)
    raise RuntimeError("the API under uvicorn alone did not start")


if __name__ == "__main__":  # the app imports `ray`, which the process that measures must not before it is connected
    import uvicorn

    from serve_app import build_app

    uvicorn.run(build_app(Settings()), host=HOST, port=int(sys.argv[1]), log_level="warning", access_log=False)

"""Several Ray nodes on this machine, each with its own raylet, and a Quarry on them as `quarry up` starts it there."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from cluster.access.secrets import private_token
from cluster.host.duties import noted_duties
from cluster.host.environment import RAY_VARIABLES
from cluster.host.ports import free_ports
from tests.chaos.stack import Stack
from tests.checkout import PROJECT

HOST = "127.0.0.1"
OBJECT_STORE_BYTES = 80 * 1024 * 1024
UP_WITHIN_S = 90.0
UP = "Ray runtime started."
"""What a node says when it is."""


class Nodes:
    """A head without logical CPUs, as ray-cluster.yaml has it, and workers with one each."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="qn-"))  # short: Ray puts sockets there
        self.port, self.dashboard_port = free_ports(2)
        token = self.folder / "token"
        private_token(token)
        more = {"RAY_AUTH_TOKEN_PATH": str(token), "OMP_NUM_THREADS": "1", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1"}
        self.environment = RAY_VARIABLES | more  # several nodes are not forbidden here
        self.head = None
        self.workers = []

    @property
    def inherited(self):
        """What the nodes have of this process's environment."""
        return {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "QUARRY_"))}

    @property
    def address(self):
        return f"{HOST}:{self.port}"

    def start(self, workers, *head_options):
        self.head = self._start(
            "--head",
            f"--port={self.port}",
            "--num-cpus=0",
            f"--dashboard-host={HOST}",
            f"--dashboard-port={self.dashboard_port}",
            f"--temp-dir={self.folder}",
            *head_options,
        )
        for _ in range(workers):
            self.add_worker()

    def add_worker(self):
        self.workers.append(self._start(f"--address={self.address}", "--num-cpus=1"))

    def _log(self):
        file = self.folder / "nodes.log"
        return file.read_text() if file.exists() else ""

    def kill_worker(self, node):
        """All at once, as a machine goes."""
        self.workers.remove(node)
        kill(node)

    def kill_head(self):
        head, self.head = self.head, None
        kill(head)

    def kill_all(self):
        for node in [*self.workers, *([self.head] if self.head else [])]:
            kill(node)
        self.head, self.workers = None, []

    def worker_of(self, pid):
        """The worker node on which a process runs; None for the head."""
        above = {process.pid for process in psutil.Process(pid).parents()}
        return next((node for node in self.workers if above & tree(node)), None)

    def _start(self, *options):
        """Waits for it: Ray gives a node half a minute, which several at once do not keep to on two cores."""
        command = [
            sys.executable,
            "-m",
            "cluster.host.ray_daemon",
            "start",
            "--block",
            "--disable-usage-stats",
            "--log-color=false",
            "--min-worker-port=0",
            "--max-worker-port=0",
            "--dashboard-agent-listen-port=0",
            f"--node-ip-address={HOST}",
            f"--object-store-memory={OBJECT_STORE_BYTES}",
            *options,
        ]
        environment = self.inherited | self.environment | {"TMPDIR": str(self.folder)}
        before = self._log().count(UP)
        with (self.folder / "nodes.log").open("ab") as log:
            node = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + UP_WITHIN_S
        while self._log().count(UP) == before:
            assert node.poll() is None and time.monotonic() < deadline, self._log()[-3000:]
            time.sleep(0.2)
        return node


def tree(node):
    """The pids of a node's processes."""
    process = psutil.Process(node.pid)
    return {node.pid, *(child.pid for child in process.children(recursive=True))}


def kill(node):
    for pid in tree(node):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    node.wait()


class ClusterStack(Stack):
    """A Quarry whose Ray is a cluster of several nodes."""

    def __init__(self, folder, nodes, variables):
        self.nodes = nodes
        given = {"QUARRY_RAY_ADDRESS": nodes.address, "QUARRY_OCR_ACTORS": "2", **nodes.environment, **variables}
        super().__init__(folder, given)

    def close(self):
        super().close()
        self.nodes.kill_all()

    def places(self):
        """The worker node of each pool's actor, by the actor's name; None for the head."""
        found = {}
        for pid, duty in noted_duties(self.home).items():
            if duty.name.startswith(("reader-", "ocr-", "clip-", "analysis-")):
                with suppress(psutil.NoSuchProcess):
                    found[duty.name] = self.nodes.worker_of(pid)
        return found

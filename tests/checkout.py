"""An installation of a test's own: its home, its ports, and the command `quarry` run in it as a user runs it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cluster.host.environment import RAY_VARIABLES
from cluster.host.ports import free_ports
from cluster.host.processes import ProcessBook
from cluster.settings import Settings
from tests.model_folder import MODEL_FOLDER

PORTS = ("API_PORT", "MONITOR_PORT", "DASHBOARD_PORT", "RAY_PORT", "POSTGRES_PORT", "METRICS_PORT")
PROJECT = Path(__file__).parent.parent
UP_WITHIN_S = 420
# As a shell has it that knows nothing of the test run, which gives Ray settings of its own.
OF_THE_TEST_RUN = ("QUARRY_", "RAY_", "DATABASE_URL", *RAY_VARIABLES)


@dataclass
class Checkout:
    """One home with free ports; small pools, so that it starts quickly."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    program: Path = PROJECT
    """Folder of the program that its commands are."""

    def __post_init__(self):
        ports = zip(PORTS, free_ports(len(PORTS)), strict=True)
        given = {"HOME": str(self.home), "OCR_ACTORS": "1", "MODEL_CACHE": str(MODEL_FOLDER)}
        given |= {name: str(port) for name, port in ports}
        self.variables = {**{f"QUARRY_{name}": value for name, value in given.items()}, **self.variables}

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_TEST_RUN)}
        return {**kept, "HF_HUB_OFFLINE": "1", "COLUMNS": "160", **self.variables}

    @property
    def settings(self):
        """What `Settings()` says in it."""
        names = Settings.model_fields
        given = {name: self.variables.get(f"QUARRY_{name.upper()}") for name in names}
        return Settings(**{name: read_value(value) for name, value in given.items() if value is not None})

    @property
    def book(self):
        return ProcessBook(self.home)

    def processes(self):
        """All that lives of it."""
        return [process for processes in self.book.members().values() for process in processes]

    def port(self, name):
        return int(self.variables[f"QUARRY_{name}"])

    def quarry(self, *arguments, timeout=60):
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "cluster.cli", *map(str, arguments)],
            env=self.environment,
            cwd=self.program,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def up(self):
        """Start it; the test fails with its words when it does not start."""
        done = self.quarry("up", timeout=UP_WITHIN_S)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def down(self):
        done = self.quarry("down", timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done


def read_value(text):
    """As pydantic-settings reads a variable: lists are JSON."""
    return json.loads(text) if str(text).startswith("[") else text

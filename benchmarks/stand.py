"""A Quarry of the benchmark's own: other home, other ports, started and ended as a user's is."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil

from cluster.access.tokens import issue_token
from cluster.host.ports import free_ports
from cluster.local import down, up
from cluster.settings import Settings
from db.connection import Database
from db.spans import WorkSpan, list_spans

HOME = Path(".quarry") / "bench"
ENDED = {"completed", "partial", "failed", "cancelled"}
POLL_S = 1.0
"""Looks cost processor time that the pipeline lacks: when a document ended is read from its record."""


class Stand:
    """A running Quarry, as a client sees it, and its processes, as the machine sees them."""

    def __init__(self, settings: Settings) -> None:
        """Make a client with a token of its own."""
        self.settings = settings
        token = issue_token(settings, "benchmark", "service")
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(base_url=settings.api_url, headers=self.headers, timeout=60.0, trust_env=False)

    def upload(self, path: Path) -> str:
        """Upload a file; its document's id."""
        with path.open("rb") as file:
            answer = self.client.post("/documents/upload-async", files={"file": (path.name, file, "application/pdf")})
        if answer.status_code != httpx.codes.ACCEPTED:
            raise RuntimeError(f"the upload of {path.name} was answered with {answer.status_code}: {answer.text}")
        document_id: str = answer.json()["document_id"]
        return document_id

    def document(self, document_id: str) -> dict[str, Any]:
        """The document as the API shows it."""
        answer = self.client.get(f"/documents/{document_id}")
        answer.raise_for_status()
        shown: dict[str, Any] = answer.json()
        return shown

    def wait(self, document_id: str, look: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """The document once it has ended; `look` is called in between."""
        while (document := self.document(document_id))["status"] not in ENDED:
            look()
            time.sleep(POLL_S)
        return document

    def process(self, path: Path, look: Callable[[], None] = lambda: None) -> tuple[str, float]:
        """Upload a file and wait for its end; the document's id, and the seconds until then as its record tells."""
        started = time.time()
        document_id = self.upload(path)
        document = self.wait(document_id, look)
        if document["status"] != "completed":
            raise RuntimeError(f"{path.name} ended {document['status']}: {document}")
        return document_id, datetime.fromisoformat(document["completed_at"]).timestamp() - started

    def spans(self, document_id: str) -> list[WorkSpan]:
        """Who worked for a document, and when."""
        with (
            closing(Database(self.settings.service_url, "service", max_size=1)) as database,
            database.transaction() as conn,
        ):
            return list_spans(conn, UUID(document_id))

    def driver_memory(self) -> int:
        """Resident bytes of the largest driver process now; 0 when none runs."""
        sizes = [
            process.info["memory_info"].rss
            for process in psutil.process_iter(["cmdline", "memory_info"])
            if process.info["memory_info"]
            and any(part.startswith("ray::drive") for part in process.info["cmdline"] or [])
        ]
        return max(sizes, default=0)


@contextmanager
def running_quarry() -> Iterator[Stand]:
    """Start it with nothing in it, so that no earlier result answers; hand it out; end it."""
    home = HOME / "home"
    shutil.rmtree(home, ignore_errors=True)
    api, monitor, dashboard, ray_port, postgres, metrics = free_ports(6)
    os.environ.update(
        QUARRY_HOME=str(home.resolve()),
        QUARRY_API_PORT=str(api),
        QUARRY_MONITOR_PORT=str(monitor),
        QUARRY_DASHBOARD_PORT=str(dashboard),
        QUARRY_RAY_PORT=str(ray_port),
        QUARRY_POSTGRES_PORT=str(postgres),
        QUARRY_METRICS_PORT=str(metrics),
    )
    settings = Settings()
    stand = Stand(up(settings, print).settings)
    try:
        yield stand
    finally:
        stand.client.close()
        down(settings, print)

"""The simulation beside real runs: the image stage of one document on 1, 2 and 4 actors that sleep instead of reading.

`python -m benchmarks.scale_check`. Everything but the reading is real: Ray, Postgres, the driver's flow, the progress
actor. Sleeping actors leave the cores to what is measured, so that four of them fit on a machine with two.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import ray
from pydantic import SecretStr

from actors.records import EmbeddingResult, ImageTask, OcrResult
from actors.served import Served
from benchmarks.bare_postgres import bare_postgres
from benchmarks.figures import Figure, show
from benchmarks.simulation import MEASURED, Catalogue, Cluster, Simulation
from cluster.document_run import DocumentRun
from cluster.flows.images import ImageFlow
from cluster.flows.jobs import work_off
from cluster.lease import DocumentLease
from cluster.pools import start_actor, start_progress
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.workers.actor_names import NAMESPACE
from cluster.workers.fair_share import Turn
from db.connection import Database
from db.document_claims import claim_next
from db.documents import create_document
from db.pages import save_pages
from db.queue import queue_image_processing_jobs

IMAGES = 240
READ_IMAGE_S = 0.1
ACTORS = (1, 2, 4)
AGREEMENT = 0.15


class Sleeper:
    """Takes as long for an image as it is told, and finds nothing; as CLIP it has no model."""

    def __init__(self, seconds: float) -> None:
        """For one image."""
        self._seconds = seconds

    def read(self, tasks: Sequence[ImageTask], *, turn: Turn) -> Served[OcrResult]:
        """No text in any of them; there is one document, so it has every turn."""
        del turn
        began = time.time()
        time.sleep(self._seconds * len(tasks))
        results = [OcrResult(image_id=task.image_id, engine="sleep", seconds=self._seconds) for task in tasks]
        return Served(results, began, time.time(), 0.0)

    def embed(self, tasks: Sequence[ImageTask], *, turn: Turn) -> Served[EmbeddingResult]:
        """No vector for any of them."""
        del turn
        results = [EmbeddingResult(image_id=task.image_id, status="model_missing") for task in tasks]
        return Served(results, time.time(), time.time(), 0.0)

    def facts(self) -> dict[str, Any]:
        """It is up."""
        return {}


def measure_agreement() -> list[Figure]:
    """Real seconds by simulated ones, for each number of actors."""
    figures = []
    with bare_postgres() as (_, service_url, _), TemporaryDirectory() as home:
        settings = Settings(
            _env_file=None, home=Path(home), service_database_url=SecretStr(service_url), reuse_results=False
        )
        database = Database(settings.service_url, "service")
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        ray.init(num_cpus=8, namespace=NAMESPACE, include_dashboard=False, log_to_driver=False)
        try:
            actors = [start_progress(settings), start_actor("clip-0", Sleeper, 0.0)]
            for number in range(max(ACTORS)):
                actors.append(start_actor(f"ocr-{number}", Sleeper, READ_IMAGE_S))
                ray.get([actor.facts.remote() for actor in actors])
                if number + 1 in ACTORS:
                    figures.append(_compare(number + 1, _real_seconds(settings, database)))
        finally:
            ray.shutdown()
            database.close()
    return figures


def _compare(actors: int, real: float) -> Figure:
    cluster = replace(Cluster.of_nodes(1), ocr=actors, clip=1)
    costs = replace(MEASURED, read_image=READ_IMAGE_S, embed_image=0.0)
    simulated = Simulation(cluster, costs, Catalogue(images=IMAGES)).image_stage()
    return Figure(
        f"{IMAGES} images on {actors} sleeping actors: real {real:.1f} s by simulated {simulated:.1f} s",
        f"{real / simulated:.2f}",
        f"within {AGREEMENT:.0%}",
        abs(real / simulated - 1) <= AGREEMENT,
    )


def _real_seconds(settings: Settings, database: Database) -> float:
    """The image stage of a new document."""
    storage = Storage(settings.storage_address)
    with database.transaction() as conn:
        document = create_document(
            conn, document_id=uuid4(), filename="scale.pdf", title="scale", tags=[], content_hash=str(uuid4()),
            size_bytes=1, storage_key=storage.put(b"%PDF-", ".pdf"), priority=0, submitted_by="benchmark",
            max_retries=3,
        )  # fmt: skip
        claimed = claim_next(conn, worker="benchmark", lease_s=60.0, max_active=100)
        assert claimed is not None and claimed.id == document.id and claimed.fence is not None
        save_pages(conn, document.id, claimed.fence, [_page(number) for number in range(1, IMAGES + 1)])
        queue_image_processing_jobs(conn, document.id)
    lease = DocumentLease.take(database, document.id, "benchmark", claimed.fence, settings)
    assert lease is not None
    with lease:
        run = DocumentRun(settings, database, lease)
        flow = ImageFlow(run)
        started = time.monotonic()
        with run.writes:  # its end waits for the last results
            work_off(run, flow)
        return time.monotonic() - started


def _page(number: int) -> dict[str, Any]:
    place = {"page": number, "box": [0.0, 0.0, 10.0, 10.0], "rotation": 0}
    image = {
        "kind": "embedded", "content_hash": str(uuid4()), "storage_key": f"{number}.png", "media_type": "image/png",
        "width_px": 64, "height_px": 64, "placements": [place],
    }  # fmt: skip
    return {
        "page": number, "width_pt": 10.0, "height_pt": 10.0, "kind": "text", "blocks": [], "images": [image],
    }  # fmt: skip


if __name__ == "__main__":
    show(measure_agreement())

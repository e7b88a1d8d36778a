"""Embeds later what could not be embedded then: images whose jobs ended while the CLIP weights were missing."""

from collections.abc import Iterator
from typing import Any

from actors.errors import ModelMissing
from actors.records import EmbeddingResult, ImageTask
from actors.served import Served
from cluster.settings import Settings
from cluster.workers.dispatch import Pool
from db.connection import Database
from db.images import count_without_vector, images_for_backfill, save_embedding, settle_backfill

IMAGES_PER_CALL = 16


def backfill_clip(database: Database, settings: Settings) -> Iterator[tuple[int, int]]:
    """Embed every image that says `model_missing`; yields (embedded so far, still without) after each batch.

    An image that fails keeps its state and is passed over, so that the walk ends.

    Raises:
        ModelMissing: the weights are still not to be had.
        PoolMissing: no CLIP actor is running.
    """
    pool = Pool.connect("clip")
    patience: dict[str, Any] = {
        "tries": 1 + settings.max_retries,
        "timeout_s": settings.call_timeout_s,
        "look_around": lambda: None,
    }
    facts: dict[str, Any] = pool.call("facts", **patience)
    if not facts["available"]:
        raise ModelMissing(
            f"The weights of {settings.clip_model} are still missing.",
            "Set QUARRY_CLIP_PRETRAINED to a checkpoint or let the machine reach the model's hub, then restart Quarry.",
        )
    done, after = 0, None
    while True:
        with database.transaction() as conn:
            rows = images_for_backfill(conn, IMAGES_PER_CALL, after=after)
        if not rows:
            break
        tasks = [
            ImageTask(
                job_id=str(row.id),
                image_id=str(row.id),
                fence=0,
                storage_key=row.storage_key,
                width_px=row.width_px,
                height_px=row.height_px,
            )
            for row in rows
        ]
        served: Served[EmbeddingResult] = pool.call("embed", tasks, **patience)
        stored = [result for result in served.results if result.status == "stored"]
        with database.transaction() as conn:
            for result in stored:
                save_embedding(conn, result.image_id, list(result.vector), result.model)
            left = count_without_vector(conn)
        done, after = done + len(stored), rows[-1].id
        yield done, left
    with database.transaction() as conn:
        settle_backfill(conn)

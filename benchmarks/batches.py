"""What the actors of a running Quarry wrote down about their batches: when each ended and how long it computed.

Read from the log, where every actor leaves a line a batch.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Batch:
    """One batch of one actor."""

    actor: str  # "ocr-1" say
    ended: float  # seconds since the epoch
    items: int
    seconds: float  # that it computed

    @property
    def pool(self) -> str:
        """Of which the actor is one."""
        return self.actor.rpartition("-")[0]


def batches_since(root: Path, began: float) -> list[Batch]:
    """Batches that ended after a moment, in seconds since the epoch; the earliest first."""
    folder = root / "logs"
    found = [
        Batch(event["process"], ended, event["items"], event["model_seconds"])
        for path in folder.glob("quarry.log*")
        for line in path.read_text("utf-8").splitlines()
        if '"batch done"' in line
        for event in [json.loads(line)]
        if (ended := datetime.fromisoformat(event["timestamp"]).timestamp()) >= began
    ]
    return sorted(found, key=lambda batch: batch.ended)

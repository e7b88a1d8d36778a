"""Owns `home/duties/`: one small file a process of the pipeline, in which the process says itself what it is for.

Ray names its workers by class, so that three OCR actors look alike, and tells no more without a healthy cluster. A
process that died leaves its file, which the next reader removes: what is noted counts only while that very process
lives.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from cluster.host.processes import CLOCK_TOLERANCE_S, living

FOLDER = "duties"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Duty:
    """What one process is for."""

    name: str  # "ocr-0", "progress", "supervisor", "driver" ...
    pid: int
    created: float  # seconds since the epoch, as psutil tells it
    document_id: str | None = None  # of a driver
    title: str | None = None


def note_duty(root: Path, name: str, *, document_id: str | None = None, title: str | None = None) -> None:
    """Write down what this process does from now on; `root` is the absolute `home`."""
    created = psutil.Process().create_time()
    duty = Duty(name, os.getpid(), created, document_id, title)
    place = _place(root, duty.pid)
    draft = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(asdict(duty)))
        draft.replace(place)
    except OSError as error:  # a full disk: the work goes on, only the list of processes knows less
        logger.warning("this process cannot note that it is %s: %s", name, error)


@contextmanager
def on_duty(root: Path, name: str, *, document_id: str | None = None, title: str | None = None) -> Iterator[None]:
    """The same for as long as the block lasts: Ray uses a worker for one task after the other."""
    note_duty(root, name, document_id=document_id, title=title)
    try:
        yield
    finally:
        _place(root, os.getpid()).unlink(missing_ok=True)


def noted_duties(root: Path) -> dict[int, Duty]:
    """What the living processes say they are for, by pid."""
    found: dict[int, Duty] = {}
    for place in (root / FOLDER).glob("*.json"):
        with suppress(FileNotFoundError):  # it has just ended
            duty = Duty(**json.loads(place.read_text()))
            if _lives(duty):
                found[duty.pid] = duty
            else:
                place.unlink(missing_ok=True)
    return found


def _place(root: Path, pid: int) -> Path:
    return root / FOLDER / f"{pid}.json"


def _lives(duty: Duty) -> bool:
    process = living(duty.pid)
    try:
        return process is not None and abs(process.create_time() - duty.created) < CLOCK_TOLERANCE_S
    except psutil.Error:
        return False

"""OCR and CLIP on a device, as the actors run them: images a second, how full batches were, how busy the GPU was.

On a CPU the same figures, without the last, show that the path works.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from actors.clip import ClipEncoder
from actors.ocr import OcrReader
from benchmarks.catalogue import random_clip_checkpoint
from benchmarks.figures import Figure
from benchmarks.vectors import CLIP_MODEL
from cluster.settings import Settings

SAMPLE_EVERY_S = 0.5
QUERY = ("nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits")

Batch = Sequence[tuple[str, bytes]]


def measure_device(images: Sequence[bytes], *, gpu: bool, threads: int) -> list[Figure]:
    """All images as one batch, once to warm up and once more for the figure."""
    settings, batch = Settings(), [(str(number), data) for number, data in enumerate(images)]
    folder = settings.model_folder
    reader = OcrReader(("en",), model_folder=folder, canvas_px=settings.ocr_canvas_px, threads=threads, gpu=gpu)
    clip = ClipEncoder(CLIP_MODEL, str(random_clip_checkpoint()), model_folder=folder, gpu=gpu, threads=threads)
    return [
        _figure(f"OCR, {reader.backend} on {reader.device}", reader, reader.read, batch, gpu=gpu),
        _figure(f"CLIP, {clip.backend} on {clip.device}", clip, clip.embed, batch, gpu=gpu),
    ]


def _figure(
    work: str, model: OcrReader | ClipEncoder, call: Callable[[Batch], Any], batch: Batch, *, gpu: bool
) -> Figure:
    call(batch)
    with utilisation(gpu) as busy:
        started = time.perf_counter()
        call(batch)
        seconds = time.perf_counter() - started
    used = f", GPU {sum(busy) / len(busy):.0f} % busy" if busy else ""
    shown = f"{len(batch) / seconds:.1f} images/s, batches {model.fill:.0%} full{used}"
    return Figure(f"{work}, {len(batch)} images at once", shown, "")


@contextmanager
def utilisation(gpu: bool) -> Iterator[list[float]]:
    """What the driver says of the first GPU during the block, in percent, twice a second."""
    busy: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_EVERY_S):
            shown = subprocess.run(QUERY, capture_output=True, text=True, check=True).stdout
            busy.append(float(shown.splitlines()[0]))

    thread = threading.Thread(target=watch, name="utilisation", daemon=True)
    if gpu:
        thread.start()
    try:
        yield busy
    finally:
        over.set()
        if gpu:
            thread.join()

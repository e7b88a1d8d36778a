"""Vectors of images and texts against the same weights as their libraries run them, alternately, in one process."""

import io
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from actors.clip import DECODED_PX, ClipEncoder
from actors.inference.clip_model import load_clip
from actors.pixels import decode
from actors.text_embedding import TextEncoder
from benchmarks.catalogue import random_clip_checkpoint
from benchmarks.figures import Figure, timed
from cluster.settings import Settings

CLIP_MODEL = "ViT-B-32"
CLIP_IMAGES = 32
CLIP_AIM = 4.0
LEAST_COSINE = 0.99
ROUNDS = 3


def measure_clip(images: Sequence[bytes], threads: int) -> list[Figure]:
    """Images in a batch, against open_clip in float32 one by one; random weights cost what real ones do."""
    checkpoint = str(random_clip_checkpoint())
    batch = [(str(number), images[number % len(images)]) for number in range(CLIP_IMAGES)]
    encoder = ClipEncoder(CLIP_MODEL, checkpoint, model_folder=Settings().model_folder, gpu=False, threads=threads)
    plain = PlainClip(Path(checkpoint), threads)
    whole = _ratios(lambda: [plain.embed(data) for _, data in batch], lambda: encoder.embed(batch))
    own = _tower(checkpoint, threads)
    prepared = [own.prepare(decode(data, enough_px=DECODED_PX * own.side)) for _, data in batch]
    tower = _ratios(lambda: [plain.encode(tensor) for tensor in prepared], lambda: own.encode_images(prepared))
    expected = np.array([plain.embed(data) for _, data in batch])
    cosine = _cosine(expected, np.array([result.vector for result in encoder.embed(batch)]))
    others = float((expected[1:] * expected[:-1]).sum(axis=1).mean())  # what a cosine says where weights are random
    met = statistics.median(tower) >= CLIP_AIM
    work = f"CLIP image tower, {encoder.backend}, batch {CLIP_IMAGES}, against open_clip fp32 one by one"
    same = f"least cosine between the two (images that differ: on average {others:.3f})"
    return [
        Figure(work, _times(tower), f"{CLIP_AIM:.0f} times", met),
        Figure("the same with decoding and resizing", _times(whole), ""),
        Figure(same, f"{cosine:.4f}", f"{LEAST_COSINE}", cosine >= LEAST_COSINE),
    ]


class PlainClip:
    """open_clip as its documentation shows it: float32, an image at a time."""

    def __init__(self, checkpoint: Path, threads: int) -> None:
        """Load the weights."""
        import open_clip
        import torch

        torch.set_num_threads(threads)
        self._torch = torch
        self._model, _, self._prepare = open_clip.create_model_and_transforms(CLIP_MODEL, pretrained=str(checkpoint))
        self._model.eval()

    def embed(self, data: bytes) -> npt.NDArray[np.float32]:
        """A unit vector of an encoded image."""
        return self.encode(self._prepare(Image.open(io.BytesIO(data)).convert("RGB")))

    def encode(self, prepared: Any) -> npt.NDArray[np.float32]:
        """A unit vector of a prepared one."""
        with self._torch.inference_mode():
            vector = self._model.encode_image(prepared.unsqueeze(0))[0]
            unit: npt.NDArray[np.float32] = (vector / vector.norm()).numpy()
            return unit


def _tower(checkpoint: str, threads: int) -> Any:
    import torch

    folder = Settings().model_folder
    return load_clip(CLIP_MODEL, checkpoint, folder, torch.device("cpu"), threads=threads, backend="auto")


def measure_text(texts: Sequence[str], threads: int) -> list[Figure]:
    """Vectors of texts, against torch in float32 in the same batches."""
    plain, own = TextEncoder(threads=threads), TextEncoder(threads=threads, model_folder=Settings().model_folder)
    ratios = _ratios(partial(plain.encode, texts), partial(own.encode, texts))
    cosine = _cosine(np.array(plain.encode(texts)), np.array(own.encode(texts)))
    return [
        Figure(f"text vectors, {own.backend}, against torch fp32 in the same batches", _times(ratios), ""),
        Figure("least cosine between the two", f"{cosine:.4f}", f"{LEAST_COSINE}", cosine >= LEAST_COSINE),
    ]


def _ratios(plain: Callable[[], Any], own: Callable[[], Any]) -> list[float]:
    """Time of one over the other, alternately; the first round warms both up and does not count."""
    ratios = [timed(plain)[0] / timed(own)[0] for _ in range(ROUNDS + 1)]
    return ratios[1:]


def _cosine(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    return float((one * other).sum(axis=1).min())


def _times(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.1f} times (from {min(ratios):.1f} to {max(ratios):.1f})"

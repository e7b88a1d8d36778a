"""Images and search texts to vectors of one space, with open_clip. Knows bytes and records, neither storage nor Ray.

Importing this module is cheap: torch and open_clip are imported by the constructor.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from actors.errors import ModelMissing, describe
from actors.inference.device_batch import DeviceBatch
from actors.isolation import run_isolated
from actors.pixels import decode
from actors.records import EmbeddingResult

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import torch

    from actors.inference.clip_model import ClipModel

log = logging.getLogger(__name__)

CPU_BATCH = 32
GPU_BATCH = 256
"""Images that a device computes at a time; fewer once it had no memory for so many."""

DECODED_PX = 2
"""Times the side of the model's square that a JPEG is decoded to at least, before it is resized for good."""


class ClipEncoder:
    """Encodes images and texts; without weights it says so in every result, and the rest of an image's work goes on.

    Attributes:
        model: name that is stored beside every vector, architecture and weights.
        device: where it computes, as found, not as wished.
        backend: what computes the images' vectors, as found.
        available: whether there are weights.
        missing_reason: why not, one sentence; empty when available.
    """

    def __init__(
        self,
        model: str,
        pretrained: str,
        *,
        model_folder: Path,
        gpu: bool,
        threads: int,
        backend: Literal["auto", "torch", "openvino"] = "auto",
    ) -> None:
        """Load the model, downloading its weights into the model folder where a hub can be reached.

        Args:
            model: open_clip's name, or `local-dir:PATH` with open_clip_config.json and weights.
            pretrained: tag, or path of a checkpoint; ignored for `local-dir:`.
            model_folder: where downloaded and converted weights are kept; nothing is written elsewhere.
            gpu: compute on the GPU that Ray gave this process.
            threads: cores that this process may use.
            backend: `auto` takes the fastest that works here.

        Raises:
            DeviceMissing: `gpu` and torch sees none.
        """
        from actors.inference.clip_model import load_clip, model_label
        from actors.inference.devices import device_name, torch_device, use_threads

        use_threads(threads)
        device = torch_device(gpu)
        self.model = model_label(model, pretrained)
        self.device = device_name(device)
        self.missing_reason = ""
        self._clip: ClipModel | None = None
        try:
            self._clip = load_clip(model, pretrained, model_folder, device, threads=threads, backend=backend)
        except ModelMissing as error:
            self.missing_reason = str(error)
            log.warning("%s", error)
        self.backend = self._clip.backend if self._clip else ""
        self._batch = DeviceBatch(GPU_BATCH if gpu else CPU_BATCH)
        self._decoders = ThreadPoolExecutor(max(1, threads), "decode")

    @property
    def available(self) -> bool:
        """Whether there are weights."""
        return self._clip is not None

    @property
    def fill(self) -> float:
        """How full the image tower's batches were so far, 0 to 1."""
        return self._batch.fill

    def embed(self, images: Sequence[tuple[str, bytes]]) -> list[EmbeddingResult]:
        """Vectors of a batch of images, each of which fails alone.

        Args:
            images: pairs of image id and encoded bytes.

        Returns:
            One result an image, in order.
        """
        if self._clip is None:
            return [
                EmbeddingResult(image_id=image_id, status="model_missing", model=self.model, error=self.missing_reason)
                for image_id, _ in images
            ]
        # All are decoded in other threads, while the model computes those that are ready.
        prepared = self._decoders.map(partial(_prepare, self._clip), images)
        results: list[EmbeddingResult] = []
        while len(results) < len(images):
            started = time.perf_counter()
            group = list(islice(prepared, self._batch.items))
            outcomes = self._encode(self._clip, group)
            seconds = (time.perf_counter() - started) / len(group)
            for outcome in outcomes:
                results.append(self._result(images[len(results)][0], outcome, seconds))
        return results

    def _encode(
        self, clip: "ClipModel", prepared: Sequence["torch.Tensor | Exception"]
    ) -> list["npt.NDArray[np.float32] | Exception"]:
        """A vector for each that could be prepared; for the others what went wrong."""
        good = [tensor for tensor in prepared if not isinstance(tensor, Exception)]
        vectors = iter(self._batch.run(good, clip.encode_images))
        return [tensor if isinstance(tensor, Exception) else next(vectors) for tensor in prepared]

    def _result(self, image_id: str, outcome: "npt.NDArray[np.float32] | Exception", seconds: float) -> EmbeddingResult:
        if isinstance(outcome, Exception):
            message, permanent = describe(outcome)
            log.warning("Image %s was not embedded: %s", image_id, message)
            return EmbeddingResult(
                image_id=image_id,
                status="failed",
                model=self.model,
                seconds=seconds,
                error=message,
                permanent=permanent,
            )
        vector = tuple(float(value) for value in outcome)
        return EmbeddingResult(image_id=image_id, status="stored", vector=vector, model=self.model, seconds=seconds)

    def embed_text(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of search texts, in the images' space and of unit length.

        Raises:
            ModelMissing: there are no weights.
        """
        if self._clip is None:
            raise ModelMissing(self.missing_reason, "Run `quarry backfill clip` once the weights are there.")
        if not texts:
            return []
        return [[float(value) for value in vector] for vector in self._clip.encode_texts(texts)]


def _prepare(clip: "ClipModel", image: tuple[str, bytes]) -> "torch.Tensor | Exception":
    """One image as the tower takes it, or why that cannot be."""

    def prepare(items: Sequence[bytes]) -> list["torch.Tensor"]:
        return [clip.prepare(decode(data, enough_px=DECODED_PX * clip.side)) for data in items]

    return run_isolated([image[1]], prepare)[0]

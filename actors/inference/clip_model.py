"""Gets an open_clip model ready: which weights, from where, on which device. Knows pixels, no records.

Importing this module imports torch.
"""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Literal

import httpx
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from safetensors import SafetensorError

from actors.errors import ModelMissing
from actors.inference.openvino_cpu import CompiledModel
from actors.pixels import Pixels

log = logging.getLogger(__name__)

Backend = Literal["auto", "torch", "openvino"]

HUB_TIMEOUT_S = 5.0
"""A hub that has not answered by then counts as unreachable; huggingface_hub itself would try for most of a minute."""

_LOAD_ERRORS = (
    OSError, RuntimeError, ValueError, KeyError, AttributeError, UnpicklingError, SafetensorError, httpx.HTTPError,
)  # fmt: skip
"""What open_clip and torch raise for weights that are absent, unreachable, cut short or of another model."""


def model_label(model: str, pretrained: str) -> str:
    """The name that is stored beside vectors: architecture and weights."""
    if ":" in model:
        return model
    weights = Path(pretrained).name if Path(pretrained).is_file() else pretrained
    return f"{model}/{weights}"


@dataclass(frozen=True, eq=False)
class ClipModel:
    """A loaded model."""

    network: Any
    transform: Any
    tokenizer: Any
    device: torch.device
    dtype: torch.dtype
    side: int
    """Of the square of pixels that the image tower takes."""
    images: CompiledModel | None
    """The image tower where OpenVINO computes it; None where torch does."""
    backend: str

    def prepare(self, pixels: Pixels) -> torch.Tensor:
        """Pixels as the image tower takes them: resized, cut to its square, normalised; (3, side, side) float32."""
        tensor: torch.Tensor = self.transform(Image.fromarray(pixels))
        return tensor

    def encode_images(self, prepared: Sequence[torch.Tensor]) -> list[npt.NDArray[np.float32]]:
        """A unit vector each of prepared images; the image tower only."""
        batch = torch.stack(list(prepared))
        if self.images is not None:
            return list(self.images(batch.numpy()))
        with torch.inference_mode():
            return list(_unit(self.network.encode_image(batch.to(self.device, self.dtype))))

    def encode_texts(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors (n, dimensions) of texts."""
        with torch.inference_mode():
            return _unit(self.network.encode_text(self.tokenizer(list(texts)).to(self.device)))


def _unit(vectors: torch.Tensor) -> npt.NDArray[np.float32]:
    result: npt.NDArray[np.float32] = torch.nn.functional.normalize(vectors.float(), dim=-1).cpu().numpy()
    return result


def load_clip(
    model: str, pretrained: str, model_folder: Path, device: torch.device, *, threads: int, backend: Backend
) -> ClipModel:
    """The model on its device: what is on disk first, then the hub, if it can be reached.

    Raises:
        ModelMissing: neither has the weights, or they do not fit the model.
    """
    folder = model_folder / "open_clip"
    folder.mkdir(parents=True, exist_ok=True)
    # Where the hub keeps files of its own; read when its library is imported.
    os.environ.setdefault("HF_HOME", str(model_folder / "huggingface"))
    network, transform, tokenizer = _from_disk_or_hub(model, pretrained, folder)
    dtype = torch.float16 if device.type == "cuda" else torch.float32
    network = network.eval().to(device=device, dtype=dtype)
    side = _square(network.visual.image_size)
    images, computes = None, "torch"
    if device.type == "cpu" and backend != "torch":
        images, computes = _openvino_tower(network, side, model_folder, threads, required=backend == "openvino")
    return ClipModel(network, transform, tokenizer, device, dtype, side, images, computes)


def _openvino_tower(
    network: Any, side: int, model_folder: Path, threads: int, *, required: bool
) -> tuple[CompiledModel | None, str]:
    """The converted tower and its name; torch's own is dropped then, to save its memory."""
    from actors.inference.clip_openvino import open_image_tower

    try:
        tower, name = open_image_tower(network, side, model_folder, threads)
    except (ModelMissing, RuntimeError) as error:  # OpenVINO's own errors are RuntimeErrors
        if required:
            raise
        log.warning("CLIP computes with torch, slower than OpenVINO would: %s", error)
        return None, "torch"
    network.visual = torch.nn.Identity()
    return tower, name


def _square(size: int | Sequence[int]) -> int:
    return size if isinstance(size, int) else size[0]


def _from_disk_or_hub(model: str, pretrained: str, folder: Path) -> tuple[Any, Any, Any]:
    label = model_label(model, pretrained)
    try:
        with _hub_offline():
            return _create(model, pretrained, folder)
    except _LOAD_ERRORS as error:
        if _is_local(model, pretrained):
            raise _missing(label, _first_line(error)) from error
        if not _hub_answers():
            reason = f"they are not in {folder}, and the model hub cannot be reached"
            raise _missing(label, reason) from error
    log.info("Downloading the CLIP weights %s to %s.", label, folder)
    try:
        return _create(model, pretrained, folder)
    except _LOAD_ERRORS as error:
        raise _missing(label, _first_line(error)) from error


def _missing(label: str, reason: str) -> ModelMissing:
    return ModelMissing(
        f"The CLIP weights {label} cannot be had: {reason}.",
        "Set QUARRY_CLIP_PRETRAINED to the path of a checkpoint on this machine, then run `quarry backfill clip`.",
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _is_local(model: str, pretrained: str) -> bool:
    return model.startswith("local-dir:") or Path(pretrained).is_absolute() or Path(pretrained).is_file()


def _create(model: str, pretrained: str, folder: Path) -> tuple[Any, Any, Any]:
    import open_clip

    tag = None if ":" in model else pretrained
    with torch.random.fork_rng(devices=[]):
        network, transform = open_clip.create_model_from_pretrained(model, tag, cache_dir=str(folder))
    return network, transform, open_clip.get_tokenizer(model, cache_dir=str(folder))


@contextmanager
def _hub_offline() -> Iterator[None]:
    """Within it the hub's library answers from its cache only, at once."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _hub_answers() -> bool:
    """Whether the hub can be reached; asked in a thread, since a name server that hangs ignores time-outs."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE and os.environ.get("HF_HUB_OFFLINE"):
        return False
    answered = threading.Event()

    def ask() -> None:
        try:
            httpx.head(constants.ENDPOINT, timeout=HUB_TIMEOUT_S, follow_redirects=False)
            answered.set()
        except httpx.HTTPError as error:
            log.info("The model hub cannot be reached: %s.", error)

    thread = threading.Thread(target=ask, name="hub-check", daemon=True)
    thread.start()
    thread.join(HUB_TIMEOUT_S)
    return answered.is_set()

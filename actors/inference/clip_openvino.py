"""An open_clip image tower computed by OpenVINO: converted once, proven at every load. Knows arrays, no images.

Importing this module imports torch.
"""

import hashlib
import logging
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from actors.errors import ModelMissing
from actors.inference.converted import converted_folder, fingerprint
from actors.inference.openvino_cpu import CompiledModel, convert, openvino, precisions

log = logging.getLogger(__name__)

LAYOUT = 1
LEAST_COSINE = 0.998
"""Between a conversion's vector and torch's; bfloat16 gives 0.9995 and more."""


class ImageTower(nn.Module):
    """Prepared images (n, 3, side, side) to unit vectors (n, dimensions)."""

    def __init__(self, network: Any) -> None:
        """Wrap the image side of an open_clip model."""
        super().__init__()
        self.visual = network.visual

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """See the class."""
        vectors = self.visual(images)
        return nn.functional.normalize(vectors, dim=-1)


def open_image_tower(network: Any, side: int, model_folder: Path, threads: int) -> tuple[CompiledModel, str]:
    """The fastest conversion whose vectors point where torch's do, and its name.

    Args:
        network: the loaded open_clip model, in float32 on the CPU.
        side: of its images, in pixels.
        model_folder: where the conversion is kept.
        threads: cores to use.

    Raises:
        ModelMissing: no OpenVINO here, or no conversion passes.
    """
    openvino()
    tower = ImageTower(network).eval()
    parts = {"layout": LAYOUT, "openvino": version("openvino"), "weights": _weights_hash(tower), "side": side}
    folder = converted_folder(
        model_folder / "openvino", f"clip-{fingerprint(parts)}", lambda empty: _convert(empty, tower, side)
    )
    images = check_images(side)
    with torch.inference_mode():
        expected = tower(torch.from_numpy(images)).numpy()
    for form in precisions():
        if form == "int8":
            continue  # the file is not quantised
        compiled = CompiledModel(folder / "image-f32.xml", precision=form, threads=threads)
        cosine = float((expected * compiled(images)).sum(axis=1).min())
        if cosine >= LEAST_COSINE:
            return compiled, f"openvino-{form}"
        log.warning("The CLIP image tower in %s is not used: its vectors are off, cosine %.4f.", form, cosine)
    raise ModelMissing("No OpenVINO conversion of the CLIP image tower gives the original's vectors.")


def check_images(side: int) -> npt.NDArray[np.float32]:
    """Made images as the tower takes them: smooth, striped and noisy."""
    random = np.random.default_rng(5)
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side
    smooth = np.stack([rows, columns, 1 - rows]) * 2 - 1
    stripes = np.broadcast_to(np.sin(columns * 40), (3, side, side))
    return np.stack([smooth, stripes, random.normal(size=(3, side, side))]).astype(np.float32)


def _weights_hash(tower: nn.Module) -> str:
    """sha256 over the structure and all weights: a third of a second for ViT-B-32."""
    digest = hashlib.sha256(str(tower).encode())
    for name, tensor in sorted(tower.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _convert(folder: Path, tower: ImageTower, side: int) -> None:
    log.info("Converting the CLIP image tower for this machine's CPU; this happens once.")
    model = convert(tower, torch.from_numpy(check_images(side)))
    model.reshape([-1, 3, side, side])
    openvino().save_model(model, folder / "image-f32.xml", compress_to_fp16=False)

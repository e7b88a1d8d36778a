"""MiniLM computed by OpenVINO: converted once, proven before use. Knows arrays and the model folder, no texts."""

import logging
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing
from actors.inference.converted import converted_folder, file_hash, fingerprint
from actors.inference.openvino_cpu import CompiledModel, convert, openvino, precisions

log = logging.getLogger(__name__)

LAYOUT = 1
LEAST_COSINE = 0.999  # between a conversion's vector and torch's


def open_text_network(weights: Path, model_folder: Path, threads: int) -> tuple[CompiledModel, str]:
    """The fastest conversion whose vectors point where torch's do, and its name.

    Raises:
        ModelMissing: no OpenVINO here, or no conversion passes.
    """
    openvino()
    parts = {"layout": LAYOUT, "openvino": version("openvino"), "weights": file_hash(weights / "model.safetensors")}
    folder = converted_folder(
        model_folder / "openvino", f"minilm-{fingerprint(parts)}", lambda empty: _convert(empty, weights)
    )
    expected = np.load(folder / "vectors.npy")
    for form in precisions():
        if form == "int8":
            continue  # the file is not quantised
        network = CompiledModel(folder / "text-f32.xml", precision=form, threads=threads)
        cosine = float((expected * network(*check_pieces())).sum(axis=1).min())
        if cosine >= LEAST_COSINE:
            return network, f"openvino-{form}"
        log.warning("The text model in %s is not used: its vectors are off, cosine %.4f.", form, cosine)
    raise ModelMissing("No OpenVINO conversion of the text model gives the original's vectors.")


def check_pieces() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Made texts as word pieces, of several lengths, and their mask."""
    random = np.random.default_rng(11)
    pieces = random.integers(1000, 30000, (6, 48), dtype=np.int64)
    mask = (np.arange(48) < np.array([[3], [7], [12], [20], [33], [48]])).astype(np.int64)
    return pieces * mask, mask


def _convert(folder: Path, weights: Path) -> None:
    """Fill the folder; imports torch."""
    import torch

    from actors.inference.text_torch import SentenceNetwork

    log.info("Converting the text model for this machine's CPU; this happens once.")
    network = SentenceNetwork(weights).eval()
    pieces, mask = (torch.from_numpy(array) for array in check_pieces())
    with torch.inference_mode():
        np.save(folder / "vectors.npy", network(pieces, mask).numpy())
    model = convert(network, (pieces, mask))
    model.reshape({name: [-1, -1] for name in range(2)})
    openvino().save_model(model, folder / "text-f32.xml", compress_to_fp16=False)

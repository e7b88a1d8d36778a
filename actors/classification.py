"""Says what kind of text a chunk is: nearest to labelled examples, weighed with signs in the text itself.

It owns the mixing of the two, the confidence and the words of the reasoning. The examples stand in
`classification_examples.toml`, the rules in `actors.text_signs`.
"""

import math
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Protocol, get_args

import numpy as np
import numpy.typing as npt

from actors.analysis import answer_each
from actors.records import AnalysisResult, AnalysisTask, Chunk, ChunkClass, Classification
from actors.text_signs import Sign, signs_of
from actors.vocabulary.languages import reading_in

LABELS: tuple[ChunkClass, ...] = get_args(ChunkClass)
NEAREST = 2
"""Likeness to a label is the mean over its so many nearest examples."""
LIKENESS_WEIGHT = 9.0
"""Weight of a cosine's difference of one against a sign's weight of one: examples lie 0.1 to 0.4 apart."""
BASE = {"OTHER": -0.4, "LEGAL_DISCLAIMER": -0.6}
"""Labels that likeness alone should seldom give."""
MAX_SUB_CATEGORIES = 4

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """What turns texts into vectors of unit length; `actors.text_embedding.TextEncoder` does."""

    model: str

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""
        ...


class ChunkClassifier:
    """Answers classification jobs."""

    def __init__(self, encoder: Encoder) -> None:
        """Encodes the examples once."""
        self._encoder = encoder
        self.model = f"{encoder.model} + quarry-signs-1"
        file = resources.files("actors").joinpath("classification_examples.toml")
        examples: dict[ChunkClass, list[str]] = tomllib.loads(file.read_text("utf-8"))["examples"]
        self._examples = {label: self._encode(texts) for label, texts in examples.items()}

    def classify(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """One result a task; the texts are encoded together."""
        vectors: Sequence[Vectors] = list(self._encode([_seen_by_model(task.chunk) for task in tasks])) if tasks else []
        by_job = {task.job_id: vector for task, vector in zip(tasks, vectors, strict=True)}
        return answer_each(tasks, lambda task: self._classify(task, by_job[task.job_id]), self.model)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._encoder.encode(list(texts)), dtype=np.float32)

    def _classify(self, task: AnalysisTask, vector: Vectors) -> Classification:
        likeness = {label: _likeness(vector, examples) for label, examples in self._examples.items()}
        with reading_in(task.page.languages):
            return decide(likeness, signs_of(task.chunk, task.page.languages))


def _seen_by_model(chunk: Chunk) -> str:
    """The text with the innermost heading over it, which often says what it is; a caption says it itself."""
    heading = chunk.heading_path[-1] if chunk.heading_path and chunk.kind != "caption" else ""
    return chunk.text if heading in chunk.text else f"{heading}\n{chunk.text}"


def _likeness(vector: Vectors, examples: Vectors) -> float:
    return float(np.sort(examples @ vector)[-NEAREST:].mean())


def decide(likeness: dict[ChunkClass, float], signs: Sequence[Sign]) -> Classification:
    """The label for which examples and signs speak most.

    Args:
        likeness: cosine to the nearest examples of each label.
        signs: of the text, for any label.
    """
    points = {label: BASE.get(label, 0.0) + LIKENESS_WEIGHT * likeness[label] for label in LABELS}
    for sign in signs:
        points[sign.label] += sign.weight
    best = max(LABELS, key=lambda label: points[label])
    total = sum(math.exp(value - points[best]) for value in points.values())
    own = sorted((sign for sign in signs if sign.label == best), key=lambda sign: -sign.weight)
    sub_categories = dict.fromkeys(sign.sub_category for sign in own if sign.sub_category)
    return Classification(
        label=best,
        confidence=round(1.0 / total, 3),
        reasoning=_reasoning(best, likeness, own, signs),
        sub_categories=tuple(sub_categories)[:MAX_SUB_CATEGORIES],
    )


def _reasoning(label: ChunkClass, likeness: dict[ChunkClass, float], own: Sequence[Sign], signs: Sequence[Sign]) -> str:
    """The decision in a sentence or two, with what spoke against it."""
    nearest = max(LABELS, key=lambda other: likeness[other])
    by_example = f"likeness to examples of {label} is {likeness[label]:.2f}"
    if nearest != label:
        by_example += f" (of {nearest} {likeness[nearest]:.2f})"
    said = "; ".join([*(sign.words for sign in own[:3]), by_example])
    against = max((sign for sign in signs if sign.label != label), key=lambda sign: sign.weight, default=None)
    other = f" Against it: {against.words}, which speaks for {against.label}." if against else ""
    return f"{said[0].upper()}{said[1:]}.{other}"

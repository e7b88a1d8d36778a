"""Gives a language model's products the pictures that the page's geometry has for them: the model sees only text.

It owns when the two mean one product. Which products there are stays the model's word.
"""

from collections.abc import Sequence

from actors.page.regions import overlap_share
from actors.records import AnalysisResult, ProductCandidate, ProductDetection
from actors.vocabulary.words import squeeze

SAME_PLACE = 0.5
"""Share of the smaller box that two readings of one name have in common."""


def with_pictures(answer: AnalysisResult, local: AnalysisResult) -> AnalysisResult:
    """The model's detection with the picture of each product that the local detector names at the same place.

    Args:
        answer: of the model.
        local: of the same task; of one that failed nothing is taken.
    """
    if answer.result is None or local.result is None:
        return answer
    found, seen = ProductDetection.from_json(answer.result), ProductDetection.from_json(local.result).candidates
    joined = found.model_copy(update={"candidates": tuple(_joined(one, seen) for one in found.candidates)})
    return answer.model_copy(update={"result": joined.to_json()})


def _joined(one: ProductCandidate, seen: Sequence[ProductCandidate]) -> ProductCandidate:
    twin = next((other for other in seen if _are_one(one, other)), None)
    if twin is None:
        return one
    taken = ("image_id", "image_reason", "region")
    return one.model_copy(
        update={name: getattr(twin, name) for name in taken}
        | {"code": one.code or twin.code, "reasons": (*one.reasons, *twin.reasons)}
    )


def _are_one(one: ProductCandidate, other: ProductCandidate) -> bool:
    """Whether both stand at one place and one's name holds the other's."""
    first, second = squeeze(one.name), squeeze(other.name)
    here = one.page == other.page and overlap_share(one.box, other.box) >= SAME_PLACE
    return here and bool(first and second) and (first in second or second in first)

"""Owns what similarity decides about a product's pictures. Knows no model: it is told how like they are.

Geometry and captions come first. Among those that they leave equal, the picture most like the record's words is taken,
or shown first. No picture is dropped: cosines of CLIP can be compared under one text, but no single one says yes or no.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from actors.records import LinkedImage
from actors.vocabulary.words import fold

SETTLED = 0.7  # confidence of a link from which geometry has chosen the picture itself
SWAY = 0.02  # of a link's confidence, at most: two kinds of links differ by 0.05, and must keep their order
SCALE = 100.0
"""Of cosines before a softmax: what CLIP's own temperature is clipped at (Radford et al. 2021, section 2.5)."""
Options = tuple[LinkedImage, ...]
"""Places of pictures that are equal to geometry, the first taken where nobody knows better."""
Wanted = Mapping[str, Collection[str]]
"""By text, the ids of the pictures that are to be compared with it."""


@dataclass(frozen=True)
class Alike:
    """How like pictures are to one text."""

    cosines: Mapping[str, float] = field(default_factory=dict)  # by image id, of those that have a vector
    model: str = ""


NOBODY_ASKED = Alike()


@dataclass(frozen=True)
class Similarities:
    """How like pictures are to the texts of a document, all by one model."""

    cosines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by text and image id
    model: str = ""

    def to(self, text: str) -> Alike:
        """Those to one text."""
        return Alike(self.cosines.get(text, {}), self.model)


Compare = Callable[[Wanted], Similarities]


def nothing_known(_wanted: Wanted) -> Similarities:
    """Where there is no model."""
    return Similarities()


def words_of(name: str, said: Iterable[str]) -> str:
    """A product as CLIP's captions would say it: "a photo of Noce Antico, wood, matt"."""
    unique = {fold(words): words for words in said}
    return ", ".join([f"a photo of {name}", *(words for key, words in unique.items() if key not in fold(name))])


def left_open(possible: Sequence[Options]) -> frozenset[str]:
    """The ids of the pictures between which neither geometry nor captions decide."""
    equals: dict[object, set[str]] = defaultdict(set)
    for place, options in enumerate(possible):
        equals["options", place].update(link.image_id for link in options)
        for link in options:
            if link.confidence < SETTLED:
                equals["confidence", link.confidence].add(link.image_id)
    return frozenset().union(*(ids for ids in equals.values() if len(ids) > 1))


def most_alike(options: Options, alike: Alike) -> LinkedImage:
    """The one that is taken; the first, unless all could be compared."""
    if len(options) == 1 or any(link.image_id not in alike.cosines for link in options):
        return options[0]
    best = max(options, key=lambda link: alike.cosines[link.image_id])
    told = f"{best.reason}, the most similar of {len(options)} equally near"
    return _told(best.model_copy(update={"reason": told}), alike)


def in_order(links: Sequence[LinkedImage], alike: Alike) -> tuple[LinkedImage, ...]:
    """The links as they are, but those of one confidence, below `SETTLED`, in the order of their similarity."""
    equals: dict[float, list[str]] = defaultdict(list)
    for link in links:
        if link.confidence < SETTLED and link.image_id in alike.cosines:
            equals[link.confidence].append(link.image_id)
    if all(len(set(ids)) < 2 for ids in equals.values()):
        return tuple(links)
    swayed = [_swayed(link, equals[link.confidence], alike) for link in links]
    return tuple(sorted(swayed, key=lambda link: -min(link.confidence, SETTLED)))


def _swayed(link: LinkedImage, equals: Collection[str], alike: Alike) -> LinkedImage:
    """A bit surer than its equals where it is more like the text, by its share of a softmax."""
    if link.image_id not in equals or len(set(equals)) < 2:
        return link
    closest = max(alike.cosines[image_id] for image_id in equals)
    weights = {image_id: math.exp(SCALE * (alike.cosines[image_id] - closest)) for image_id in equals}
    sway = SWAY * (weights[link.image_id] / sum(weights.values()) - 1 / len(weights))
    return _told(link.model_copy(update={"confidence": round(link.confidence + sway, 4)}), alike)


def _told(link: LinkedImage, alike: Alike) -> LinkedImage:
    """With the similarity in its reason, once."""
    local = alike.model.startswith("local-dir:")  # its folder's place is nobody's business
    model = PurePath(alike.model).name if local else alike.model
    similarity = f"; similarity {alike.cosines[link.image_id]:.2f} ({model})"
    return link.model_copy(update={"reason": link.reason.removesuffix(similarity) + similarity})

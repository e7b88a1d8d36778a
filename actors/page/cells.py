"""Owns the cells of a page: what stands as far from one label as the like stands from others belongs to it.

In a grid of cards a code is at one distance from its name in all of them, wherever the pictures stand and whether they
were seen. Knows geometry only.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from math import hypot, inf

from actors.page.labels import Label

ALIGNED = (0.0, 0.5, 1.0)  # a label begins, is centred or ends as far from the other's beginning, middle or end
SAME = 1.0  # of the letters' size, by which distances differ
MOST_LABELS = 150  # more is no grid of cards, and would take long

Pair = tuple[Label, Label]
Distance = tuple[int, int]


def at_one_distance(anchors: Sequence[Label], labels: Sequence[Label], least: int, farthest: float = inf) -> list[Pair]:
    """Anchors with the labels that stand from them as others do from theirs; each label at one anchor at most.

    Args:
        anchors: names, say; one may have several labels, each at a distance of its own.
        labels: none of which is an anchor.
        least: how many anchors have a label at a distance, for that to tell.
        farthest: up or down, in sizes of the anchor's letters.
    """
    if max(len(anchors), len(labels)) > MOST_LABELS:
        return []
    found: list[Pair] = []
    free = list(labels)
    while pairs := _most_alike(anchors, free, farthest):
        if len(pairs) < least:
            break
        found += pairs
        free = [label for label in free if not any(label is taken for _, taken in pairs)]
    return found


def _most_alike(anchors: Sequence[Label], labels: Sequence[Label], farthest: float) -> list[Pair]:
    """The pairs at the distance at which most anchors have a label; of as many, at the shortest."""
    by_distance: dict[tuple[float, float, Distance], list[Pair]] = defaultdict(list)
    for anchor, label, one, other in product(anchors, labels, ALIGNED, ALIGNED):
        across = label.box[0] + other * label.width - anchor.box[0] - one * anchor.width
        down = label.centre[1] - anchor.centre[1]
        if abs(down) > farthest * anchor.size:
            continue
        for place in _places(across / (SAME * label.size), down / (SAME * label.size)):
            by_distance[one, other, place].append((anchor, label))
    alike = [_one_each(pairs) for pairs in by_distance.values() if len(pairs) > 1]
    return max(alike, key=lambda pairs: (len(pairs), -sum(map(_apart, pairs)) / len(pairs)), default=[])


def _places(across: float, down: float) -> list[Distance]:
    """The steps of a distance, half of them between the others: what is alike is in one of them together."""
    return [(round(2 * across) + right, round(2 * down) + below) for right in (0, 1) for below in (0, 1)]


def _one_each(pairs: Sequence[Pair]) -> list[Pair]:
    kept: dict[int, Pair] = {}
    taken: set[int] = set()
    for anchor, label in sorted(pairs, key=_apart):
        if id(anchor) not in kept and id(label) not in taken:
            kept[id(anchor)] = (anchor, label)
            taken.add(id(label))
    return list(kept.values())


def _apart(pair: Pair) -> float:
    anchor, label = pair
    return hypot(label.centre[0] - anchor.centre[0], label.centre[1] - anchor.centre[1])

"""Owns the cells of a page: what stands as far from one label as the like stands from others belongs to it.

In a grid of cards a code is at one distance from its name in all of them, wherever the pictures stand and whether they
were seen. Knows geometry only.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from math import hypot, inf

from actors.page.labels import Label

ALIGNMENTS = tuple(product(range(3), range(3)))  # beginnings, middles and ends: of an anchor, of a label
SAME = 1.0  # of the letters' size, by which distances differ
MOST_LABELS = 150  # more is no grid of cards, and would take long

Pair = tuple[Label, Label]
Distance = tuple[int, int, int, int]  # an alignment, and steps across and down


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
    by_distance: dict[Distance, list[Pair]] = defaultdict(list)
    edges = [(anchor, _edges(anchor), anchor.centre[1]) for anchor in anchors]
    for label in labels:
        step, own, height = SAME * label.size / 2, _edges(label), label.centre[1]
        for anchor, others, level in edges:
            if abs(height - level) > farthest * anchor.size:
                continue
            down = round((height - level) / step)
            for one, other in ALIGNMENTS:
                across = round((own[other] - others[one]) / step)
                # Half a step between them: what is alike is in one of them together.
                for place in ((across, down), (across + 1, down), (across, down + 1), (across + 1, down + 1)):
                    by_distance[one, other, *place].append((anchor, label))
    best: list[Pair] = []
    for pairs in sorted(by_distance.values(), key=len, reverse=True):
        if len(pairs) < max(2, len(best)):
            break
        best = max(best, _one_each(pairs), key=lambda found: (len(found), -_usually_apart(found)))
    return best


def _usually_apart(pairs: Sequence[Pair]) -> float:
    return sum(map(_apart, pairs)) / len(pairs) if pairs else inf


def _edges(label: Label) -> tuple[float, float, float]:
    return label.box[0], label.centre[0], label.box[2]


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

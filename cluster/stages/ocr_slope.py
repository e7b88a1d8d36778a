"""Owns how a scanned page lies askew: by how much the lines of a row sink or rise from left to right.

Knows neither images nor tables.
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from actors.records import Box, TextLine

MIN_PAIRS = 4
LEVEL, STEEPEST = 0.003, 0.05
"""Rise over width: less leaves neighbours in one row, and more is no page that went askew through a scanner."""
SHARED, ALIKE, AGREED = 0.5, 1.4, 0.008
"""Of the lower line's height, by which two are in one row; factor of their heights; how far slopes of pairs may lie
from the usual one."""
MOST_AGREE = 0.6


def levelled(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines as they would stand on a page that lay straight: moved up or down, each as high as it was."""
    slope = _slope(lines)
    if not LEVEL <= abs(slope) <= STEEPEST:
        return list(lines)
    return [line.model_copy(update={"box": _moved(line.box, -slope * _middle(line)[0])}) for line in lines]


def _slope(lines: Sequence[TextLine]) -> float:
    """The usual slope from a line to its neighbour in the row; 0.0 where few pairs say so, or they say otherwise."""
    neighbours: dict[int, tuple[float, float]] = {}
    ordered = sorted(lines, key=lambda line: line.box[0])
    for (place, line), (_, other) in combinations(enumerate(ordered), 2):
        if _are_level(line, other):
            apart = other.box[0] - line.box[2]
            (x, y), (x2, y2) = _middle(line), _middle(other)
            neighbours[place] = min(neighbours.get(place, (apart, (y2 - y) / (x2 - x))), (apart, (y2 - y) / (x2 - x)))
    slopes = [slope for _, slope in neighbours.values()]
    if len(slopes) < MIN_PAIRS:
        return 0.0
    usual = median(slopes)
    agreed = sum(abs(slope - usual) <= AGREED for slope in slopes)
    return usual if agreed >= MOST_AGREE * len(slopes) else 0.0


def _are_level(line: TextLine, other: TextLine) -> bool:
    """Whether the other stands right of a line in its row, as far as their boxes tell."""
    heights = [line.box[3] - line.box[1], other.box[3] - other.box[1]]
    shared = min(line.box[3], other.box[3]) - max(line.box[1], other.box[1])
    return other.box[0] > line.box[2] and shared >= SHARED * min(heights) and max(heights) <= ALIKE * min(heights)


def _middle(line: TextLine) -> tuple[float, float]:
    return (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2


def _moved(box: Box, down: float) -> Box:
    return (box[0], round(box[1] + down, 2), box[2], round(box[3] + down, 2))

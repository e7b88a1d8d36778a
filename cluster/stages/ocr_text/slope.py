"""Owns how a scanned page lies askew: by how much the lines of a row sink or rise from left to right.

Knows neither images nor tables.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from random import Random
from statistics import median

from actors.records import Box, TextLine

MIN_PAIRS = 4
LEVEL, STEEPEST = 0.003, 0.05
"""Rise over width: less leaves neighbours in one row, and more is no page that went askew through a scanner."""
SHARED, ALIKE, AGREED = 0.5, 1.4, 0.008
"""Of the lower line's height, by which two are in one row; factor of their heights; how far slopes of pairs may lie
from the usual one."""
MOST_AGREE = 0.6
MOST_ASKED = 400
"""Lines of which the slope is measured."""
REACH = (1 + ALIKE) / 2 - SHARED
"""Of a line's height, by which the middle of another one in its row lies off at most."""


def levelled(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines as they would stand on a page that lay straight: moved up or down, each as high as it was."""
    slope = _slope(lines)
    if not LEVEL <= abs(slope) <= STEEPEST:
        return list(lines)
    return [line.model_copy(update={"box": _moved(line.box, -slope * _middle(line)[0])}) for line in lines]


def _slope(lines: Sequence[TextLine]) -> float:
    """The usual slope from a line to its neighbour in the row; 0.0 where few pairs say so, or they say otherwise."""
    slopes = list(_slopes(lines))
    if len(slopes) < MIN_PAIRS:
        return 0.0
    usual = median(slopes)
    agreed = sum(abs(slope - usual) <= AGREED for slope in slopes)
    return usual if agreed >= MOST_AGREE * len(slopes) else 0.0


def _slopes(lines: Sequence[TextLine]) -> Iterator[float]:
    """From a line to the nearest one right of it; of a page of thousands, from as many as tell how it lies."""
    ordered = sorted(lines, key=lambda line: _middle(line)[1])
    middles = [_middle(line)[1] for line in ordered]
    asked = ordered if len(ordered) <= MOST_ASKED else Random(0).sample(ordered, MOST_ASKED)
    for line in asked:
        (x, y), reach = _middle(line), REACH * (line.box[3] - line.box[1])
        near = ordered[bisect_left(middles, y - reach) : bisect_right(middles, y + reach)]
        right = min((other for other in near if _are_level(line, other)), key=lambda other: other.box[0], default=None)
        if right is not None:
            x2, y2 = _middle(right)
            yield (y2 - y) / (x2 - x)


def _are_level(line: TextLine, other: TextLine) -> bool:
    """Whether the other stands right of a line in its row, as far as their boxes tell."""
    heights = [line.box[3] - line.box[1], other.box[3] - other.box[1]]
    shared = min(line.box[3], other.box[3]) - max(line.box[1], other.box[1])
    return other.box[0] > line.box[2] and shared >= SHARED * min(heights) and max(heights) <= ALIKE * min(heights)


def _middle(line: TextLine) -> tuple[float, float]:
    return (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2


def _moved(box: Box, down: float) -> Box:
    return (box[0], round(box[1] + down, 2), box[2], round(box[3] + down, 2))

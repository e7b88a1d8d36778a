"""Tells which lines of a page that OCR read are set bold: their strokes are wide, and others' are not.

Knows lines and strokes, no pixels.
"""

from collections.abc import Sequence
from itertools import pairwise

from actors.records import OcrLine

BOLD, BLUR_PX = 0.1, 0.1
"""Stroke in sizes of the letters that is neither bold nor regular, and by how many pixels blurred edges widen it."""
BOX_HEIGHT = 1.25
"""Of a measured line, in sizes of its letters."""
DOUBTFUL = (0.88, 1.15)
"""Of that stroke: bold and regular lines part somewhere in between."""
LEAST_GAP = 0.04
"""Of that stroke: where no two lines lie farther apart, all are set in one weight."""


def bold_lines(lines: Sequence[OcrLine]) -> set[int]:
    """The places in `lines` of those that are set bold."""
    widths = {place: _width(line) for place, line in enumerate(lines) if line.stroke > 0}
    limit = _parting(sorted(widths.values()))
    return set() if limit is None else {place for place, width in widths.items() if width > limit}


def _width(line: OcrLine) -> float:
    """A line's stroke, 1 where it is neither bold nor regular."""
    size_px = max(1.0, (line.box[3] - line.box[1]) / BOX_HEIGHT)
    return line.stroke / (BOLD + BLUR_PX / size_px)


def _parting(widths: Sequence[float]) -> float | None:
    """The middle of the widest gap among doubtful strokes; None where there is none."""
    low, high = DOUBTFUL
    inside = [low, *(width for width in widths if low < width < high), high]
    gap, middle = max((other - one, (one + other) / 2) for one, other in pairwise(inside))
    return middle if gap >= LEAST_GAP else None

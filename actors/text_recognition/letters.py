"""Measures the letters of a line that OCR read: a detector's box is higher or lower by chance, letters are not.

Knows pixels and which letters rise above or hang below the line; no network and no records.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from actors.text_recognition.lines import Box, Crop, Grey, grey_of, ink_of

CAPITAL, SMALL, HANGING = 0.72, 0.53, 0.21
"""Heights in sizes of the letters, common among printed fonts: of capitals and digits, of an x, of what hangs below."""
OVER, UNDER = 0.97, 0.28
"""In sizes of the letters: what a line's box has over and under the line that its letters stand on."""
RISES = frozenset("bdfhkltß0123456789()[]{}/|%&§#!?")
HANGS = frozenset("gpqyj()[]{}|")
MANY = 0.34
"""Of a text's letters hang: their middle one need not end on the line."""
MIDDLE = (0.35, 0.65)
"""Of a crop's height: letters reach into it; their dots and accents, and what stands over or under a line, do not."""
ACCENT = 0.18
"""Of a capital's height with its accent, that the accent takes at least."""
STEEP = 1.0
"""Height of a line's box, in its widths, of which the middle does not tell where the line stands."""
BELIEVED = (0.6, 1.6)
"""Of the detector's box: another height is not that of its letters."""
LEAST_PX = 8
"""Height of a crop in which letters can be measured."""
HALO_PX = 9
"""Around letters in a crop, where their blurred edges lie."""


class Measured(NamedTuple):
    """Where a line stands, in pixels of the image, and how wide its strokes are, in sizes of its letters."""

    box: Box
    stroke: float = 0.0
    """0 where the letters could not be measured."""


def measured(crop: Crop, text: str) -> Measured:
    """A line with a box as high as the size of its letters asks, about the line that they stand on.

    The detector's box comes back where the line stands or its letters cannot be told from the ground. A line that lies
    askew has the box that it would have if it were turned level about its middle.
    """
    x0, y0, x1, y1 = crop.box
    height, width = crop.pixels.shape[:2]
    if height > width or height < LEAST_PX or y1 - y0 > STEEP * (x1 - x0):
        return Measured(crop.box)
    grey = grey_of(crop.pixels)
    letters, tops, bottoms = _letters(grey)
    if not tops:
        return Measured(crop.box)
    rising, hangs = _reach(text)
    rise = CAPITAL if rising else SMALL
    foot = float(np.median(bottoms))
    if hangs >= MANY:
        foot = max(bottoms) - HANGING / (HANGING + rise) * (max(bottoms) - min(tops))
    size = (foot - _top(tops, foot, rising)) / rise
    if not BELIEVED[0] <= (OVER + UNDER) * size / height <= BELIEVED[1]:
        return Measured(crop.box)
    scale = (x1 - x0) / width  # the crop of a tilted line is levelled, and lower than its box
    middle = (y0 + y1) / 2 - height / 2 * scale
    top, bottom = middle + (foot - OVER * size) * scale, middle + (foot + UNDER * size) * scale
    return Measured((x0, max(0.0, top), x1, bottom), _stroke(grey, letters) / size)


def _reach(text: str) -> tuple[int, float]:
    """How many letters of a text rise above the others, and the share that hangs below their line.

    Accents do not count.
    """
    base = [char for char in unicodedata.normalize("NFD", text) if not char.isspace()]
    rising = sum(char in RISES or char.isupper() for char in base)
    return rising, sum(char in HANGS for char in base) / max(1, len(base))


def _top(tops: Sequence[int], foot: float, rising: int) -> float:
    """The row where letters that rise begin; one of several that stands out alone has an accent."""
    first, second, *_ = *sorted(tops), max(tops)
    return second if rising > 1 and second - first > ACCENT * (foot - first) else first


def _letters(grey: Grey) -> tuple[Grey, list[int], list[int]]:
    """1 at the letters of a crop, dark on light or light on dark, and the rows where each begins and ends.

    The ground is what lies along the border.
    """
    unlike = ink_of(grey, (grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(unlike.astype(np.uint8), connectivity=8)
    tops, heights = stats[:count, cv2.CC_STAT_TOP], stats[:count, cv2.CC_STAT_HEIGHT]
    first, last = (share * grey.shape[0] for share in MIDDLE)
    bottoms = tops + heights
    kept = (tops < last) & (bottoms > first) & (heights < grey.shape[0])
    kept[0] = False
    return np.asarray(kept[labels], dtype=np.uint8), tops[kept].tolist(), bottoms[kept].tolist()


def _stroke(grey: Grey, letters: Grey) -> float:
    """Mean width of the strokes in pixels: what they hold of ink, blurred edges included, by half their outline."""
    outlines, _ = cv2.findContours(letters, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(outline, True) for outline in outlines) / 2
    near = cv2.dilate(letters, np.ones((HALO_PX, HALO_PX), np.uint8)) > 0
    ground = float(np.median(grey[letters == 0]))
    unlike = np.abs(grey.astype(np.float32) - ground)
    full = float(np.percentile(unlike[letters > 0], 90))
    return float(np.clip(unlike[near] / max(1.0, full), 0, 1).sum()) / max(1.0, length)

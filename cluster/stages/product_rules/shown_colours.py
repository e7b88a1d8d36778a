"""Owns the colours that a picture shows: one to three, from the pixels that are not paper.

Knows pixels and boxes, no names of colours and no products. Pictures come as bytes, asked for by their id.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from actors.errors import ImageUnreadable
from actors.page.regions import area
from actors.pixels import Pixels, decode
from actors.records import Box, PageImage

MOST = 3
SAMPLE = 64
"""Pixels a side that are looked at."""
ENOUGH_PX, ENOUGH_PAGE_PX = 96, 900
"""Shorter side to which a picture, and one of a whole page that regions are cut from, may be decoded."""
LEVELS = 32
"""Step, of 255, in which pixels are counted to find the commonest."""
NEAR = 56.0
"""Distance of two colours, 0-441, up to which they are one: the grain of a wood, the veins of a stone stand out."""
SEEN = 0.15
"""Share of the pixels from which a second colour is worth telling."""
PAPER, MOSTLY_PAPER, LEAST_THING = 243, 0.8, 0.04
"""From which value on all channels are paper; share of the edge that then is; share that a thing on it has."""
LEAST_BESIDE = 0.2
"""Share of a loose cut that is no paper, from which it is the product."""
EDGE = 4
WHOLE = 0.8
"""Share of a picture's area from which a region is all of it."""
Read = Callable[[str], bytes]
"""Gives a stored picture's bytes for its id."""


class Shown(NamedTuple):
    """A colour and how much of the picture it covers, 0..1."""

    colour: str  # "#rrggbb"
    share: float


class PictureColours:
    """The colours of pictures and of regions in them; what was decoded last is kept, since neighbours follow."""

    def __init__(self, read: Read) -> None:
        """`read` may raise: a store that is away is no picture without colours."""
        self._read = read
        self._decoded = lru_cache(maxsize=2)(self._decode)
        self._known: dict[tuple[str, Box | None], tuple[Shown, ...]] = {}

    def __call__(self, image: PageImage, region: Box | None) -> tuple[Shown, ...]:
        """The colours in a region of the page, from the commonest on; none where the picture cannot be decoded.

        Args:
            image: as the page shows it.
            region: in points of the page; None for the whole picture.
        """
        cut = region if region is not None and area(region) < WHOLE * area(image.box) else None
        key = (image.image_id, cut)
        if key not in self._known:
            pixels = self._decoded(image.image_id, ENOUGH_PAGE_PX if cut else ENOUGH_PX)
            if pixels is None:
                self._known[key] = ()
            elif cut is None:
                self._known[key] = dominant(pixels)
            else:
                self._known[key] = dominant(_cut(pixels, image.box, cut), is_loose=True)
        return self._known[key]

    def _decode(self, image_id: str, enough_px: int) -> Pixels | None:
        try:
            return decode(self._read(image_id), enough_px=enough_px)
        except ImageUnreadable:
            return None


def _cut(pixels: Pixels, shown: Box, region: Box) -> Pixels:
    """The part of a picture that lies in a region of the page."""
    height, width = pixels.shape[:2]
    across, down = width / max(1.0, shown[2] - shown[0]), height / max(1.0, shown[3] - shown[1])
    x0, x1 = (int(np.clip((x - shown[0]) * across, 0, width)) for x in (region[0], region[2]))
    y0, y1 = (int(np.clip((y - shown[1]) * down, 0, height)) for y in (region[1], region[3]))
    return pixels[y0:y1, x0:x1]


def dominant(pixels: Pixels, *, is_loose: bool = False) -> tuple[Shown, ...]:
    """One to three colours of RGB pixels, the commonest first; none of an empty picture.

    Args:
        pixels: of the picture.
        is_loose: it was cut from a page around the product, so that there is paper beside it.
    """
    if min(pixels.shape[:2]) == 0:
        return ()
    rows, columns = (np.linspace(0, side - 1, min(side, SAMPLE)).astype(int) for side in pixels.shape[:2])
    left = _without_paper(pixels[np.ix_(rows, columns)], is_loose=is_loose)
    whole = len(left)
    found: list[Shown] = []
    while len(found) < MOST and len(left) and (not found or len(left) >= SEEN * whole):
        middle = _commonest(left)
        near = np.linalg.norm(left - middle, axis=1) <= NEAR
        share = float(near.sum()) / whole
        if found and share < SEEN:
            break
        mean = left[near].mean(axis=0)
        found.append(Shown("#" + "".join(f"{round(float(value)):02x}" for value in mean), share))
        left = left[~near]
    return tuple(found)


def _without_paper(sample: Pixels, *, is_loose: bool) -> npt.NDArray[np.float32]:
    """The pixels of a thing that stands on white, else all of them."""
    paper = np.all(sample >= PAPER, axis=2)
    edge = np.concatenate(
        [paper[:EDGE].ravel(), paper[-EDGE:].ravel(), paper[:, :EDGE].ravel(), paper[:, -EDGE:].ravel()]
    )
    everything = sample.reshape(-1, 3).astype(np.float32)
    thing = 1.0 - float(paper.mean())
    stands_on_paper = edge.mean() >= MOSTLY_PAPER and thing >= LEAST_THING
    return everything[~paper.ravel()] if stands_on_paper or (is_loose and thing >= LEAST_BESIDE) else everything


def _commonest(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The mean of the fullest cell of a coarse grid over all colours."""
    cells = (pixels // LEVELS).astype(int) @ np.array([64, 8, 1])
    numbers, counts = np.unique(cells, return_counts=True)
    mean: npt.NDArray[np.float32] = pixels[cells == numbers[counts.argmax()]].mean(axis=0)
    return mean

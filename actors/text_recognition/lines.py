"""What passes between the steps of reading an image, whatever the engine. Knows no network and no records."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from actors.pixels import Pixels

Box = tuple[float, float, float, float]
Grey = npt.NDArray[np.uint8]
"""(height, width)."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """An image as an engine's detector takes it."""

    canvas: Pixels
    scale: float
    """Canvas pixels an image pixel."""
    source: npt.NDArray[np.uint8]
    """What crops are cut from, at the image's own size."""


@dataclass(frozen=True, eq=False)
class Crop:
    """One line, cut out and levelled."""

    box: Box
    """x0, y0, x1, y1 in pixels of the image."""
    pixels: npt.NDArray[np.uint8]
    """(height, width) or (height, width, 3); as high as the engine's strips if the line lies, as wide if it stands."""
    width: int
    """Of the strip that it is read on."""


@dataclass(frozen=True)
class Reading:
    """What a crop says."""

    text: str
    confidence: float


class OcrEngine(Protocol):
    """Networks that are ready to read, with what must be done before and after them."""

    @property
    def name(self) -> str:
        """Engine, weights and size of its canvas: what a result depends on, stored beside it."""
        ...

    @property
    def backend(self) -> str:
        """What computes, and in which numbers."""
        ...

    @property
    def device(self) -> str:
        """Where it computes."""
        ...

    @property
    def most_canvases(self) -> int:
        """Canvases of one size that are worth judging at once."""
        ...

    def prepare(self, pixels: Pixels) -> Prepared:
        """Fit an image on its canvas."""
        ...

    def find(self, prepared: Sequence[Prepared]) -> list[list[Crop]]:
        """Lines of images whose canvases are of one size."""
        ...

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """One reading a crop, in order; its text may be empty."""
        ...


def canvas_label(canvas_px: int, magnification: float) -> str:
    """How an engine's name says what its detector sees: `1280`, or `1280x1.5` with a magnification."""
    return str(canvas_px) if magnification == 1.0 else f"{canvas_px}x{magnification:g}"


def batches_by_width(widths: Sequence[int], most_columns: int) -> list[list[int]]:
    """Indexes by equal width, narrow first, so many at a time that their widths add up to `most_columns` at most.

    Numbers of strips are powers of two: what a network compiles for a shape serves again, and shapes stay few.
    """
    by_width: dict[int, list[int]] = defaultdict(list)
    for index, width in enumerate(widths):
        by_width[width].append(index)
    batches = []
    for width, indexes in sorted(by_width.items()):
        start = 0
        while start < len(indexes):
            size = _power_of_two(min(max(1, most_columns // width), len(indexes) - start))
            batches.append(indexes[start : start + size])
            start += size
    return batches


def _power_of_two(number: int) -> int:
    """The largest that is not above the number."""
    return 1 << (number.bit_length() - 1)


def grey_of(pixels: npt.NDArray[np.uint8]) -> Grey:
    """Pixels of a crop without their colours; the same where they have none."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def step_up(length: float, step: int) -> int:
    """The next multiple of `step`, at least one."""
    return max(1, math.ceil(length / step)) * step


def ink_of(grey: Grey, border: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.bool_]:
    """Where something is printed, dark on light or light on dark.

    Args:
        grey: (height, width).
        border: parts of it along which the ground lies.
    """
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    is_light = float(np.median(np.concatenate(border))) > level
    return grey <= level if is_light else grey > level

"""Finds the grounds and frames that the pictures of a raster page stand on: pale rectangles that come several alike.

A thing before light grey, or in a box of hairlines, is hardly told from the paper by itself: what repeats tells it.
Knows pixels, no words.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]

EVEN_SPREAD, NOISES = 2, 2
"""Largest difference of a channel, 0-255, of even paper, and the usual noises of its pixels on top."""
HAIRLINE_SPREAD, DARK_SPREAD = 12, 60
"""Least difference of a hairline, which is lost where noise is smoothed, and of letters on a pale ground."""
RECTANGULAR = 0.9
"""Of the box that a ground covers with what stands on it; a page that lies a little askew takes some of it."""
MIN_GROUNDS, GROUNDS_ALIKE = 3, 0.9
"""Grounds of one width and height: the least side is at least so much of the largest."""
LETTER_PX, LEVEL_PX = 14, 3
"""Highest letter of a text, and how far the middles of letters in one line are apart."""
MIN_LETTERS, IN_LINES, MOST_LETTERS = 4, 0.7, 1000
"""Letters of a text, and their part of all small pieces: a card that has its text on it is no picture's ground. More
are not compared: they are a page's text, or noise."""


def grounds(apart: npt.NDArray[np.int16], is_large: Callable[[PixelBox], bool]) -> list[PixelBox]:
    """The boxes of pale grounds and frames.

    Args:
        apart: by how much each pixel differs from the paper, 0-255.
        is_large: says which boxes are large enough for a picture.
    """
    pixels = np.clip(apart, 0, 255).astype(np.uint8)
    noise = float(np.median(pixels[pixels <= HAIRLINE_SPREAD]))
    pale = (cv2.medianBlur(pixels, 3) > EVEN_SPREAD + NOISES * noise) | (pixels > HAIRLINE_SPREAD)
    dark = _mask(pixels > DARK_SPREAD)
    found = [(box, _is_written_on(dark, box)) for box in _rectangles(_mask(pale)) if is_large(box)]
    kept = []
    for box, _ in found:
        written = [is_written for other, is_written in found if _are_alike(box, other)]
        if len(written) >= MIN_GROUNDS and 2 * sum(written) <= len(written):
            kept.append(box)
    return kept


def _mask(where: npt.NDArray[np.bool_]) -> Mask:
    return np.where(where, 255, 0).astype(np.uint8)


def _rectangles(mask: Mask) -> Iterator[PixelBox]:
    """What is a rectangle by its outline, whatever is in it, away from the borders of the page."""
    height, width = mask.shape
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        x, y, wide, high = cv2.boundingRect(outline)
        inside = x > 1 and y > 1 and x + wide < width - 1 and y + high < height - 1
        if inside and cv2.contourArea(outline) >= RECTANGULAR * (wide - 1) * (high - 1):
            yield (x, y, x + wide, y + high)


def _is_written_on(dark: Mask, box: PixelBox) -> bool:
    """Whether most of the small pieces within a ground are letters, which stand beside one another in lines."""
    x0, y0, x1, y1 = box
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(dark[y0:y1, x0:x1]), connectivity=8)
    low = stats[1:count][stats[1:count, cv2.CC_STAT_HEIGHT] <= LETTER_PX]
    if len(low) > MOST_LETTERS:
        return True
    left, right = low[:, cv2.CC_STAT_LEFT], low[:, cv2.CC_STAT_LEFT] + low[:, cv2.CC_STAT_WIDTH]
    middle = low[:, cv2.CC_STAT_TOP] + low[:, cv2.CC_STAT_HEIGHT] / 2
    gap = left[None, :] - right[:, None]
    beside = (gap >= 0) & (gap <= LETTER_PX / 2) & (np.abs(middle[None, :] - middle[:, None]) <= LEVEL_PX)
    in_lines = int((beside | beside.T).any(axis=1).sum())
    return in_lines >= max(MIN_LETTERS, IN_LINES * len(low))


def _are_alike(one: PixelBox, other: PixelBox) -> bool:
    return all(
        min(sides) >= GROUNDS_ALIKE * max(sides)
        for sides in ((one[2] - one[0], other[2] - other[0]), (one[3] - one[1], other[3] - other[1]))
    )

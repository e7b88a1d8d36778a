"""Finds the pictures and colour areas in the pixels of a page that is one raster: where a scan shows its products.

Knows pixels, no words: whether a picture shows a product is decided by those who read the page's pattern.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from actors.records import Box
from cluster.stages.reading.picture_grounds import grounds

Mask = npt.NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]

LONG_SIDE_PX = 900
"""Of the picture that is looked at: a letter of the text is a few pixels high there, a swatch fifty and more."""
PAPER_SPREAD = 26
"""Largest difference of a channel, 0-255, at which a pixel still counts as paper: scans have shadows and noise."""
JOIN_PX = 3
"""Pieces of a picture that are nearer than this are one; swatches stand farther apart."""
MIN_SIDE, MIN_SHARE, MAX_SHARE = 0.035, 0.0025, 0.75
"""Least side of a picture, of the page's shorter one, and its least and largest part of the page."""
SOLID = 0.5
"""Of a picture's box that is no paper; words and line drawings cover less."""
LOOSE, LOOSE_SHARE, MIN_LOOSE, LOOSE_ALIKE = 0.3, 0.01, 3, 0.85
"""The same for things of one outline that come several on a page, as basins on pedestals do, and how alike they are.
They are so much of the page at least: letters of a title are smaller."""
BORDER_SOLID = 0.85
"""The same for what touches the border of the page: the desk beside a page that lies askew covers triangles."""
MOST_ASPECT, PLANK_ASPECT = 6.0, 12.0
"""Of a picture by itself, and of planks, which stand in a column or a row of their like."""
MIN_PLANKS, PLANK_ALIKE = 3, 0.9
"""Planks of one width and height: the least side is at least so much of the largest."""
EVEN_STEP = 20
"""Least difference to a neighbour, 0-255, that is an edge between two colour areas that touch."""
UNLIKE = 0.7
"""Least side of colour areas that touch, of the largest: others are parts of one picture."""
SAME, BESIDE, ON_GROUND = 0.7, 0.3, 0.9
"""Of a ground that a picture covers which needs none, that each of several covers, and of a picture on its ground."""
MOST_PICTURES = 60


def picture_boxes(pixels: Image.Image, width_pt: float, height_pt: float) -> list[Box]:
    """Boxes in points of what may be pictures, the largest first.

    Args:
        pixels: the whole page in RGB.
        width_pt: of the page.
        height_pt: of the page.
    """
    scale = min(1.0, LONG_SIDE_PX / max(pixels.size))
    size = (max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale)))
    small = np.asarray(pixels.convert("RGB").resize(size, Image.Resampling.BOX), np.uint8)
    apart = _apart_from_paper(small)
    printed = _printed(apart)
    solid, loose = _pieces(printed, printed.shape)
    found = list(_without_bands([box for box in solid if _is_large_enough(box, printed.shape)]))
    boxes = [part for box in found for part in (_areas_in(small, box) or [box])]
    boxes = _on_grounds(boxes, grounds(apart, lambda box: _is_large_enough(box, printed.shape)))
    boxes += [box for box in loose if not any(_common(box, other) >= SAME * _area(box) for other in boxes)]
    boxes = sorted(boxes, key=_area, reverse=True)[:MOST_PICTURES]
    across, down = width_pt / size[0], height_pt / size[1]
    return [
        (round(x0 * across, 2), round(y0 * down, 2), round(x1 * across, 2), round(y1 * down, 2))
        for x0, y0, x1, y1 in boxes
    ]


def _apart_from_paper(small: npt.NDArray[np.uint8]) -> npt.NDArray[np.int16]:
    """By how much pixels differ from the paper, whose colour is the commonest."""
    coarse = (small >> 4).astype(np.int32)
    codes = (coarse[..., 0] << 8) | (coarse[..., 1] << 4) | coarse[..., 2]
    common = np.bincount(codes.ravel()).argmax()
    paper = np.median(small[codes == common], axis=0)
    return np.asarray(np.abs(small.astype(np.int16) - paper.astype(np.int16)).max(axis=2), np.int16)


def _printed(apart: npt.NDArray[np.int16]) -> Mask:
    """255 where something is surely printed."""
    mask = np.where(apart > PAPER_SPREAD, 255, 0).astype(np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((JOIN_PX, JOIN_PX), np.uint8))
    # Rules and underlines between pictures are thin: they go, so that they tie nothing together.
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)


def _on_grounds(boxes: Sequence[PixelBox], found: Sequence[PixelBox]) -> list[PixelBox]:
    """Pictures with the grounds that they stand on in place of them.

    What is about as large as its ground stays, and so do pictures side by side: that is the halo of a lossy format.
    """
    own = [ground for ground in found if _needs_ground([_common(ground, box) / _area(ground) for box in boxes])]
    return own + [box for box in boxes if not any(_common(box, ground) >= ON_GROUND * _area(box) for ground in own)]


def _needs_ground(shares: Sequence[float]) -> bool:
    """Whether pictures that cover these parts of a ground are things on it."""
    return max(shares, default=0.0) < SAME and sum(share >= BESIDE for share in shares) < 2


def _common(one: PixelBox, other: PixelBox) -> int:
    width = min(one[2], other[2]) - max(one[0], other[0])
    return max(0, width) * max(0, min(one[3], other[3]) - max(one[1], other[1]))


def _pieces(mask: Mask, page: tuple[int, ...]) -> tuple[list[PixelBox], list[PixelBox]]:
    """Connected pieces that fill their boxes as pictures do, and those that do less but come several alike."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    solid: list[PixelBox] = []
    loose: list[PixelBox] = []
    for x, y, width, height, area in stats[1:count].tolist():
        at_border = x <= 1 or y <= 1 or x + width >= page[1] - 1 or y + height >= page[0] - 1
        if area >= (BORDER_SOLID if at_border else SOLID) * width * height:
            solid.append((x, y, x + width, y + height))
        elif not at_border and area >= LOOSE * width * height and width * height >= LOOSE_SHARE * page[0] * page[1]:
            loose.append((x, y, x + width, y + height))
    alike = [sum(_are_alike((box, other), LOOSE_ALIKE) for other in loose) for box in loose]
    return solid, [box for box, others in zip(loose, alike, strict=True) if others >= MIN_LOOSE]


def _areas_in(small: npt.NDArray[np.uint8], box: PixelBox) -> list[PixelBox]:
    """The colour areas that a piece consists of, where they touch; none where it is one picture.

    Areas that touch have a step of colour between them and none within.
    """
    x0, y0, x1, y1 = box
    part = cv2.medianBlur(np.ascontiguousarray(small[y0:y1, x0:x1]), 5).astype(np.int16)
    right = np.abs(np.diff(part, axis=1, prepend=part[:, :1])).max(axis=2)
    down = np.abs(np.diff(part, axis=0, prepend=part[:1])).max(axis=2)
    even = np.where(np.maximum(right, down) < EVEN_STEP, 255, 0).astype(np.uint8)
    opened = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    whole = (x1 - x0) * (y1 - y0)
    areas = [
        (x0 + ax0, y0 + ay0, x0 + ax1, y0 + ay1)
        for ax0, ay0, ax1, ay1 in _rectangles(np.asarray(opened, np.uint8))
        if _is_large_enough((ax0, ay0, ax1, ay1), small.shape)
    ]
    covered = sum(_area(area) for area in areas)
    return areas if len(areas) >= 2 and covered >= 0.6 * whole and _are_alike(areas) else []


def _are_alike(areas: Sequence[PixelBox], least: float = UNLIKE) -> bool:
    """Whether areas are of one width and height as the samples of a chart are; wall and floor of a photo are not."""
    widths, heights = zip(*map(_sides, areas), strict=True)
    return all(min(sides) >= least * max(sides) for sides in (widths, heights))


def _rectangles(mask: Mask) -> Iterator[PixelBox]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    for x, y, width, height, area in stats[1:count].tolist():
        if area >= 0.8 * width * height:
            yield (x, y, x + width, y + height)


def _is_large_enough(box: PixelBox, page: tuple[int, ...]) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    share = width * height / (page[0] * page[1])
    return (
        min(width, height) >= MIN_SIDE * min(page[0], page[1])
        and MIN_SHARE <= share <= MAX_SHARE
        and max(width, height) <= PLANK_ASPECT * min(width, height)
    )


def _without_bands(boxes: Sequence[PixelBox]) -> Iterator[PixelBox]:
    """Without long and narrow ones, which are grounds of titles, but for those that come several alike: planks."""
    for box in boxes:
        is_long = max(_sides(box)) > MOST_ASPECT * min(_sides(box))
        if not is_long or sum(_are_alike((box, other), PLANK_ALIKE) for other in boxes) >= MIN_PLANKS:
            yield box


def _sides(box: PixelBox) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _area(box: PixelBox) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])

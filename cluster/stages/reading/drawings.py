"""A page's vector drawings: areas of one colour that may be swatches, and letters that are drawn as outlines.

Knows nothing of text layers or images; whoever asks for swatches says where images lie.
"""

from dataclasses import dataclass
from typing import Any

import pymupdf

from actors.records import Box
from cluster.stages.reading.outlines import Outline

SWATCH_SIDE_PT = 28.0
SWATCH_PAGE_SHARE = 0.6
SWATCH_ASPECT = 5.0
SWATCH_ITEMS = 12
"""A rectangle has one item, a rounded one eight; more is a drawing."""
NEAR_WHITE = 0.985
COVERED = 0.6
SAME_PT = 3.0
MAX_SWATCHES = 200
GLYPH_ITEMS = 12
"""Curves and lines of an average outlined letter: many letters are often one path."""
GLYPH_HEIGHT_PT = (3.0, 90.0)
LINE_WIDTH_SHARE = 0.9
STRAIGHT_WIDTH = 1.5
"""Of its height: wider is no letter without curves, but a dash or a bar."""


@dataclass(frozen=True)
class Drawings:
    """What the vector drawings of one page amount to."""

    paths: int = 0
    outlined_letters: int = 0  # estimated from the number of curves
    fills: tuple[Box, ...] = ()
    letters: tuple[Outline, ...] = ()  # outlines that may be letters, or lines of letters

    def swatches(self, images: list[Box], tables: list[Box]) -> tuple[Box, ...]:
        """The fills that no image covers and that hold none (those are panels), outside of tables (those are cells)."""
        loose = [box for box in self.fills if not any(_common(box, table) > COVERED * _area(box) for table in tables)]
        return tuple(box for box in loose if not any(_spoils(image, box) for image in images))


def survey(page: pymupdf.Page) -> Drawings:
    """Look at every path of the page once."""
    width, height = float(page.rect.width), float(page.rect.height)
    paths, glyph_items = 0, 0
    fills: list[Box] = []
    letters: list[Outline] = []
    for path in page.get_cdrawings():
        box = _clamped(path["rect"], width, height)
        if box is None:
            continue
        paths += 1
        if _is_glyph(path, box, width):
            glyph_items += len(path["items"])
            letters.append(Outline(box, curved=True))
        elif _is_straight_letter(path, box):
            letters.append(Outline(box, curved=False))
        elif len(fills) < MAX_SWATCHES and _is_swatch(path, box, width * height) and not _known(box, fills):
            fills.append(box)
    return Drawings(paths, glyph_items // GLYPH_ITEMS, tuple(fills), tuple(letters))


def _is_swatch(path: dict[str, Any], box: Box, page_area: float) -> bool:
    colour = path.get("fill")
    if colour is None or min(colour) > NEAR_WHITE or path.get("fill_opacity", 1.0) < 0.5:
        return False
    width, height = box[2] - box[0], box[3] - box[1]
    if min(width, height) < SWATCH_SIDE_PT or max(width, height) > SWATCH_ASPECT * min(width, height):
        return False
    return len(path["items"]) <= SWATCH_ITEMS and width * height < SWATCH_PAGE_SHARE * page_area


def _is_glyph(path: dict[str, Any], box: Box, page_width: float) -> bool:
    """A filled shape of curves, as high as a line of letters."""
    low, high = GLYPH_HEIGHT_PT
    if (
        path.get("fill") is None
        or not low <= box[3] - box[1] <= high
        or box[2] - box[0] > LINE_WIDTH_SHARE * page_width
    ):
        return False
    return len(path["items"]) > 3 and any(item[0] == "c" for item in path["items"])


def _is_straight_letter(path: dict[str, Any], box: Box) -> bool:
    """A filled shape without curves, as high and as wide as a letter: N, V, l; by itself it tells nothing."""
    low, high = GLYPH_HEIGHT_PT
    width, height = box[2] - box[0], box[3] - box[1]
    return (
        path.get("fill") is not None and low <= height < min(high, SWATCH_SIDE_PT) and width <= STRAIGHT_WIDTH * height
    )


def _spoils(image: Box, fill: Box) -> bool:
    common = _common(fill, image)
    return common > COVERED * _area(fill) or common > COVERED * _area(image)


def _clamped(rect: tuple[float, ...], width: float, height: float) -> Box | None:
    box = (max(0.0, rect[0]), max(0.0, rect[1]), min(width, rect[2]), min(height, rect[3]))
    if box[2] <= box[0] or box[3] <= box[1]:
        return None
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def _known(box: Box, fills: list[Box]) -> bool:
    return any(all(abs(a - b) <= SAME_PT for a, b in zip(box, other, strict=True)) for other in fills)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _common(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0

"""Owns spreads: two printed pages in one page of the PDF, each with titles, banners and captions of its own.

Knows geometry and page numbers. Coordinates stay those of the whole page, so that evidence can be shown on it.
"""

import re
from collections.abc import Sequence
from math import inf
from statistics import median
from typing import NamedTuple

from actors.page.labels import sizes_alike
from actors.records import Box, PageContent, TextBlock, TextLine, TextSource

WIDE = 1.15  # of the height: two printed pages side by side are wider than high
NEAR_MIDDLE = 0.03  # of the width: how far from the middle the gutter may run
STEPS = 7
NUMBER_ZONE = 0.1  # of the height, at top and bottom
PAGE_NUMBER = re.compile(r"\D{0,3}(\d{1,4})\D{0,3}")
TITLE_SIZE = 1.4  # times the letters of most lines
SAME_PLACE = 0.04  # of the width: how far titles of two printed pages differ in their distance from the page's edge
BACKGROUND = 0.5  # of the page: a picture this large lies under both
Printed = tuple[TextLine, TextSource]


class PrintedPage(NamedTuple):
    """One printed page: what stands on it, and from where to where it reaches, in points."""

    content: PageContent
    left: float
    right: float

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box lies on it."""
        return self.left <= (box[0] + box[2]) / 2 < self.right


def printed_pages(page: PageContent) -> tuple[PrintedPage, ...]:
    """The page, or its two halves where it is a spread, left one first."""
    x = gutter(page)
    if x is None:
        return (PrintedPage(page, -inf, inf),)
    return _half(page, -inf, x), _half(page, x, inf)


def gutter(page: PageContent) -> float | None:
    """Where the two printed pages of a spread meet, in points from the left; None for any other page."""
    if page.width_pt < WIDE * page.height_pt:
        return None
    lines = [(line, block.source) for block in page.blocks for line in block.lines]
    tables = [block.box for block in page.blocks if block.label == "table"]
    middle, step = page.width_pt / 2, NEAR_MIDDLE * page.width_pt / (STEPS // 2)
    places = sorted(
        (middle + step * number for number in range(-(STEPS // 2), STEPS // 2 + 1)), key=lambda x: abs(x - middle)
    )
    free = [x for x in places if not any(_crosses(box, x) for box in (*(line.box for line, _ in lines), *tables))]
    return next((x for x in free if _is_numbered(page, lines, x) or _has_two_titles(page, lines, x)), None)


def _crosses(box: Box, x: float) -> bool:
    return box[0] < x < box[2]


def _is_numbered(page: PageContent, lines: Sequence[Printed], x: float) -> bool:
    """Whether the halves bear page numbers that follow each other."""
    margin = NUMBER_ZONE * page.height_pt
    edge = [line for line, _ in lines if line.box[3] < margin or line.box[1] > page.height_pt - margin]
    numbered = [(line, int(match[1])) for line in edge if (match := PAGE_NUMBER.fullmatch(line.text.strip()))]
    left = [(line, number) for line, number in numbered if line.box[2] <= x]
    right = [(line, number) for line, number in numbered if line.box[0] >= x]
    pairs = [(one, other) for one, number in left for other, following in right if following == number + 1]
    return any(sum(_is_level(line, one) for line, _ in numbered) <= 2 for one, other in pairs if _is_level(other, one))


def _has_two_titles(page: PageContent, lines: Sequence[Printed], x: float) -> bool:
    """Whether the largest line of each half is a title, both set alike and at one place of their halves."""
    left = _largest([item for item in lines if item[0].box[2] <= x])
    right = _largest([item for item in lines if item[0].box[0] >= x])
    if left is None or right is None or left[1] != right[1]:
        return False
    one, other = left[0], right[0]
    usual = median(size_of(line) for line, _ in lines)
    alike = (
        sizes_alike(size_of(one), size_of(other), left[1]) and min(size_of(one), size_of(other)) >= TITLE_SIZE * usual
    )
    row = [item for item in lines if item[1] == left[1] and _is_level(item[0], one) and _is_as_large(item, one)]
    placed = abs(one.box[0] - (other.box[0] - x)) <= SAME_PLACE * page.width_pt
    return alike and placed and any(item is right for item in row) and len(row) == 2  # more of them are captions


def _is_level(line: TextLine, title: TextLine) -> bool:
    return abs(line.box[1] - title.box[1]) <= 0.6 * size_of(title)


def _is_as_large(item: Printed, title: TextLine) -> bool:
    return sizes_alike(size_of(item[0]), size_of(title), item[1])


def _largest(lines: Sequence[Printed]) -> Printed | None:
    worded = [item for item in lines if sum(char.isalpha() for char in item[0].text) >= 3]
    return max(worded, key=lambda item: size_of(item[0]), default=None)


def size_of(line: TextLine) -> float:
    """The size of a line's letters in points, measured where OCR read it."""
    return line.size or line.box[3] - line.box[1]


def _half(page: PageContent, left: float, right: float) -> PrintedPage:
    half = PrintedPage(page, left, right)
    whole = BACKGROUND * page.width_pt * page.height_pt
    images = [
        image
        for image in page.images
        if half.holds(image.box) or (image.box[2] - image.box[0]) * (image.box[3] - image.box[1]) > whole
    ]
    blocks = [
        part for block in page.blocks if (part := _part(block, [line for line in block.lines if half.holds(line.box)]))
    ]
    fills = [box for box in page.fills if half.holds(box)]
    content = page.model_copy(update={"blocks": tuple(blocks), "images": tuple(images), "fills": tuple(fills)})
    return half._replace(content=content)


def _part(block: TextBlock, lines: Sequence[TextLine]) -> TextBlock | None:
    """The block again, or what of it stands in this half."""
    if len(lines) == len(block.lines):
        return block
    if not lines:
        return None
    box = (
        min(line.box[0] for line in lines),
        min(line.box[1] for line in lines),
        max(line.box[2] for line in lines),
        max(line.box[3] for line in lines),
    )
    return block.model_copy(update={"lines": tuple(lines), "box": box})

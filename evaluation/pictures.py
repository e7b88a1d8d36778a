"""Pictures for the report: what a page's picture is to it, and crops of one. Knows pixels and points, no PDF.

Who draws the pages is the caller's to say (`Pages`): files under evaluation may be broken, locked or without end.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from PIL import Image

CROP_PX = 150
QUALITY = 70
MARGIN_PT = 4.0
Box = tuple[float, float, float, float]


class PageUnreadable(Exception):
    """A page, or the whole file, cannot be drawn; the sentence says why."""


@dataclass(frozen=True)
class PagePicture:
    """One page as pixels."""

    jpeg: bytes
    width_pt: float
    height_pt: float
    found: Mapping[str, Box]  # by name: where the text layer prints it, of the names that were looked for

    @property
    def address(self) -> str:
        """The whole page as a data address."""
        return _address(self.jpeg)

    @cached_property
    def _pixels(self) -> Image.Image:
        return Image.open(io.BytesIO(self.jpeg))

    def crop(self, box: Box) -> str:
        """A part of the page, box in points, as a data address; empty where the box is none."""
        scale = max(self._pixels.size) / max(self.width_pt, self.height_pt)
        margins = (-MARGIN_PT, -MARGIN_PT, MARGIN_PT, MARGIN_PT)
        left, top, right, bottom = (round((side + margin) * scale) for side, margin in zip(box, margins, strict=True))
        area = (max(0, left), max(0, top), min(self._pixels.width, right), min(self._pixels.height, bottom))
        if area[2] - area[0] < 2 or area[3] - area[1] < 2:
            return ""
        return self._small(self._pixels.crop(area))

    def whole(self) -> str:
        """The whole page, as small as a crop."""
        return self._small(self._pixels.copy())

    def _small(self, part: Image.Image) -> str:
        part.thumbnail((CROP_PX, CROP_PX))
        buffer = io.BytesIO()
        part.save(buffer, "JPEG", quality=QUALITY)
        return _address(buffer.getvalue())


class Pages(Protocol):
    """The pages of one PDF."""

    def draw(self, number: int, longest_px: int, names: Sequence[str]) -> PagePicture:
        """One page, 1-based, and where its text layer prints the names. Raises PageUnreadable."""
        ...


def _address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"

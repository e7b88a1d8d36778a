"""Pictures for the report: pages, and crops of them. Knows PyMuPDF and points, no products."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pymupdf
from PIL import Image

PAGE_PX = 900
SMALL_PAGE_PX = 360
CROP_PX = 150
QUALITY = 70
MARGIN_PT = 4.0
FEW_LETTERS = 20
Box = tuple[float, float, float, float]


class PagePicture:
    """One page as pixels."""

    def __init__(self, page: pymupdf.Page, longest_px: int) -> None:
        self.width_pt, self.height_pt = max(1.0, page.rect.width), max(1.0, page.rect.height)
        self._scale = longest_px / max(self.width_pt, self.height_pt)
        matrix = pymupdf.Matrix(self._scale, self._scale)
        pixmap = page.get_pixmap(matrix=matrix, colorspace=pymupdf.csRGB, alpha=False)
        self._pixels = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)

    @property
    def address(self) -> str:
        """The whole page as a data address."""
        return _address(self._pixels)

    def crop(self, box: Box) -> str:
        """A part of the page, box in points, as a data address; empty where the box is none."""
        left, top, right, bottom = (
            side * self._scale
            for side in (box[0] - MARGIN_PT, box[1] - MARGIN_PT, box[2] + MARGIN_PT, box[3] + MARGIN_PT)
        )
        area = (
            max(0, round(left)), max(0, round(top)),
            min(self._pixels.width, round(right)), min(self._pixels.height, round(bottom)),
        )  # fmt: skip
        if area[2] - area[0] < 2 or area[3] - area[1] < 2:
            return ""
        part = self._pixels.crop(area)
        part.thumbnail((CROP_PX, CROP_PX))
        return _address(part)


class PictureBook:
    """The pages of one PDF."""

    def __init__(self, document: pymupdf.Document) -> None:
        self._document = document

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the file for as long as it is needed; MuPDF's complaints about it are not printed."""
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        with pymupdf.open(path) as document:
            yield cls(document)

    @property
    def page_count(self) -> int:
        """Pages of the file."""
        return int(self._document.page_count)

    @property
    def textless_pages(self) -> int:
        """Pages whose text layer holds next to nothing: pictures of pages, or letters drawn as outlines."""
        return sum(
            sum(char.isalnum() for char in str(self._document[number].get_text())) < FEW_LETTERS
            for number in range(self.page_count)
        )

    def page(self, number: int, *, small: bool = False) -> PagePicture:
        """One page, 1-based."""
        return PagePicture(self._document[number - 1], SMALL_PAGE_PX if small else PAGE_PX)


def _address(pixels: Image.Image) -> str:
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"

"""A PDF being drawn: pages, words, lines, pictures, in the maker's type and colours.

The same calls give the same bytes. Knows how to put things on paper, not what the catalogue says.
"""

import io
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

WIDTH, HEIGHT = 595.0, 842.0
MARGIN = 42.0
INK = "#2b2f31"
GREY = "#6d7275"
ACCENT = "#1f3d44"
WARM = "#b07a2a"
HAIR = "#d9d4c9"
FONTS = {"regular": "helv", "bold": "hebo", "italic": "heit", "serif": "tiro", "serif bold": "tibo"}
Box = tuple[float, float, float, float]


def rgb(colour: str) -> tuple[float, float, float]:
    """A "#rrggbb" colour as PyMuPDF takes it."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255.0 for start in (1, 3, 5))
    return red, green, blue


class Paper:
    """A catalogue under way."""

    def __init__(self, title: str, author: str) -> None:
        self.document = pymupdf.open()
        self.document.set_metadata({"title": title, "author": author, "creationDate": "", "modDate": ""})
        self.page: Any = None  # the pymupdf.Page under way

    @property
    def number(self) -> int:
        """The current page, 1-based."""
        return int(self.document.page_count)

    def new_page(self, width: float = WIDTH, height: float = HEIGHT) -> None:
        """Begin the next page."""
        self.page = self.document.new_page(width=width, height=height)

    def length(self, text: str, size: float, font: str = "regular") -> float:
        """Width of a line in points."""
        return float(pymupdf.get_text_length(text, FONTS[font], size))

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9.0,
        font: str = "regular",
        colour: str = INK,
        align: str = "left",
    ) -> None:
        """One line with its baseline at y; `align` says what x is: left, middle or right end."""
        width = self.length(text, size, font)
        x -= {"left": 0.0, "middle": width / 2.0, "right": width}[align]
        self.page.insert_text((x, y), text, fontname=FONTS[font], fontsize=size, color=rgb(colour))

    def dots(self, x0: float, x1: float, y: float, size: float = 8.0) -> None:
        """A dotted line that leads the eye from x0 to x1, its last dot at x1."""
        count = int((x1 - x0) / self.length(" .", size))
        self.write(x1, y, " ." * count, size, colour=GREY, align="right")

    def paragraph(self, box: Box, text: str, size: float = 9.0, font: str = "regular", colour: str = INK) -> None:
        """Text broken into lines within the box; raises `ValueError` when it does not fit."""
        left = self.page.insert_textbox(
            pymupdf.Rect(box), text, fontname=FONTS[font], fontsize=size, color=rgb(colour), lineheight=1.35
        )
        if left < 0:
            raise ValueError(f"the text does not fit its box: {text[:40]}")

    def area(self, box: Box, colour: str) -> None:
        """A filled rectangle without outline."""
        self.page.draw_rect(pymupdf.Rect(box), color=None, fill=rgb(colour), width=0)

    def rule(self, x0: float, y0: float, x1: float, y1: float, colour: str = HAIR, width: float = 0.7) -> None:
        """A straight line."""
        self.page.draw_line((x0, y0), (x1, y1), color=rgb(colour), width=width)

    def picture(self, box: Box, pixels: Image.Image, *, quality: int = 88, rotate: int = 0) -> None:
        """A picture filling the box; the same picture is stored once. `rotate` turns what is shown, in degrees."""
        self.page.insert_image(
            pymupdf.Rect(box), stream=_encoded(pixels, quality), rotate=rotate, keep_proportion=False
        )

    def save(self, path: str | Path) -> None:
        """Write the file, without anything that depends on the time or the machine."""
        self.document.save(Path(path), garbage=3, deflate=True, no_new_id=True)
        self.document.close()


def _encoded(pixels: Image.Image, quality: int) -> bytes:
    """JPEG for RGB, grey and CMYK; PNG where there is transparency, which becomes a soft mask."""
    buffer = io.BytesIO()
    if pixels.mode == "RGBA":
        pixels.save(buffer, "PNG")
    else:
        pixels.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()

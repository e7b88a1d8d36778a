"""Pictures from the file store, and boxes drawn over them.

Boxes come in points of the page as it is shown, origin at the top left; pixels are this module's own business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import streamlit as st
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from actors.errors import StorageFailed
from cluster.settings import Settings
from cluster.storage import Storage

Box = tuple[float, float, float, float]
KEPT_PICTURES = 400
WIDTH_PX = 900
"""A narrower thumbnail is enlarged to this width before boxes are drawn, so that their lines and numbers stay sharp."""
JPEG_QUALITY = 88
REDUCED_PX = 480
PADDING_PX = 3
FONT_PX = 20
INK = {"text": (0, 105, 166), "region": (168, 100, 0)}


@dataclass(frozen=True)
class Mark:
    """A box on a page, with the number that the table beside it uses."""

    number: int
    box: Box  # points
    kind: Literal["text", "region"]  # where a value was read, or what a linked image shows


@st.cache_resource
def storage() -> Storage:
    """The file store, opened once for each monitor process."""
    return Storage(Settings().storage_address)


@st.cache_data(max_entries=KEPT_PICTURES, show_spinner=False)
def _read(key: str) -> bytes:
    return storage().read(key)


@st.cache_data(max_entries=KEPT_PICTURES, show_spinner=False)
def _marked(key: str, width_pt: float, height_pt: float, marks: Sequence[Mark]) -> bytes:
    picture = Image.open(BytesIO(_read(key))).convert("RGB")
    if picture.width < WIDTH_PX:
        height_px = max(round(picture.height * WIDTH_PX / picture.width), 1)
        picture = picture.resize((WIDTH_PX, height_px), Image.Resampling.LANCZOS)
    out = BytesIO()
    scale = (picture.width / width_pt, picture.height / height_pt)
    draw_marks(picture, scale, marks).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


@st.cache_data(max_entries=KEPT_PICTURES, show_spinner=False)
def _reduced(key: str) -> bytes:
    picture = Image.open(BytesIO(_read(key)))
    picture.thumbnail((REDUCED_PX, REDUCED_PX))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def reduced(key: str) -> bytes | None:
    """A stored picture at the size of a card, as PNG; None when the file store does not give a readable one."""
    try:
        return _reduced(key)
    except (StorageFailed, UnidentifiedImageError, OSError):
        return None


def marked(key: str, width_pt: float, height_pt: float, marks: Sequence[Mark]) -> bytes | None:
    """A page's picture with marks drawn over it, as JPEG; None when the file store does not give a readable one."""
    try:
        return _marked(key, width_pt, height_pt, marks)
    except (StorageFailed, UnidentifiedImageError, OSError):
        return None


def draw_marks(picture: Image.Image, scale: tuple[float, float], marks: Sequence[Mark]) -> Image.Image:
    """Tinted boxes with numbers; `scale` is pixels a point, across and down."""
    layer = Image.new("RGBA", picture.size)
    brush = ImageDraw.Draw(layer)
    for mark in sorted(marks, key=lambda mark: mark.kind):
        ink = INK[mark.kind]
        x0, y0, x1, y1 = (value * scale[index % 2] for index, value in enumerate(mark.box))
        edge = (x0 - PADDING_PX, y0 - PADDING_PX, max(x1, x0) + PADDING_PX, max(y1, y0) + PADDING_PX)
        brush.rectangle(edge, fill=(*ink, 30), outline=(*ink, 255), width=2)
    taken: list[Box] = []
    for mark in marks:
        taken.append(_draw_number(brush, mark, scale, taken))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _draw_number(brush: ImageDraw.ImageDraw, mark: Mark, scale: tuple[float, float], taken: Sequence[Box]) -> Box:
    """Draw a number beside its box, where no other number stands; returns what it covers."""
    font = ImageFont.load_default(size=FONT_PX)
    width, height = brush.textlength(str(mark.number), font=font) + 10, FONT_PX + 5
    left = max(mark.box[0] * scale[0] - PADDING_PX - width, 0)
    right = mark.box[2] * scale[0] + PADDING_PX
    y = max(mark.box[1] * scale[1] - PADDING_PX, 0)
    places = [(left, y), *((right + step * (width + 2), y) for step in range(len(taken)))]
    free = (
        place for place in places if not any(_overlap((*place, place[0] + width, y + height), box) for box in taken)
    )
    x, y = next(free, (left, y))
    brush.rectangle((x, y, x + width, y + height), fill=(*INK[mark.kind], 255))
    brush.text((x + 5, y + 1), str(mark.number), fill=(255, 255, 255, 255), font=font)
    return x, y, x + width, y + height


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

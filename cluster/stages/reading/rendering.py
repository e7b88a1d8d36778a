"""Pictures of whole pages: the page image that OCR reads where there is no text layer, and the thumbnail.

Knows the limit in pixels, whatever the page's size in points; knows nothing of what is on the page.
"""

import hashlib
import io
import math
from dataclasses import dataclass

import pymupdf
from PIL import Image

from actors.records import ExtractedImage, Placement
from cluster.stages.limits import ExtractionLimits
from cluster.storage import Storage

POINTS_PER_INCH = 72.0
PAGE_QUALITY = 88
THUMBNAIL_QUALITY = 80


@dataclass(frozen=True)
class PagePicture:
    """A rendered page: its record, and its pixels for the thumbnail."""

    record: ExtractedImage
    pixels: Image.Image


def page_image(page: pymupdf.Page, number: int, storage: Storage, limits: ExtractionLimits) -> PagePicture:
    """Render the page at `page_dpi`, or smaller when that would be more than `max_page_pixels`."""
    width, height = _points(page)
    scale = min(limits.page_dpi / POINTS_PER_INCH, math.sqrt(limits.max_page_pixels / (width * height)))
    pixels = render(page, scale)
    data = encode_jpeg(pixels, PAGE_QUALITY)
    record = ExtractedImage(
        kind="page", content_hash=hashlib.sha256(data).hexdigest(), storage_key=storage.put(data, ".jpg"),
        media_type="image/jpeg", width_px=pixels.width, height_px=pixels.height,
        placements=(Placement(page=number, box=(0.0, 0.0, width, height)),),
    )  # fmt: skip
    return PagePicture(record, pixels)


def thumbnail(page: pymupdf.Page, picture: PagePicture | None, storage: Storage, limits: ExtractionLimits) -> str:
    """Storage key of a JPEG of the page that people look at; made from `picture` where there is one."""
    small = picture.pixels.copy() if picture else render(page, limits.thumbnail_px / max(_points(page)))
    small.thumbnail((limits.thumbnail_px, limits.thumbnail_px), Image.Resampling.BOX)
    return storage.put(encode_jpeg(small, THUMBNAIL_QUALITY), ".jpg")


def render(page: pymupdf.Page, scale: float, clip: pymupdf.Rect | None = None) -> Image.Image:
    """The page, or the part in `clip` (points), as RGB pixels at `scale` pixels a point."""
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False, clip=clip)
    return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def encode_jpeg(pixels: Image.Image, quality: int) -> bytes:
    """JPEG bytes of an RGB or grey picture."""
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _points(page: pymupdf.Page) -> tuple[float, float]:
    """Width and height; at least one point, for pages that are degenerate."""
    return max(1.0, float(page.rect.width)), max(1.0, float(page.rect.height))

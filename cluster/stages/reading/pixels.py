"""Makes RGB or grey pixels of one image object of a PDF, whatever its colour space, mask and compression.

Knows colour spaces and codecs; does not know where the image stands on a page.
"""

import io
import math
from dataclasses import dataclass

import pymupdf
from PIL import Image, ImageStat, UnidentifiedImageError

from actors.records import Box
from cluster.stages.reading.rendering import encode_jpeg

LOSSY_FILTERS = frozenset({"DCTDecode", "JPXDecode", "DCT"})
PASSED_FILTERS = frozenset({"DCTDecode", "DCT"})
PLAIN_SPACES = frozenset({"DeviceRGB", "DeviceGray", "CalRGB", "CalGray"})
PLAIN_COMPONENTS = {"RGB": 3, "L": 1}
STORED_PIXELS = 16_000_000
"""Larger pictures are stored smaller: neither OCR's canvas nor CLIP nor a person sees the difference."""
PNG_PIXELS = 2_000_000
"""Larger pictures are stored as JPEG also when they were stored without loss."""
QUALITY = 92
BLANK = 252
SAMPLE_LONG_PX = 256
SAMPLE_SHORT_PX = 64
PADDED = "padding truncated image"
"""MuPDF's warning when data ends early: it goes on with black, which is a whole black picture when all is broken."""
EXIF_ORIENTATION = 0x0112


class ImageUnusable(ValueError):
    """More pixels than are decoded, or none that can be."""


@dataclass(frozen=True)
class Encoded:
    """A picture as it is stored."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class ImageSource:
    """An image object and the mask that belongs to it, 0 for none."""

    document: pymupdf.Document
    xref: int
    mask: int = 0

    @property
    def is_lossy(self) -> bool:
        """Whether the PDF itself holds it as JPEG or JPEG 2000."""
        return self._filter() in LOSSY_FILTERS

    @property
    def is_plain_jpeg(self) -> bool:
        """A JPEG whose bytes show the right colours without the PDF around them."""
        return (
            self._filter() in PASSED_FILTERS and not self._has("Decode") and not self._has("Mask") and self._is_plain()
        )

    def _filter(self) -> str:
        return str(self.document.xref_get_key(self.xref, "Filter")[1]).strip("[]/ ")

    def _has(self, key: str) -> bool:
        return bool(self.document.xref_get_key(self.xref, key)[0] != "null")

    def _is_plain(self) -> bool:
        """RGB or grey of the device, or of a profile named sRGB: other profiles want a conversion."""
        kind, value = self.document.xref_get_key(self.xref, "ColorSpace")
        if kind == "name":
            return value.strip("/") in PLAIN_SPACES
        name = pymupdf.Pixmap(self.document, self.xref).colorspace
        return name is not None and "sRGB" in name.name


def stored_jpeg(source: ImageSource) -> Encoded | None:
    """The JPEG bytes just as the PDF holds them, when they can be passed on; None when they must be decoded."""
    if not source.is_plain_jpeg:
        return None
    data = source.document.xref_stream_raw(source.xref)
    try:
        picture = Image.open(io.BytesIO(data))
        if (
            picture.format != "JPEG"
            or picture.mode not in PLAIN_COMPONENTS
            or picture.width * picture.height > STORED_PIXELS
        ):
            return None
        if picture.getexif().get(EXIF_ORIENTATION, 1) != 1:
            return None  # the PDF ignores it, a browser would not
        picture.load()
    except (OSError, UnidentifiedImageError, SyntaxError):
        return None  # MuPDF reads more than Pillow
    return Encoded(data, "image/jpeg", picture.width, picture.height)


def decode(source: ImageSource) -> Image.Image:
    """RGB or grey pixels on white paper; raises `ImageUnusable` or what PyMuPDF raises."""
    pixels = _pixels(pymupdf.Pixmap(source.document, source.xref))
    if all(low == high for low, high in ImageStat.Stat(pixels).extrema) and _is_padding(source):
        raise ImageUnusable("its data cannot be decoded.")
    if source.mask:
        mask = _mask(pymupdf.Pixmap(source.document, source.mask))
        # A mask is often finer than the colour under it, down to one pixel under a whole logo.
        size = max(pixels.size, mask.size, key=math.prod)
        pixels, mask = pixels.resize(size), mask.resize(size)
        pixels = Image.composite(pixels, Image.new(pixels.mode, size, "white"), mask)
    return pixels


def colour_sample(pixels: Image.Image, box: Box) -> Image.Image:
    """A picture of one colour (or a few), in the proportions in which the page shows it."""
    width, height = max(1.0, box[2] - box[0]), max(1.0, box[3] - box[1])
    scale = SAMPLE_LONG_PX / max(width, height)
    size = (max(SAMPLE_SHORT_PX, round(width * scale)), max(SAMPLE_SHORT_PX, round(height * scale)))
    return pixels.resize(size, Image.Resampling.NEAREST)


def encode(pixels: Image.Image, *, lossy: bool) -> Encoded | None:
    """The picture as JPEG or PNG; None for white paper."""
    if min(low for low, _ in ImageStat.Stat(pixels).extrema) >= BLANK:
        return None
    if pixels.width * pixels.height > STORED_PIXELS:
        side = math.sqrt(STORED_PIXELS / (pixels.width * pixels.height))
        pixels = pixels.resize((round(pixels.width * side), round(pixels.height * side)), Image.Resampling.BOX)
    if lossy or pixels.width * pixels.height > PNG_PIXELS:
        return Encoded(encode_jpeg(pixels, QUALITY), "image/jpeg", pixels.width, pixels.height)
    buffer = io.BytesIO()
    pixels.save(buffer, "PNG", compress_level=4)
    return Encoded(buffer.getvalue(), "image/png", pixels.width, pixels.height)


def _is_padding(source: ImageSource) -> bool:
    """Whether a picture of one colour is what MuPDF puts in for broken data; decoded anew, for the warning's sake."""
    pymupdf.TOOLS.store_shrink(100)
    pymupdf.TOOLS.reset_mupdf_warnings()
    pymupdf.Pixmap(source.document, source.xref)
    return PADDED in pymupdf.TOOLS.mupdf_warnings()


def _pixels(pixmap: pymupdf.Pixmap) -> Image.Image:
    """A pixmap of any colour space as a Pillow picture, transparency laid on white."""
    if pixmap.colorspace is None:  # a stencil: black where it paints
        return Image.eval(_samples(pixmap, "L"), lambda value: 255 - value)
    alpha = bool(pixmap.alpha)
    grey = pixmap.colorspace.n == 1 and "Gray" in pixmap.colorspace.name
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY if grey else pymupdf.csRGB, pixmap)
    if not alpha:
        return _samples(pixmap, "L" if grey else "RGB")
    picture = _samples(pixmap, "LA" if grey else "RGBA")
    paper = Image.new("L" if grey else "RGB", picture.size, "white")
    paper.paste(picture.convert(paper.mode), mask=picture.getchannel("A"))
    return paper


def _mask(pixmap: pymupdf.Pixmap) -> Image.Image:
    """Opacity, 255 where the picture shows."""
    if pixmap.colorspace is None:
        return _samples(pixmap, "L")
    return _samples(pymupdf.Pixmap(pymupdf.csGRAY, pixmap), "LA" if pixmap.alpha else "L").convert("L")


def _samples(pixmap: pymupdf.Pixmap, mode: str) -> Image.Image:
    return Image.frombytes(mode, (pixmap.width, pixmap.height), pixmap.samples)

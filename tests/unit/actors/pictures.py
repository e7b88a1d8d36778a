"""Pictures that tests of the image actors make for themselves."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LABEL = "Carrara White"
SIZE = "600 x 1200 mm"


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def plain(colour: str = "white", size: tuple[int, int] = (400, 300)) -> Image.Image:
    return Image.new("RGB", size, colour)


def noise(size: tuple[int, int] = (400, 300), seed: int = 1) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(values)


def textured(size: tuple[int, int], seed: int = 3) -> Image.Image:
    """Something like stone: noise at several scales, brownish."""
    random = np.random.default_rng(seed)
    total = np.zeros((size[1], size[0]))
    for cells in (4, 16, 64):
        coarse = Image.fromarray((random.random((cells, cells)) * 255).astype(np.uint8))
        total += np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), dtype=float) / cells**0.3
    total = 120 + 90 * (total - total.min()) / (total.max() - total.min())
    return Image.fromarray(np.stack([total, total * 0.9, total * 0.75], axis=2).astype(np.uint8))


def lettered(*lines: str, on: Image.Image | None = None, ink: str = "black", size: int = 36) -> Image.Image:
    image = (on or plain(size=(700, 60 + 90 * len(lines)))).copy()
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((40, 40 + 90 * row), line, fill=ink, font=ImageFont.load_default(size))
    return image

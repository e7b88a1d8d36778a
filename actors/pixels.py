"""Bytes of an image to upright RGB pixels, and whether there is anything to see in them. Knows no model, no storage."""

import io
import math

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from actors.errors import ImageUnreadable

Pixels = npt.NDArray[np.uint8]
"""Shape (height, width, 3), RGB, 0-255."""

MAX_PIXELS = 200_000_000
"""Twice the largest image that extraction stores; more is a broken header or a bomb."""

BLANK_RANGE = 2
"""Largest spread of a channel, of 255, in which nothing can be read. A plain colour stays within it as a JPEG too;
EasyOCR, which raises contrast, has read letters that stand out by 3."""

WINDOWS_A_SIDE = 80
"""16 pixels of the canvas that a detector sees."""


def decode(data: bytes, *, enough_px: int | None = None) -> Pixels:
    """Upright RGB pixels of an encoded image; transparent parts are shown on white, 16-bit samples are scaled to 8.

    Args:
        data: the encoded image.
        enough_px: a shorter side of so many pixels is enough; a larger JPEG is then decoded at a half, a quarter or an
            eighth of its size, which costs as much less. None decodes every pixel.

    Raises:
        ImageUnreadable: the bytes are no image that Pillow knows, are cut short, or claim more than `MAX_PIXELS`.
    """
    try:
        return np.ascontiguousarray(_upright_rgb(data, enough_px))
    except UnidentifiedImageError as error:
        raise ImageUnreadable("The bytes are no image of a known format.") from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError) as error:
        # What Pillow's decoders raise on broken bytes.
        raise ImageUnreadable(f"The image cannot be decoded: {error or type(error).__name__}.") from error


def _upright_rgb(data: bytes, enough_px: int | None) -> npt.NDArray[np.uint8]:
    Image.MAX_IMAGE_PIXELS = None  # its limit is a warning first; ours, below, is one clear error
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise ImageUnreadable(
                f"The image claims {width} x {height} pixels, more than the {MAX_PIXELS} that are read."
            )
        if enough_px is not None:
            share = enough_px / max(1, min(width, height))
            image.draft(None, (math.ceil(share * width), math.ceil(share * height)))
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith(("I", "F")):
            return np.repeat(_to_8_bit(np.asarray(upright, dtype=np.float64))[:, :, None], 3, axis=2)
        if upright.has_transparency_data:
            rgba = upright.convert("RGBA")
            upright = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
        return np.asarray(upright.convert("RGB"))


def _to_8_bit(samples: npt.NDArray[np.float64]) -> Pixels:
    largest = float(samples.max(initial=0))
    scale = 255.0 / 65535.0 if largest > 255.0 else 1.0
    scaled: Pixels = np.clip(samples * scale, 0, 255).astype(np.uint8)
    return scaled


def is_blank(pixels: Pixels) -> bool:
    """Whether nothing in the image stands out from what is beside it: one colour, or a soft shade.

    Letters differ from their ground within a stroke's reach, so the spread is looked for in windows, `WINDOWS_A_SIDE`
    to the longer side, each of which overlaps the next by half. A shade may run through all colours, slowly.
    """
    half = max(8, max(pixels.shape[:2]) // (2 * WINDOWS_A_SIDE))
    # Most images show in a few bands that they are not; looking at all of them costs more than decoding does.
    bands = range(0, max(1, pixels.shape[0] - 2 * half), max(1, pixels.shape[0] // 6))
    return all(_is_even(pixels[top : top + 2 * half], half) for top in bands) and _is_even(pixels, half)


def _is_even(pixels: Pixels, half: int) -> bool:
    rows, columns = (math.ceil(length / half) * half for length in pixels.shape[:2])
    filled = np.pad(pixels, ((0, rows - pixels.shape[0]), (0, columns - pixels.shape[1]), (0, 0)), mode="edge")
    cells = filled.reshape(rows // half, half, columns // half, half, 3)
    low = _by_fours(cells.min(axis=1).min(axis=2), np.minimum)
    high = _by_fours(cells.max(axis=1).max(axis=2), np.maximum)
    return int((high.astype(np.int16) - low).max()) <= BLANK_RANGE


def _by_fours(cells: Pixels, merge: np.ufunc) -> Pixels:
    """Each cell together with those to its right, below, and both."""
    below = np.concatenate([cells[1:], cells[-1:]])
    tall = merge(cells, below)
    right = np.concatenate([tall[:, 1:], tall[:, -1:]], axis=1)
    merged: Pixels = merge(tall, right)
    return merged

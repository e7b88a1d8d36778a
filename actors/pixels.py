"""Bytes of an image to upright RGB pixels, and whether there is anything to see in them. Knows no model, no storage."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from actors.errors import ImageUnreadable

Pixels = npt.NDArray[np.uint8]
"""Shape (height, width, 3), RGB, 0-255."""

MAX_PIXELS = 200_000_000
"""Twice the largest image that extraction stores; more is a broken header or a bomb."""

FLAT_RANGE = 8
"""Largest spread of a channel, of 255, in which nothing can be read: JPEG noise on a plain colour stays under it, and
the detector finds no letters that stand out this little."""


def decode(data: bytes) -> Pixels:
    """Upright RGB pixels of an encoded image; transparent parts are shown on white, 16-bit samples are scaled to 8.

    Raises:
        ImageUnreadable: the bytes are no image that Pillow knows, are cut short, or claim more than `MAX_PIXELS`.
    """
    try:
        return np.ascontiguousarray(_upright_rgb(data))
    except UnidentifiedImageError as error:
        raise ImageUnreadable("The bytes are no image of a known format.") from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError) as error:
        # What Pillow's decoders raise on broken bytes.
        raise ImageUnreadable(f"The image cannot be decoded: {error or type(error).__name__}.") from error


def _upright_rgb(data: bytes) -> npt.NDArray[np.uint8]:
    Image.MAX_IMAGE_PIXELS = None  # its limit is a warning first; ours, below, is one clear error
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise ImageUnreadable(
                f"The image claims {width} x {height} pixels, more than the {MAX_PIXELS} that are read."
            )
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


def is_flat(pixels: Pixels) -> bool:
    """Whether the image is one colour, give or take `FLAT_RANGE`: no model needs to look at it."""
    # Most images show on a few points that they are not; looking at all of them costs more than decoding does.
    return _spread(pixels[::16, ::16]) <= FLAT_RANGE and _spread(pixels) <= FLAT_RANGE


def _spread(pixels: Pixels) -> int:
    low, high = pixels.min(axis=(0, 1)), pixels.max(axis=(0, 1))
    return int((high.astype(np.int16) - low.astype(np.int16)).max())

"""Turns stored pixels the way the page shows them. Knows matrices and quarter turns, nothing of PDFs."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

Transpose = Image.Transpose


@dataclass(frozen=True)
class Orientation:
    """How stored pixels come to stand on the page: first swapped along the diagonal, then mirrored."""

    swapped: bool = False
    mirrored_x: bool = False  # left and right
    mirrored_y: bool = False  # top and bottom

    @property
    def is_upright(self) -> bool:
        """Nothing to do."""
        return not (self.swapped or self.mirrored_x or self.mirrored_y)

    @property
    def degrees(self) -> int:
        """The clockwise turn in it; of a mirrored image, what remains beside the mirroring of left and right."""
        if self.swapped:
            return 90 if self.mirrored_x else 270
        return 180 if self.mirrored_y else 0

    def apply(self, pixels: Image.Image) -> Image.Image:
        """The pixels as the page shows them."""
        if self.swapped:
            pixels = pixels.transpose(Transpose.TRANSPOSE)
        if self.mirrored_x:
            pixels = pixels.transpose(Transpose.FLIP_LEFT_RIGHT)
        if self.mirrored_y:
            pixels = pixels.transpose(Transpose.FLIP_TOP_BOTTOM)
        return pixels


def orientation(matrix: Sequence[float]) -> Orientation:
    """The nearest of the eight orientations to a matrix (a, b, c, d, e, f).

    The matrix maps the unit square of the stored image, origin at its top left, to the page with y pointing down: x
    grows by a and y by b along a row of pixels, by c and d down a column. Upright is a > 0, d > 0, b = c = 0.
    """
    a, b, c, d = matrix[:4]
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0)
    return Orientation(True, c < 0, b < 0)

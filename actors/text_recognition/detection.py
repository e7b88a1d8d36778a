"""Where letters stand: pixels to a canvas, score maps to lines. Knows no network, no words' meaning and no records.

CRAFT gives two maps at half the size of its canvas: how much a point belongs to a letter, and to the gap between two
letters of a word. Connected areas of the two are words (Baek et al., Character Region Awareness for Text Detection,
2019); words that stand close and level are joined to lines. All thresholds are EasyOCR's defaults, so that the same
lines come out; unlike EasyOCR's, the work grows with the words' area and not with their number times the image.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from actors.pixels import Pixels
from actors.text_recognition.lines import step_up

TEXT_THRESHOLD = 0.7  # an area must reach this somewhere to be text
LOW_TEXT = 0.4  # and reaches as far as this
LINK_THRESHOLD = 0.4
MIN_AREA = 10  # points of the map
MIN_SIDE_PX = 20  # the longer side of a line, in pixels of the image
NETWORK_STEP = 32  # the network halves its input five times
LEVEL_SLOPE = 0.1  # height over width; more is a tilted word
SAME_ROW = 0.5  # of the row's mean height, between the centres of words
SAME_HEIGHT = 0.5  # of the line's mean height, between the heights of words
WORD_GAP = 0.5  # of a word's height, before it
MARGIN = 0.1  # of the shorter side, added all around
TILTED_MARGIN = 1.44 * MARGIN

Floats = npt.NDArray[np.float32]
Quad = npt.NDArray[np.float32]
"""Four corners (4, 2), x and y, clockwise from the top left."""


class ScoreMaps(Protocol):
    """A detector network on some device."""

    def __call__(self, canvases: npt.NDArray[np.uint8], /) -> Floats:
        """Maps (n, h / 2, w / 2, 2) of canvases (n, h, w, 3), RGB 0-255, h and w multiples of `NETWORK_STEP`."""
        ...


class LevelBox(NamedTuple):
    """A level word or line, in pixels of the image; it may reach over the image's border."""

    x0: int
    x1: int
    y0: int
    y1: int

    @property
    def height(self) -> int:
        """In pixels."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """Height of its centre above nothing: y, in pixels."""
        return 0.5 * (self.y0 + self.y1)


class Lines(NamedTuple):
    """What detection finds in one image."""

    level: list[LevelBox]
    tilted: list[Quad]


def fit_canvas(
    pixels: Pixels, longest_px: int, magnification: float = 1.0, step: int = NETWORK_STEP
) -> tuple[Pixels, float]:
    """The image as the network sees it: magnified, but its longest side at most `longest_px`, on a black canvas.

    The canvas' sides are multiples of `step`, itself one of `NETWORK_STEP`.

    Returns:
        The canvas, and the scale: canvas pixels an image pixel, at most `magnification`.
    """
    height, width = pixels.shape[:2]
    scale = min(magnification, longest_px / max(height, width))
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    canvas = np.zeros((step_up(size[1], step), step_up(size[0], step), 3), dtype=np.uint8)
    canvas[: size[1], : size[0]] = pixels if scale == 1.0 else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return canvas, scale


def lines_in(maps: Floats, scale: float) -> Lines:
    """Lines of one image, in its pixels.

    Args:
        maps: (h, w, 2), the network's answer to the canvas.
        scale: canvas pixels an image pixel.
    """
    words = [(word * (2.0 / scale)).astype(np.int32) for word in words_in(maps)]
    level = [_bounds(word) for word in words if is_level(word)]
    tilted = [_with_tilted_margin(word) for word in words if not is_level(word)]
    lines = [_with_margin(line) for row in _rows(level) for line in _joined(row)]
    return Lines(
        [line for line in lines if max(line.x1 - line.x0, line.height) > MIN_SIDE_PX],
        [quad for quad in tilted if float((quad.max(axis=0) - quad.min(axis=0)).max()) > MIN_SIDE_PX],
    )


# ---- maps to words ---------------------------------------------------------------------------------------------------


def words_in(maps: Floats) -> list[Quad]:
    """Words of one image from its maps (h, w, 2), as corners in points of the map."""
    letters, links = np.ascontiguousarray(maps[:, :, 0]), np.ascontiguousarray(maps[:, :, 1])
    is_letter, is_link = letters > LOW_TEXT, links > LINK_THRESHOLD
    count, labels, stats, _ = cv2.connectedComponentsWithStats((is_letter | is_link).astype(np.uint8), connectivity=4)
    words = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        window = np.s_[y : y + height, x : x + width]
        inside = labels[window] == label
        if area >= MIN_AREA and letters[window][inside].max() >= TEXT_THRESHOLD:
            words.append(_around(inside & is_letter[window], x, y, area, letters.shape))
    return words


def _around(kept: npt.NDArray[np.bool_], x: int, y: int, area: int, shape: tuple[int, ...]) -> Quad:
    """The box around the letters of one word, grown by what the network's maps leave out at their borders."""
    height, width = kept.shape
    growth = int(math.sqrt(area * min(width, height) / (width * height)) * 2)
    left, top = min(growth, x), min(growth, y)
    right, bottom = min(growth + 1, shape[1] - x - width), min(growth + 1, shape[0] - y - height)
    grown = np.pad(kept.astype(np.uint8), ((top, bottom), (left, right)))
    rows, columns = np.nonzero(cv2.dilate(grown, np.ones((1 + growth, 1 + growth), dtype=np.uint8)))
    points = np.stack([columns + (x - left), rows + (y - top)], axis=1).astype(np.int32)
    corners = cv2.boxPoints(cv2.minAreaRect(points))
    sides = np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2])
    if abs(1 - max(sides) / (min(sides) + 1e-5)) <= 0.1:  # nearly square: its angle means nothing
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)
    first = int(corners.sum(axis=1).argmin())
    return np.roll(corners, 4 - first, axis=0).astype(np.float32)


# ---- words to lines --------------------------------------------------------------------------------------------------


def is_level(word: npt.NDArray[np.int32]) -> bool:
    """Whether a word's upper and lower edges lie flat enough to be read as they are."""
    top_left, top_right, low_right, low_left = word.astype(np.float64)
    upper = (top_right[1] - top_left[1]) / max(10.0, top_right[0] - top_left[0])
    lower = (low_right[1] - low_left[1]) / max(10.0, low_right[0] - low_left[0])
    return bool(max(abs(upper), abs(lower)) < LEVEL_SLOPE)


def _bounds(word: npt.NDArray[np.int32]) -> LevelBox:
    (x0, y0), (x1, y1) = word.min(axis=0), word.max(axis=0)
    return LevelBox(int(x0), int(x1), int(y0), int(y1))


def _rows(words: Iterable[LevelBox]) -> list[list[LevelBox]]:
    """Words whose centres lie at one height, from the top; each row from the left."""
    rows: list[list[LevelBox]] = []
    for word in sorted(words, key=lambda word: word.middle):
        if rows and abs(_mean([w.middle for w in rows[-1]]) - word.middle) < SAME_ROW * _mean_height(rows[-1]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


def _joined(row: Sequence[LevelBox]) -> list[LevelBox]:
    """Neighbours of one row that are of a size and stand close, as one box each."""
    groups: list[list[LevelBox]] = []
    for word in row:
        if groups and _continues(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        LevelBox(min(w.x0 for w in g), max(w.x1 for w in g), min(w.y0 for w in g), max(w.y1 for w in g)) for g in groups
    ]


def _continues(line: Sequence[LevelBox], word: LevelBox) -> bool:
    height = _mean_height(line)
    return abs(height - word.height) < SAME_HEIGHT * height and word.x0 - line[-1].x1 < WORD_GAP * word.height


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _mean_height(words: Sequence[LevelBox]) -> float:
    return _mean([word.height for word in words])


def _with_margin(line: LevelBox) -> LevelBox:
    margin = int(MARGIN * min(line.x1 - line.x0, line.height))
    return LevelBox(line.x0 - margin, line.x1 + margin, line.y0 - margin, line.y1 + margin)


def _with_tilted_margin(word: npt.NDArray[np.int32]) -> Quad:
    """Corners pushed outwards along the diagonals."""
    corners = word.astype(np.float64)
    sides = np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[1] - corners[0])
    margin = int(TILTED_MARGIN * min(sides))
    falling, rising = _steepness(corners[0], corners[2]), _steepness(corners[1], corners[3])
    outwards = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float64)
    angles = np.array([falling, rising, falling, rising])
    pushed = corners + margin * outwards * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.asarray(pushed, dtype=np.float32)


def _steepness(corner: npt.NDArray[np.float64], opposite: npt.NDArray[np.float64]) -> float:
    """Angle of a diagonal against the level, in radians."""
    return abs(math.atan((corner[1] - opposite[1]) / max(10.0, corner[0] - opposite[0])))

"""Where letters stand: pixels to boxes, with CRAFT. Knows neither words nor records.

The network gives two maps at half the size of its input: how much a point belongs to a letter, and to the gap between
two letters of a word. Connected areas of the two are words (Baek et al., Character Region Awareness for Text Detection,
2019); EasyOCR's own function then joins words of one line. Thresholds are EasyOCR's defaults: the same words are found.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
import torch
from easyocr.utils import group_text_box
from torch import nn

from actors.devices import cpu_has_bf16
from actors.pixels import Pixels

TEXT_THRESHOLD = 0.7  # an area must reach this somewhere to be text
LOW_TEXT = 0.4  # and reaches as far as this
LINK_THRESHOLD = 0.4
MIN_AREA = 10  # points of the map
MIN_SIDE_PX = 20  # the longer side of a line, in pixels of the image
NETWORK_STEP = 32  # the network halves its input five times

Floats = npt.NDArray[np.float32]
Quad = npt.NDArray[np.float32]
"""Four corners (4, 2), clockwise from the top left."""


class ScoreMaps(Protocol):
    """A detector network on some device."""

    def __call__(self, canvases: npt.NDArray[np.uint8]) -> Floats:
        """Maps (n, h / 2, w / 2, 2) of canvases (n, h, w, 3), RGB 0-255, h and w multiples of `NETWORK_STEP`."""
        ...


class TorchDetector:
    """CRAFT in torch: float16 on a GPU, bfloat16 on a CPU that has it, else float32."""

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        """Move the network to its device, with ImageNet's normalisation in front of it."""
        self._device = device
        self._dtype = _number_format(device)
        self._network = network.to(device=device, dtype=self._dtype)
        for parameter in self._network.parameters():
            parameter.requires_grad_(False)
        self._network.to(memory_format=torch.channels_last)
        scale = torch.tensor([0.229, 0.224, 0.225], device=device).view(1, 3, 1, 1) * 255.0
        shift = torch.tensor([0.485, 0.456, 0.406], device=device).view(1, 3, 1, 1) * 255.0
        self._scale, self._shift = scale, shift

    def __call__(self, canvases: npt.NDArray[np.uint8]) -> Floats:
        """See `ScoreMaps`."""
        with torch.inference_mode():
            pixels = torch.from_numpy(canvases).to(self._device).permute(0, 3, 1, 2)
            normal = ((pixels.float() - self._shift) / self._scale).to(self._dtype)
            maps, _ = self._network(normal.contiguous(memory_format=torch.channels_last))
            result: Floats = maps.float().cpu().numpy()
            return result


def _number_format(device: torch.device) -> torch.dtype:
    if device.type == "cuda":
        return torch.float16
    return torch.bfloat16 if cpu_has_bf16() else torch.float32


def fit_canvas(pixels: Pixels, longest_px: int) -> tuple[Pixels, float]:
    """The image as the network sees it: shrunk so that its longest side is at most `longest_px`, on a black canvas.

    Returns:
        The canvas, and the scale: canvas pixels an image pixel, at most 1.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, longest_px / max(height, width))
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    canvas = np.zeros((_step_up(size[1]), _step_up(size[0]), 3), dtype=np.uint8)
    canvas[: size[1], : size[0]] = pixels if scale == 1.0 else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return canvas, scale


def _step_up(length: int) -> int:
    return math.ceil(length / NETWORK_STEP) * NETWORK_STEP


def words_in(maps: Floats) -> list[Quad]:
    """Words of one image from its maps (h, w, 2), as corners in points of the map."""
    letters, links = np.ascontiguousarray(maps[:, :, 0]), np.ascontiguousarray(maps[:, :, 1])
    is_letter, is_link = letters > LOW_TEXT, links > LINK_THRESHOLD
    areas = (is_letter | is_link).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(areas, connectivity=4)
    only_link = is_link & ~is_letter
    words = []
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < MIN_AREA:
            continue
        x, y, width, height = (int(value) for value in stats[label, :4])
        inside = labels[y : y + height, x : x + width] == label
        if letters[y : y + height, x : x + width][inside].max() < TEXT_THRESHOLD:
            continue
        kept = inside & ~only_link[y : y + height, x : x + width]
        quad = _around(kept, x, y, int(stats[label, cv2.CC_STAT_AREA]), letters.shape)
        words.append(quad)
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


def lines_of(words: Sequence[Quad], scale: float) -> tuple[list[list[int]], list[list[list[float]]]]:
    """Words joined to lines, in pixels of the image.

    Args:
        words: corners in points of the map.
        scale: canvas pixels an image pixel.

    Returns:
        Level lines as [x0, x1, y0, y1], and tilted ones as four corners; both as EasyOCR's recogniser takes them.
    """
    quads = [(word * (2.0 / scale)).astype(np.int32).reshape(-1) for word in words]
    level, tilted = group_text_box(quads, 0.1, 0.5, 0.5, 0.5, 0.1, True)
    return (
        [[int(value) for value in box] for box in level if max(box[1] - box[0], box[3] - box[2]) > MIN_SIDE_PX],
        [[[float(x), float(y)] for x, y in quad] for quad in tilted if _extent(quad) > MIN_SIDE_PX],
    )


def _extent(quad: Sequence[Sequence[float]]) -> float:
    corners = np.asarray(quad)
    return float((corners.max(axis=0) - corners.min(axis=0)).max())

"""What a line of letters says: crops of one line to text and confidence. Knows neither detection nor records.

Crops are read in batches of equal width, gathered from all images at hand. EasyOCR reads a crop on a strip whose width
is the next multiple of 64; a wider one changes what it says, so only crops of the same width share a batch.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
import torch
from bidi import get_display
from easyocr.recognition import adjust_contrast_grey
from easyocr.utils import get_image_list
from torch import nn

from actors.ocr_models import OcrNetworks

STRIP_HEIGHT = 64  # pixels, fixed by the network
LOW_CONFIDENCE = 0.1  # below it the crop is read again with its contrast raised
CONTRAST = 0.5  # what it is raised to
BATCH_PIXELS = 64 * 64 * 64  # of strips at a time; keeps the working set in the processor's caches

Grey = npt.NDArray[np.uint8]
"""(height, width)."""
Strips = npt.NDArray[np.uint8]
"""(n, STRIP_HEIGHT, width), grey."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Crop:
    """One line, cut out and levelled."""

    box: Box
    """x0, y0, x1, y1 in pixels of the image."""
    grey: Grey
    """As cut out: STRIP_HEIGHT pixels high if it lies, as wide if it stands."""
    width: int
    """Of the strip that it is read on, a multiple of STRIP_HEIGHT."""


@dataclass(frozen=True)
class Reading:
    """What a crop says."""

    text: str
    confidence: float


class StripNetwork(Protocol):
    """A recogniser network on some device."""

    def __call__(self, strips: Strips) -> npt.NDArray[np.float32]:
        """Logits (n, steps, classes) of strips (n, STRIP_HEIGHT, width)."""
        ...


class TorchRecogniser:
    """The CRNN in torch: float16 on a GPU, float32 on a CPU, where lower formats raise or lose."""

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        """Move the network to its device."""
        self._device = device
        self._dtype = torch.float16 if device.type == "cuda" else torch.float32
        self._network = network.to(device=device, dtype=self._dtype)

    def __call__(self, strips: Strips) -> npt.NDArray[np.float32]:
        """See `StripNetwork`."""
        with torch.inference_mode():
            grey = torch.from_numpy(strips).to(self._device).unsqueeze(1)
            unused_text = torch.zeros(len(strips), 1, dtype=torch.long, device=self._device)
            logits = self._network((grey.float() / 127.5 - 1.0).to(self._dtype), unused_text)
            result: npt.NDArray[np.float32] = logits.float().cpu().numpy()
            return result


def cut_out(grey: Grey, level: Sequence[list[int]], tilted: Sequence[list[list[float]]]) -> list[Crop]:
    """Crops of the lines that lie at least partly in the image.

    Args:
        grey: (height, width).
        level: lines as [x0, x1, y0, y1].
        tilted: lines as four corners, clockwise.
    """
    height, width = grey.shape
    inside = [[max(0, x0), min(x1, width), max(0, y0), min(y1, height)] for x0, x1, y0, y1 in level]
    crops = [_crop(grey, [box], []) for box in inside if box[0] < box[1] and box[2] < box[3]]
    crops += [_crop(grey, [], [corners]) for corners in tilted]
    return [crop for crop in crops if crop is not None]


def _crop(grey: Grey, level: list[list[int]], tilted: list[list[list[float]]]) -> Crop | None:
    """The one line in either list; None where EasyOCR finds it too thin to read."""
    found, width = get_image_list(level, tilted, grey, model_height=STRIP_HEIGHT)
    for corners, image in found:
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        box = (max(0.0, min(xs)), max(0.0, min(ys)), min(grey.shape[1], max(xs)), min(grey.shape[0], max(ys)))
        return Crop(box=box, grey=image, width=int(width))
    return None


class LineReader:
    """Reads crops with a recogniser network and decodes what it says."""

    def __init__(self, network: StripNetwork, networks: OcrNetworks) -> None:
        """`networks` gives the alphabet."""
        self._network = network
        self._letters = np.array(["", *networks.characters])
        self._ignored = list(networks.ignored_classes)
        self._right_to_left = networks.right_to_left

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """One reading a crop, in order; its text may be empty."""
        readings = self._read(crops, [crop.grey for crop in crops])
        faint = [index for index, reading in enumerate(readings) if reading.confidence < LOW_CONFIDENCE]
        raised = [adjust_contrast_grey(crops[index].grey, target=CONTRAST) for index in faint]
        for index, second in zip(faint, self._read([crops[index] for index in faint], raised), strict=True):
            if second.confidence >= readings[index].confidence:
                readings[index] = second
        return readings

    def _read(self, crops: Sequence[Crop], greys: Sequence[Grey]) -> list[Reading]:
        by_width: dict[int, list[int]] = defaultdict(list)
        for index, crop in enumerate(crops):
            by_width[crop.width].append(index)
        readings: dict[int, Reading] = {}
        for width, indexes in sorted(by_width.items()):
            size = max(1, BATCH_PIXELS // (width * STRIP_HEIGHT))
            for start in range(0, len(indexes), size):
                batch = indexes[start : start + size]
                strips = np.stack([_strip(greys[index], width) for index in batch])
                readings.update(zip(batch, self._decode(self._network(strips)), strict=True))
        return [readings[index] for index in range(len(crops))]

    def _decode(self, logits: npt.NDArray[np.float32]) -> list[Reading]:
        """Greedy CTC: the best class of every step, repetitions once, blanks dropped."""
        odds = np.exp(logits - logits.max(axis=2, keepdims=True))
        odds[:, :, self._ignored] = 0.0
        best = odds.argmax(axis=2)
        share = odds.max(axis=2) / odds.sum(axis=2)
        return [self._reading(classes, shares) for classes, shares in zip(best, share, strict=True)]

    def _reading(self, classes: npt.NDArray[np.int64], shares: npt.NDArray[np.float32]) -> Reading:
        said = classes != 0
        if not said.any():
            return Reading("", 0.0)
        starts = np.concatenate([[True], classes[1:] != classes[:-1]])
        text = "".join(self._letters[classes[starts & said]])
        # EasyOCR's measure: the product of the steps' probabilities, milder for long lines.
        confidence = float(shares[said].astype(np.float64).prod() ** (2.0 / math.sqrt(int(said.sum()))))
        return Reading(str(get_display(text)) if self._right_to_left else text, min(1.0, max(0.0, confidence)))


def _strip(grey: Grey, width: int) -> Grey:
    """The crop at the strip's height, its last column repeated up to the strip's width."""
    height, own = grey.shape
    target = min(width, math.ceil(STRIP_HEIGHT * own / height))
    fits = (height, own) == (STRIP_HEIGHT, target)
    scaled = grey if fits else cv2.resize(grey, (target, STRIP_HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.pad(scaled, ((0, 0), (0, width - target)), mode="edge").astype(np.uint8)

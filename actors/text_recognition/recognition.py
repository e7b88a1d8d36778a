"""What a line of letters says to EasyOCR: crops of one line to text and confidence. Knows no network and no records.

Crops are read in batches of equal width, gathered from all images at hand. EasyOCR reads a crop on a strip whose width
is the next multiple of 64; a wider one changes what it says, so only crops of the same width share a batch.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from actors.inference.device_batch import DeviceBatch
from actors.text_recognition.detection import LevelBox, Lines, Quad
from actors.text_recognition.lines import Box, Crop, Grey, Reading, batches_by_width
from actors.text_recognition.times_signs import joined_over_signs

STRIP_HEIGHT = 64  # pixels, fixed by the network
LOW_CONFIDENCE = 0.1  # below it the crop is read again with its contrast raised
CONTRAST = 0.5  # what it is raised to, (light - dark) / (light + dark)
BATCH_COLUMNS = 64 * 64  # of strips at a time; keeps the working set in the processor's caches
GPU_BATCH_COLUMNS = 16 * BATCH_COLUMNS  # a GPU starves on so few

Strips = npt.NDArray[np.uint8]
"""(n, STRIP_HEIGHT, width), grey."""


@dataclass(frozen=True)
class Alphabet:
    """What the recogniser's classes mean."""

    letters: tuple[str, ...]
    """Class i is `letters[i - 1]`; class 0 is CTC's blank."""
    ignored: tuple[int, ...]
    """Classes of letters that the chosen languages do not use."""
    right_to_left: bool


class StripNetwork(Protocol):
    """A recogniser network on some device."""

    def __call__(self, strips: Strips, /) -> npt.NDArray[np.float32]:
        """Logits (n, steps, classes) of strips (n, STRIP_HEIGHT, width)."""
        ...


# ---- lines to crops --------------------------------------------------------------------------------------------------


def cut_out(grey: Grey, lines: Lines) -> list[Crop]:
    """Crops of the lines that lie at least partly in the image, level ones first."""
    crops = [_level_crop(grey, line) for line in joined_over_signs(grey, lines.level)] + [
        _tilted_crop(grey, quad) for quad in lines.tilted
    ]
    return [crop for crop in crops if crop is not None]


def _level_crop(grey: Grey, line: LevelBox) -> Crop | None:
    height, width = grey.shape
    x0, x1, y0, y1 = max(0, line.x0), min(line.x1, width), max(0, line.y0), min(line.y1, height)
    if x0 >= x1 or y0 >= y1:
        return None
    return _crop((float(x0), float(y0), float(x1), float(y1)), grey[y0:y1, x0:x1])


def _tilted_crop(grey: Grey, quad: Quad) -> Crop | None:
    top_left, top_right, low_right, low_left = quad
    width = int(max(np.linalg.norm(low_right - low_left), np.linalg.norm(top_right - top_left)))
    height = int(max(np.linalg.norm(top_right - low_right), np.linalg.norm(top_left - low_left)))
    if width < 2 or height < 2:
        return None
    target = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], dtype=np.float32)
    turned = cv2.warpPerspective(grey, cv2.getPerspectiveTransform(quad, target), (width, height))
    (x0, y0), (x1, y1) = np.maximum(quad.min(axis=0), 0.0), np.minimum(quad.max(axis=0), grey.shape[::-1])
    return _crop((float(x0), float(y0), float(x1), float(y1)), np.asarray(turned, dtype=np.uint8))


def _crop(box: Box, cut: Grey) -> Crop | None:
    height, width = cut.shape
    ratio = max(width / height, height / width)
    long = int(STRIP_HEIGHT * ratio)
    size = (long, STRIP_HEIGHT) if width >= height else (STRIP_HEIGHT, long)
    scaled = cv2.resize(cut, size, interpolation=cv2.INTER_LINEAR)
    return Crop(box, np.asarray(scaled, dtype=np.uint8), math.ceil(ratio) * STRIP_HEIGHT)


# ---- crops to text ---------------------------------------------------------------------------------------------------


class LineReader:
    """Reads crops with a recogniser network and decodes what it says."""

    def __init__(self, network: StripNetwork, alphabet: Alphabet, batch_columns: int = BATCH_COLUMNS) -> None:
        """Keep the network and its alphabet; it computes strips of so many columns at a time."""
        self._network = network
        self._batch_columns = batch_columns
        self._batch = DeviceBatch(max(1, batch_columns // STRIP_HEIGHT))
        self._letters = np.array(["", *alphabet.letters])
        self._ignored = list(alphabet.ignored)
        self._shown = _shown_right_to_left if alphabet.right_to_left else str

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """One reading a crop, in order; its text may be empty."""
        readings = self._read([crop.pixels for crop in crops], [crop.width for crop in crops])
        faint = [index for index, reading in enumerate(readings) if reading.confidence < LOW_CONFIDENCE]
        raised = {index: raise_contrast(crops[index].pixels) for index in faint}
        # Where the contrast suffices nothing was raised: EasyOCR reads the same pixels again, and the same comes out.
        changed = [index for index, pixels in raised.items() if pixels is not crops[index].pixels]
        again = self._read([raised[index] for index in changed], [crops[index].width for index in changed])
        for index, second in zip(changed, again, strict=True):
            if second.confidence >= readings[index].confidence:
                readings[index] = second
        return readings

    def _read(self, greys: Sequence[Grey], widths: Sequence[int]) -> list[Reading]:
        readings: dict[int, Reading] = {}
        for batch in batches_by_width(widths, self._batch_columns):
            strips = [_strip(greys[index], widths[index]) for index in batch]
            for index, said in zip(batch, self._batch.run(strips, self._say), strict=True):
                if isinstance(said, Exception):
                    raise said
                readings[index] = said
        return [readings[index] for index in range(len(greys))]

    def _say(self, strips: Sequence[Grey]) -> list[Reading]:
        return self.decode(self._network(np.stack(strips)))

    def decode(self, logits: npt.NDArray[np.float32]) -> list[Reading]:
        """What logits say, by greedy CTC: the best class of every step, repetitions once, blanks dropped."""
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
        return Reading(self._shown(text), min(1.0, max(0.0, confidence)))


def _strip(grey: Grey, width: int) -> Grey:
    """The crop at the strip's height, its last column repeated up to the strip's width."""
    height, own = grey.shape
    target = min(width, math.ceil(STRIP_HEIGHT * own / height))
    fits = (height, own) == (STRIP_HEIGHT, target)
    scaled = grey if fits else cv2.resize(grey, (target, STRIP_HEIGHT), interpolation=cv2.INTER_AREA)
    return np.pad(scaled, ((0, 0), (0, width - target)), mode="edge").astype(np.uint8)


def raise_contrast(grey: Grey) -> Grey:
    """Dark and light pulled apart where they are close, as EasyOCR does before it reads a faint line again."""
    dark, light = (float(value) for value in np.percentile(grey, [10, 90]))
    if (light - dark) / max(10.0, light + dark) >= CONTRAST:
        return grey
    pulled = (grey.astype(np.int64) - dark + 25) * (200.0 / max(10.0, light - dark))
    return np.asarray(np.clip(pulled, 0, 255), dtype=np.uint8)


def _shown_right_to_left(text: str) -> str:
    from bidi import get_display

    shown: Callable[[str], str] = get_display
    return shown(text)

"""PP-OCR as the package rapidocr brings it: its weights and its reading of the detector's map, computed by OpenVINO.

Knows pixels and crops, no records. The package's classifier of upside-down lines is left out: on dense pages it turns
lines that stand right. Importing this module imports neither OpenVINO nor the package.
"""

import logging
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing
from actors.inference.openvino_cpu import CompiledModel, Precision, precisions
from actors.pixels import Pixels
from actors.text_recognition.checks import CHECK_WORDS, check_canvases
from actors.text_recognition.first_look import look_size, reduced
from actors.text_recognition.lines import Box, Crop, Prepared, Reading, batches_by_width, canvas_label, step_up
from actors.text_recognition.rapid_models import WEIGHTS, detector_model, recogniser_model

log = logging.getLogger(__name__)

CANVAS_STEP = 32  # the network halves its input five times
SHORT_SIDE_PX, MOST_ENLARGED = 544, 2.5
"""Images are enlarged until their shorter side has so many, at most so many times and as far as the canvas allows. The
package's 736 without an end takes a quarter longer and reads no more words (docs/log.md)."""
STRIP_HEIGHT = 48  # pixels, fixed by the network
NARROWEST_STRIP = 320  # what it was trained on
BATCH_COLUMNS = 8 * NARROWEST_STRIP
LEAST_CONFIDENCE = 0.5  # the package's; less is taken for no text

MOST_LOOKED = 0.3
"""Share of a canvas' pixels up to which a first look pays: where the image was enlarged 1.4 times and more."""
ALMOST_NOTHING = 0.02
"""Probability of text that the look stays under everywhere where there is none. All else is judged whole: print that
only enlarging shows reaches 0.1 somewhere, and parts around what the look sees would lose the rest of it."""
SHARP, FEW_SHARP = 80, 0.005
"""What a point's neighbours differ by at the border of a letter, and the share of points where that can be chance.
Letters of four pixels are nothing to the look, and sharp; stone, wood and glaze are not."""

Quad = npt.NDArray[np.float32]
"""Four corners (4, 2), x and y, clockwise from the top left."""


class RapidOcrEngine:
    """See `lines.OcrEngine`."""

    device = "cpu"
    most_canvases = 1

    def __init__(
        self, canvas_px: int, magnification: float, threads: int, precision: Precision, first_look: bool
    ) -> None:
        """Load both networks; raises ModelMissing."""
        weights = f"{WEIGHTS}/look" if first_look else WEIGHTS
        self.name = f"rapidocr-{version('rapidocr')}/{weights}/{canvas_label(canvas_px, magnification)}"
        self.backend = f"openvino-{precision}"
        self._canvas_px = canvas_px
        self._magnification = magnification
        self._detector = CompiledModel(detector_model(), precision=precision, threads=threads)
        self._looks_first = first_look
        recogniser, self._letters = recogniser_model()
        self._recogniser = CompiledModel(recogniser, precision=precision, threads=threads)
        self._boxes = _box_reader()

    def prepare(self, pixels: Pixels) -> Prepared:
        """See `lines.OcrEngine`; the image's last row and column are repeated up to the canvas' borders."""
        height, width = pixels.shape[:2]
        wished = max(self._magnification, min(MOST_ENLARGED, SHORT_SIDE_PX / min(height, width)))
        scale = min(wished, self._canvas_px / max(height, width))
        across, down = max(1, round(width * scale)), max(1, round(height * scale))
        fitted = cv2.resize(pixels, (across, down), interpolation=cv2.INTER_LINEAR)
        right, below = step_up(across, CANVAS_STEP) - across, step_up(down, CANVAS_STEP) - down
        canvas = cv2.copyMakeBorder(fitted, 0, below, 0, right, cv2.BORDER_REPLICATE)
        return Prepared(np.asarray(canvas, dtype=np.uint8), scale, pixels)

    def find(self, prepared: Sequence[Prepared]) -> list[list[Crop]]:
        """See `lines.OcrEngine`."""
        return [self._crops(one) if self._could_hold_text(one) else [] for one in prepared]

    def _could_hold_text(self, prepared: Prepared) -> bool:
        """Look at the image as it was before it was enlarged, where that costs much less than judging it."""
        height, width = prepared.canvas.shape[:2]
        size = look_size(height, width, prepared.scale)
        if not self._looks_first or size[0] * size[1] > MOST_LOOKED * height * width or _is_sharp(prepared.source):
            return True
        return float(self._detector(reduced(prepared.canvas, size)[None]).max()) >= ALMOST_NOTHING

    def _crops(self, prepared: Prepared) -> list[Crop]:
        maps = self._detector(prepared.canvas[None])[0]
        height, width = prepared.source.shape[:2]
        own = maps[None, :, : max(1, round(height * prepared.scale)), : max(1, round(width * prepared.scale))]
        return [_crop(prepared.source, quad) for quad in self._boxes(own, (height, width))]

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """See `lines.OcrEngine`."""
        readings: dict[int, Reading] = {}
        for batch in batches_by_width([crop.width for crop in crops], BATCH_COLUMNS):
            strips = np.stack([_strip(crops[index]) for index in batch])
            odds, classes = self._recogniser.outputs(strips)
            for index, steps, best in zip(batch, odds[:, :, 0], classes[:, :, 0], strict=True):
                readings[index] = self._decode(steps, best)
        return [readings[index] for index in range(len(crops))]

    def _decode(self, odds: npt.NDArray[np.float32], classes: npt.NDArray[np.int32]) -> Reading:
        """Greedy CTC: repetitions once, blanks dropped; the confidence is the letters' mean, as the package's."""
        said = classes != 0
        said[1:] &= classes[1:] != classes[:-1]
        confidence = float(odds[said].mean()) if said.any() else 0.0
        if confidence < LEAST_CONFIDENCE:
            return Reading("", 0.0)
        return Reading("".join(self._letters[classes[said]]), min(1.0, confidence))


def open_rapidocr(canvas_px: int, magnification: float, threads: int, *, first_look: bool) -> RapidOcrEngine:
    """The engine in the fastest numbers that read what is written.

    Raises:
        ModelMissing: no package, no OpenVINO, or nothing that reads the check image.
    """
    reasons = []
    for form in precisions():
        if form == "int8":
            continue  # the weights are not quantised
        engine = RapidOcrEngine(canvas_px, magnification, threads, form, first_look)
        if not (missed := missed_words(engine)):
            return engine
        reasons.append(f"{form}: does not read {', '.join(missed)}")
        log.warning("PP-OCR in %s is not used: it does not read %s.", form, ", ".join(missed))
    raise ModelMissing(f"PP-OCR does not read the check image on this machine ({'; '.join(reasons)}).")


def missed_words(engine: RapidOcrEngine) -> list[str]:
    """Words of the check image that the engine does not read."""
    crops = [crop for canvas in check_canvases() for crop in engine.find([engine.prepare(canvas)])[0]]
    said = {word for reading in engine.read(crops) for word in reading.text.split()}
    return [word for word in CHECK_WORDS if word not in said]


def _is_sharp(pixels: Pixels) -> bool:
    """Whether there are borders as letters have them."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    steps = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), dtype=np.uint8))
    return float((steps > SHARP).mean()) > FEW_SHARP


# ---- detector's map to lines -----------------------------------------------------------------------------------------


@cache
def _box_reader() -> Any:
    """The package's function from a detector's map to lines: boxes (4, 2) in pixels of the image, in reading order."""
    from rapidocr.ch_ppocr_det.main import TextDetector
    from rapidocr.ch_ppocr_det.utils import DBPostProcess

    postprocess = DBPostProcess(thresh=0.3, box_thresh=0.5, unclip_ratio=1.6, use_dilation=True, score_mode="fast")

    def boxes(maps: npt.NDArray[np.float32], size: tuple[int, int]) -> Sequence[Quad]:
        found, _ = postprocess(maps, size)
        return list(TextDetector.sorted_boxes(found))

    return boxes


# ---- lines to strips -------------------------------------------------------------------------------------------------


def _crop(source: Pixels, quad: Quad) -> Crop:
    from rapidocr.utils.process_img import get_rotate_crop_image

    corners = np.asarray(quad, dtype=np.float32)
    cut = get_rotate_crop_image(source, corners)
    width = max(1, round(cut.shape[1] * STRIP_HEIGHT / cut.shape[0]))
    scaled = np.asarray(cv2.resize(cut, (width, STRIP_HEIGHT), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    return Crop(_bounds(corners), scaled, strip_width(width))


def strip_width(width: int) -> int:
    """Of the strip for a crop so wide: few different ones, none more than a quarter too wide."""
    return max(NARROWEST_STRIP, step_up(width, max(64, 1 << (width.bit_length() - 3))))


def _bounds(quad: Quad) -> Box:
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _strip(crop: Crop) -> npt.NDArray[np.uint8]:
    """The crop at the left of its strip; the rest is grey, which the network sees as nothing."""
    strip = np.full((STRIP_HEIGHT, crop.width, 3), 127, dtype=np.uint8)
    strip[:, : crop.pixels.shape[1]] = crop.pixels
    return strip

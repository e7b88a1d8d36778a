"""EasyOCR's way to read an image, around networks that somebody computes. Knows no weights and no records."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from actors.pixels import Pixels
from actors.text_recognition.detection import NETWORK_STEP, ScoreMaps, fit_canvas, lines_in
from actors.text_recognition.lines import Crop, Prepared, Reading
from actors.text_recognition.recognition import LineReader, cut_out

GPU_CANVAS_STEP = 128
"""Sides of a GPU's canvases are multiples of it, pixels: few sizes, so that many images share one."""

GPU_CANVASES = 8
"""Canvases of one size that a GPU judges at a time; a CPU gains nothing from more than one."""


@dataclass(frozen=True, eq=False)
class EasyOcrEngine:
    """See `lines.OcrEngine`."""

    maps: ScoreMaps
    lines: LineReader
    name: str
    backend: str
    device: str
    canvas_px: int
    magnification: float

    @property
    def most_canvases(self) -> int:
        """See `lines.OcrEngine`."""
        return 1 if self.device == "cpu" else GPU_CANVASES

    @property
    def _step(self) -> int:
        return NETWORK_STEP if self.device == "cpu" else GPU_CANVAS_STEP

    def prepare(self, pixels: Pixels) -> Prepared:
        """See `lines.OcrEngine`."""
        canvas, scale = fit_canvas(pixels, self.canvas_px, self.magnification, self._step)
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        return Prepared(canvas, scale, grey)

    def find(self, prepared: Sequence[Prepared]) -> list[list[Crop]]:
        """See `lines.OcrEngine`."""
        maps = self.maps(np.stack([one.canvas for one in prepared]))
        return [cut_out(one.source, lines_in(own, one.scale)) for one, own in zip(prepared, maps, strict=True)]

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """See `lines.OcrEngine`."""
        return self.lines.read(crops)

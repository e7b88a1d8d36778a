"""Reads the text in images with EasyOCR's networks. Knows bytes and records; not where images are kept, not Ray.

Importing this module is cheap: what computes is imported by the constructor.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from actors.errors import describe
from actors.isolation import run_isolated
from actors.ocr_detection import fit_canvas, lines_in
from actors.ocr_engine import Backend, open_ocr_engine
from actors.ocr_recognition import Crop, Grey, Reading, cut_out
from actors.pixels import Pixels, decode, is_flat
from actors.records import OcrLine, OcrResult

log = logging.getLogger(__name__)


GPU_BATCH = 8
"""Canvases of one size that a GPU judges at a time; a CPU gains nothing from more than one."""


@dataclass
class _Page:
    """One image on its way through `OcrReader.read`."""

    image_id: str
    data: bytes
    grey: Grey | None = None
    canvas: Pixels | None = None
    """None where nothing is to be looked for."""
    scale: float = 1.0
    crops: Sequence[Crop] = ()
    readings: Sequence[Reading] = ()
    seconds: float = 0.0
    error: Exception | None = None


class OcrReader:
    """Detects and recognises lines of text.

    Attributes:
        model: engine and weights, stored beside results.
        device: where it computes, as found, not as wished.
        backend: what computes, `openvino-int8` say, as found.
    """

    def __init__(
        self,
        languages: Sequence[str],
        *,
        model_folder: Path,
        canvas_px: int,
        threads: int,
        gpu: bool,
        backend: Backend = "auto",
    ) -> None:
        """Load the networks.

        Args:
            languages: EasyOCR's language codes.
            model_folder: where downloaded and converted weights are kept; nothing is written elsewhere.
            canvas_px: longest side, in pixels, that the detector sees.
            threads: cores that this process may use.
            gpu: compute on the GPU that Ray gave this process.
            backend: `auto` takes the fastest that works here.

        Raises:
            ModelMissing: the weights are neither on disk nor to be had.
            DeviceMissing: `gpu` and torch sees none.
        """
        engine = open_ocr_engine(languages, model_folder, threads=threads, gpu=gpu, backend=backend)
        self.model = engine.name
        self.device = engine.device
        self.backend = engine.backend
        self._canvas_px = canvas_px
        self._maps = engine.maps
        self._lines = engine.lines
        self._batch = GPU_BATCH if gpu else 1
        # Beside a GPU the processor's work is decoding, which can go on while the GPU computes.
        self._decoders = ThreadPoolExecutor(max(1, threads), "decode") if gpu else None
        cv2.setNumThreads(max(1, threads))

    def read(self, images: Sequence[tuple[str, bytes]]) -> list[OcrResult]:
        """Read a batch of images, each of which fails alone.

        Args:
            images: pairs of image id and encoded bytes (JPEG, PNG, anything that Pillow reads).

        Returns:
            One result an image, in order; no lines and no error means that there is no text.
        """
        pages = [_Page(image_id, data) for image_id, data in images]
        prepared = (self._decoders.map if self._decoders else map)(self._prepare, pages)
        while group := list(islice(prepared, self._batch)):
            for pages_of_a_size in _by_size(group):
                self._find_lines(pages_of_a_size)
        self._recognise([page for page in pages if page.crops])
        return [self._result(page) for page in pages]

    def _prepare(self, page: _Page) -> _Page:
        """Decode, and fit the image on its canvas unless it is one colour."""
        started = time.perf_counter()
        (pixels,) = run_isolated([page.data], lambda items: [decode(item) for item in items])
        if isinstance(pixels, Exception):
            page.error = pixels
        elif not is_flat(pixels):
            page.canvas, page.scale = fit_canvas(pixels, self._canvas_px)
            page.grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        page.seconds = time.perf_counter() - started
        return page

    def _find_lines(self, pages: Sequence[_Page]) -> None:
        started = time.perf_counter()
        for page, crops in zip(pages, run_isolated(pages, self._detect), strict=True):
            if isinstance(crops, Exception):
                page.error = crops
            else:
                page.crops = crops
            page.seconds += (time.perf_counter() - started) / len(pages)
            page.canvas = page.grey = None

    def _detect(self, pages: Sequence[_Page]) -> list[list[Crop]]:
        """Crops of pages whose canvases are of one size."""
        canvases = [page.canvas for page in pages if page.canvas is not None]
        greys = [page.grey for page in pages if page.grey is not None]
        maps = self._maps(np.stack(canvases))
        return [cut_out(grey, lines_in(own, page.scale)) for page, grey, own in zip(pages, greys, maps, strict=True)]

    def _recognise(self, pages: Sequence[_Page]) -> None:
        started = time.perf_counter()
        outcomes = run_isolated(pages, self._read_lines)
        width = sum(crop.width for page in pages for crop in page.crops)
        spent = time.perf_counter() - started
        for page, outcome in zip(pages, outcomes, strict=True):
            page.seconds += spent * sum(crop.width for crop in page.crops) / width
            if isinstance(outcome, Exception):
                page.error = outcome
            else:
                page.readings = outcome

    def _read_lines(self, pages: Sequence[_Page]) -> list[Sequence[Reading]]:
        """Lines of all pages at once, so that batches are full."""
        readings = iter(self._lines.read([crop for page in pages for crop in page.crops]))
        return [[next(readings) for _ in page.crops] for page in pages]

    def _result(self, page: _Page) -> OcrResult:
        if page.error is not None:
            message, permanent = describe(page.error)
            log.warning("Image %s was not read: %s", page.image_id, message)
            return OcrResult(
                image_id=page.image_id, engine=self.model, seconds=page.seconds, error=message, permanent=permanent
            )
        lines = tuple(
            OcrLine(text=reading.text.strip(), box=crop.box, confidence=reading.confidence)
            for crop, reading in zip(page.crops, page.readings, strict=True)
            if reading.text.strip()
        )
        return OcrResult(image_id=page.image_id, lines=lines, engine=self.model, seconds=page.seconds)


def _by_size(pages: Sequence[_Page]) -> list[list[_Page]]:
    """Pages that have a canvas, by its size."""
    groups: dict[tuple[int, ...], list[_Page]] = defaultdict(list)
    for page in pages:
        if page.canvas is not None:
            groups[page.canvas.shape].append(page)
    return list(groups.values())

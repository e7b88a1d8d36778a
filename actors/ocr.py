"""Reads the text in images with the engine that is set. Knows bytes and records; not where images are kept, not Ray.

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

from actors.errors import describe
from actors.inference.device_batch import DeviceBatch
from actors.isolation import run_isolated
from actors.pixels import decode, is_blank
from actors.records import OcrLine, OcrResult
from actors.text_recognition.engine import Backend, EngineName, OcrChoice, open_ocr_engine
from actors.text_recognition.letters import measured
from actors.text_recognition.lines import Crop, Prepared, Reading
from actors.text_recognition.times_signs import with_signs

log = logging.getLogger(__name__)


@dataclass
class _Page:
    """One image on its way through `OcrReader.read`."""

    image_id: str
    data: bytes
    prepared: Prepared | None = None
    """None where nothing is to be looked for."""
    crops: Sequence[Crop] = ()
    readings: Sequence[Reading] = ()
    seconds: float = 0.0
    error: Exception | None = None


class OcrReader:
    """Detects and recognises lines of text.

    Attributes:
        model: engine, weights and canvas, stored beside results: what was read under one name may be used again.
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
        engine: EngineName = "easyocr",
        magnification: float = 1.0,
        first_look: bool = True,
    ) -> None:
        """Load the networks.

        Args:
            languages: EasyOCR's language codes.
            model_folder: where downloaded and converted weights are kept; nothing is written elsewhere.
            canvas_px: longest side, in pixels, that the detector sees.
            threads: cores that this process may use.
            gpu: compute on the GPU that Ray gave this process.
            backend: `auto` takes the fastest that works here.
            engine: whose networks.
            magnification: of the image before the detector sees it, as far as the canvas allows.
            first_look: on a CPU a cheaper look says where the detector shall look.

        Raises:
            ModelMissing: the weights are neither on disk nor to be had.
            DeviceMissing: `gpu` and torch sees none, or the engine has no use for it.
        """
        choice = OcrChoice(engine, tuple(languages), canvas_px, magnification, backend, first_look)
        self._engine = open_ocr_engine(choice, model_folder, threads=threads, gpu=gpu)
        self.model = self._engine.name
        self.device = self._engine.device
        self.backend = self._engine.backend
        self._batch = DeviceBatch(self._engine.most_canvases)
        # Beside a GPU the processor's work is decoding, which can go on while the GPU computes.
        self._decoders = ThreadPoolExecutor(max(1, threads), "decode") if gpu else None
        cv2.setNumThreads(max(1, threads))

    @property
    def fill(self) -> float:
        """How full the detector's batches were so far, 0 to 1."""
        return self._batch.fill

    def read(self, images: Sequence[tuple[str, bytes]]) -> list[OcrResult]:
        """Read a batch of images, each of which fails alone.

        Args:
            images: pairs of image id and encoded bytes (JPEG, PNG, anything that Pillow reads).

        Returns:
            One result an image, in order; no lines and no error means that there is no text.
        """
        pages = [_Page(image_id, data) for image_id, data in images]
        prepared = (self._decoders.map if self._decoders else map)(self._prepare, pages)
        while group := list(islice(prepared, self._batch.items)):
            for pages_of_a_size in _by_size(group):
                self._find_lines(pages_of_a_size)
        self._recognise([page for page in pages if page.crops])
        return [self._result(page) for page in pages]

    def _prepare(self, page: _Page) -> _Page:
        """Decode, and fit the image on its canvas unless there is nothing to see in it."""
        started = time.perf_counter()
        (pixels,) = run_isolated([page.data], lambda items: [decode(item) for item in items])
        if isinstance(pixels, Exception):
            page.error = pixels
        elif not is_blank(pixels):
            page.prepared = self._engine.prepare(pixels)
        page.seconds = time.perf_counter() - started
        return page

    def _find_lines(self, pages: Sequence[_Page]) -> None:
        """Crops of pages whose canvases are of one size."""
        started = time.perf_counter()
        prepared = [page.prepared for page in pages if page.prepared is not None]
        for page, crops in zip(pages, self._batch.run(prepared, self._engine.find), strict=True):
            if isinstance(crops, Exception):
                page.error = crops
            else:
                page.crops = crops
            page.seconds += (time.perf_counter() - started) / len(pages)
            page.prepared = None

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
        readings = iter(self._engine.read([crop for page in pages for crop in page.crops]))
        return [[next(readings) for _ in page.crops] for page in pages]

    def _result(self, page: _Page) -> OcrResult:
        if page.error is not None:
            message, permanent = describe(page.error)
            log.warning("Image %s was not read: %s", page.image_id, message)
            return OcrResult(
                image_id=page.image_id, engine=self.model, seconds=page.seconds, error=message, permanent=permanent
            )
        lines = tuple(
            _line(crop, reading)
            for crop, reading in zip(page.crops, page.readings, strict=True)
            if reading.text.strip()
        )
        return OcrResult(image_id=page.image_id, lines=lines, engine=self.model, seconds=page.seconds)


def _line(crop: Crop, reading: Reading) -> OcrLine:
    """What a crop says, and where: its letters' heights and the signs that the networks passed over are measured."""
    text = with_signs(crop.pixels, reading.text.strip())
    letters = measured(crop, text)
    return OcrLine(text=text, box=letters.box, confidence=reading.confidence, stroke=round(letters.stroke, 4))


def _by_size(pages: Sequence[_Page]) -> list[list[_Page]]:
    """Pages that have a canvas, by its size."""
    groups: dict[tuple[int, ...], list[_Page]] = defaultdict(list)
    for page in pages:
        if page.prepared is not None:
            groups[page.prepared.canvas.shape].append(page)
    return list(groups.values())

"""Chooses what reads and what computes it.

EasyOCR's networks: torch on a GPU, OpenVINO on a CPU, torch on a CPU that cannot have it. PP-OCR: OpenVINO on a CPU.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from actors.errors import DeviceMissing, ModelMissing
from actors.text_recognition.detection import ScoreMaps
from actors.text_recognition.easy_reading import EasyOcrEngine
from actors.text_recognition.lines import OcrEngine, canvas_label
from actors.text_recognition.recognition import BATCH_COLUMNS, GPU_BATCH_COLUMNS, LineReader

if TYPE_CHECKING:
    from actors.text_recognition.easy_openvino import OpenVinoEngine

log = logging.getLogger(__name__)

EngineName = Literal["easyocr", "rapidocr"]
Backend = Literal["auto", "torch", "openvino"]


@dataclass(frozen=True)
class OcrChoice:
    """Which engine, and how it looks at images."""

    engine: EngineName = "easyocr"
    languages: tuple[str, ...] = ("en",)
    """EasyOCR's codes; RapidOCR's weights read all Latin letters, Chinese and Japanese, whatever stands here."""
    canvas_px: int = 1280
    """Longest side, in pixels, that the detector sees."""
    magnification: float = 1.0
    """Of the image before the detector sees it, as far as the canvas allows."""
    backend: Backend = "auto"
    """`auto` takes the fastest that works here."""
    first_look: bool = True
    """On a CPU: a cheaper look says where the detector shall look."""


def open_ocr_engine(choice: OcrChoice, model_folder: Path, *, threads: int, gpu: bool) -> OcrEngine:
    """See `actors.ocr.OcrReader` for the arguments and errors."""
    if choice.engine == "rapidocr":
        return _rapidocr(choice, threads, gpu)
    if gpu or choice.backend == "torch":
        return _torch_engine(choice, model_folder, threads, gpu)
    try:
        return _openvino_engine(choice, model_folder, threads)
    except (ModelMissing, RuntimeError) as error:  # OpenVINO's own errors are RuntimeErrors
        if choice.backend == "openvino":
            raise
        log.warning("OCR computes with torch, slower than OpenVINO would: %s", error)
        return _torch_engine(choice, model_folder, threads, gpu)


def _rapidocr(choice: OcrChoice, threads: int, gpu: bool) -> OcrEngine:
    from actors.text_recognition.rapid_reading import open_rapidocr

    if gpu:
        raise DeviceMissing(
            "RapidOCR computes on CPUs only, and this actor was given a GPU.",
            "Start its actors without GPUs, or set QUARRY_OCR_ENGINE=easyocr.",
        )
    return open_rapidocr(choice.canvas_px, choice.magnification, threads, first_look=choice.first_look)


def _openvino_engine(choice: OcrChoice, model_folder: Path, threads: int) -> OcrEngine:
    from actors.text_recognition.easy_openvino import open_engine

    engine = open_engine(choice.languages, model_folder, threads)
    lines = LineReader(engine.strips, engine.alphabet)
    maps, name = _looked_at_first(engine, threads) if choice.first_look else (engine.maps, engine.name)
    return _easyocr(choice, maps, lines, name, f"openvino-{engine.precision}", "cpu")


def _looked_at_first(engine: "OpenVinoEngine", threads: int) -> tuple[ScoreMaps, str]:
    """The detector behind a first look, or as it is where there is none, and the name of what results depend on."""
    from actors.text_recognition.first_look import LOOK, open_first_look

    try:
        return open_first_look(engine.maps, threads), f"{engine.name}/{LOOK}"
    except (ModelMissing, RuntimeError) as error:  # OpenVINO's own errors are RuntimeErrors
        log.warning("Each image is looked through whole, which takes longer: %s", error)
        return engine.maps, engine.name


def _torch_engine(choice: OcrChoice, model_folder: Path, threads: int, gpu: bool) -> OcrEngine:
    from actors.inference.devices import device_name, torch_device, use_threads
    from actors.text_recognition.easy_models import load_networks
    from actors.text_recognition.easy_torch import load_detector, load_recogniser

    use_threads(threads)
    device = torch_device(gpu)
    networks = load_networks(choice.languages, model_folder)
    form, maps = load_detector(networks.detector, device)
    _, strips = load_recogniser(networks.recogniser, networks.alphabet, device)
    lines = LineReader(strips, networks.alphabet, GPU_BATCH_COLUMNS if gpu else BATCH_COLUMNS)
    return _easyocr(choice, maps, lines, networks.name, f"torch-{form}", device_name(device))


def _easyocr(
    choice: OcrChoice, maps: ScoreMaps, lines: LineReader, weights: str, backend: str, device: str
) -> EasyOcrEngine:
    name = f"{weights}/{canvas_label(choice.canvas_px, choice.magnification)}"
    return EasyOcrEngine(maps, lines, name, backend, device, choice.canvas_px, choice.magnification)

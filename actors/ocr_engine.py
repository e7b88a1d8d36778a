"""Chooses what computes the OCR networks: torch on a GPU, OpenVINO on a CPU, torch on a CPU that cannot have it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from actors.errors import ModelMissing
from actors.ocr_detection import ScoreMaps
from actors.ocr_recognition import LineReader

log = logging.getLogger(__name__)

Backend = Literal["auto", "torch", "openvino"]


@dataclass(frozen=True, eq=False)
class OcrEngine:
    """Networks that are ready to read."""

    maps: ScoreMaps
    lines: LineReader
    name: str
    """Engine and weights."""
    backend: str
    """What computes, and in which numbers."""
    device: str


def open_ocr_engine(
    languages: Sequence[str], model_folder: Path, *, threads: int, gpu: bool, backend: Backend
) -> OcrEngine:
    """See `actors.ocr.OcrReader` for the arguments and errors."""
    if gpu or backend == "torch":
        return _torch_engine(languages, model_folder, threads, gpu)
    try:
        return _openvino_engine(languages, model_folder, threads)
    except (ModelMissing, RuntimeError) as error:  # OpenVINO's own errors are RuntimeErrors
        if backend == "openvino":
            raise
        log.warning("OCR computes with torch, slower than OpenVINO would: %s", error)
        return _torch_engine(languages, model_folder, threads, gpu)


def _openvino_engine(languages: Sequence[str], model_folder: Path, threads: int) -> OcrEngine:
    from actors.ocr_openvino import open_engine

    engine = open_engine(languages, model_folder, threads)
    lines = LineReader(engine.strips, engine.alphabet)
    return OcrEngine(engine.maps, lines, engine.name, f"openvino-{engine.precision}", "cpu")


def _torch_engine(languages: Sequence[str], model_folder: Path, threads: int, gpu: bool) -> OcrEngine:
    from actors.devices import device_name, torch_device, use_threads
    from actors.ocr_models import load_networks
    from actors.ocr_torch import TorchDetector, TorchRecogniser

    use_threads(threads)
    device = torch_device(gpu)
    networks = load_networks(languages, model_folder)
    lines = LineReader(TorchRecogniser(networks.recogniser, device), networks.alphabet)
    return OcrEngine(TorchDetector(networks.detector, device), lines, networks.name, "torch", device_name(device))

"""PP-OCR's networks as the package rapidocr brings them, read by OpenVINO. Knows files and inputs, no images.

Importing this module imports neither OpenVINO nor the package.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing
from actors.inference.openvino_cpu import openvino

DETECTOR_FILE = "PP-OCRv6_det_small.onnx"
RECOGNISER_FILE = "PP-OCRv6_rec_small.onnx"
WEIGHTS = "PP-OCRv6-small"


def _package_folder() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModelMissing("The package rapidocr is not there.", "Run make setup, or set QUARRY_OCR_ENGINE=easyocr.")
    return Path(spec.origin).parent


def _onnx(name: str) -> Any:
    path = _package_folder() / "models" / name
    if not path.is_file():
        raise ModelMissing(f"{path} is not there.", "Reinstall rapidocr: its wheel brings the weights.")
    return openvino().Core().read_model(path)


def _from_pixels(model: Any) -> Any:
    """The model with what the package does before it: pixels (n, h, w, 3), RGB 0-255, to BGR from -1 to 1."""
    library = openvino()
    preprocess = library.preprocess
    steps = preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(library.Type.u8).set_layout(library.Layout("NHWC"))
    steps.input().tensor().set_color_format(preprocess.ColorFormat.RGB)
    steps.input().model().set_layout(library.Layout("NCHW"))
    steps.input().preprocess().convert_color(preprocess.ColorFormat.BGR)
    steps.input().preprocess().convert_element_type(library.Type.f32).mean(127.5).scale(127.5)
    return steps.build()


def detector_model() -> Any:
    """Canvases (n, h, w, 3) to maps (n, 1, h, w): how much a point belongs to a line."""
    return _from_pixels(_onnx(DETECTOR_FILE))


def recogniser_model() -> tuple[Any, npt.NDArray[np.str_]]:
    """Strips (n, STRIP_HEIGHT, w, 3) to the best class of each step and its probability, and what classes mean.

    The best is chosen in the model: there are 18,710 classes, and copying all of them out costs more than it says.
    """
    library = openvino()
    model = _onnx(RECOGNISER_FILE)
    letters = model.get_rt_info(["framework", "character"]).value.splitlines()
    result = model.get_results()[0]
    best = library.opset13.topk(result.input_value(0), np.int64(1), -1, "max", "none")
    chosen = library.Model([best.output(0), best.output(1)], model.get_parameters(), "recogniser")
    return _from_pixels(chosen), np.array(["", *letters, " "])

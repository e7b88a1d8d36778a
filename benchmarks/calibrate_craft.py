"""Measures what the 8-bit detector needs to know over a folder of images, and writes its recipe, `craft_int8.json`.

    python -m benchmarks.calibrate_craft FOLDER [--side 640]

Ranges are the mean over images of the smallest and the largest value, which lets rare outliers be cut off. A bias shift
undoes what rounding a convolution's weights adds on average: the rounding errors times the mean of each input channel.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from actors.inference.openvino_cpu import openvino
from actors.pixels import Pixels, decode
from actors.text_recognition.craft_int8 import RECIPE_FILE, points_of, rounded_weights
from actors.text_recognition.detection import fit_canvas


def squares(folder: Path, side: int) -> list[Pixels]:
    """From each image, at the detector's usual size, the square with the most edges: text rather than plain colour."""
    found = []
    for path in sorted(folder.iterdir()):
        canvas, _ = fit_canvas(decode(path.read_bytes()), 1280)
        padded = np.zeros((max(side, canvas.shape[0]), max(side, canvas.shape[1]), 3), dtype=np.uint8)
        padded[: canvas.shape[0], : canvas.shape[1]] = canvas
        found.append(max(_tiles(padded, side), key=_edges))
    return found


def _tiles(image: Pixels, side: int) -> list[Pixels]:
    rows = range(0, image.shape[0] - side + 1, side // 4)
    columns = range(0, image.shape[1] - side + 1, side // 4)
    return [image[y : y + side, x : x + side] for y in rows for x in columns]


def _edges(tile: Pixels) -> float:
    return float((np.abs(np.diff(tile.mean(axis=2), axis=1)) > 40).mean())


def measure(model_file: Path, images: list[Pixels]) -> dict[str, Any]:
    """The recipe, from the float model."""
    core = openvino().Core()
    model = core.read_model(model_file)
    points = points_of(model)
    weights = [np.array(op.input_value(1).get_node().data, dtype=np.float32) for op in points.convolutions]
    ranged = [_name(output) for output in (*points.activations, *points.resized)]
    read = [_name(op.input_value(0)) for op in points.convolutions]
    seams = [[ranged.index(_name(value)) for value in op.input_values()] for op in _joins(model)]
    statistics = _statistics(core, model, [*ranged, *read], images)
    limits = np.array([[statistics[name].low, statistics[name].high] for name in ranged])
    for seam in seams:  # maps that are laid side by side share one range
        limits[seam] = limits[seam, 0].min(), limits[seam, 1].max()
    shifts = [bias_shift(kernel, statistics[name].channels) for kernel, name in zip(weights, read, strict=True)]
    rounded = [_even(low, high) for low, high in limits]
    return {
        "activations": rounded[: len(points.activations)],
        "resized": rounded[len(points.activations) :],
        "bias_shifts": [[float(f"{value:.4g}") for value in shift] for shift in shifts],
    }


def _even(low: float, high: float) -> list[float]:
    """A range whose 256 steps include zero, as integers want it: from zero, or from -128 to 127 steps around it."""
    if low >= 0.0:
        return [0.0, float(f"{high:.6g}")]
    step = max(high / 127.0, -low / 128.0)
    return [float(f"{-128.0 * step:.6g}"), float(f"{127.0 * step:.6g}")]


@dataclass
class Statistic:
    """Of one intermediate result, mean over images."""

    low: float
    high: float
    channels: npt.NDArray[np.float64]


def _statistics(core: Any, model: Any, names: list[str], images: list[Pixels]) -> dict[str, Statistic]:
    unique = list(dict.fromkeys(names))
    operations = {op.get_friendly_name(): op for op in model.get_ordered_ops()}
    model.add_outputs([operations[name].output(0) for name in unique])
    request = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    sums: dict[str, list[Any]] = {name: [0.0, 0.0, 0.0] for name in unique}
    for image in images:
        request.infer([image[None]])
        for number, name in enumerate(unique):
            value = request.get_output_tensor(number + 1).data
            for place, part in enumerate((value.min(), value.max(), value.mean(axis=(0, 2, 3), dtype=np.float64))):
                sums[name][place] = sums[name][place] + part / len(images)
    return {name: Statistic(float(low), float(high), channels) for name, (low, high, channels) in sums.items()}


def _name(output: Any) -> str:
    return str(output.get_node().get_friendly_name())


def _joins(model: Any) -> list[Any]:
    return [
        op
        for op in model.get_ordered_ops()
        if op.get_type_name() == "Concat" and op.get_output_size() == 1 and len(op.get_output_partial_shape(0)) == 4
    ]


def bias_shift(weights: npt.NDArray[np.float32], mean_input: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """By output channel, what rounding the weights takes away on average."""
    integers, scales = rounded_weights(weights)
    lost = (weights - integers * scales).sum(axis=(2, 3))
    shift: npt.NDArray[np.float64] = lost @ mean_input
    return shift


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="images with text, such as pages of catalogues")
    parser.add_argument("--model", type=Path, required=True, help="detector-f32.xml in Quarry's model folder")
    parser.add_argument("--side", type=int, default=640)
    parser.add_argument("--out", type=Path, default=RECIPE_FILE)
    choice = parser.parse_args()
    recipe = measure(choice.model, squares(choice.folder, choice.side))
    choice.out.write_text(json.dumps(recipe) + "\n")


if __name__ == "__main__":
    main()

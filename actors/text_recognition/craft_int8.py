"""Turns CRAFT's OpenVINO model into one that computes in 8-bit integers. Knows the network's structure, no images.

Integers need the range of every intermediate result. Measuring them takes minutes and images with text, so they were
measured once (benchmarks/calibrate_craft.py) and stand in craft_int8.json beside this file, with the shift of every
bias that makes up for what rounding the weights changes on average.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing
from actors.inference.openvino_cpu import openvino

RECIPE_FILE = Path(__file__).with_name("craft_int8.json")

FLOAT_FIRST = 1
FLOAT_LAST = 5
"""Convolutions at either end that stay in floats: they have few channels and cost little, and rounding hurts there."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Recipe:
    """Measured values, in the order in which the network computes."""

    activations: tuple[Range, ...]
    """Of what the convolutions give to those that compute in integers, behind bias and ReLU."""
    resized: tuple[Range, ...]
    """After each enlargement of a map."""
    bias_shifts: tuple[tuple[float, ...], ...]
    """Of each convolution that computes in integers, by output channel."""


@cache
def recipe() -> Recipe:
    """The values that stand beside this file."""
    data = json.loads(RECIPE_FILE.read_text())
    return Recipe(
        activations=tuple(tuple(pair) for pair in data["activations"]),
        resized=tuple(tuple(pair) for pair in data["resized"]),
        bias_shifts=tuple(tuple(shifts) for shifts in data["bias_shifts"]),
    )


@dataclass(frozen=True)
class Points:
    """The places in the model that a recipe speaks of, in its order."""

    convolutions: tuple[Any, ...]
    """Those that compute in integers."""
    activations: tuple[Any, ...]
    resized: tuple[Any, ...]


def points_of(model: Any) -> Points:
    """Operations and outputs of the float model."""
    operations = model.get_ordered_ops()
    convolutions = tuple(op for op in operations if op.get_type_name() == "Convolution")
    return Points(
        convolutions=convolutions[FLOAT_FIRST:-FLOAT_LAST],
        activations=tuple(_after(op) for op in convolutions[FLOAT_FIRST - 1 : -FLOAT_LAST - 1]),
        resized=tuple(op.output(0) for op in operations if op.get_type_name() == "Interpolate"),
    )


def _after(convolution: Any) -> Any:
    """The output behind bias and ReLU, where there is a ReLU."""
    biased = _only_user(convolution)
    users = [target.get_node() for target in biased.output(0).get_target_inputs()]
    return (users[0] if users[0].get_type_name() == "Relu" else biased).output(0)


def quantise(model: Any, values: Recipe) -> None:
    """Change the model in place: ranges noted on every input of a convolution, weights as integers, biases shifted.

    Raises:
        ModelMissing: the model is not the network that the values were measured on.
    """
    points = points_of(model)
    found = (len(points.convolutions), len(points.activations), len(points.resized))
    if found != (len(values.bias_shifts), len(values.activations), len(values.resized)):
        raise ModelMissing("The detector is not the network that its 8-bit ranges were measured on.")
    for convolution, shifts in zip(points.convolutions, values.bias_shifts, strict=True):
        _quantise_weights(convolution)
        _shift_bias(_only_user(convolution), np.asarray(shifts, dtype=np.float32))
    outputs = (*points.activations, *points.resized)
    for output, limits in zip(outputs, (*values.activations, *values.resized), strict=True):
        _note_range(output, limits)


def _only_user(operation: Any) -> Any:
    (target,) = operation.output(0).get_target_inputs()
    return target.get_node()


def _note_range(output: Any, limits: Range) -> None:
    """Put a FakeQuantize of 256 levels behind an output."""
    opset = openvino().opset13
    targets = output.get_target_inputs()
    low, high = np.float32(limits[0]), np.float32(limits[1])
    rounded = opset.fake_quantize(output, low, high, low, high, levels=256)
    for target in targets:
        target.replace_source_output(rounded.output(0))


def _quantise_weights(convolution: Any) -> None:
    """One scale an output channel, symmetric around zero."""
    library = openvino()
    weights = np.array(convolution.input_value(1).get_node().data, dtype=np.float32)
    integers, scales = rounded_weights(weights)
    constant = library.op.Constant(integers)
    restored = library.opset13.multiply(library.opset13.convert(constant, "f32"), library.op.Constant(scales))
    convolution.input(1).replace_source_output(restored.output(0))


def rounded_weights(weights: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Weights (out, in, h, w) as integers in -127..127 and the scales (out, 1, 1, 1) that restore them."""
    largest = np.abs(weights).max(axis=(1, 2, 3), keepdims=True)
    scales = (np.maximum(largest, 1e-12) / 127.0).astype(np.float32)
    return np.clip(np.rint(weights / scales), -127, 127).astype(np.int8), scales


def _shift_bias(addition: Any, shifts: npt.NDArray[np.float32]) -> None:
    library = openvino()
    bias = np.array(addition.input_value(1).get_node().data, dtype=np.float32)
    shifted = library.op.Constant(bias + shifts.reshape(bias.shape))
    addition.input(1).replace_source_output(shifted.output(0))

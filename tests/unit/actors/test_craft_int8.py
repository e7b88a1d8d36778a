import numpy as np

from actors.text_recognition.craft_int8 import recipe, rounded_weights
from benchmarks.calibrate_craft import bias_shift


def test_rounded_weights_are_near_the_real_ones():
    weights = np.random.default_rng(1).normal(size=(5, 3, 3, 3)).astype(np.float32)
    integers, scales = rounded_weights(weights)
    assert integers.dtype == np.int8
    assert np.abs(integers).max() == 127
    assert np.abs(integers * scales - weights).max() <= scales.max() / 2 + 1e-6


def test_a_channel_without_weights_stays_without():
    integers, scales = rounded_weights(np.zeros((2, 1, 1, 1), dtype=np.float32))
    assert not integers.any()
    assert np.isfinite(scales).all()


def test_the_bias_shift_is_what_rounding_loses_on_the_mean_input():
    weights = np.random.default_rng(2).normal(size=(4, 6, 3, 3)).astype(np.float32)
    integers, scales = rounded_weights(weights)
    mean = np.arange(6.0)
    exact = (weights * mean[None, :, None, None]).sum(axis=(1, 2, 3))
    rounded = (integers * scales * mean[None, :, None, None]).sum(axis=(1, 2, 3))
    assert np.allclose(rounded + bias_shift(weights, mean), exact, atol=1e-4)


def test_the_recipe_is_whole():
    values = recipe()
    assert (len(values.bias_shifts), len(values.activations), len(values.resized)) == (21, 21, 3)
    for low, high in (*values.activations, *values.resized):
        assert low <= 0.0 < high

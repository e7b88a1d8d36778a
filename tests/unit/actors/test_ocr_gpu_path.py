"""What is done otherwise beside a GPU, as far as a machine without one can show it."""

import numpy as np
import pytest
import torch

from actors.errors import ModelMissing
from actors.text_recognition import easy_torch
from actors.text_recognition.easy_reading import GPU_CANVAS_STEP, EasyOcrEngine
from actors.text_recognition.lines import Crop
from actors.text_recognition.recognition import GPU_BATCH_COLUMNS, Alphabet, LineReader

ALPHABET = Alphabet(letters=("a", "b"), ignored=(), right_to_left=False)
CPU = torch.device("cpu")


class Overflowing(torch.nn.Module):
    """Says that dark points are letters, by way of numbers that float16 does not hold."""

    def forward(self, pixels):
        dark = torch.nn.functional.avg_pool2d(-pixels.mean(dim=1, keepdim=True), 2) * 1e6 / 1e6
        return torch.cat([dark, dark], dim=1).permute(0, 2, 3, 1), None


class Strips:
    """A recogniser that says b, and has room for so many strips."""

    def __init__(self, room):
        self.room, self.sizes = room, []

    def __call__(self, strips):
        self.sizes.append(len(strips))
        if len(strips) > self.room:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return np.tile(np.array([0.0, 0.0, 9.0], dtype=np.float32), (len(strips), 2, 1))


def crops(count):
    return [Crop((0.0, 0.0, 512.0, 64.0), np.zeros((64, 512), dtype=np.uint8), 512) for _ in range(count)]


def test_numbers_that_judge_otherwise_are_refused_with_the_reason(monkeypatch, caplog):
    monkeypatch.setattr(easy_torch, "forms_of", lambda device: ("f16", "bf16", "f32"))
    form, detector = easy_torch.load_detector(Overflowing(), CPU)
    assert form == "bf16"
    assert "detector in f16 is not used" in caplog.text
    assert detector(np.zeros((1, 64, 96, 3), dtype=np.uint8)).min() > 1.0


def test_numbers_that_all_judge_otherwise_are_missing(monkeypatch):
    monkeypatch.setattr(easy_torch, "forms_of", lambda device: ("f16",))
    with pytest.raises(ModelMissing, match="f16"):
        easy_torch.load_detector(Overflowing(), CPU)


def test_a_gpu_reads_many_strips_at_once():
    network = Strips(room=1000)
    readings = LineReader(network, ALPHABET, GPU_BATCH_COLUMNS).read(crops(64))
    assert network.sizes == [64]
    assert {reading.text for reading in readings} == {"b"}


def test_strips_that_a_device_has_no_memory_for_are_read_in_halves():
    network = Strips(room=20)
    reader = LineReader(network, ALPHABET, GPU_BATCH_COLUMNS)
    assert [reading.text for reading in reader.read(crops(64))] == ["b"] * 64
    network.sizes.clear()
    reader.read(crops(64))
    assert max(network.sizes) <= 20


@pytest.mark.parametrize(("device", "step"), [("cpu", 32), ("cuda:0 (a GPU)", GPU_CANVAS_STEP)])
def test_images_of_nearly_one_size_share_a_gpus_canvas(device, step):
    engine = EasyOcrEngine(lambda canvases: canvases, LineReader(Strips(1), ALPHABET), "", "", device, 1280, 1.0)
    shapes = {engine.prepare(np.zeros((300 + n, 420, 3), dtype=np.uint8)).canvas.shape for n in (0, 25, 60)}
    assert all(side % step == 0 for shape in shapes for side in shape[:2])
    assert len(shapes) == (1 if step > 32 else 3)

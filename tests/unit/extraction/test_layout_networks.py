"""What computes the layout model: OpenVINO where it sees what ONNX Runtime sees, and ONNX Runtime where it does not."""

import logging
import subprocess
import sys
from pathlib import Path

import onnxruntime
import pymupdf.layout
import pytest

from cluster.stages.reading.layout_networks import PICTURE_NETWORK, PictureNetwork, largest_share, quicker

NETWORK = Path(pymupdf.layout.__file__).parent / "resources" / "onnx" / PICTURE_NETWORK
IN_A_CHILD = """
from cluster.stages.reading.layout_networks import compute_layout_on_one_core
compute_layout_on_one_core()
import pymupdf
(cell,) = pymupdf._get_layout.__closure__
print(type(cell.cell_contents._model.feature_extractor._session).__name__)
"""


@pytest.fixture(scope="module")
def plain():
    return onnxruntime.InferenceSession(NETWORK)


def test_openvino_sees_what_onnx_runtime_sees(plain):
    network = quicker(plain, NETWORK)
    assert isinstance(network, PictureNetwork)
    assert [port.name for port in network.get_outputs()] == [port.name for port in plain.get_outputs()]
    assert network.get_inputs()[0].shape[1:] == tuple(plain.get_inputs()[0].shape[1:])
    assert 0 < largest_share(plain, network) < 1e-4


def test_a_network_that_judges_otherwise_is_not_used(plain, caplog):
    with caplog.at_level(logging.WARNING):
        assert quicker(plain, NETWORK, largest_difference=0.0) is plain
    assert "differs" in caplog.text


def test_a_file_that_openvino_cannot_read_is_left_to_onnx_runtime(plain, tmp_path):
    (tmp_path / PICTURE_NETWORK).write_bytes(b"no network")
    assert quicker(plain, tmp_path / PICTURE_NETWORK) is plain


def test_the_child_that_reads_pages_computes_by_openvino():
    done = subprocess.run([sys.executable, "-c", IN_A_CHILD], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == PictureNetwork.__name__

"""What computes PyMuPDF's layout networks: one core, and for the one that looks at the page's picture OpenVINO.

That network takes two thirds of the time of reading a page of text; OpenVINO takes less than half of ONNX Runtime's, in
the same float32. PyMuPDF makes its sessions when it is imported and leaves no way to say how, so that this must be told
to onnxruntime before. Knows sessions and arrays; what a page's layout means is `page_layout`'s.
"""

import importlib
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing
from actors.inference.openvino_cpu import CompiledModel, openvino

log = logging.getLogger(__name__)

PICTURE_NETWORK = "feature_imf1.onnx"
LARGEST_DIFFERENCE = 1e-3
"""Of an output from ONNX Runtime's, as a share of the output's largest value; measured is 1e-6."""


def compute_layout_on_one_core() -> None:
    """Set how PyMuPDF's sessions will be made; to be called before it is imported.

    One processor a child: the layout model takes all of them.
    """
    # PyMuPDF imports its markdown writer when it is there; nobody needs it here.
    sys.modules["pymupdf4llm"] = None  # type: ignore[assignment]
    onnxruntime: Any = importlib.import_module("onnxruntime")
    plain = onnxruntime.InferenceSession

    class OneThread(onnxruntime.SessionOptions):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.intra_op_num_threads = 1
            self.inter_op_num_threads = 1

    def session(path: str | Path, *arguments: Any, **options: Any) -> Any:
        own = plain(path, *arguments, **options)
        return quicker(own, Path(path)) if Path(path).name == PICTURE_NETWORK else own

    onnxruntime.SessionOptions = OneThread
    onnxruntime.InferenceSession = session


def quicker(plain: Any, path: Path, largest_difference: float = LARGEST_DIFFERENCE) -> Any:
    """The network of that file by OpenVINO, or `plain`, ONNX Runtime's session of it, where that judges otherwise."""
    try:
        network = PictureNetwork(path)
        difference = largest_share(plain, network)
    except (ModelMissing, RuntimeError) as error:  # OpenVINO's own errors are RuntimeErrors
        log.warning("The page layout is computed by ONNX Runtime, which takes longer: %s", error)
        return plain
    if difference > largest_difference:
        log.warning("OpenVINO is not used for the page layout: it differs by %.1e of the largest value.", difference)
        return plain
    return network


class Port(NamedTuple):
    """An input or output, as onnxruntime describes one."""

    name: str
    shape: tuple[int, ...]  # -1 where any number will do


class PictureNetwork:
    """The network that looks at a page's picture, with as much of an `onnxruntime.InferenceSession` as PyMuPDF uses."""

    def __init__(self, path: Path) -> None:
        """Read and compile; raises ModelMissing without OpenVINO."""
        model = openvino().Core().read_model(path)
        self._inputs, self._outputs = _ports(model.inputs), _ports(model.outputs)
        self._compiled = CompiledModel(model, precision="f32", threads=1)

    def get_inputs(self) -> Sequence[Port]:
        """Pages (n, 1, h, w), grey, 0 to 1."""
        return self._inputs

    def get_outputs(self) -> Sequence[Port]:
        """Features and classes of each point."""
        return self._outputs

    def run(self, names: Sequence[str], feed: Mapping[str, npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """The outputs of these names. They are 60 MB, not copied, and hold until the next page, as PyMuPDF needs it."""
        found = self._compiled.views(*(feed[port.name] for port in self._inputs))
        by_name = dict(zip((port.name for port in self._outputs), found, strict=True))
        return [by_name[name] for name in names]


def _ports(nodes: Sequence[Any]) -> tuple[Port, ...]:
    return tuple(
        Port(node.get_any_name(), tuple(-1 if side.is_dynamic else side.get_length() for side in node.partial_shape))
        for node in nodes
    )


def largest_share(plain: Any, network: PictureNetwork) -> float:
    """How far apart both are on a made page, in shares of each output's largest value; the largest of these."""
    (port,), names = network.get_inputs(), [port.name for port in network.get_outputs()]
    feed = {port.name: _made_page(port.shape[-2], port.shape[-1])[None, None]}
    pairs = zip(plain.run(names, feed), network.run(names, feed), strict=True)
    return max(float(np.abs(one - other).max() / np.abs(one).max()) for one, other in pairs)


def _made_page(height: int, width: int) -> npt.NDArray[np.float32]:
    """Something like a page: a picture above, a headline, and lines of text in two columns."""
    random = np.random.default_rng(7)
    page = np.ones((height, width), dtype=np.float32)
    page[height // 10 : height // 3, width // 10 : -width // 10] = random.random((height // 3 - height // 10, 1)) / 2
    page[height // 3 + 8 : height // 3 + 16, width // 10 : width // 2] = 0.0
    for top in range(height // 2, height - height // 10, 8):
        for left in (width // 10, width // 2 + 8):
            words = random.random(width // 3) < 0.7
            page[top : top + 3, left : left + width // 3] = np.where(words, 0.2, 1.0)
    return page

"""OpenVINO on this machine's CPU: what it can, conversion from torch, compilation. Knows no model by name."""

import sys
import threading
import warnings
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from actors.errors import ModelMissing

Precision = Literal["int8", "bf16", "f32"]


@cache
def openvino() -> Any:
    """The library, without its telemetry: that would write to the user's home and call a server.

    Raises:
        ModelMissing: it is not installed here.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # an import of it raises ImportError
    try:
        import openvino as library
    except ImportError as error:
        raise ModelMissing(f"OpenVINO cannot be imported: {error}.", "Install it, or use torch.") from error
    return library


@cache
def precisions() -> tuple[Precision, ...]:
    """Number formats that this CPU computes faster than the next, fastest first; float32 always ends the list."""
    flags = _cpu_flags()
    vector_int8 = bool(flags & {"avx512_vnni", "avx_vnni", "amx_int8"})
    has_bf16 = "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return (*(("int8",) if vector_int8 else ()), *(("bf16",) if has_bf16 else ()), "f32")


def _cpu_flags() -> set[str]:
    """Linux's names of the CPU's abilities; empty elsewhere, where int8 is then not tried."""
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return set()
    line = next((line for line in info.read_text().splitlines() if line.startswith("flags")), "")
    return set(line.split())


def convert(network: Any, example: Any) -> Any:
    """An OpenVINO model of a torch module; `example` is an input tensor, or a tuple of them, of any size."""
    import torch

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it traces the module, which torch warns of in several ways
        return openvino().convert_model(network.eval(), example_input=example)


CACHED_PRIMITIVES = 1000
"""Compiled pieces that are kept for input sizes seen before. The default, 5000, lets a process grow for hours; this one
costs a tenth more time where every image has a size of its own."""


class CompiledModel:
    """A model, compiled for a number of threads; several threads may call it at once."""

    def __init__(self, model: Any, *, precision: Precision, threads: int) -> None:
        """Read and compile.

        Args:
            model: path of the model's .xml file, or a model in memory.
            precision: `int8` says that the model is quantised already; what is not computes in bfloat16 or float32.
            threads: cores to use. They are not pinned: two processes would pin themselves to the same cores.
        """
        hint = "bf16" if precision == "bf16" or (precision == "int8" and "bf16" in precisions()) else "f32"
        wishes = {
            "INFERENCE_NUM_THREADS": max(1, threads),
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_PRECISION_HINT": hint,
            "CPU_RUNTIME_CACHE_CAPACITY": CACHED_PRIMITIVES,
        }
        core = openvino().Core()
        read = core.read_model(model) if isinstance(model, Path) else model
        self._compiled = core.compile_model(read, "CPU", wishes)
        self._own = threading.local()

    def __call__(self, *arrays: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """The first output for input arrays, as an array of its own."""
        return self.outputs(*arrays)[0]

    def outputs(self, *arrays: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
        """All outputs for input arrays, as arrays of their own."""
        return [np.array(output) for output in self.views(*arrays)]

    def views(self, *arrays: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
        """All outputs for input arrays, where they were computed: they hold until this thread's next call."""
        request = self._request()
        request.infer(list(arrays), share_inputs=True)
        return [tensor.data for tensor in request.output_tensors]

    def _request(self) -> Any:
        """This thread's own: one request computes one thing at a time."""
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        return self._own.request

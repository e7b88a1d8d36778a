"""EasyOCR's networks computed by torch, on a GPU or a CPU. Knows arrays, no images' meaning.

Importing this module imports torch.
"""

import copy
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from actors.inference.agreement import first_that_agrees
from actors.inference.devices import cpu_has_bf16
from actors.text_recognition.checks import MOST_FLIPPED, check_canvases, check_strips, flipped_share
from actors.text_recognition.recognition import Alphabet, LineReader

Form = Literal["f16", "bf16", "f32"]
DTYPES: dict[Form, torch.dtype] = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32}

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


class CanvasNetwork(nn.Module):
    """CRAFT with what EasyOCR does before it: canvases (n, h, w, 3) of 0-255 to maps (n, h / 2, w / 2, 2)."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, detector: nn.Module, dtype: torch.dtype = torch.float32) -> None:
        """Wrap the detector, which computes in `dtype`."""
        super().__init__()
        self.detector = detector
        self.dtype = dtype
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1) * 255.0)
        self.register_buffer("deviation", torch.tensor(IMAGENET_DEVIATION).view(1, 3, 1, 1) * 255.0)

    def forward(self, canvases: torch.Tensor) -> torch.Tensor:
        """See the class."""
        pixels = canvases.permute(0, 3, 1, 2).float()
        maps: torch.Tensor = self.detector(((pixels - self.mean) / self.deviation).to(self.dtype))[0]
        return maps.float()


class StripsNetwork(nn.Module):
    """The CRNN with what EasyOCR does before it: strips (n, 64, w) of 0-255 to logits (n, steps, classes)."""

    def __init__(self, recogniser: nn.Module, dtype: torch.dtype = torch.float32) -> None:
        """Wrap the recogniser, which computes in `dtype`."""
        super().__init__()
        self.recogniser = recogniser
        self.dtype = dtype

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        """See the class."""
        grey = (strips.float() / 127.5 - 1.0).unsqueeze(1).to(self.dtype)
        logits: torch.Tensor = self.recogniser(grey, None)  # its second input, a text, is not used
        return logits.float()


def forms_of(device: torch.device) -> tuple[Form, ...]:
    """Number formats that a device multiplies faster than the next, the fastest first."""
    if device.type == "cuda":
        return ("f16", "bf16", "f32") if torch.cuda.is_bf16_supported() else ("f16", "f32")
    return ("bf16", "f32") if cpu_has_bf16() else ("f32",)


def load_detector(detector: nn.Module, device: torch.device) -> tuple[Form, "TorchDetector"]:
    """CRAFT in the fastest numbers that judge the check images as float32 does on the same device."""
    reference = TorchDetector(detector, device, "f32")(check_canvases())

    def difference(maps: TorchDetector) -> str | None:
        share = flipped_share(reference, maps(check_canvases()))
        return f"{share:.1%} of the letters' points flipped" if not share <= MOST_FLIPPED else None

    return first_that_agrees(
        "detector", forms_of(device), lambda form: TorchDetector(detector, device, form), difference
    )


def load_recogniser(recogniser: nn.Module, alphabet: Alphabet, device: torch.device) -> tuple[Form, "TorchRecogniser"]:
    """The CRNN likewise; a CPU computes it in float32, where torch's LSTM has no lower format that pays."""

    def said(network: TorchRecogniser) -> list[str]:
        return [reading.text for reading in LineReader(network, alphabet).decode(network(check_strips()))]

    expected = said(TorchRecogniser(recogniser, device, "f32"))
    forms: tuple[Form, ...] = forms_of(device) if device.type == "cuda" else ("f32",)
    return first_that_agrees(
        "recogniser",
        forms,
        lambda form: TorchRecogniser(recogniser, device, form),
        lambda network: None if said(network) == expected else "other words were read",
    )


class TorchDetector:
    """CRAFT in some numbers."""

    def __init__(self, detector: nn.Module, device: torch.device, form: Form) -> None:
        """Put a copy of the network on its device."""
        self._device = device
        own = copy.deepcopy(detector).to(dtype=DTYPES[form]).to(memory_format=torch.channels_last)
        self._network = CanvasNetwork(own, DTYPES[form]).to(device).eval()

    def __call__(self, canvases: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """See `detection.ScoreMaps`."""
        return _compute(self._network, canvases, self._device)


class TorchRecogniser:
    """The CRNN in some numbers."""

    def __init__(self, recogniser: nn.Module, device: torch.device, form: Form) -> None:
        """Put a copy of the network on its device."""
        self._device = device
        own = copy.deepcopy(recogniser).to(dtype=DTYPES[form])
        self._network = StripsNetwork(own, DTYPES[form]).to(device).eval()

    def __call__(self, strips: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """See `recognition.StripNetwork`."""
        return _compute(self._network, strips, self._device)


def _compute(network: nn.Module, array: npt.NDArray[np.uint8], device: torch.device) -> npt.NDArray[np.float32]:
    with torch.inference_mode():
        answer: npt.NDArray[np.float32] = network(torch.from_numpy(array).to(device)).cpu().numpy()
        return answer

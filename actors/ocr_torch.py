"""EasyOCR's networks computed by torch, on a GPU or a CPU. Knows arrays, no images' meaning.

Importing this module imports torch.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from actors.devices import cpu_has_bf16

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


def _fast_format(device: torch.device) -> torch.dtype:
    if device.type == "cuda":
        return torch.float16
    return torch.bfloat16 if cpu_has_bf16() else torch.float32


class TorchDetector:
    """CRAFT: float16 on a GPU, bfloat16 on a CPU that has it, else float32."""

    def __init__(self, detector: nn.Module, device: torch.device) -> None:
        """Move the network to its device."""
        self._device = device
        dtype = _fast_format(device)
        detector = detector.to(dtype=dtype).to(memory_format=torch.channels_last)
        self._network = CanvasNetwork(detector, dtype).to(device).eval()

    def __call__(self, canvases: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """See `ocr_detection.ScoreMaps`."""
        return _compute(self._network, canvases, self._device)


class TorchRecogniser:
    """The CRNN: float16 on a GPU, float32 on a CPU, where torch's LSTM has no lower format that pays."""

    def __init__(self, recogniser: nn.Module, device: torch.device) -> None:
        """Move the network to its device."""
        self._device = device
        dtype = torch.float16 if device.type == "cuda" else torch.float32
        self._network = StripsNetwork(recogniser.to(dtype=dtype), dtype).to(device).eval()

    def __call__(self, strips: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """See `ocr_recognition.StripNetwork`."""
        return _compute(self._network, strips, self._device)


def _compute(network: nn.Module, array: npt.NDArray[np.uint8], device: torch.device) -> npt.NDArray[np.float32]:
    with torch.inference_mode():
        answer: npt.NDArray[np.float32] = network(torch.from_numpy(array).to(device)).cpu().numpy()
        return answer

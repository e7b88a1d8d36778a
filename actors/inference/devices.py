"""Where torch computes: the device, its number format and its threads. Knows no model; Ray decides who gets a GPU.

Imports torch only when asked, so that processes which merely name an actor stay small.
"""

from typing import TYPE_CHECKING

from actors.errors import DeviceMissing

if TYPE_CHECKING:
    import torch


def torch_device(gpu: bool) -> "torch.device":
    """The device to load a model on.

    Raises:
        DeviceMissing: a GPU was promised and torch sees none; computing on the CPU instead would be a slow success.
    """
    import torch

    if not gpu:
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise DeviceMissing(
            "This actor was given a GPU, but torch finds none in its process.",
            "Check the driver, CUDA_VISIBLE_DEVICES and torch's build; or start the node with --num-gpus=0.",
        )
    return torch.device("cuda", torch.cuda.current_device())


def device_name(device: "torch.device") -> str:
    """What a report shows: `cpu`, or `cuda:0 (NVIDIA H100 80GB HBM3)`."""
    import torch

    return str(device) if device.type == "cpu" else f"{device} ({torch.cuda.get_device_name(device)})"


def use_threads(threads: int) -> None:
    """Let torch and OpenCV use as many threads as Ray gave this actor cores; more would fight with the other actors."""
    import cv2
    import torch

    torch.set_num_threads(max(1, threads))
    cv2.setNumThreads(max(1, threads))


def cpu_has_bf16() -> bool:
    """Whether this CPU multiplies bfloat16 itself; elsewhere torch emulates it, slower than float32."""
    import torch

    abilities = torch.cpu.get_capabilities()
    return bool(abilities.get("avx512_bf16") or abilities.get("amx_bf16"))

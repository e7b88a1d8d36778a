"""EasyOCR's networks computed by OpenVINO: converted once, proven before use. Knows arrays and the model folder.

Converting takes torch and some ten seconds; loading what is there takes neither. The folder keeps the detector in
float32 and in 8-bit integers, the recogniser, the alphabet, and what torch said of a few made images: a conversion that
says something else is not used, and the next safer one is.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from actors.inference.agreement import first_that_agrees
from actors.inference.converted import converted_folder, file_hash, fingerprint
from actors.inference.openvino_cpu import CompiledModel, Precision, convert, openvino, precisions
from actors.text_recognition.checks import MOST_FLIPPED, check_canvases, check_strips, flipped_share
from actors.text_recognition.craft_int8 import RECIPE_FILE, quantise, recipe
from actors.text_recognition.detection import Floats
from actors.text_recognition.recognition import Alphabet, LineReader

log = logging.getLogger(__name__)

LAYOUT = 1
"""Raised when what stands in the folder changes its meaning."""


@dataclass(frozen=True, eq=False)
class OpenVinoEngine:
    """Both networks, ready."""

    maps: CompiledModel
    strips: CompiledModel
    alphabet: Alphabet
    name: str
    precision: Precision
    """Of the detector, where the time goes."""


def open_engine(languages: Sequence[str], model_folder: Path, threads: int) -> OpenVinoEngine:
    """The fastest conversion that reads what torch reads.

    Raises:
        ModelMissing: weights that cannot be had, no OpenVINO, or no conversion that passes.
    """

    def make(empty: Path) -> None:
        _convert(empty, languages, model_folder)

    openvino()
    folder = converted_folder(model_folder / "openvino", _folder_name(languages), make)
    facts = json.loads((folder / "facts.json").read_text())
    alphabet = Alphabet(tuple(facts["letters"]), tuple(facts["ignored"]), facts["right_to_left"])
    reference = np.load(folder / "maps.npy").astype(np.float32)

    def maps_differ(maps: CompiledModel) -> str | None:
        share = flipped_share(reference, np.concatenate([maps(canvas[None]) for canvas in check_canvases()]))
        return f"{share:.1%} of the letters' points flipped" if share > MOST_FLIPPED else None

    def strips_differ(strips: CompiledModel) -> str | None:
        said = LineReader(strips, alphabet).decode(strips(check_strips()))
        return None if [reading.text for reading in said] == facts["readings"] else "other words were read"

    def load(name: str) -> Callable[[Precision], CompiledModel]:
        return lambda form: CompiledModel(_model_file(folder, name, form), precision=form, threads=threads)

    precision, maps = first_that_agrees("detector", precisions(), load("detector"), maps_differ)
    plain = tuple(form for form in precisions() if form != "int8")
    _, strips = first_that_agrees("recogniser", plain, load("recogniser"), strips_differ)
    return OpenVinoEngine(maps, strips, alphabet, facts["name"], precision)


def _model_file(folder: Path, name: str, form: Precision) -> Path:
    return folder / f"{name}-{'int8' if form == 'int8' else 'f32'}.xml"


def _folder_name(languages: Sequence[str]) -> str:
    """Changes with the weights, the libraries and the recipe."""
    import easyocr_en_models

    parts = {
        "layout": LAYOUT,
        "languages": list(languages),
        "easyocr": version("easyocr"),
        "openvino": version("openvino"),
        "weights": {path.name: file_hash(path) for path in sorted(Path(easyocr_en_models.model_dir()).glob("*.pth"))},
        "recipe": file_hash(RECIPE_FILE),
        "canvases": check_canvases().sum(dtype=np.int64),
    }
    return f"easyocr-{'-'.join(languages)}-{fingerprint(parts)}"


def _convert(folder: Path, languages: Sequence[str], model_folder: Path) -> None:
    """Fill the folder; imports torch and EasyOCR."""
    import torch

    from actors.text_recognition.easy_models import load_networks
    from actors.text_recognition.easy_torch import CanvasNetwork, StripsNetwork

    log.info("Converting EasyOCR's networks for this machine's CPU; this happens once.")
    networks = load_networks(languages, model_folder)
    canvas_network = CanvasNetwork(networks.detector).eval()
    strips_network = StripsNetwork(networks.recogniser).eval()

    def logits(strips: "np.typing.NDArray[np.uint8]") -> Floats:
        with torch.inference_mode():
            answer: Floats = strips_network(torch.from_numpy(strips)).numpy()
            return answer

    with torch.inference_mode():
        maps = canvas_network(torch.from_numpy(check_canvases())).numpy()
    np.save(folder / "maps.npy", maps.astype(np.float16))
    readings = LineReader(logits, networks.alphabet).decode(logits(check_strips()))
    facts = {
        "name": networks.name,
        "letters": list(networks.alphabet.letters),
        "ignored": list(networks.alphabet.ignored),
        "right_to_left": networks.alphabet.right_to_left,
        "readings": [reading.text for reading in readings],
    }
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False))
    _save_models(folder, canvas_network, strips_network)


def _save_models(folder: Path, canvas_network: object, strips_network: object) -> None:
    import torch

    save = openvino().save_model
    recogniser = convert(strips_network, torch.zeros(2, 64, 128, dtype=torch.uint8))
    recogniser.reshape([-1, 64, -1])
    save(recogniser, _model_file(folder, "recogniser", "f32"), compress_to_fp16=False)
    detector = convert(canvas_network, torch.zeros(1, 64, 96, 3, dtype=torch.uint8))
    detector.reshape([1, -1, -1, 3])
    save(detector, _model_file(folder, "detector", "f32"), compress_to_fp16=False)
    quantise(detector, recipe())
    save(detector, _model_file(folder, "detector", "int8"), compress_to_fp16=False)

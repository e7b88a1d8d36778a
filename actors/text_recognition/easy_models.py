"""Gets EasyOCR's networks ready: which weights, from where, on which device. Knows no images.

English weights come with a package, so that nothing is downloaded; EasyOCR itself downloads those of other languages,
once, into the model folder that is given. Importing this module imports torch.
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from zipfile import BadZipFile

import easyocr
import easyocr_en_models
import torch
from torch import nn

from actors.errors import ModelMissing
from actors.text_recognition.recognition import Alphabet

DETECTOR_FILE = "craft_mlt_25k.pth"


@dataclass(frozen=True)
class OcrNetworks:
    """What EasyOCR loaded: float32, on the CPU, in evaluation mode."""

    detector: nn.Module
    """CRAFT: float (n, 3, h, w) -> (n, h/2, w/2, 2) scores of letters and of links between them, and features."""
    recogniser: nn.Module
    """CRNN: float (n, 1, 64, w) -> logits (n, steps, classes)."""
    alphabet: Alphabet
    name: str
    """Engine and weights, as results carry it."""


def load_networks(languages: Sequence[str], model_folder: Path) -> OcrNetworks:
    """EasyOCR's detector and its recogniser for the languages.

    Args:
        languages: EasyOCR's language codes; not all go together.
        model_folder: where downloaded weights are kept; written to for languages other than English only.

    Raises:
        ModelMissing: unknown languages, or weights that are neither on disk nor to be had.
    """
    own = model_folder / "easyocr"
    try:
        reader = _packaged_reader(own) if tuple(languages) == ("en",) else _downloading_reader(languages, own)
    except (OSError, URLError, BadZipFile, ValueError, AssertionError, EOFError) as error:
        raise ModelMissing(
            f"EasyOCR's weights for {', '.join(languages)} cannot be had: {error}.",
            f"Put them into {own}, allow the download, or set QUARRY_OCR_LANGUAGES to languages that EasyOCR knows.",
        ) from error
    ignored = sorted(set(reader.character) - set(reader.lang_char))
    return OcrNetworks(
        detector=reader.detector.eval(),
        recogniser=reader.recognizer.eval(),
        alphabet=Alphabet(
            letters=tuple(reader.character),
            ignored=tuple(reader.character.index(letter) + 1 for letter in ignored),
            right_to_left=reader.model_lang == "arabic",
        ),
        name=f"easyocr-{easyocr.__version__}/{reader.model_lang}",
    )


def _packaged_reader(own: Path) -> Any:
    return _reader(["en"], Path(easyocr_en_models.model_dir()), own, download=False)


def _downloading_reader(languages: Sequence[str], own: Path) -> Any:
    own.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(own / ".lock"):
        if not (own / DETECTOR_FILE).is_file():
            shutil.copyfile(Path(easyocr_en_models.model_dir()) / DETECTOR_FILE, own / DETECTOR_FILE)
        return _reader(list(languages), own, own, download=True)


def _reader(languages: list[str], weights: Path, own: Path, *, download: bool) -> Any:
    # gpu=False: the networks are moved to their device later, without EasyOCR's DataParallel around them.
    # quantize=False: the dynamically quantised LSTM is slower than the plain one.
    with torch.random.fork_rng(devices=[]):  # its constructors draw random weights before they load the real ones
        return easyocr.Reader(
            languages,
            gpu=False,
            model_storage_directory=str(weights),
            user_network_directory=str(own / "user_network"),
            download_enabled=download,
            quantize=False,
            verbose=False,
        )


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """EasyOCR unpacks its downloads through one fixed file name, which two processes would tear apart."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

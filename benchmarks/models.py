"""The models against the same weights as their libraries run them: one image after the other, alternately, in one run.

    python -m benchmarks.models [PDF ...] [--threads N]

Pages are rendered as extraction does; where they have a text layer, its words say how many of them each side reads.
Without files the sample catalogue is used, which nothing was tuned on.
"""

import argparse
import os
import re
import statistics
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pymupdf

from actors.clip import ClipEncoder
from actors.ocr import OcrReader
from actors.text_embedding import TextEncoder
from benchmarks.catalogue import random_clip_checkpoint
from benchmarks.figures import Figure, show
from cluster.settings import Settings
from samples.catalogue import make_sample_catalogue

CLIP_MODEL = "ViT-B-32"
CLIP_IMAGES = 32


@dataclass(frozen=True)
class Sample:
    """A rendered page and the words that it is known to show."""

    data: bytes
    words: Counter[str]


def measure_models(files: Sequence[Path], threads: int) -> list[Figure]:
    """All three models."""
    if files:
        samples = [sample for file in files for sample in rendered(file)]
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sample.pdf"
            make_sample_catalogue(path)
            samples = list(rendered(path))
    return [*measure_ocr(samples, threads), *measure_clip(samples, threads), *measure_text(samples, threads)]


def rendered(path: Path) -> Iterator[Sample]:
    """Every page as a JPEG at Quarry's resolution."""
    dpi = Settings().page_dpi
    with pymupdf.open(path) as document:
        for page in document:
            words = Counter(words_of(" ".join(word[4] for word in page.get_text("words"))))
            yield Sample(page.get_pixmap(dpi=dpi, alpha=False).tobytes("jpeg"), words)


def words_of(text: str) -> list[str]:
    """Words and numbers of two characters and more, lower case."""
    return re.findall(r"[^\W_]{2,}", text.lower())


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of this process, which other programs on the machine do not lengthen, and the answer."""
    started = time.process_time()
    answer = call()
    return time.process_time() - started, answer


def measure_ocr(samples: Sequence[Sample], threads: int) -> list[Figure]:
    """EasyOCR's readtext as it comes against OcrReader."""
    import easyocr
    import easyocr_en_models
    import torch

    settings = Settings()
    own = OcrReader(
        ("en",), model_folder=settings.model_folder, canvas_px=settings.ocr_canvas_px, threads=threads, gpu=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = easyocr.Reader(
            ["en"],
            gpu=False,
            model_storage_directory=easyocr_en_models.model_dir(),
            user_network_directory=str(settings.model_folder / "easyocr" / "user_network"),
            download_enabled=False,
            verbose=False,
        )
    torch.set_num_threads(threads)
    ratios, plain_words, own_words, known = [], 0, 0, 0
    for number, sample in enumerate(samples):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain_s, said = timed(partial(plain.readtext, sample.data))
        own_s, (result,) = timed(partial(own.read, [(str(number), sample.data)]))
        ratios.append(plain_s / own_s)
        known += sample.words.total()
        plain_words += (sample.words & Counter(words_of(" ".join(line[1] for line in said)))).total()
        own_words += (sample.words & Counter(words_of(" ".join(line.text for line in result.lines)))).total()
    return [
        Figure(f"OCR against readtext, {own.backend}", _times(ratios), "8 times", statistics.median(ratios) >= 8),
        Figure(
            "words read, of the text layer's",
            f"{own_words} against {plain_words} of {known}",
            "0.99 of readtext's",
            own_words >= 0.99 * plain_words,
        ),
    ]


def measure_clip(samples: Sequence[Sample], threads: int) -> list[Figure]:
    """The image tower in batches against open_clip one by one; random weights cost what real ones do."""
    checkpoint = str(random_clip_checkpoint())
    folder = Settings().model_folder
    encoders = [
        ClipEncoder(CLIP_MODEL, checkpoint, model_folder=folder, gpu=False, threads=threads, backend=backend)
        for backend in ("torch", "auto")
    ]
    images = [(str(number), samples[number % len(samples)].data) for number in range(CLIP_IMAGES)]
    ratios = []
    for _ in range(3):
        plain_s, _ = timed(lambda: [encoders[0].embed([image]) for image in images])
        own_s, _ = timed(lambda: encoders[1].embed(images))
        ratios.append(plain_s / own_s)
    name = f"CLIP images with decoding, {encoders[1].backend}, batch {CLIP_IMAGES}, against one by one in torch"
    return [Figure(name, _times(ratios), "", None)]


def measure_text(samples: Sequence[Sample], threads: int) -> list[Figure]:
    """Text vectors against torch in the same batches."""
    folder = Settings().model_folder
    plain, own = TextEncoder(threads=threads), TextEncoder(threads=threads, model_folder=folder)
    texts = [" ".join(sample.words) for sample in samples for _ in range(8)]
    ratios = []
    for _ in range(3):
        plain_s, _ = timed(lambda: plain.encode(texts))
        own_s, _ = timed(lambda: own.encode(texts))
        ratios.append(plain_s / own_s)
    return [Figure(f"text vectors, {own.backend}, against torch", _times(ratios), "", None)]


def _times(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.1f} times (from {min(ratios):.1f} to {max(ratios):.1f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    choice = parser.parse_args()
    show(measure_models(choice.files, choice.threads))


if __name__ == "__main__":
    main()

"""OCR against plain `readtext`: the same images, one after the other, alternately, in one process."""

import re
import statistics
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pymupdf

from actors.ocr import OcrReader
from benchmarks.figures import Figure, timed
from cluster.settings import Settings
from samples.lettering import lettered_images

SEED = 20261123
"""Of the images that are measured on. Nothing was chosen on them; who tunes takes another seed, or real catalogues."""

EASYOCR_AIM, RAPIDOCR_AIM = 8.0, 20.0
LEAST_WORDS = 0.99
UNDECOMPOSED = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d"})


@dataclass(frozen=True)
class Sample:
    """An encoded image and the words that it is known to show."""

    data: bytes
    words: Counter[str]


@dataclass
class Score:
    """What one reader took and read, image by image."""

    seconds: list[float] = field(default_factory=list)
    words: int = 0

    def add(self, sample: Sample, seconds: float, lines: Sequence[str]) -> None:
        """Count the words that the image is known to show."""
        self.seconds.append(seconds)
        self.words += (sample.words & Counter(words_of(" ".join(lines)))).total()


def drawn(count: int) -> list[Sample]:
    """Drawn images of mixed kinds, with the words that were drawn."""
    images = lettered_images(SEED, count)
    return [Sample(image.data, Counter(words_of(" ".join(image.lines)))) for image in images]


def warm_up() -> Sample:
    """A drawn image as large as any."""
    image = list(lettered_images(SEED + 1, 21))[-1]
    return Sample(image.data, Counter(words_of(" ".join(image.lines))))


def rendered(path: Path) -> Iterator[Sample]:
    """Every page of a PDF as a JPEG at Quarry's resolution, with the words of its text layer."""
    dpi = Settings().page_dpi
    with pymupdf.open(path) as document:
        for page in document:
            words = Counter(words_of(" ".join(word[4] for word in page.get_text("words"))))
            yield Sample(page.get_pixmap(dpi=dpi, alpha=False).tobytes("jpeg"), words)


def words_of(text: str) -> list[str]:
    """Words and numbers of two characters and more, lower case, without accents, which EasyOCR's English cannot say."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(UNDECOMPOSED))
    return re.findall(r"[^\W_]{2,}", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def measure_ocr(samples: Sequence[Sample], threads: int) -> list[Figure]:
    """EasyOCR's readtext as it comes, against both engines."""
    easyocr, rapidocr = _reader(threads, engine="easyocr"), _reader(threads, engine="rapidocr")
    readers: list[Callable[[bytes], list[str]]] = [
        _readtext(threads),
        partial(_lines, easyocr),
        partial(_lines, rapidocr),
    ]
    for reader in readers:  # an actor's process has read something before, too; this image is not measured on
        reader(warm_up().data)
    scores = [Score() for _ in readers]
    for number, sample in enumerate(samples):
        order = [0, 1, 2] if number % 2 else [2, 1, 0]
        for index in order:
            seconds, lines = timed(partial(readers[index], sample.data))
            scores[index].add(sample, seconds, lines)
    known = sum(sample.words.total() for sample in samples)
    plain, easy, rapid = scores
    return [
        Figure("plain readtext", f"{sum(plain.seconds):.0f} s, {plain.words} of {known} words", ""),
        _speed(f"OCR, easyocr, {easyocr.backend}, against it", plain, easy, EASYOCR_AIM),
        Figure(
            "words that it reads",
            f"{easy.words}, {easy.words / plain.words:.3f} of readtext's",
            f"{LEAST_WORDS}",
            easy.words >= LEAST_WORDS * plain.words,
        ),
        _speed(f"OCR, rapidocr, {rapidocr.backend}, against it", plain, rapid, RAPIDOCR_AIM),
        Figure(
            "words that it reads",
            f"{rapid.words}, {rapid.words / plain.words:.3f} of readtext's",
            "more than 1",
            rapid.words > plain.words,
        ),
    ]


def _speed(work: str, plain: Score, own: Score, aim: float) -> Figure:
    ratios = [one / other for one, other in zip(plain.seconds, own.seconds, strict=True)]
    whole = sum(plain.seconds) / sum(own.seconds)
    shown = (
        f"{whole:.1f} times; by image median {statistics.median(ratios):.1f}, {min(ratios):.1f} to {max(ratios):.1f}"
    )
    return Figure(work, shown, f"{aim:.0f} times", whole >= aim)


def _reader(threads: int, **choice: Any) -> OcrReader:
    settings = Settings()
    return OcrReader(
        ("en",),
        model_folder=settings.model_folder,
        canvas_px=settings.ocr_canvas_px,
        threads=threads,
        gpu=False,
        **choice,
    )


def _lines(reader: OcrReader, data: bytes) -> list[str]:
    (result,) = reader.read([("image", data)])
    if result.error:
        raise RuntimeError(result.error)
    return [line.text for line in result.lines]


def _readtext(threads: int) -> Callable[[bytes], list[str]]:
    """EasyOCR as its documentation shows it."""
    import easyocr
    import easyocr_en_models
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = easyocr.Reader(
            ["en"],
            gpu=False,
            model_storage_directory=easyocr_en_models.model_dir(),
            user_network_directory=str(Settings().model_folder / "easyocr" / "user_network"),
            download_enabled=False,
            verbose=False,
        )
    torch.set_num_threads(threads)

    def readtext(data: bytes) -> list[str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(line[1]) for line in reader.readtext(data)]

    return readtext

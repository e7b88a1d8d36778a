"""The models against the same weights as their libraries run them, alternately, in one run.

    python -m benchmarks.models [PDF ...] [--images N] [--threads N] [--only ocr clip text] [--gpu]

OCR is measured on drawn images that nothing was chosen on, or on the pages of the files that are named, whose text
layer says which words stand there. What is counted is processor time of this process, one thread unless said otherwise:
that is how Quarry uses a machine, with an actor for each core, and other programs do not lengthen it. With --gpu OCR
and CLIP are measured on the GPU instead, in images a second.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.device import measure_device
from benchmarks.figures import Figure, show
from benchmarks.reading import Sample, drawn, measure_ocr, rendered
from benchmarks.vectors import measure_clip, measure_text
from samples.lettering import SENTENCES

IMAGES = 21
PARTS = ("ocr", "clip", "text")


def measure_models(
    files: Sequence[Path] = (), images: int = IMAGES, threads: int = 1, parts: Sequence[str] = PARTS
) -> list[Figure]:
    """All models, or those parts."""
    samples = samples_of(files, images)
    figures: list[Figure] = []
    if "ocr" in parts:
        figures += measure_ocr(samples, threads)
    if "clip" in parts:
        figures += measure_clip([sample.data for sample in samples], threads)
    if "text" in parts:
        figures += measure_text([" ".join(sample.words) for sample in samples] * 4 + list(SENTENCES) * 4, threads)
    return figures


def samples_of(files: Sequence[Path], images: int) -> list[Sample]:
    """The pages of the files, or so many drawn images."""
    return [sample for file in files for sample in rendered(file)] or drawn(images)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--gpu", action="store_true")
    choice = parser.parse_args()
    if choice.gpu:
        images = [sample.data for sample in samples_of(choice.files, choice.images)]
        show(measure_device(images, gpu=True, threads=choice.threads))
        return
    show(measure_models(choice.files, choice.images, choice.threads, choice.only))


if __name__ == "__main__":
    main()

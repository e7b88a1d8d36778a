"""`make bench`: measure the models, then start a Quarry of its own, measure that, print the table, end it."""

import os

from benchmarks.catalogue import measure_catalogue, random_clip_checkpoint
from benchmarks.figures import show
from benchmarks.models import measure_models
from benchmarks.stand import running_quarry
from benchmarks.uploads import measure_uploads


def main() -> None:
    """Measure everything, the quiet part first."""
    checkpoint = random_clip_checkpoint()
    os.environ["QUARRY_CLIP_PRETRAINED"] = str(checkpoint)
    figures = measure_models()
    with running_quarry() as stand:
        show([*figures, *measure_catalogue(stand, checkpoint), *measure_uploads(stand)])


if __name__ == "__main__":
    main()

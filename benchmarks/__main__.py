"""`make bench`: every row of the table of aims, or those that ARGS names, each figure beside its aim."""

import argparse
import os

from benchmarks.catalogue import random_clip_checkpoint
from benchmarks.figures import Figure, show
from benchmarks.rows import ALONE, RUNNING, measure


def main() -> None:
    """Measure and print the table, also of what was measured when somebody ends it early."""
    rows = [*ALONE, *RUNNING]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*rows, []], metavar="ROW", help=f"of {', '.join(rows)}")
    chosen = parser.parse_args().rows or rows
    os.environ["QUARRY_CLIP_PRETRAINED"] = str(random_clip_checkpoint())
    figures: list[Figure] = []
    try:
        for row in measure([name for name in rows if name in chosen]):
            figures += row
    finally:
        show(figures)


if __name__ == "__main__":
    main()

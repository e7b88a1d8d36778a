"""Memory over many documents: `make soak` processes 200 small ones and says whether every process stays flat.

Each window of documents gives one sample: the most that a driver held, and what every other process holds when the
window's documents have ended. After the warm-up the median of the last third of the samples may be at most 10 % above
that of the first third; one sample is chance, so a third has three at least.
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.stand import HOME, running_quarry
from cluster.host.process_list import running_processes
from db.connection import Database
from db.leftovers import extra_attempts, half_done
from samples.large import make_large_catalogue

DOCUMENTS, WINDOW = 200, 10
AT_ONCE = 3
LOOK_EVERY_S = 0.3
WARM_UP_SHARE = 0.25
MOST_GROWTH = 0.10
FEWEST_SAMPLES = 3
"""Of a third: a median of fewer is no median."""
MEBIBYTE = 1024 * 1024
DRIVER = "driver"
WATCHED = re.compile(r"driver|supervisor|progress|serve replica|serve proxy|(ocr|clip|analysis)-\d+")


@dataclass(frozen=True)
class Sample:
    """What each duty held after so many documents, in bytes; of several processes the largest."""

    documents: int
    memory: dict[str, int]


@dataclass(frozen=True)
class Verdict:
    """One duty over the whole run."""

    duty: str
    first: float  # bytes, median of the first third after the warm-up
    last: float  # bytes, median of the last third

    @property
    def growth(self) -> float:
        """0.05 for 5 % more at the end than at the beginning."""
        return self.last / max(1.0, self.first) - 1.0

    @property
    def flat(self) -> bool:
        """Whether it stays within the limit."""
        return self.growth <= MOST_GROWTH


def soak(root: Path, process: Callable[[Path], None], files: Sequence[Path], window: int) -> Iterator[Sample]:
    """Process the files, a few at a time; one sample for each window of them.

    Args:
        root: the home whose processes are looked at.
        process: uploads one file and returns when it has ended.
        files: no two of the same bytes.
        window: files of one sample.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for start in range(0, len(files), window):
            part = files[start : start + window]
            working = [threads.submit(process, path) for path in part]
            driver = 0
            while not all(one.done() for one in working):
                driver = max(driver, memory_of(root).get(DRIVER, 0))
                time.sleep(LOOK_EVERY_S)
            for one in working:
                one.result()
            yield Sample(start + len(part), {**memory_of(root), DRIVER: driver})


def memory_of(root: Path) -> dict[str, int]:
    """Resident bytes by duty; of several processes the largest."""
    found: dict[str, int] = {}
    for process in running_processes(root):
        if WATCHED.fullmatch(process.duty):
            found[process.duty] = max(found.get(process.duty, 0), process.memory_bytes)
    return found


def judge(samples: Sequence[Sample]) -> list[Verdict]:
    """One verdict for each duty that was there in every sample after the warm-up; raises ValueError for too few."""
    kept = samples[round(WARM_UP_SHARE * len(samples)) :]
    third = len(kept) // 3
    if third < FEWEST_SAMPLES:
        raise ValueError(f"{len(samples)} samples are too few to judge by; take more documents or smaller windows")
    verdicts = []
    for duty in sorted(set.intersection(*(set(sample.memory) for sample in kept))):
        sizes = [sample.memory[duty] for sample in kept]
        verdicts.append(Verdict(duty, statistics.median(sizes[:third]), statistics.median(sizes[-third:])))
    return verdicts


def make_files(folder: Path, number: int) -> list[Path]:
    """So many catalogues of one page and two pictures; no two hold the same."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"soak-{seed}.pdf" for seed in range(number)]
    for seed, path in enumerate(paths):
        make_large_catalogue(path, pages=1, images=2, seed=50_000 + seed)
    return paths


def main(arguments: list[str]) -> int:
    """Run it on a Quarry of its own; the exit code is 1 when something grew, failed or was tried twice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--window", type=int, default=WINDOW)
    given = parser.parse_args(arguments)
    files = make_files(HOME / "soak", given.documents)
    samples: list[Sample] = []
    with running_quarry() as stand:

        def process(path: Path) -> None:
            ended = stand.wait(stand.upload(path))
            if ended["status"] != "completed":
                raise RuntimeError(f"{path.name} ended {ended['status']}: {ended}")

        for sample in soak(stand.settings.root, process, files, given.window):
            samples.append(sample)
            sizes = ", ".join(f"{duty} {size / MEBIBYTE:.0f}" for duty, size in sorted(sample.memory.items()))
            print(f"{sample.documents:4} documents, MiB: {sizes}", flush=True)
        with closing(Database(stand.settings.service_url, "service")) as database, database.transaction() as conn:
            faults = {**half_done(conn), **extra_attempts(conn)}
    return show(judge(samples), faults)


def show(verdicts: list[Verdict], faults: dict[str, int]) -> int:
    """The table and the exit code."""
    table = Table("process", "MiB after warm-up", "MiB at the end", "growth", "flat")
    for one in verdicts:
        sizes = (f"{one.first / MEBIBYTE:.0f}", f"{one.last / MEBIBYTE:.0f}")
        table.add_row(one.duty, *sizes, f"{one.growth:+.1%}", "yes" if one.flat else "no")
    console = Console(width=100)
    console.print(table)
    for what, number in faults.items():
        console.print(f"{number} {what}")
    return 0 if all(one.flat for one in verdicts) and not faults else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The rows of `make bench`: what needs no service is measured first; the others share one Quarry for each engine.

A row that cannot be measured says so in the table, and the others go on.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import httpx

from benchmarks.busy import measure_busy
from benchmarks.catalogue import measure_catalogue
from benchmarks.fairness import measure_fairness
from benchmarks.figures import Figure
from benchmarks.memory import measure_memory
from benchmarks.models import measure_models
from benchmarks.queues import measure_queues
from benchmarks.scale import measure_simulation
from benchmarks.stand import Stand, running_quarry
from benchmarks.uploads import measure_uploads
from benchmarks.visibility import measure_visibility


def apart(work: Callable[..., list[Figure]], *arguments: object) -> list[Figure]:
    """In a process of its own: one belongs to one Ray for its whole life, which is prepared before it is imported."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def measure_agreement() -> list[Figure]:
    """The simulation beside real runs."""
    from benchmarks import scale_check  # it imports Ray

    return scale_check.measure_agreement()


ALONE: dict[str, Callable[[], list[Figure]]] = {
    "reading": partial(measure_models, parts=("ocr",)),
    "vectors": partial(measure_models, parts=("clip", "text")),
    "queues": measure_queues,
    "scale": lambda: [*measure_simulation(), *apart(measure_agreement)],
}
"""Rows that need no running Quarry."""
RUNNING: dict[str, Callable[[Stand], list[Figure]]] = {
    "catalogue": measure_catalogue,
    "busy": measure_busy,
    "visibility": measure_visibility,
    "fairness": measure_fairness,
    "uploads": measure_uploads,
    "memory": measure_memory,
}
RAPID: dict[str, Callable[[Stand], list[Figure]]] = {"catalogue": measure_catalogue}
"""Those that are measured with the other engine as well."""
ENGINES = {"easyocr": RUNNING, "rapidocr": RAPID}


def measure(names: list[str]) -> Iterator[list[Figure]]:
    """The figures of the rows that are named, as they come."""
    for name in names:
        if name in ALONE:
            yield attempt(name, ALONE[name])
    for engine, rows in ENGINES.items():
        if wanted := [name for name in names if name in rows]:
            yield apart(measure_running, engine, wanted)


def measure_running(engine: str, names: list[str]) -> list[Figure]:
    """The rows of one engine, in a Quarry that they share."""
    os.environ["QUARRY_OCR_ENGINE"] = engine
    with running_quarry() as stand:
        rows = [attempt(f"{name}, {engine}", partial(ENGINES[engine][name], stand)) for name in names]
    return [figure for row in rows for figure in row]


def attempt(name: str, work: Callable[[], list[Figure]]) -> list[Figure]:
    """A row's figures, or why there are none."""
    print(f"measuring: {name}", flush=True)
    try:
        figures = work()
    except subprocess.CalledProcessError as error:
        figures = [Figure(name, f"not measured: {(error.stderr or str(error))[-500:]}", "", met=False)]
    except (RuntimeError, OSError, httpx.HTTPError) as error:
        figures = [Figure(name, f"not measured: {error}", "", met=False)]
    for figure in figures:
        print(f"  {figure.work}: {figure.figure}", flush=True)
    return figures

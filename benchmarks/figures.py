"""A figure with its aim, and the table that shows them."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil
from rich.console import Console
from rich.table import Table

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Figure:
    """One measured value beside what was aimed at."""

    work: str
    figure: str
    aim: str
    met: bool | None = None  # None where there is no aim


def show(figures: list[Figure]) -> None:
    """Print the table."""
    table = Table("work", "figure", "aim", "met", title=machine())
    for figure in figures:
        met = "" if figure.met is None else "yes" if figure.met else "no"
        table.add_row(figure.work, figure.figure, figure.aim, met)
    Console(width=140).print(table)


def machine() -> str:
    """What it was measured on: processor, cores that this process may use, memory."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = psutil.virtual_memory().total / 1024**3
    return f"{names[0] if names else 'unknown CPU'}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB"


def percentile(values: list[float], percent: float) -> float:
    """Nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered) + 0.5) - 1))]


def timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    """Processor seconds of this process, which other programs on the machine do not lengthen, and the answer."""
    started = time.process_time()
    answer = call()
    return time.process_time() - started, answer

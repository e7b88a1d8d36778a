"""Catalogues of 71 pages and 215 images: Quarry against the plain loop, and the memory of its driver process."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.stand import HOME, Stand
from samples.large import make_large_catalogue

PAGES, IMAGES = 71, 215
MEBIBYTE = 1024 * 1024
DRIVER_LIMIT_MIB = 500
AIMS = {"easyocr": 8.0, "rapidocr": 15.0}  # by engine, times the plain loop
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def random_clip_checkpoint() -> Path:
    """ViT-B-32 with random weights: what CLIP costs does not depend on what it has learnt. Never used for results."""
    path = HOME / "clip-for-timing.pt"
    if not path.exists():
        program = (
            "import sys, torch, open_clip; torch.manual_seed(0); "
            "torch.save(open_clip.create_model('ViT-B-32').state_dict(), sys.argv[1])"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    return path.resolve()


def measure_catalogue(stand: Stand) -> list[Figure]:
    """Quarry and the plain loop in turn, with nothing else running; each round of Quarry reads a file of its own."""
    engine = stand.settings.ocr_engine
    sizes: list[int] = []

    def quarry_s_of(path: Path) -> float:
        return stand.process(path, look=lambda: sizes.append(stand.driver_memory()))[1]

    quarry = [quarry_s_of(_file(1, engine))]
    plain = [_plain_loop(_file(1, engine))]
    quarry += [quarry_s_of(_file(2, engine))]
    plain += [_plain_loop(_file(2, engine))]
    quarry += [quarry_s_of(_file(3, engine))]
    plain_s, quarry_s = statistics.median(one["total"] for one in plain), statistics.median(quarry)
    steps = {step: statistics.median(one["seconds"][step] for one in plain) for step in plain[0]["seconds"]}
    by_step = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in steps.items())
    work, aim, peak_mib = f"{PAGES} pages, {IMAGES} images", AIMS[engine], max(sizes) / MEBIBYTE
    rounds = ", ".join(f"{seconds:.0f}" for seconds in quarry)
    return [
        Figure(f"{work}: plain loop in one process ({by_step})", f"{plain_s:.0f} s", ""),
        Figure(f"{work}: Quarry with {engine}, upload to products", f"{quarry_s:.0f} s (rounds: {rounds})", ""),
        Figure(
            f"{work}: plain loop / Quarry with {engine}",
            f"{plain_s / quarry_s:.1f} times",
            f"{aim:.0f} times",
            plain_s / quarry_s >= aim,
        ),
        Figure(
            f"{work}: peak memory of the driver process",
            f"{peak_mib:.0f} MiB",
            f"under {DRIVER_LIMIT_MIB}",
            peak_mib < DRIVER_LIMIT_MIB,
        ),
    ]


def _file(number: int, engine: str) -> Path:
    """One of its own for each round and engine: no bytes that were read before."""
    path = HOME / f"large-{engine}-{number}.pdf"
    make_large_catalogue(path, PAGES, IMAGES, seed=70 + 10 * list(AIMS).index(engine) + number)
    return path


def _plain_loop(path: Path) -> dict[str, Any]:
    program = [sys.executable, "-m", "benchmarks.old_service", str(path), str(random_clip_checkpoint())]
    # The loop may use every core: what keeps each of Quarry's actors to its own does not bind it.
    environment = {name: value for name, value in os.environ.items() if name not in THREAD_LIMITS}
    done = subprocess.run(program, check=True, capture_output=True, text=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured

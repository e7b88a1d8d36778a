"""One catalogue of 71 pages and 215 images: Quarry against the plain loop, and the memory of its driver process."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.stand import HOME, Stand
from samples.large import make_large_catalogue

PAGES, IMAGES = 71, 215
MEBIBYTE = 1024 * 1024
DRIVER_LIMIT_MIB = 500
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


def measure_catalogue(stand: Stand, checkpoint: Path) -> list[Figure]:
    """Process the same file both ways, one after the other, with nothing else running."""
    path = HOME / "large.pdf"
    make_large_catalogue(path, PAGES, IMAGES)
    sizes: list[int] = []
    started = time.perf_counter()
    document = stand.wait(stand.upload(path), look=lambda: sizes.append(stand.driver_memory()))
    quarry_s = time.perf_counter() - started
    if document["status"] != "completed":
        raise RuntimeError(f"the catalogue ended {document['status']}: {document}")
    program = [sys.executable, "-m", "benchmarks.old_service", str(path), str(checkpoint)]
    # The loop may use every core: what keeps each of Quarry's actors to its own does not bind it.
    environment = {name: value for name, value in os.environ.items() if name not in THREAD_LIMITS}
    done = subprocess.run(program, check=True, capture_output=True, text=True, env=environment)
    old = json.loads(done.stdout.splitlines()[-1])
    by_step = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in old["seconds"].items())
    work = f"{PAGES} pages, {IMAGES} images"
    peak_mib, ratio = max(sizes) / MEBIBYTE, old["total"] / quarry_s
    return [
        Figure(f"{work}: plain loop in one process ({by_step})", f"{old['total']:.0f} s", ""),
        Figure(f"{work}: Quarry, upload to products", f"{quarry_s:.0f} s", ""),
        Figure(f"{work}: plain loop / Quarry", f"{ratio:.1f}", "more than 1", ratio > 1),
        Figure(
            f"{work}: peak memory of the driver process",
            f"{peak_mib:.0f} MiB",
            f"under {DRIVER_LIMIT_MIB}",
            peak_mib < DRIVER_LIMIT_MIB,
        ),
    ]

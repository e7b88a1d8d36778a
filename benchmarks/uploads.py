"""How soon an upload of 10 MB is answered while the pipeline is busy, one at a time and twenty at once."""

import asyncio
import statistics
import time
from pathlib import Path

import httpx
import numpy as np
import pymupdf

from benchmarks.figures import Figure, percentile
from benchmarks.stand import ENDED, HOME, Stand
from samples.large import make_large_catalogue, make_small_catalogue

AT_ONCE = 20
AIM_S = 1.0
SIZE_BYTES = 10_000_000


def measure_uploads(stand: Stand) -> list[Figure]:
    """Keep the pipeline busy with a large catalogue, then upload small ones; each answer must be a 202."""
    busy = HOME / "busy.pdf"
    make_large_catalogue(busy, pages=71, images=215, seed=92)  # of this row alone: known bytes would be no work
    paths = [HOME / f"small-{seed}.pdf" for seed in range(2 * AT_ONCE)]
    for seed, path in enumerate(paths):
        make_small_catalogue(path, seed=1000 + seed)
        pad(path, SIZE_BYTES)
    document_id = stand.upload(busy)
    while stand.document(document_id).get("stage") != "image_processing":
        time.sleep(0.2)
    single = [asyncio.run(_upload_all(stand, [path]))[0] for path in paths[:AT_ONCE]]
    together = asyncio.run(_upload_all(stand, paths[AT_ONCE:]))
    if stand.document(document_id)["status"] in ENDED:
        raise RuntimeError("the large catalogue had ended before the uploads were answered")
    return [_figure("1 at a time", single), _figure(f"{AT_ONCE} at once", together)]


def pad(path: Path, size: int) -> None:
    """Add what no page shows until the file has so many bytes; they cannot be packed."""
    filling = np.random.default_rng(10).bytes(max(0, size - path.stat().st_size))
    with pymupdf.open(path) as document:
        xref = document.get_new_xref()
        document.update_object(xref, "<<>>")
        document.update_stream(xref, filling, compress=0)
        document.saveIncr()


def _figure(how: str, seconds: list[float]) -> Figure:
    p95 = percentile(seconds, 95)
    figure = f"median {statistics.median(seconds):.2f} s, p95 {p95:.2f} s"
    return Figure(
        f"upload of 10 MB answered while a large catalogue is processed, {how}", figure, "p95 under 1 s", p95 < AIM_S
    )


async def _upload_all(stand: Stand, paths: list[Path]) -> list[float]:
    async with httpx.AsyncClient(
        base_url=stand.settings.api_url, headers=stand.headers, timeout=60.0, trust_env=False
    ) as client:
        return list(await asyncio.gather(*(_upload(client, path) for path in paths)))


async def _upload(client: httpx.AsyncClient, path: Path) -> float:
    content = path.read_bytes()
    started = time.perf_counter()
    answer = await client.post("/documents/upload-async", files={"file": (path.name, content, "application/pdf")})
    seconds = time.perf_counter() - started
    answer.raise_for_status()
    return seconds

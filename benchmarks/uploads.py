"""How soon an upload of 10 MB is answered while the pipeline is busy, one at a time and twenty at once.

Twenty at once alternately by Ray Serve and by the same API under uvicorn alone: what they would take without Serve.
"""

import asyncio
import statistics
import time
from pathlib import Path

import httpx
import numpy as np
import pymupdf

from benchmarks.bare_api import bare_api
from benchmarks.figures import Figure, percentile
from benchmarks.stand import ENDED, HOME, Stand
from samples.large import make_large_catalogue, make_small_catalogue

AT_ONCE = 20
ROUNDS = 3
AIM_S = 1.0
SIZE_BYTES = 10_000_000


def measure_uploads(stand: Stand) -> list[Figure]:
    """Keep the pipeline busy with a large catalogue, then upload small ones; each answer must be a 202."""
    busy = HOME / "busy.pdf"
    make_large_catalogue(busy, pages=240, images=720, seed=92)  # of this row alone: known bytes would be no work
    files = [_small_file(number) for number in range(AT_ONCE)]
    document_id = stand.upload(busy)
    while stand.document(document_id).get("stage") != "image_processing":
        time.sleep(0.2)
    serve = stand.settings.api_url
    single = [asyncio.run(_upload_all(stand, serve, [file]))[0] for file in files]
    together: list[list[float]] = []
    bare: list[list[float]] = []
    with bare_api(stand.settings) as address:
        for turn in range(ROUNDS):
            together.append(asyncio.run(_upload_all(stand, serve, _others(files, 2 * turn))))
            bare.append(asyncio.run(_upload_all(stand, address, _others(files, 2 * turn + 1))))
            if stand.document(document_id)["status"] in ENDED:
                raise RuntimeError("the large catalogue had ended before the uploads were answered")
    at_once = [seconds for turn in together for seconds in turn]
    return [_figure("1 at a time", single), _figure(f"{AT_ONCE} at once", at_once), _ratio(together, bare)]


def _small_file(number: int) -> bytes:
    path = HOME / f"small-{number}.pdf"
    make_small_catalogue(path, seed=1000 + number)
    pad(path, SIZE_BYTES)
    return path.read_bytes()


def _others(files: list[bytes], turn: int) -> list[bytes]:
    """The same catalogues with other bytes at the end: known ones would be duplicates."""
    return [content + f"\n% {turn}".encode() for content in files]


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


def _ratio(together: list[list[float]], bare: list[list[float]]) -> Figure:
    """By the median of the rounds, each of which is over when its slowest twentieth is."""
    ours, others = (statistics.median(percentile(turn, 95) for turn in turns) for turns in (together, bare))
    return Figure(
        f"the same, {AT_ONCE} at once, by Ray Serve against the same API under uvicorn alone",
        f"{ours / others:.1f} times: p95 {ours:.2f} s and {others:.2f} s, medians of {ROUNDS} rounds",
        "",
    )


async def _upload_all(stand: Stand, address: str, files: list[bytes]) -> list[float]:
    async with httpx.AsyncClient(base_url=address, headers=stand.headers, timeout=60.0, trust_env=False) as client:
        return list(await asyncio.gather(*(_upload(client, content) for content in files)))


async def _upload(client: httpx.AsyncClient, content: bytes) -> float:
    started = time.perf_counter()
    answer = await client.post("/documents/upload-async", files={"file": ("small.pdf", content, "application/pdf")})
    seconds = time.perf_counter() - started
    answer.raise_for_status()
    return seconds

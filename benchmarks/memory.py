"""What the process that drives a document of a thousand pages and two thousand images holds at most."""

from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.catalogue import DRIVER_LIMIT_MIB, MEBIBYTE
from benchmarks.figures import Figure
from benchmarks.stand import HOME, Stand
from samples.paper import HEIGHT, MARGIN, WIDTH, Paper

PAGES, IMAGES_A_PAGE = 1000, 2
SIDE_PX = 64
"""What is held by image does not grow with its pixels: the driver knows keys only."""


def measure_memory(stand: Stand) -> list[Figure]:
    """The largest that was seen in the document's whole time."""
    path = HOME / "thousand.pdf"
    make_thousand_pages(path, PAGES)
    sizes: list[int] = []
    document = stand.wait(stand.upload(path), look=lambda: sizes.append(stand.driver_memory()))
    images = document["counts"].get("images", 0)
    if document["status"] != "completed" or images != PAGES * IMAGES_A_PAGE:
        raise RuntimeError(f"the document ended {document['status']} with {images} images: {document['warnings']}")
    peak_mib = max(sizes) / MEBIBYTE
    return [
        Figure(
            f"{PAGES:,} pages, {images:,} images: peak memory of the driver process",
            f"{peak_mib:.0f} MiB",
            f"under {DRIVER_LIMIT_MIB}",
            peak_mib < DRIVER_LIMIT_MIB,
        )
    ]


def make_thousand_pages(path: Path, pages: int) -> None:
    """Write pages with two small pictures of coloured noise and their captions; no two pictures alike."""
    random = np.random.default_rng(1000)
    paper = Paper("A thousand pages", "Marenna")
    for page in range(1, pages + 1):
        paper.new_page()
        paper.write(WIDTH - MARGIN, HEIGHT - 26, str(page), 8.5, "bold", align="right")
        for place in range(IMAGES_A_PAGE):
            x = MARGIN + 260 * place
            pixels = random.integers(0, 255, (SIDE_PX // 8, SIDE_PX // 8, 3), dtype=np.uint8)
            picture = Image.fromarray(pixels).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
            paper.picture((x, 100, x + 220, 320), picture)
            paper.write(x, 336, f"Alba {page} {'AB'[place]}", 10.5, "bold")
            paper.write(x, 350, f"T{page:04d}-{place}  600 x 600 x 9 mm, matt", 8.5)
    paper.document.save(path, deflate=True)  # looking for what could be merged takes a minute here
    paper.document.close()

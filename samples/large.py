"""Catalogues in any number and size, for benchmarks and for ten uploads at once: plain pages, every picture different.

Knows what they hold to the last name; knows nothing of how they are read.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples.paper import ACCENT, GREY, HEIGHT, MARGIN, WIDTH, Paper
from samples.products import SampleProduct
from samples.textures import Surface

WORDS_IN_EVERY = 12
"""One picture in so many carries a printed label; the others hold no words."""
IMAGE_PX = (420, 300)
FIRST = ("Alba", "Brina", "Corte", "Duna", "Elba", "Fiora", "Gaia", "Isola", "Luna", "Mira", "Nera", "Onda", "Pietra",
         "Riva", "Siena", "Terra", "Ulivo", "Valle", "Zefiro")  # fmt: skip
SECOND = ("Avorio", "Bronzo", "Cenere", "Dorato", "Fumo", "Grigio", "Miele", "Notte", "Ocra", "Perla", "Rosso",
          "Sabbia", "Tortora", "Verde")  # fmt: skip
SIZES = ("600 x 600 x 9 mm", "300 x 600 x 9 mm", "800 x 800 x 10 mm", "200 x 1200 x 9 mm", "1200 x 600 x 20 mm")
FINISHES = ("Matt", "Polished", "Honed", "Textured", "Glossy", "Brushed")
KINDS = {"concrete": 2, "marble": 3, "travertine": 3, "wood": 2, "glaze": 2}


@dataclass(frozen=True)
class Holdings:
    """What a made catalogue holds."""

    products: tuple[SampleProduct, ...]
    labels: tuple[str, ...]  # the words printed inside pictures, one entry a picture


def make_large_catalogue(path: str | Path, pages: int = 71, images: int = 215, seed: int = 71) -> Holdings:
    """Write a catalogue of so many pages and embedded images, no two of the same bytes, a product below each image.

    Raises:
        ValueError: more than twelve images a page, which would not fit.
    """
    if images > 12 * pages:
        raise ValueError(f"{images} images do not fit on {pages} pages; at most twelve a page do.")
    random = np.random.default_rng(seed)
    paper = Paper(f"Large sample {seed}", "Marenna")
    products: list[SampleProduct] = []
    labels: list[str] = []
    for page in range(pages):
        paper.new_page()
        paper.write(MARGIN, 60, f"Collection {page + 1}", 20, "serif bold", ACCENT)
        paper.write(WIDTH - MARGIN, HEIGHT - 26, str(page + 1), 8.5, "bold", ACCENT, "right")
        count = images * (page + 1) // pages - images * page // pages
        for place in range(count):
            product = _product(random, len(products), page + 1, seed)
            label = f"BATCH {seed % 1000:03d} {len(products):04d}" if len(products) % WORDS_IN_EVERY == 0 else None
            _show(paper, place, count, product, label)
            products.append(product)
            labels += [label] if label else []
    paper.save(path)
    return Holdings(tuple(products), tuple(labels))


def make_small_catalogue(path: str | Path, seed: int) -> Holdings:
    """Write two pages with five images that no other seed's catalogue holds."""
    return make_large_catalogue(path, pages=2, images=5, seed=1000 + seed)


def _product(random: np.random.Generator, number: int, page: int, seed: int) -> SampleProduct:
    kind = list(KINDS)[int(random.integers(len(KINDS)))]
    loud = random.integers(50, 235, (KINDS[kind], 3))
    muted = (0.3 * loud + 0.7 * loud.mean(axis=1, keepdims=True)).astype(int)
    colours = tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in muted)
    name = f"{FIRST[number % len(FIRST)]} {SECOND[number // len(FIRST) % len(SECOND)]}"
    size = SIZES[int(random.integers(len(SIZES)))]
    finish = FINISHES[int(random.integers(len(FINISHES)))]
    code = f"L{seed % 10000:04d}-{number:04d}"
    return SampleProduct(name, code, page, size, finish, "tile", Surface(kind, colours, seed * 100_000 + number))


def _show(paper: Paper, place: int, count: int, product: SampleProduct, label: str | None) -> None:
    """The product in the next place of a grid of as many columns as the page's number of images wants."""
    columns = 1 if count == 1 else 2 if count <= 6 else 3
    rows = -(-count // columns)
    width = (WIDTH - 2 * MARGIN - 20 * (columns - 1)) / columns
    height = min((HEIGHT - 150) / rows - 62, width * 0.72)
    x, y = MARGIN + place % columns * (width + 20), 84 + place // columns * (height + 62)
    assert product.surface is not None
    pixels = product.surface.draw(*IMAGE_PX)
    if label:
        _print_on(pixels, label)
    paper.picture((x, y, x + width, y + height), pixels, quality=80)
    paper.write(x, y + height + 15, product.name, 10.5, "bold")
    paper.write(x, y + height + 28, f"{product.code}  {product.dimensions}", 8.5, "regular", GREY)
    paper.write(x, y + height + 40, str(product.finish), 8.5, "regular", GREY)


def _print_on(pixels: Image.Image, label: str) -> None:
    draw = ImageDraw.Draw(pixels)
    draw.rectangle((40, 110, IMAGE_PX[0] - 40, 190), fill="#ffffff")
    draw.text((IMAGE_PX[0] / 2, 150), label, font=ImageFont.load_default(38), fill="#111111", anchor="mm")

"""Draws surfaces from noise: stone, wood, glaze, terrazzo. The same seed gives the same pixels.

Knows pixels only, nothing of products or pages. Arrays are (height, width) or (height, width, 3), floats from 0 to 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFilter

Floats = NDArray[np.float32]
Random = np.random.Generator


@dataclass(frozen=True)
class Surface:
    """A texture to be drawn: its kind, its colours as "#rrggbb" and the seed."""

    kind: str
    colours: tuple[str, ...]
    seed: int

    def draw(self, width: int, height: int) -> Image.Image:
        """RGB pixels; raises `KeyError` for an unknown kind."""
        random = np.random.default_rng(self.seed)
        colours = [_rgb(colour) for colour in self.colours]
        return _KINDS[self.kind](random, width, height, colours)


def clouds(
    random: Random, width: int, height: int, cells: float = 4.0, octaves: int = 5, stretch: float = 1.0
) -> Floats:
    """Soft noise from 0 to 1: random grids, each twice as fine and half as strong as the one before.

    `cells` is the number of spots across the width of the coarsest grid; `stretch` above 1 draws them out sideways.
    """
    total = np.zeros((height, width), np.float32)
    strength = 1.0
    for _ in range(octaves):
        across = max(2, round(cells / stretch) + 1)
        down = max(2, round(cells * height / width) + 1)
        grid = Image.fromarray(random.random((down, across), dtype=np.float32), mode="F")
        total += strength * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
        strength *= 0.5
        cells *= 2.0
    low, high = float(total.min()), float(total.max())
    return np.asarray((total - low) / max(1e-6, high - low), np.float32)


def light_from_above(height: Floats, strength: float) -> Floats:
    """Relief: brightness factors around 1 of a surface of this height, lit from the top left."""
    down, across = np.gradient(height)
    return np.asarray(1.0 + strength * (down + across) * 20.0, np.float32)


def picture(pixels: Any) -> Image.Image:
    """An RGB picture of floats from 0 to 1."""
    return Image.fromarray((np.clip(pixels, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8), "RGB")


def _rgb(colour: str) -> Floats:
    return np.array(ImageColor.getrgb(colour), np.float32) / 255.0


def _mix(one: Floats, other: Floats, share: Floats) -> Floats:
    return one + (other - one) * np.clip(share, 0.0, 1.0)[..., None]


def _marble(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    base, vein, shade = colours
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / width
    bend = clouds(random, width, height, 3.0, 6)
    fine = clouds(random, width, height, 7.0, 5)
    pixels = _mix(np.broadcast_to(base, (height, width, 3)), shade, 0.55 * clouds(random, width, height, 2.0, 5))
    for turn, bends, count, sharp, strength in ((0.55, 2.6, 2.4, 26.0, 0.9), (-0.8, 3.4, 3.1, 40.0, 0.5)):
        wave = np.abs(np.sin(np.pi * count * (x * turn + y + bends * 0.35 * bend + 0.08 * fine)))
        pixels = _mix(pixels, vein, strength * np.exp(-sharp * wave) * (0.35 + 0.9 * fine))
    return picture(pixels + 0.015 * (random.random((height, width, 1), dtype=np.float32) - 0.5))


def _concrete(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    base, other = colours
    spots = clouds(random, width, height, 5.0, 6)
    fine = clouds(random, width, height, 60.0, 2)
    pixels = _mix(np.broadcast_to(base, (height, width, 3)), other, 0.7 * spots)
    relief = light_from_above(0.5 * spots + 0.5 * fine, 0.03)
    return picture(pixels * relief[..., None] + 0.03 * (random.random((height, width, 1), dtype=np.float32) - 0.5))


def _travertine(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    base, band, hole = colours
    layers = clouds(random, width, height, 9.0, 5, stretch=7.0)
    pixels = _mix(np.broadcast_to(base, (height, width, 3)), band, 0.9 * layers)
    pores = clouds(random, width, height, 46.0, 3, stretch=3.0)
    pixels = _mix(pixels, hole, 6.0 * (pores - 0.80) * (layers > 0.35))
    return picture(pixels + 0.02 * (random.random((height, width, 1), dtype=np.float32) - 0.5))


def _slate(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    base, other = colours
    layers = clouds(random, width, height, 5.0, 7, stretch=2.2)
    steps = np.floor(layers * 7.0) / 7.0 * 0.6 + layers * 0.4
    relief = light_from_above(steps.astype(np.float32), 0.45)
    pixels = _mix(np.broadcast_to(base, (height, width, 3)), other, clouds(random, width, height, 3.0, 4))
    return picture(pixels * np.clip(relief, 0.72, 1.35)[..., None])


def _terrazzo(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    base, *chips = colours
    large = Image.new("RGB", (width * 2, height * 2), _hex(base))
    draw = ImageDraw.Draw(large)
    for _ in range(int(width * height / 260)):
        x, y = random.random() * width * 2, random.random() * height * 2
        radius = 3.0 + 17.0 * random.random() ** 3 * (width / 400.0 + 0.4)
        turns = np.sort(random.random(int(random.integers(4, 8)))) * 2.0 * np.pi
        reach = radius * (0.65 + 0.5 * random.random(turns.size))
        corners = [(x + r * np.cos(t), y + r * np.sin(t)) for t, r in zip(turns, reach, strict=True)]
        draw.polygon(corners, fill=_hex(chips[int(random.integers(len(chips)))]))
    return large.resize((width, height), Image.Resampling.LANCZOS)


def _wood(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    light, dark = colours
    y = np.mgrid[0:height, 0:width][0].astype(np.float32) / height
    bend = clouds(random, width, height, 5.0, 4, stretch=5.0)
    rings = 0.5 + 0.5 * np.sin(2.0 * np.pi * (4.5 * y + 3.2 * bend))
    fibre = clouds(random, width, height, 220.0, 2, stretch=60.0)
    share = (
        0.42 * rings**2 + 0.5 * fibre * (0.4 + 0.6 * bend) + 0.18 * clouds(random, width, height, 4.0, 3, stretch=4.0)
    )
    pixels = _mix(np.broadcast_to(light, (height, width, 3)), dark, share)
    return picture(pixels + 0.02 * (random.random((height, width, 1), dtype=np.float32) - 0.5))


def _glaze(random: Random, width: int, height: int, colours: list[Floats]) -> Image.Image:
    """Small handmade tiles: each its own shade, a little pillowed, with light joints."""
    base, other = colours
    grout = np.array([0.90, 0.88, 0.84], np.float32)
    across = max(6, round(4.0 * width / height))
    side = width / across
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / side
    rows = int(np.ceil(height / side)) + 1
    shades = random.random((rows, across + 1), dtype=np.float32)
    share = 0.75 * shades[y.astype(int), x.astype(int)] + 0.25 * clouds(random, width, height, 14.0, 3)
    pixels = _mix(np.broadcast_to(base, (height, width, 3)), other, share)
    inside_x, inside_y = x - np.floor(x), y - np.floor(y)
    shine = np.exp(-18.0 * ((inside_x - 0.32) ** 2 + (inside_y - 0.28) ** 2))
    edge = np.minimum.reduce([inside_x, 1.0 - inside_x, inside_y, 1.0 - inside_y])
    pixels = pixels * (0.86 + 0.16 * np.clip(edge * 7.0, 0.0, 1.0))[..., None] + 0.16 * shine[..., None]
    return picture(_mix(pixels, grout, (edge < 0.022).astype(np.float32))).filter(ImageFilter.GaussianBlur(0.6))


def _hex(colour: Floats) -> tuple[int, int, int]:
    red, green, blue = (round(float(value) * 255.0) for value in colour)
    return red, green, blue


_KINDS: dict[str, Callable[[Random, int, int, list[Floats]], Image.Image]] = {
    "marble": _marble,
    "concrete": _concrete,
    "travertine": _travertine,
    "slate": _slate,
    "terrazzo": _terrazzo,
    "wood": _wood,
    "glaze": _glaze,
}

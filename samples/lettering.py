"""Draws images with known words as catalogues have them inside: labels on surfaces, tables, text in many languages.

The same seed gives the same pixels. Made for measuring readers, on images that nobody chose anything on.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from PIL import Image

from samples.textures import Surface, clouds, picture

Random = np.random.Generator
FACES = ("helv", "hebo", "heit", "tiro", "tibo", "tiit", "cour", "cobo")
SURFACES = (
    ("marble", ("#e9e4da", "#8d8478", "#cfc7b8")),
    ("concrete", ("#8a8c8e", "#5f6265")),
    ("travertine", ("#d9c7a7", "#b89b73", "#7d6446")),
    ("slate", ("#4a4f52", "#6c7275")),
    ("terrazzo", ("#eee9df", "#b5523b", "#3d4b57", "#c9a36a")),
    ("wood", ("#c89f6c", "#7d5632")),
    ("glaze", ("#2f7f86", "#7fc3bd")),
)
NAMES = (
    "Calacatta", "Statuario", "Basalto", "Verona", "Oxford", "Siena", "Nordic", "Antracite", "Toledo", "Florence",
    "Bergen", "Lisboa", "Cappadocia", "Pietra", "Almond", "Graphite", "Ivory", "Walnut", "Cobalt", "Terracotta",
)  # fmt: skip
FINISHES = ("matt", "polished", "honed", "brushed", "natural", "glossy", "lappato", "structured")
SENTENCES = (
    "Porcelain stoneware for floors and walls, frost resistant and suitable for outdoor use.",
    "Slip resistance R11, water absorption below 0.5 percent, rectified edges on four sides.",
    "Feinsteinzeug für Böden und Wände, frostsicher, Rutschhemmung R10, Oberfläche geschliffen.",
    "Gebürstete Eiche, geölt, Verlegung schwimmend, geeignet für Fußbodenheizung.",
    "Grès cérame émaillé, résistance à la glissance élevée, pose intérieure et extérieure.",
    "Revêtement mural en chêne brossé, épaisseur réduite, finition huilée naturelle.",
    "Gres porcellanato a tutta massa, superficie levigata, spessore nove millimetri.",
    "Piastrelle rettificate per pavimenti e rivestimenti, resistenti al gelo e alle macchie.",
    "Porcelánico rectificado para suelos y paredes, acabado antideslizante, resistente a heladas.",
    "Madeira de carvalho escovado, acabamento oleado, aplicação em interiores e exteriores.",
    "Vloertegels van keramiek, geschikt voor binnen en buiten, antislip en vorstbestendig.",
    "Płytki gresowe szkliwione, odporne na mróz, powierzchnia matowa, krawędzie rektyfikowane.",
    "Sırlı porselen karo, dona dayanıklı, mat yüzey, iç ve dış mekan kullanımı için.",
    "Fagyálló gres padlólap, csúszásmentes felület, beltéri és kültéri használatra.",
)
GROUNDS = ("#ffffff", "#f4f1ea", "#1f3d44", "#b07a2a", "#7a1f2b", "#d9e4dc", "#2b2f31", "#c7d3e3")
SCALES = (1.4, 2.0, 3.4)  # pixels a point: for the screen, for a desk printer, for print


@dataclass(frozen=True)
class LetteredImage:
    """An encoded image and the lines that it shows."""

    kind: str
    data: bytes
    lines: tuple[str, ...]


class Sheet:
    """A sheet under way: what stands on it and which words it shows. Lengths are points."""

    def __init__(self, width: float, height: float, ground: Image.Image | str) -> None:
        self.width, self.height = width, height
        self.page: Any = pymupdf.open().new_page(width=width, height=height)
        self.lines: list[str] = []
        if isinstance(ground, str):
            self.page.draw_rect(self.page.rect, color=None, fill=_rgb(ground))
        else:
            buffer = io.BytesIO()
            ground.save(buffer, "PNG")
            self.page.insert_image(self.page.rect, stream=buffer.getvalue())

    def write(self, x: float, y: float, text: str, size: float, face: str, colour: str, turn: float = 0.0) -> None:
        """One line with its baseline at y, turned by degrees around its start."""
        writer = pymupdf.TextWriter(self.page.rect)
        writer.append((x, y), text, font=pymupdf.Font(face), fontsize=size)
        morph = (pymupdf.Point(x, y), pymupdf.Matrix(turn)) if turn else None
        writer.write_text(self.page, color=_rgb(colour), morph=morph)
        self.lines.append(text)

    def image(self, scale: float) -> Image.Image:
        """The sheet's pixels, so many a point."""
        pixmap = self.page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def lettered_images(seed: int, count: int) -> Iterator[LetteredImage]:
    """So many images, the kinds in turn; as JPEG of changing quality."""
    kinds = list(_KINDS.items())
    for number in range(count):
        kind, draw = kinds[number % len(kinds)]
        random = np.random.default_rng([seed, number])
        sheet = draw(random)
        buffer = io.BytesIO()
        scale = SCALES[(number // len(kinds)) % len(SCALES)]
        sheet.image(scale).save(buffer, "JPEG", quality=int(random.integers(60, 95)))
        yield LetteredImage(kind, buffer.getvalue(), tuple(sheet.lines))


def _label(random: Random) -> Sheet:
    """A name and a size printed over a surface."""
    width, height = _size(random, (300, 460), (180, 320))
    kind, colours = SURFACES[int(random.integers(len(SURFACES)))]
    surface = Surface(kind, colours, int(random.integers(1 << 30))).draw(int(width), int(height))
    sheet = Sheet(width, height, surface)
    ink = "#ffffff" if np.asarray(surface.convert("L")).mean() < 140 else "#1b1b1b"
    face = _one(random, FACES)
    sheet.write(20, height * 0.35, f"{_one(random, NAMES)} {_one(random, NAMES)}", random.uniform(18, 34), face, ink)
    sheet.write(20, height * 0.6, f"{_dimensions(random)} {_one(random, FINISHES)}", random.uniform(11, 18), face, ink)
    sheet.write(20, height * 0.85, f"Art. {_code(random)}", random.uniform(8, 12), face, ink)
    return sheet


def _table(random: Random) -> Sheet:
    """A crop of a price list: small print between hairlines."""
    rows = int(random.integers(7, 13))
    sheet = Sheet(430, 26 + 17.0 * rows, "#ffffff")
    face, size = _one(random, FACES[:6]), random.uniform(7.0, 9.5)
    for row in range(rows):
        y = 24 + 17.0 * row
        if row % 2:
            sheet.page.draw_rect(pymupdf.Rect(8, y - 12, 422, y + 5), color=None, fill=_rgb("#eeeae2"))
        cells = ("Code", "Series", "Size mm", "Finish", "Price EUR") if row == 0 else _row(random)
        for x, text in zip((14, 84, 186, 280, 356), cells, strict=True):
            sheet.write(x, y, text, size, face, "#22282b")
        sheet.page.draw_line((8, y + 5), (422, y + 5), color=_rgb("#b9b2a4"), width=0.4)
    return sheet


def _paragraphs(random: Random) -> Sheet:
    """Running text in several languages, in two sizes."""
    sheet = Sheet(440, 230, _one(random, GROUNDS[:2]))
    face, y = _one(random, FACES[:6]), 28.0
    for sentence in random.choice(len(SENTENCES), size=4, replace=False):
        size = random.uniform(8.0, 13.0)
        for line in _broken(SENTENCES[sentence], face, size, 400.0):
            sheet.write(20, y, line, size, face, "#2b2f31")
            y += 1.35 * size
        y += 6
    return sheet


def _card(random: Random) -> Sheet:
    """Coloured fields with names in light or dark, some with little contrast."""
    sheet = Sheet(400, 260, "#fbfaf7")
    for number in range(6):
        x, y = 15 + 128 * (number % 3), 15 + 122 * (number // 3)
        ground = _one(random, GROUNDS)
        sheet.page.draw_rect(pymupdf.Rect(x, y, x + 118, y + 112), color=None, fill=_rgb(ground))
        dark = sum(_rgb(ground)) < 1.5
        ink = _one(random, ("#ffffff", "#dedad0", "#b9c3c6") if dark else ("#111111", "#444444", "#6d7275"))
        face = _one(random, FACES)
        sheet.write(x + 8, y + 60, _one(random, NAMES), random.uniform(10, 17), face, ink)
        sheet.write(x + 8, y + 100, _code(random), random.uniform(7, 10), face, ink)
    return sheet


def _swatch(random: Random) -> Sheet:
    """A surface without a word, as most images of a catalogue are."""
    width, height = _size(random, (250, 420), (250, 420))
    kind, colours = SURFACES[int(random.integers(len(SURFACES)))]
    return Sheet(width, height, Surface(kind, colours, int(random.integers(1 << 30))).draw(int(width), int(height)))


def _scan(random: Random) -> Sheet:
    """Print on uneven paper, all of it a little turned."""
    shade = 0.78 + 0.2 * clouds(random, 400, 240, 3.0, 4)
    sheet = Sheet(400, 240, picture(np.repeat(shade[:, :, None], 3, axis=2) * np.array([1.0, 0.98, 0.93])))
    turn, face = random.uniform(-4.0, 4.0), _one(random, FACES)
    for row in range(5):
        text = f"{_one(random, NAMES)} {_one(random, FINISHES)} {_dimensions(random)} {_code(random)}"
        sheet.write(30, 50 + 36 * row, text, random.uniform(8.5, 12.0), face, "#3a3632", turn)
    return sheet


def _caption(random: Random) -> Sheet:
    """A photo-like ground with one line at its foot."""
    width, height = _size(random, (360, 480), (220, 320))
    light = clouds(random, int(width), int(height), 3.0, 6)[:, :, None]
    tint = np.stack([clouds(random, int(width), int(height), 2.0, 3) for _ in range(3)], axis=2)
    sheet = Sheet(width, height, picture(0.15 + 0.55 * light + 0.25 * tint))
    sheet.page.draw_rect(pymupdf.Rect(0, height - 34, width, height), color=None, fill=(0, 0, 0), fill_opacity=0.55)
    text = f"{_one(random, NAMES)} {_one(random, NAMES)}, {_one(random, FINISHES)}, {_dimensions(random)} mm"
    sheet.write(14, height - 12, text, random.uniform(9, 14), _one(random, FACES), "#ffffff")
    return sheet


_KINDS: dict[str, Callable[[Random], Sheet]] = {
    "label": _label, "table": _table, "paragraphs": _paragraphs, "card": _card, "swatch": _swatch, "scan": _scan,
    "caption": _caption,
}  # fmt: skip


def _one(random: Random, choices: tuple[str, ...]) -> str:
    return choices[int(random.integers(len(choices)))]


def _size(random: Random, widths: tuple[int, int], heights: tuple[int, int]) -> tuple[float, float]:
    return float(random.integers(*widths)), float(random.integers(*heights))


def _dimensions(random: Random) -> str:
    return f"{random.integers(10, 120) * 10} x {random.integers(10, 240) * 10}"


def _code(random: Random) -> str:
    letters = "".join(chr(65 + int(letter)) for letter in random.integers(0, 26, 2))
    return f"{letters}-{random.integers(1000, 9999)}"


def _row(random: Random) -> tuple[str, ...]:
    price = f"{random.integers(12, 190)},{random.integers(10, 99)}"
    return _code(random), _one(random, NAMES), _dimensions(random), _one(random, FINISHES), price


def _broken(text: str, face: str, size: float, width: float) -> Iterator[str]:
    """Lines that fit the width."""
    font, line = pymupdf.Font(face), ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.text_length(longer, size) > width:
            yield line
            longer = word
        line = longer
    yield line


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255.0 for start in (1, 3, 5))
    return red, green, blue

"""Made images that a converted OCR network must judge as the original does. Knows arrays and thresholds, no network."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from actors.text_recognition.detection import LOW_TEXT, Floats
from actors.text_recognition.recognition import STRIP_HEIGHT, Strips

CANVAS_SIDE = 384
SHEET_SIDE = 2 * CANVAS_SIDE
MOST_FLIPPED = 0.05
"""Share of the points of letters that a network in other numbers may judge differently."""
TEXTS = ("Carrara White", "600 x 1200 mm", "Art. 4711-B", "polished R10", "Oak Natural", "EUR 48,90 / m2", "MATT")
CHECK_WORDS = ("Carrara", "White", "1200", "4711-B", "polished", "R10", "Oak", "Natural", "48,90", "MATT")
"""Those of `TEXTS` that every engine reads on the check canvases, whatever the numbers that it computes in."""
STRIP_TEXTS = ("Calacatta Gold 60x120", "Slip resistance R11", "Art. 20 835", "Travertino")
STRIP_WIDTH = 10 * STRIP_HEIGHT


def check_canvases() -> npt.NDArray[np.uint8]:
    """Canvases (n, CANVAS_SIDE, CANVAS_SIDE, 3): dark on light, light on a texture, small on colour."""
    looks = (("white", "black", 26), (None, "white", 34), ("#c8b090", "#403020", 16))
    return np.stack([_lettered(ground, ink, size) for ground, ink, size in looks])


def check_sheet() -> npt.NDArray[np.uint8]:
    """A canvas (SHEET_SIDE, SHEET_SIDE, 3): the two harder check canvases on its diagonal, a texture beside them."""
    sheet = np.tile(_texture(), (SHEET_SIDE // CANVAS_SIDE, SHEET_SIDE // CANVAS_SIDE, 1))
    for place, canvas in enumerate(check_canvases()[1:]):
        start = place * CANVAS_SIDE
        sheet[start : start + CANVAS_SIDE, start : start + CANVAS_SIDE] = canvas
    return sheet


def _lettered(ground: str | None, ink: str, size: int) -> npt.NDArray[np.uint8]:
    image = Image.new("RGB", (CANVAS_SIDE, CANVAS_SIDE), ground) if ground else Image.fromarray(_texture())
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(TEXTS):
        draw.text((12 + 22 * (row % 3), 10 + 52 * row), text, fill=ink, font=ImageFont.load_default(size))
    return np.asarray(image)


def _texture() -> npt.NDArray[np.uint8]:
    """Something like stone: noise at three scales, brownish."""
    random = np.random.default_rng(7)
    total = np.zeros((CANVAS_SIDE, CANVAS_SIDE))
    for cells in (4, 16, 64):
        coarse = Image.fromarray((random.random((cells, cells)) * 255).astype(np.uint8))
        total += np.asarray(coarse.resize((CANVAS_SIDE, CANVAS_SIDE), Image.Resampling.BICUBIC)) / cells**0.5
    total = 60 + 110 * (total - total.min()) / (total.max() - total.min())
    return np.stack([total, total * 0.85, total * 0.7], axis=2).astype(np.uint8)


def check_strips() -> Strips:
    """Strips (n, STRIP_HEIGHT, STRIP_WIDTH) that say `STRIP_TEXTS`."""
    strips = []
    for number, text in enumerate(STRIP_TEXTS):
        image = Image.new("L", (STRIP_WIDTH, STRIP_HEIGHT), 255 - 40 * number)
        ImageDraw.Draw(image).text((10, 8), text, fill=20 * number, font=ImageFont.load_default(40))
        strips.append(np.asarray(image))
    return np.stack(strips)


def flipped_share(reference: Floats, maps: Floats) -> float:
    """Points that one of the two takes for a letter or a link and the other does not, over those of the reference."""
    expected, found = reference > LOW_TEXT, maps > LOW_TEXT
    return float((expected != found).sum() / max(1, expected.sum()))

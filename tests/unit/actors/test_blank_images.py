"""What is taken for blank must hold no word that an engine would have read: faint print on plain and shaded grounds."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from actors import ocr
from actors.ocr import OcrReader
from actors.pixels import decode, is_blank
from tests.model_folder import MODEL_FOLDER
from tests.unit.actors.pictures import encoded

WORDS = ("Carrara", "polished", "4711")
SIZE = (420, 150)


def faint_print(seed):
    """Words that differ from their ground by little, the ground plain or shaded, the print small or large."""
    random = np.random.default_rng(seed)
    level = random.uniform(40, 220)
    ramp = np.linspace(0, random.choice([0, 30]), SIZE[0])[None, :].repeat(SIZE[1], axis=0)
    contrast = random.choice([1, 2, 2, 3, 5, 8]) * random.choice([-1, 1])
    mask = Image.new("L", SIZE)
    draw, font = ImageDraw.Draw(mask), ImageFont.load_default(int(random.choice([13, 20, 44])))
    for row, word in enumerate(WORDS):
        draw.text((12, 4 + 46 * row), word, fill=255, font=font)
    values = np.clip(level + ramp + contrast * np.asarray(mask) / 255.0, 0, 255)
    image = Image.fromarray(np.repeat(values[:, :, None], 3, axis=2).round().astype(np.uint8))
    return encoded(image, "JPEG", quality=int(random.choice([50, 75, 95]))) if random.random() < 0.5 else encoded(image)


@pytest.mark.parametrize("engine", ["easyocr", "rapidocr"])
def test_no_engine_reads_a_word_in_what_is_taken_for_blank(engine, monkeypatch):
    images = [(str(seed), faint_print(seed)) for seed in range(90)]
    blank = [(name, data) for name, data in images if is_blank(decode(data))]
    assert 15 < len(blank) < 75  # both sides of the line
    reader = OcrReader(("en",), model_folder=MODEL_FOLDER, canvas_px=420, threads=2, gpu=False, engine=engine)
    monkeypatch.setattr(ocr, "is_blank", lambda pixels: False)
    said = {line.text for result in reader.read(blank) for line in result.lines}
    assert not [text for text in said if any(word in text for word in WORDS)]

"""The look that says where the detector shall look: real networks, drawn images, and that nothing is lost by it."""

import logging

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import ModelMissing
from actors.pixels import decode
from actors.text_recognition import first_look
from actors.text_recognition.checks import check_canvases
from actors.text_recognition.detection import LOW_TEXT, NETWORK_STEP
from actors.text_recognition.engine import OcrChoice, open_ocr_engine
from actors.text_recognition.first_look import Area, FirstLook, merged, open_first_look
from samples.lettering import lettered_images
from samples.textures import Surface
from tests.model_folder import MODEL_FOLDER

LETTERS = check_canvases()[0]
steps = st.integers(0, 20).map(lambda step: step * NETWORK_STEP)


@st.composite
def _areas(draw):
    (x0, x1), (y0, y1) = (sorted(draw(st.lists(steps, min_size=2, max_size=2, unique=True))) for _ in range(2))
    return Area(x0, y0, x1, y1)


class Counted:
    """CRAFT, and how many pixels of canvas it was asked about."""

    def __init__(self, maps):
        self._maps = maps
        self.pixels = 0

    def __call__(self, canvases):
        self.pixels += canvases.shape[0] * canvases.shape[1] * canvases.shape[2]
        return self._maps(canvases)


@pytest.fixture(scope="module")
def plain():
    return open_ocr_engine(OcrChoice(first_look=False), MODEL_FOLDER, threads=2, gpu=False)


@pytest.fixture
def craft(plain):
    return Counted(plain.maps)


@pytest.fixture
def look(craft):
    found = open_first_look(craft, threads=2)
    craft.pixels = 0
    return found


def _canvas(height=640, width=960):
    """A surface without text."""
    return np.array(Surface("marble", ("#e9e4da", "#8d8478", "#cfc7b8"), 5).draw(width, height))


def _saying(odds):
    """A look that finds text as likely everywhere."""
    return lambda canvases: np.full((len(canvases), 1, *canvases.shape[1:3]), odds, dtype=np.float32)


def _flipped(one, other):
    return ((one > LOW_TEXT) != (other > LOW_TEXT)).sum() / (one > LOW_TEXT).sum()


def test_a_caption_is_found_by_looking_at_a_part_of_its_picture(look, craft, plain):
    canvas = _canvas()
    canvas[160:240, 320:620] = LETTERS[:80, :300]
    maps = look(canvas[None])[0]
    assert 0 < craft.pixels < 0.4 * canvas.shape[0] * canvas.shape[1]
    assert _flipped(plain.maps(canvas[None])[0], maps) < 0.05


def test_where_nothing_could_be_text_craft_is_not_asked(craft):
    maps = FirstLook(_saying(0.0), craft)(_canvas()[None])
    assert craft.pixels == 0
    assert maps.shape == (1, 320, 480, 2) and not maps.any()


def test_where_all_could_be_text_craft_judges_all_at_once(craft, plain):
    canvases = _canvas()[None]
    assert (FirstLook(_saying(1.0), craft)(canvases) == plain.maps(canvases)).all()
    assert craft.pixels == canvases[0, :, :, 0].size


def test_a_label_on_a_thumbnail_is_seen(look):
    canvas = _canvas(160, 224)
    canvas[48:112, 32:192] = LETTERS[:64, :160]
    assert any(area.x0 <= 48 and area.x1 >= 160 and area.y0 <= 64 and area.y1 >= 96 for area in look.areas(canvas))


@pytest.mark.parametrize("engine", ["easyocr", "rapidocr"])
def test_images_say_the_same_with_and_without_it(engine):
    plain = open_ocr_engine(OcrChoice(engine, first_look=False), MODEL_FOLDER, threads=2, gpu=False)
    looked = open_ocr_engine(OcrChoice(engine), MODEL_FOLDER, threads=2, gpu=False)
    assert looked.name != plain.name, "what was read in another way must not be taken over"
    words = {engine: set() for engine in (plain, looked)}
    for image in list(lettered_images(seed=31, count=6)):
        for engine, said in words.items():
            (crops,) = engine.find([engine.prepare(decode(image.data))])
            said.update(word for reading in engine.read(crops) for word in reading.text.split())
    assert len(words[plain]) > 40
    assert len(words[plain] & words[looked]) >= 0.97 * len(words[plain])


def test_a_look_that_misses_letters_is_not_used(monkeypatch, caplog, plain):
    monkeypatch.setattr(first_look, "CompiledModel", lambda *_, **__: _saying(0.0))
    with pytest.raises(ModelMissing, match="points flipped"):
        open_first_look(plain.maps, threads=1)
    with caplog.at_level(logging.WARNING):
        engine = open_ocr_engine(OcrChoice(), MODEL_FOLDER, threads=1, gpu=False)
    assert not isinstance(engine.maps, FirstLook)
    assert engine.name == plain.name
    assert "looked through whole" in caplog.text


class Sized:
    """A detector, and the sizes of the canvases that it was asked about."""

    def __init__(self, detector):
        self._detector = detector
        self.sizes = []

    def __call__(self, canvases):
        self.sizes.append(canvases.shape[1:3])
        return self._detector(canvases)


def test_rapidocr_judges_a_picture_that_it_enlarges_only_where_there_could_be_text(monkeypatch):
    engine = open_ocr_engine(OcrChoice("rapidocr"), MODEL_FOLDER, threads=1, gpu=False)
    detector = Sized(engine._detector)
    monkeypatch.setattr(engine, "_detector", detector)
    plain = np.array(Surface("concrete", ("#8a8c8e", "#5f6265"), 5).draw(420, 300))
    assert engine.find([engine.prepare(plain)]) == [[]]
    assert detector.sizes == [(160, 224)], "the look sees it as it was before it was enlarged"
    faint, sharp = plain.copy(), plain.copy()
    cv2.putText(faint, "Carrara", (40, 170), cv2.FONT_HERSHEY_DUPLEX, 2.0, (60, 60, 60), 3, cv2.LINE_AA)
    sharp[280:300] = np.where(np.indices((20, 420)).sum(axis=0)[:, :, None] % 2, 255, sharp[280:300])
    for lettered in (faint, sharp):
        engine.find([engine.prepare(lettered)])
    assert detector.sizes[1:] == [(160, 224), (544, 768), (544, 768)], "sharp borders are judged without a look"
    engine.find([engine.prepare(_canvas(640, 960))])
    assert detector.sizes[4:] == [(640, 960)], "where nothing is enlarged a look costs half of judging"


@given(st.lists(_areas(), max_size=12))
def test_joined_areas_hold_all_and_cost_no_more(areas):
    joined = merged(areas)
    assert all(any(whole.joined(area) == whole for whole in joined) for area in areas)
    assert sum(area.cost for area in joined) <= sum(area.cost for area in areas)
    assert all(a.joined(b).cost > a.cost + b.cost for i, a in enumerate(joined) for b in joined[:i])

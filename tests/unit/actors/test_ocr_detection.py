import numpy as np
import pytest
from easyocr.craft_utils import getDetBoxes
from easyocr.recognition import adjust_contrast_grey
from easyocr.utils import get_image_list, group_text_box

from actors.text_recognition.detection import LevelBox, Lines, fit_canvas, lines_in, words_in
from actors.text_recognition.recognition import cut_out, raise_contrast
from tests.unit.actors.pictures import noise


def blobs(random, shape=(160, 220), count=25):
    """Maps like the network's: soft level and tilted strokes of letters, with links between some."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    maps = np.zeros((*shape, 2), dtype=np.float32)
    for _ in range(count):
        y, x, angle = random.uniform(5, shape[0] - 5), random.uniform(5, shape[1] - 5), random.choice([0, 0, 0, 0.6])
        long, thick = random.uniform(4, 18), random.uniform(2, 4)
        along = (columns - x) * np.cos(angle) + (rows - y) * np.sin(angle)
        across = (rows - y) * np.cos(angle) - (columns - x) * np.sin(angle)
        stroke = np.exp(-((along / long) ** 4) - (across / thick) ** 2)
        channel = 0 if random.random() < 0.75 else 1
        maps[:, :, channel] = np.maximum(maps[:, :, channel], stroke * random.uniform(0.5, 1.0))
    return maps


@pytest.mark.parametrize("seed", range(12))
def test_words_and_lines_are_those_of_easyocr(seed):
    maps = blobs(np.random.default_rng(seed))
    theirs, _, _ = getDetBoxes(maps[:, :, 0], maps[:, :, 1], 0.7, 0.4, 0.4)
    ours = words_in(maps)
    assert len(ours) == len(theirs) > 3
    for one, other in zip(ours, theirs, strict=True):
        assert np.allclose(one, other, atol=1e-3)
    quads = [(np.array(quad) * 4.0).astype(np.int32).reshape(-1) for quad in theirs]
    level, tilted = group_text_box(quads, 0.1, 0.5, 0.5, 0.5, 0.1, True)
    lines = lines_in(maps, 0.5)
    assert [list(line) for line in lines.level] == [
        [int(value) for value in line] for line in level if max(line[1] - line[0], line[3] - line[2]) > 20
    ]
    assert len(lines.tilted) == len(tilted)
    for one, other in zip(lines.tilted, tilted, strict=True):
        assert np.allclose(one, np.array(other), atol=0.01)


def test_crops_are_those_of_easyocr():
    grey = np.asarray(noise((300, 200)).convert("L"))
    boxes = [LevelBox(10, 120, 20, 45), LevelBox(-8, 60, 150, 230), LevelBox(200, 220, 10, 150)]
    quad = np.array([[50, 60], [150, 90], [142, 118], [42, 88]], dtype=np.float32)
    crops = cut_out(grey, Lines(boxes, [quad]))
    for box, crop in zip(boxes, crops, strict=False):
        ((corners, image),), width = get_image_list([list(box)], [], grey, model_height=64)
        assert np.array_equal(crop.pixels, image)
        assert crop.width == width
        assert crop.box == (*corners[0], *corners[2])
    ((_, image),), width = get_image_list([], [quad.tolist()], grey, model_height=64)
    assert np.array_equal(crops[3].pixels, image)
    assert crops[3].width == width


def test_lines_outside_the_image_are_left_out():
    grey = np.zeros((50, 60), dtype=np.uint8)
    outside = [LevelBox(70, 90, 5, 20), LevelBox(-30, -5, 5, 20), LevelBox(5, 20, 55, 80)]
    thin = np.array([[5, 5], [40, 5], [40, 5.4], [5, 5.4]], dtype=np.float32)
    assert cut_out(grey, Lines(outside, [thin])) == []


def test_empty_maps_have_no_lines():
    assert lines_in(np.zeros((40, 60, 2), dtype=np.float32), 1.0) == Lines([], [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_contrast_is_raised_as_easyocr_does(seed):
    random = np.random.default_rng(seed)
    faint = random.integers(100, 110 + 30 * seed, (64, 128)).astype(np.uint8)
    raised = raise_contrast(faint)
    assert np.array_equal(raised, adjust_contrast_grey(faint, target=0.5))
    assert int(raised.max()) - int(raised.min()) > 100


def test_good_contrast_is_left():
    strong = np.zeros((64, 128), dtype=np.uint8)
    strong[:, 64:] = 255
    assert raise_contrast(strong) is strong


@pytest.mark.parametrize(
    ("size", "expected", "scale"),
    [
        ((100, 50), (64, 128), 1.0),
        ((2560, 1280), (640, 1280), 0.5),
        ((1, 1), (32, 32), 1.0),
        ((5000, 2), (32, 1280), 0.256),
    ],
)
def test_the_canvas_holds_the_image_at_its_top_left(size, expected, scale):
    pixels = np.full((size[1], size[0], 3), 200, dtype=np.uint8)
    canvas, found = fit_canvas(pixels, 1280)
    assert canvas.shape == (*expected, 3)
    assert found == pytest.approx(scale)
    assert canvas[0, 0].tolist() == [200, 200, 200]
    assert (canvas[expected[0] - 1, expected[1] - 1].tolist() == [0, 0, 0]) == (size != (2560, 1280))

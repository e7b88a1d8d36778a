from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from actors.errors import DeviceMissing, ModelMissing
from actors.inference.device_batch import DeviceBatch
from actors.ocr import OcrReader
from actors.text_recognition import easy_openvino
from tests.model_folder import MODEL_FOLDER
from tests.unit.actors.pictures import LABEL, SIZE, encoded, lettered, noise, plain, textured


@pytest.fixture(scope="module", params=["easyocr-openvino", "easyocr-torch", "rapidocr-openvino"])
def reader(request):
    """Both engines, and both ways to compute, must pass the same tests."""
    engine, backend = request.param.split("-")
    return OcrReader(
        ("en",), model_folder=MODEL_FOLDER, canvas_px=1280, threads=2, gpu=False, engine=engine, backend=backend
    )


def said(result):
    return " ".join(line.text for line in result.lines)


def test_printed_lines_are_read_with_boxes_in_pixels(reader):
    image = lettered(LABEL, SIZE)
    (result,) = reader.read([("label", encoded(image))])
    assert result.error is None
    assert LABEL in said(result)
    assert "1200" in said(result)
    assert result.engine == reader.model
    assert result.seconds > 0
    first = next(line for line in result.lines if "Carrara" in line.text)
    x0, y0, x1, y1 = first.box
    assert 30 <= x0 <= 50 and 30 <= y0 <= 60 and 200 <= x1 <= 320 and 70 <= y1 <= 100
    assert first.confidence > 0.5


def test_words_printed_over_a_texture_are_read(reader):
    image = lettered(LABEL, "MATT R10", on=textured((900, 600)), ink="white", size=48)
    (result,) = reader.read([("swatch", encoded(image, "JPEG", quality=85))])
    assert "Carrara" in said(result)
    assert "MATT" in said(result)


def test_a_large_image_has_boxes_in_its_own_pixels(reader):
    image = plain(size=(2600, 1300))
    image.paste(lettered(LABEL, size=60).resize((1400, 300)), (1100, 900))
    (result,) = reader.read([("large", encoded(image))])
    line = next(line for line in result.lines if "Carrara" in line.text)
    assert 1100 < line.box[0] < 1300
    assert line.box[3] < 1200


def test_no_text_is_no_lines_and_no_error(reader):
    results = reader.read(
        [
            ("plain", encoded(plain("#b08f60"), "JPEG")),
            ("noise", encoded(noise())),
            ("dot", encoded(plain(size=(1, 1)))),
        ]
    )
    assert [(result.lines, result.error) for result in results] == [((), None)] * 3


def test_a_blank_image_needs_no_network(reader, monkeypatch):
    monkeypatch.setattr(reader, "_engine", None)
    (result,) = reader.read([("plain", encoded(plain(size=(3000, 3000))))])
    assert result.lines == () and result.error is None


def test_an_image_that_cannot_be_decoded_fails_alone_and_for_good(reader):
    results = reader.read([("bad", b"no image"), ("good", encoded(lettered(LABEL))), ("empty", b"")])
    assert [result.image_id for result in results] == ["bad", "good", "empty"]
    assert results[0].error and results[0].permanent and results[0].lines == ()
    assert results[1].error is None and LABEL in said(results[1])
    assert results[2].error and results[2].permanent


def test_a_network_that_fails_on_one_image_spares_the_others(reader, monkeypatch):
    class Sometimes:
        def __init__(self, engine):
            self.prepare, self.read, self._find = engine.prepare, engine.read, engine.find

        def find(self, prepared):
            if any(one.source.shape[0] > 250 for one in prepared):
                raise RuntimeError("device lost")
            return self._find(prepared)

    monkeypatch.setattr(reader, "_engine", Sometimes(reader._engine))
    tall, low = lettered(LABEL, SIZE, LABEL), lettered(LABEL)
    results = reader.read([("tall", encoded(tall)), ("low", encoded(low))])
    assert results[0].error == "RuntimeError: device lost"
    assert not results[0].permanent
    assert LABEL in said(results[1])


def test_a_batch_reads_what_each_image_says_alone(reader):
    images = [
        ("one", encoded(lettered(LABEL, SIZE))),
        ("two", encoded(lettered("Nero Marquina", "polished", "Art. 4711"))),
        ("three", encoded(lettered("OAK", size=60))),
    ]
    together = reader.read(images)
    for image, result in zip(images, together, strict=True):
        (alone,) = reader.read([image])
        assert [line.text for line in alone.lines] == [line.text for line in result.lines]
        assert [line.box for line in alone.lines] == [line.box for line in result.lines]


def test_canvases_of_one_size_are_judged_together_as_beside_a_gpu(monkeypatch):
    reader = OcrReader(("en",), model_folder=MODEL_FOLDER, canvas_px=640, threads=2, gpu=False, backend="torch")
    images = [("one", lettered(LABEL)), ("tall", lettered(LABEL, SIZE)), ("two", lettered("Nero Marquina"))]
    batch = [*((name, encoded(image)) for name, image in images), ("bad", b"no image"), ("flat", encoded(plain()))]
    alone = reader.read(batch)
    monkeypatch.setattr(reader, "_batch", DeviceBatch(8))
    with ThreadPoolExecutor(2) as decoders:
        monkeypatch.setattr(reader, "_decoders", decoders)
        together = reader.read(batch)
    assert [result.image_id for result in together] == ["one", "tall", "two", "bad", "flat"]
    assert [said(result) for result in together] == [said(result) for result in alone]
    assert together[3].permanent and not together[4].error


def test_tilted_text_is_read(reader):
    image = lettered("Travertino Romano", size=48).rotate(
        -12, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    (result,) = reader.read([("tilted", encoded(image))])
    assert "Travertino" in said(result)


def test_unknown_languages_and_unreachable_weights_are_missing(tmp_path):
    with pytest.raises(ModelMissing, match="QUARRY_OCR_LANGUAGES"):
        OcrReader(("klingon",), model_folder=tmp_path, canvas_px=1280, threads=1, gpu=False)


def test_a_promised_gpu_that_is_not_there_is_an_error(tmp_path):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(DeviceMissing):
        OcrReader(("en",), model_folder=tmp_path, canvas_px=1280, threads=1, gpu=True)


def test_no_images_no_results(reader):
    assert reader.read([]) == []


def test_nothing_is_written_outside_the_model_folder(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    OcrReader(("en",), model_folder=tmp_path / "models", canvas_px=1280, threads=1, gpu=False, backend="torch")
    assert list(home.iterdir()) == []


def test_the_device_and_what_computes_are_reported(reader):
    assert reader.device == "cpu"
    assert reader.backend.startswith(("torch", "openvino-"))
    assert reader.model.startswith(("easyocr-", "rapidocr-"))
    assert reader.model.endswith("/1280")


def test_a_conversion_that_judges_otherwise_is_not_used(monkeypatch, caplog):
    monkeypatch.setattr(easy_openvino, "MOST_FLIPPED", -1.0)
    monkeypatch.setattr(easy_openvino, "precisions", lambda: ("int8",))  # each other would be refused alike, and slower
    reader = OcrReader(("en",), model_folder=MODEL_FOLDER, canvas_px=1280, threads=2, gpu=False)
    assert reader.backend in ("torch-bf16", "torch-f32")
    assert "points flipped" in caplog.text
    (result,) = reader.read([("label", encoded(lettered(LABEL)))])
    assert LABEL in said(result)
    with pytest.raises(ModelMissing, match="judges"):
        OcrReader(("en",), model_folder=MODEL_FOLDER, canvas_px=1280, threads=2, gpu=False, backend="openvino")


def test_the_next_safer_numbers_are_taken(monkeypatch, caplog):
    shares = iter([0.5, 0.0])
    monkeypatch.setattr(easy_openvino, "flipped_share", lambda reference, maps: next(shares))
    monkeypatch.setattr(easy_openvino, "precisions", lambda: ("int8", "f32"))
    reader = OcrReader(("en",), model_folder=MODEL_FOLDER, canvas_px=1280, threads=2, gpu=False)
    assert reader.backend == "openvino-f32"
    assert "int8 is not used" in caplog.text

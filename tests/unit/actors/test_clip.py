import math
import os
import time

import numpy as np
import pytest
from PIL import Image

from actors.clip import ClipEncoder
from actors.errors import DeviceMissing, ModelMissing
from actors.inference import clip_openvino
from tests.model_folder import MODEL_FOLDER
from tests.small_clip import DIMENSIONS, make_small_clip
from tests.unit.actors.pictures import encoded, noise, plain


@pytest.fixture(scope="module")
def small_clip(tmp_path_factory):
    return make_small_clip(tmp_path_factory.mktemp("small-clip"))


@pytest.fixture(scope="module", params=["openvino", "torch"])
def encoder(request, small_clip):
    """Both ways to compute must pass the same tests."""
    return ClipEncoder(small_clip, "", model_folder=MODEL_FOLDER, gpu=False, threads=1, backend=request.param)


def length(vector):
    return math.sqrt(sum(value * value for value in vector))


def test_vectors_have_unit_length_and_come_in_order(encoder):
    images = [(f"image-{seed}", encoded(noise(seed=seed))) for seed in range(5)]
    results = encoder.embed(images)
    assert [result.image_id for result in results] == [image_id for image_id, _ in images]
    for result in results:
        assert result.status == "stored"
        assert len(result.vector) == DIMENSIONS
        assert length(result.vector) == pytest.approx(1.0, abs=1e-5)
        assert result.model == encoder.model
        assert result.error is None


def test_equal_images_have_equal_vectors_and_others_do_not(encoder):
    first, second = encoded(noise(seed=1)), encoded(noise(seed=2))
    alone = encoder.embed([("a", first)])[0].vector
    together = [result.vector for result in encoder.embed([("b", second), ("c", first), ("d", first)])]
    assert np.allclose(alone, together[1], atol=1e-5)
    assert np.allclose(together[1], together[2], atol=1e-6)
    assert not np.allclose(together[0], together[1], atol=1e-3)


def test_more_images_than_one_batch(encoder):
    data = encoded(plain())
    results = encoder.embed([(str(number), data) for number in range(70)])
    assert [result.image_id for result in results] == [str(number) for number in range(70)]
    assert {result.status for result in results} == {"stored"}


def test_an_image_that_cannot_be_decoded_fails_alone_and_for_good(encoder):
    results = encoder.embed([("good", encoded(plain())), ("bad", b"no image"), ("also-good", encoded(noise()))])
    assert [result.status for result in results] == ["stored", "failed", "stored"]
    assert results[1].permanent
    assert results[1].vector == ()
    assert "image" in results[1].error


def test_a_one_pixel_swatch_is_embedded(encoder):
    (result,) = encoder.embed([("dot", encoded(Image.new("RGB", (1, 1), "red")))])
    assert result.status == "stored"


def test_search_texts_live_in_the_same_space(encoder):
    vectors = encoder.embed_text(["white marble", "oak floor"])
    assert [len(vector) for vector in vectors] == [DIMENSIONS, DIMENSIONS]
    assert length(vectors[0]) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] != vectors[1]
    assert encoder.embed_text([]) == []
    assert encoder.embed([]) == []


def test_a_checkpoint_of_a_named_architecture_is_loaded_by_its_path(tmp_path):
    import open_clip
    import torch

    network = open_clip.create_model("RN50", pretrained=None)
    checkpoint = tmp_path / "own.pt"
    torch.save(network.state_dict(), checkpoint)
    encoder = ClipEncoder("RN50", str(checkpoint), model_folder=tmp_path, gpu=False, threads=1, backend="torch")
    assert encoder.available
    assert encoder.model == "RN50/own.pt"
    (result,) = encoder.embed([("a", encoded(noise()))])
    assert len(result.vector) == 1024


def test_missing_weights_are_said_quickly_and_in_every_result(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    started = time.perf_counter()
    encoder = ClipEncoder("ViT-B-32", "laion2b_s34b_b79k", model_folder=tmp_path, gpu=False, threads=1)
    assert time.perf_counter() - started < 20
    assert not encoder.available
    assert "laion2b_s34b_b79k" in encoder.missing_reason
    assert "QUARRY_CLIP_PRETRAINED" in encoder.missing_reason
    results = encoder.embed([("a", encoded(plain())), ("b", b"")])
    assert [(result.image_id, result.status, result.vector) for result in results] == [
        ("a", "model_missing", ()),
        ("b", "model_missing", ()),
    ]
    assert all(result.error == encoder.missing_reason for result in results)
    with pytest.raises(ModelMissing):
        encoder.embed_text(["tile"])


@pytest.mark.parametrize("pretrained", ["no_such_tag", "/nowhere/weights.pt"])
def test_unknown_weights_are_missing_not_random(tmp_path, pretrained, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    encoder = ClipEncoder("ViT-B-32", pretrained, model_folder=tmp_path, gpu=False, threads=1)
    assert not encoder.available
    assert pretrained in encoder.missing_reason


def test_a_folder_without_weights_or_with_broken_ones_is_missing(tmp_path, small_clip):
    assert not ClipEncoder("local-dir:/nowhere", "", model_folder=tmp_path, gpu=False, threads=1).available
    folder = tmp_path / "broken"
    make_small_clip(folder)
    weights = folder / "open_clip_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    assert not ClipEncoder(f"local-dir:{folder}", "", model_folder=tmp_path, gpu=False, threads=1).available
    weights.unlink()
    assert not ClipEncoder(f"local-dir:{folder}", "", model_folder=tmp_path, gpu=False, threads=1).available


def test_nothing_is_written_outside_the_model_folder(small_clip, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("HF_HOME", raising=False)
    encoder = ClipEncoder(small_clip, "", model_folder=tmp_path / "models", gpu=False, threads=1, backend="torch")
    encoder.embed([("a", encoded(plain()))])
    assert list(home.iterdir()) == []
    assert os.environ["HF_HOME"].startswith(str(tmp_path / "models"))


def test_a_promised_gpu_that_is_not_there_is_an_error(small_clip, tmp_path):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(DeviceMissing):
        ClipEncoder(small_clip, "", model_folder=tmp_path, gpu=True, threads=1)


def test_both_ways_give_the_same_vectors(small_clip):
    images = [(str(seed), encoded(noise(seed=seed))) for seed in range(3)]
    vectors = []
    for backend in ("openvino", "torch"):
        encoder = ClipEncoder(small_clip, "", model_folder=MODEL_FOLDER, gpu=False, threads=1, backend=backend)
        vectors.append(np.array([result.vector for result in encoder.embed(images)]))
    assert (vectors[0] * vectors[1]).sum(axis=1).min() > clip_openvino.LEAST_COSINE


def test_a_conversion_with_other_vectors_is_not_used(small_clip, monkeypatch, caplog):
    monkeypatch.setattr(clip_openvino, "LEAST_COSINE", 1.5)
    encoder = ClipEncoder(small_clip, "", model_folder=MODEL_FOLDER, gpu=False, threads=1)
    assert encoder.backend == "torch"
    assert encoder.embed([("a", encoded(plain()))])[0].status == "stored"
    assert "vectors are off" in caplog.text


def test_the_device_is_reported(encoder):
    assert encoder.device == "cpu"
    assert encoder.backend.startswith(("torch", "openvino-"))
    assert encoder.available
    assert encoder.missing_reason == ""

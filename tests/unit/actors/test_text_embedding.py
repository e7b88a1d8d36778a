import math

import pytest

from actors.text_embedding import DIMENSIONS, TextEncoder


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder(threads=1)


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

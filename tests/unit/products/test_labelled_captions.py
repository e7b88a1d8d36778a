"""What a caption may look like and still name a product: labelled, numbered, in a list of looks, in two signs."""

import pytest

from actors.naming.product_names import parse_name, refuse
from tests.unit.products.printed import below, block, grid_boxes, line, page, picture, products_of, scanned
from tests.unit.products.test_scans import scan


def grid(*captions, size="Formato 20 x 20 cm"):
    boxes = grid_boxes(3, 1 + (len(captions) - 1) // 3)[: len(captions)]
    under = block(*(below(box, caption) for box, caption in zip(boxes, captions, strict=True)))
    pictures = [picture(box, f"image-{place}") for place, box in enumerate(boxes)]
    return {one.name: one for one in products_of(page(1, [block(line(size, 40, 60)), under], pictures))}


def test_the_label_is_no_part_of_the_name():
    found = grid("Model: Orbit", "Nome: Camellia", "Name: X", "Bezeichnung: Stuhl Lund", "Modello: Sedia Alta")
    assert sorted(found) == ["Camellia", "Orbit", "Sedia Alta", "Stuhl Lund", "X"]
    assert found["Orbit"].code is None, "a name in words is no code"
    proof = next(item for item in found["Orbit"].evidence if item.field == "name")
    assert (proof.value, proof.text) == ("Orbit", "Model: Orbit")


def test_other_labelled_values_still_name_nothing():
    for text in ("Finish: matt", "Designer: Ana Sousa", "Company name: Orbit Ltd", "Ref: 4410"):
        assert parse_name(text) is None, text


@pytest.mark.parametrize("text", ["Orbit 8712345678901", "012-345-678 Luna", "012.345.67 Luna", "Luna 104523"])
def test_article_numbers_are_no_telephones(text):
    assert refuse(text) == ""
    assert parse_name(text) is not None


@pytest.mark.parametrize(
    "text", ["Tel 0212 444 55 66", "+90 212 444 5566", "(011) 234-5678", "011-234-5678", "Call 9876543210"]
)
def test_telephones_are_no_names(text):
    assert refuse(text) == "an address"


def test_one_thing_with_its_looks_is_no_enumeration():
    assert parse_name("Chair, oak, black, matt") is not None
    assert parse_name("Berlin, Hamburg, Leipzig, Dresden") is None


def test_two_signs_of_chinese_are_a_word():
    assert sorted(grid("雪花", "墨玉", "金沙", size="300 x 600 mm")) == ["墨玉", "金沙", "雪花"]
    assert parse_name("Ab") is None


def test_what_may_be_a_weight_is_a_code_where_its_form_repeats():
    found = grid("Luna 6012G", "Sole 7030M", "Nova 2015A", "Ombra 6061W", "Terra 6013G", "Aria 7031M")
    assert found["Luna 6012G"].code == "6012G"
    assert {one.code for one in found.values()} == {"6012G", "7030M", "2015A", "6061W", "6013G", "7031M"}


@pytest.mark.parametrize("names", [("Azur 1000W", "Cobalt 1500W", "Indigo 2000W"), ("Luna 6012G", "Sole", "Nova")])
def test_round_numbers_and_single_ones_are_no_codes(names):
    assert {one.code for one in grid(*names).values()} == {None}


def test_a_label_with_a_colour_is_no_name_of_what_it_is_said_of():
    """As in a book of cloths: each in several colours, right of its piece, the lines set alike."""
    boxes = [(40.0, 60.0 + 140 * row, 340.0, 180.0 + 140 * row) for row in range(5)]
    colours = ("Heather", "Bracken", "Slate", "Oatmeal", "Pine")
    lines = []
    for place, (colour, box) in enumerate(zip(colours, boxes, strict=True), start=1):
        texts = ("GLENCOE", f"Colour {colour}", f"No . 4471/{place}", "Width 137 cm")
        own = [scanned(text, 360, box[1] + 14 + 24 * row, 16) for row, text in enumerate(texts)]
        lines += [own[0].model_copy(update={"bold": True}), *own[1:]]
    found = products_of(scan(lines, boxes))
    assert [(one.name, one.code) for one in found] == [("GLENCOE", f"4471/{place}") for place in range(1, 6)]

"""Several treatments of one name are all its finish; parts of their words are no colours."""

import pytest

from actors.metadata import read_lines
from actors.records import ProductCandidate
from cluster.stages.product_rules.finish import with_all_treatments
from tests.unit.products.printed import line


def looks(text):
    return read_lines([line(text, 40, 40)], 1, "text_layer").fields.get("visualProperties", {})


@pytest.mark.parametrize(
    ("text", "finish"),
    [
        ("Sinai grey rock face tumbled", "rock face tumbled"),
        ("Milly sandblasted tumbled crazy paving", "sandblasted tumbled"),
        ("Matt / Gloss", "Matt"),
        ("Galala tumbled", "tumbled"),
    ],
)
def test_treatments_one_behind_the_other_are_one_finish(text, finish):
    assert looks(text)["surfaceFinish"] == finish


def test_a_part_of_the_word_for_a_treatment_is_no_colour():
    assert "colours" not in looks("Galala sand blasted")
    assert looks("Sand polished")["colours"] == ["Sand"]


def test_what_polishes_is_not_polished():
    assert "surfaceFinish" not in looks("Nail Polish")


def test_a_name_broken_over_two_lines_keeps_both_treatments():
    lines = [line("Galala brushed", 40, 40), line("tumbled", 40, 52)]
    box, text = (40.0, 40.0, 120.0, 64.0), "Galala brushed tumbled"
    said = read_lines(lines, 1, "text_layer")
    one = ProductCandidate(
        name=text, page=1, box=box, source="text_layer", confidence=0.9, reasons=(), text=text, text_box=box,
        metadata=said,
    )  # fmt: skip
    whole = with_all_treatments(one, said)
    assert whole.fields["visualProperties"]["surfaceFinish"] == "brushed tumbled"
    (proof,) = [proof for proof in whole.evidence if proof.field == "visualProperties.surfaceFinish"]
    assert proof.value in proof.text
    other = with_all_treatments(one.model_copy(update={"name": "Galala", "text": "Galala"}), said)
    assert other == said


def test_a_finish_whose_words_stand_on_two_lines_is_read_from_the_whole_name():
    lines = [line("Crag end grey split", 40, 40), line("face", 40, 52)]
    text, box = "Crag end grey split face", (40.0, 40.0, 120.0, 64.0)
    said = read_lines(lines, 1, "text_layer")
    one = ProductCandidate(
        name=text, page=1, box=box, source="text_layer", confidence=0.9, reasons=(), text=text, text_box=box,
        metadata=said,
    )  # fmt: skip
    assert "surfaceFinish" not in said.fields["visualProperties"]
    whole = with_all_treatments(one, said)
    looks = whole.fields["visualProperties"]
    assert (looks["surfaceFinish"], looks["finishCategory"]) == ("split face", "split-face")
    assert {proof.box for proof in whole.evidence if proof.value == "split face"} == {box}

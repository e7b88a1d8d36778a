"""The German sharp s, where OCR reads a capital B."""

import pytest

from cluster.stages.ocr_text.sharp_s import with_sharp_s
from tests.unit.products.printed import block, page, scanned


def mended(text, language="de"):
    content = page(1, [block(scanned(text, 40, 60), source="ocr", rows=((text,),))], kind="image")
    (found,) = with_sharp_s(content.model_copy(update={"languages": (language,)})).blocks
    assert found.rows == ((found.lines[0].text,),)
    return found.lines[0].text


@pytest.mark.parametrize(
    ("read", "printed"),
    [("KonusfuB Anker", "Konusfuß Anker"), ("GröBe", "Größe"), ("auBen weiB", "außen weiß"),
     ("MöbelfüBe", "Möbelfüße"), ("SchlieBblech", "Schließblech")],
)  # fmt: skip
def test_a_capital_behind_a_vowel_of_a_german_word_is_a_sharp_s(read, printed):
    assert mended(read) == printed
    assert mended(read, "fr") == read


@pytest.mark.parametrize("text", ["WohnBad", "DuoBad", "B 30", "BA 128", "Typ B", "AUBEN", "TeleBau", "iB-12"])
def test_other_capitals_stay(text):
    assert mended(text) == text

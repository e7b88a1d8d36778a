"""Letters that OCR does not know: the German sharp s, the u with two dots."""

import pytest

from cluster.stages.ocr_text.native_letters import with_native_letters
from tests.unit.products.printed import block, page, scanned


def mended(text, language="de"):
    content = page(1, [block(scanned(text, 40, 60), source="ocr", rows=((text,),))], kind="image")
    (found,) = with_native_letters(content.model_copy(update={"languages": (language,)})).blocks
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


@pytest.mark.parametrize(
    ("read", "printed"), [("Nova Fiime", "Nova Füme"), ("Giimiis", "Gümüs"), ("iizerine", "üzerine"), ("Uclii", "Uclü")]
)
def test_two_small_i_before_a_consonant_are_a_turkish_letter(read, printed):
    assert mended(read, "tr") == printed
    assert mended(read, "it") == read


@pytest.mark.parametrize("text", ["Hawaii", "variieren", "Radii", "Pascal II"])
def test_two_i_that_are_two_stay(text):
    assert mended(text) == text

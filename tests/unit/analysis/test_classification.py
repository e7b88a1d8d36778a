"""What kind of text a chunk is: signs alone, and with the real text model."""

import pytest

from actors.classification import LABELS, ChunkClassifier, decide
from actors.records import Classification
from actors.text_embedding import TextEncoder
from actors.text_signs import signs_of
from tests.unit.analysis.pages import chunk_of, column, job

LEGAL = "Images for illustrative purposes only, batch and grade variations will occur. Colours may vary."
INTRODUCTION = "Our company was founded in 1985. Our factory has 40 years of experience and a large team."
MARKETING = "Create a timeless, elegant atmosphere in your home. Beautiful, stylish and modern design of high quality."
TECHNICAL = "Water absorption < 0.5 % ISO 10545-3. Slip resistance R10. Test method EN 14411, requirement fulfilled."
SPECIFICATION = "Size 1520 x 228 x 7.5 mm, thickness 7.5 mm, 5 planks / carton, weight 18 kg"


@pytest.fixture(scope="module")
def classifier():
    return ChunkClassifier(TextEncoder(threads=1))


def classified(classifier, *lines, **options):
    (result,) = classifier.classify([job("classification", chunk_of(column(*lines), **options))])
    assert result.error is None
    return Classification.from_json(result.result)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (LEGAL, "LEGAL_DISCLAIMER"),
        (INTRODUCTION, "INTRODUCTION"),
        (MARKETING, "MARKETING"),
        (TECHNICAL, "TECHNICAL_DETAIL"),
        (SPECIFICATION, "SPECIFICATION"),
        ("Oak dining table, code AB-2041, € 450,00", "PRODUCT"),
        ("Tel. +39 0536 123456, info@example.com, www.example.com", "OTHER"),
        ("Los diseños pueden variar el color. Todos los derechos reservados.", "LEGAL_DISCLAIMER"),
        ("Irrtümer und Abweichungen vorbehalten. Keine Haftung für Druckfehler.", "LEGAL_DISCLAIMER"),
        ("Firmamız 1998 yılında kurulmuştur. Misyonumuz ve vizyonumuz", "INTRODUCTION"),
        ("A megadott adatok tájékoztató jellegűek, az adatváltoztatás jogát fenntartja", "LEGAL_DISCLAIMER"),
    ],
)
def test_plain_cases_in_several_languages(classifier, text, label):
    found = classified(classifier, text)
    assert found.label == label
    assert found.confidence > 0.3


def test_a_short_caption_at_a_picture_is_a_product(classifier):
    found = classified(classifier, "Silver Grey", kind="caption")
    assert found.label == "PRODUCT"
    assert "caption" in found.sub_categories


def test_an_index_is_never_a_product(classifier):
    found = classified(classifier, "Carrara White", "Oak table", is_index=True)
    assert (found.label, found.sub_categories) == ("OTHER", ("contents",))


def test_the_reasoning_is_in_words_and_quotes_the_text(classifier):
    found = classified(classifier, LEGAL)
    assert "illustrative purposes" in found.reasoning
    assert "disclaimer" in found.sub_categories
    assert found.reasoning.endswith(".")


def test_what_speaks_against_a_label_is_said():
    likeness = dict.fromkeys(LABELS, 0.2)
    signs = signs_of(chunk_of(column("Oak dining table, 180 x 90 cm. All rights reserved.")))
    found = decide(likeness, signs)
    assert "Against it" in found.reasoning


def test_confidence_falls_where_signs_are_few():
    likeness = dict.fromkeys(LABELS, 0.2)
    unsure = decide(likeness, [])
    sure = decide(likeness, signs_of(chunk_of(column(LEGAL))))
    assert unsure.confidence < 0.3 < 0.6 < sure.confidence


def test_price_tables_are_products_and_test_tables_are_technical(classifier):
    prices = (("Code", "Size (mm)", "Price"), ("AB-1", "600x600", "€ 10"), ("AB-2", "300x600", "€ 9"))
    tests = (
        ("Property", "Test method", "Value"), ("Water absorption", "ISO 10545-3", "0.1 %"),
        ("Breaking strength", "ISO 10545-4", "1300 N"), ("Frost resistance", "ISO 10545-12", "yes"),
    )  # fmt: skip
    for rows, label in ((prices, "PRODUCT"), (tests, "TECHNICAL_DETAIL")):
        lines = [cell for row in rows for cell in row]
        assert classified(classifier, *lines, kind="table", rows=rows).label == label


def test_each_task_gets_its_own_answer(classifier):
    tasks = [job("classification", chunk_of(column(text))) for text in (LEGAL, MARKETING, "Silver Grey")]
    results = classifier.classify(tasks)
    assert [result.job_id for result in results] == [task.job_id for task in tasks]
    assert "all-MiniLM-L6-v2" in results[0].model
    assert classifier.classify([]) == []


class BrokenEncoder:
    """Gives vectors of the wrong length for tasks, so that each of them fails."""

    model = "broken"

    def encode(self, texts):
        return [[1.0, 0.0]] * len(texts) if len(texts) > 2 else [[1.0]] * len(texts)


def test_what_fails_says_so():
    (result,) = ChunkClassifier(BrokenEncoder()).classify([job("classification", chunk_of(column(LEGAL)))])
    assert result.result is None
    assert result.error

"""The vocabulary: finding words of any language, and the files themselves."""

import tomllib
from importlib import resources

import pytest

from actors.vocabulary.words import find_terms, fold, squeeze, vocabulary

FILES = [file for file in resources.files("actors.vocabulary").iterdir() if file.name.endswith(".toml")]
WANTED_LANGUAGES = {"en", "es", "it", "pt", "fr", "de", "tr"}
WANTED_CATEGORIES = {"finish", "material", "colour", "size_label", "field_label", "contents", "product_type"}


def found(text, category, **options):
    return [(term.canonical, term.printed) for term in find_terms(text, category, **options)]


@pytest.mark.parametrize(
    ("text", "category", "canonical", "printed"),
    [
        ("Polished", "finish", "polished", "Polished"),
        ("acabado pulido", "finish", "polished", "pulido"),
        ("lucidato a specchio", "finish", "polished", "lucidato"),
        ("poliert", "finish", "polished", "poliert"),
        ("Oberfläche polierter Stein", "finish", "polished", "polierter"),
        ("finition brillante", "finish", "gloss", "brillante"),
        ("Mat yüzey", "finish", "matt", "Mat"),
        ("acabamento acetinado", "finish", "satin", "acetinado"),
        ("Feinsteinzeugfliesen", "material", "porcelain", "Feinsteinzeugfliesen"),
        ("gres porcellanato", "material", "porcelain", "gres porcellanato"),
        ("PORSELEN", "material", "porcelain", "PORSELEN"),
        ("chêne massif", "material", "oak", "chêne"),
        ("Roble escandinavo", "material", "oak", "Roble"),
        ("Wood look", "pattern", "wood look", "Wood look"),
        ("SIYAH", "colour", "black", "SIYAH"),
        ("gris claro", "colour", "grey", "gris claro"),
        ("İÇİNDEKİLER", "contents", "contents", "İÇİNDEKİLER"),
        ("Inhaltsverzeichnis", "contents", "contents", "Inhaltsverzeichnis"),
    ],
)
def test_words_of_many_languages_have_one_canonical_name(text, category, canonical, printed):
    assert (canonical, printed) in found(text, category)


def test_the_longer_word_wins():
    assert found("stainless steel sink", "material") == [("stainless steel", "stainless steel")]
    assert found("Water based Matte coating.", "finish") == [("matt", "Matte coating")]


def test_words_inside_other_words_are_not_found():
    assert found("Oakland, redaction, format", "material", fuzzy=True) == []
    assert found("Oakland, redaction", "colour") == []


def test_offsets_point_at_the_printed_word():
    text = "Ürün: açık gri, mat"
    for term in find_terms(text):
        assert text[term.start : term.end] == term.printed


def test_misspelt_words_are_found_only_when_asked_for():
    assert found("Sinia pearl limeston", "material") == []
    (term,) = find_terms("Sinia pearl limeston", "material", fuzzy=True)
    assert (term.canonical, term.printed, term.exact) == ("limestone", "limeston", False)
    assert found("hond tambled", "finish", fuzzy=True) == [("tumbled", "tambled")]


def test_a_correct_word_is_no_misspelling_of_another():
    assert found("Antique", "finish", fuzzy=True) == []
    assert found("tumbler", "finish", fuzzy=True) == []


def test_languages_can_be_restricted():
    assert found("mate", "finish", languages=["es"]) == [("matt", "mate")]
    assert found("mate", "finish", languages=["de"]) == []
    assert found("matt", "finish", languages=["it"]) == [("matt", "matt")], "English counts everywhere"


def test_folding_takes_case_accents_and_ligatures_away():
    assert fold("  Ébano   NÓRDICO ") == "ebano nordico"
    assert fold("KALINLIĞI") == fold("kalınlığı")
    assert fold("ﬁnish") == "finish"
    assert squeeze("S I Z E S") == "sizes"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_well_formed(file):
    table = tomllib.loads(file.read_text("utf-8"))
    assert table["language"] and table["name"] and isinstance(table["function_words"], list)
    for category, words in table.items():
        if isinstance(words, dict):
            assert words, f"{file.name}: [{category}] is empty"
            for canonical, forms in words.items():
                assert forms and all(isinstance(form, str) and form.strip("* ") for form in forms), canonical


@pytest.mark.parametrize("language", sorted(WANTED_LANGUAGES))
def test_each_wanted_language_has_the_words_that_records_need(language):
    tables = [tomllib.loads(file.read_text("utf-8")) for file in FILES]
    categories = {name for table in tables if table["language"] == language for name in table}
    assert categories >= WANTED_CATEGORIES


def test_labels_name_fields_of_the_record():
    categories = {"coreIdentity", "physicalProperties", "visualProperties", "technicalSpecifications",
                  "commercialInformation", "sustainabilityCompliance", "installationMaintenance"}  # fmt: skip
    for form in vocabulary().forms("field_label"):
        assert form.canonical.split(".")[0] in categories

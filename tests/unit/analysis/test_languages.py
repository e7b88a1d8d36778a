"""Of which language a document and its pages are, and what a word means in it."""

import pytest

from actors.values.dimensions import parse_dimensions
from actors.vocabulary.languages import detect_languages, languages_of_pages, languages_read, reading_in
from actors.vocabulary.words import find_terms

GERMAN = "Die Platten sind für den Außenbereich und werden mit einer Fuge verlegt"
FRENCH = "Les carreaux sont disponibles dans plusieurs formats pour le sol et les murs"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The tiles are made of porcelain and they are available in the following sizes", "en"),
        ("Faplac melamina es un tablero de partículas de madera revestido en ambas caras con papeles", "es"),
        ("Die Platten sind für den Außenbereich und werden mit einer Fuge verlegt", "de"),
        ("Les carreaux sont disponibles dans plusieurs formats pour le sol et les murs", "fr"),
        ("Le piastrelle sono prodotte in Italia con materiali della migliore qualità per la casa", "it"),
        ("Bu ürün için çok daha iyi bir çözüm olarak tüm renkler", "tr"),
        ("A megadott adatok szerint ez az elem és egy másik is lehet, hogy nem kell minden esetén", "hu"),
        ("Våra golv är gjorda av trä och kan läggas på de flesta underlag utan att det hörs", "sv"),
    ],
)
def test_the_language_of_a_text_is_told_by_its_small_words(text, language):
    assert detect_languages(text)[0] == language


def test_too_few_words_tell_no_language():
    assert detect_languages("Carrara 60x60") == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ürün Ebat Kalınlık Renk\nLara 60x60 cm 9 mm bej\nSide 30x60 cm 8 mm gri", "tr"),
        ("Artikel Maße Oberfläche Farbe\nNordlicht 60x60 poliert grau\nFindling 30x60 geschliffen weiß", "de"),
        ("Roble claro\nAcabado mate\nNogal oscuro\nAcabado brillante", "es"),
        ("Shade Height Material\nArc 40 cm glass\nBow 60 cm brass\nSize E27 max 40 W", "en"),
    ],
)
def test_a_price_list_without_sentences_has_a_language_too(text, language):
    assert detect_languages(text)[:1] == (language,)


def test_text_that_is_no_words_has_no_language():
    assert detect_languages("A, B, C = 0.00, 0.01 e o a L W H 12 x 14 " * 200) == ()


def test_a_page_with_few_words_is_in_the_language_of_its_document():
    document, pages = languages_of_pages([GERMAN, "Nordlicht 60x60", FRENCH + ". " + FRENCH])
    assert document[0] in ("de", "fr")
    assert pages[1] == document
    assert pages[0][0] == "de" and pages[2][0] == "fr", "a page that is clearly in another has that first"


def test_what_is_being_read_ends_with_its_block():
    with reading_in(["es"]):
        with reading_in(["it"]):
            assert languages_read() == ("it",)
        assert languages_read() == ("es",)
    assert languages_read() == ()


@pytest.mark.parametrize(("language", "canonical"), [("es", "steel"), ("it", "maple")])
def test_a_word_of_two_languages_means_what_it_means_in_the_one_that_is_read(language, canonical):
    with reading_in([language]):
        assert [term.canonical for term in find_terms("acero", "material")] == [canonical]


@pytest.mark.parametrize(("language", "height"), [("pt", 800)])
def test_the_letters_of_a_size_are_those_of_the_language_that_is_read(language, height):
    with reading_in([language]):
        (size,) = parse_dimensions("L 60 x P 40 x A 80 cm")
    assert size.height_mm == height

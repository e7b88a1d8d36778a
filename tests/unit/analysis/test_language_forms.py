"""Sizes, prices and packaging as the catalogues of each language print them."""

import pytest

from actors.values.commercial import parse_commercial
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import parse_labelled
from actors.values.prices import parse_prices
from actors.values.technical import parse_technical
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms

L60_W40_H80 = {"length": 600, "width": 400, "height": 800}
W60_D40_H75 = {"width": 600, "length": 400, "height": 750}


@pytest.mark.parametrize(
    ("language", "printed", "expected"),
    [
        ("es", "L 60 x P 40 x A 80 cm", L60_W40_H80),
        ("es", "A 80 x L 60 x P 40 cm", L60_W40_H80),
        ("es", "A 60 x F 40 x H 75 cm", W60_D40_H75),
        ("es", "A 80 cm", {"height": 800}),
        ("es", "60 por 60 cm", {"length": 600, "width": 600}),
        ("es", "esp. 9 mm", {"thickness": 9}),
        ("es", "de 8 a 10 mm de espesor", {"thickness": 8, "thickness_max": 10}),
        ("it", "L 60 x P 40 x H 75 cm", W60_D40_H75),
        ("it", "P 40 cm", {"width": 400}),
        ("it", "60 per 60 cm", {"length": 600, "width": 600}),
        ("it", "sp. 9 mm", {"thickness": 9}),
        ("it", "spessore da 8 a 10 mm", {"thickness": 8, "thickness_max": 10}),
        ("pt", "C 60 x L 40 x A 80 cm", L60_W40_H80),
        ("pt", "L 60 x P 40 x A 75 cm", W60_D40_H75),
        ("pt", "60 por 60 cm", {"length": 600, "width": 600}),
        ("pt", "esp. 9 mm", {"thickness": 9}),
        ("fr", "L 60 x l 40 x H 80 cm", L60_W40_H80),
        ("fr", "L 60 x P 40 x H 75 cm", W60_D40_H75),
        ("fr", "60 sur 60 cm", {"length": 600, "width": 600}),
        ("fr", "ép. 10 mm", {"thickness": 10}),
        ("fr", "épaisseur de 8 à 10 mm", {"thickness": 8, "thickness_max": 10}),
        ("de", "L 60 x B 40 x H 80 cm", L60_W40_H80),
        ("de", "B 60 x T 40 x H 75 cm", W60_D40_H75),
        ("de", "D 45 x H 60 cm", {"diameter": 450, "height": 600}),
        ("de", "60 mal 60 cm", {"length": 600, "width": 600}),
        ("de", "Stärke 10 mm", {"thickness": 10}),
        ("de", "Stärke von 8 bis 10 mm", {"thickness": 8, "thickness_max": 10}),
        ("tr", "U 60 x G 40 x Y 80 cm", L60_W40_H80),
        ("tr", "Y 80 cm", {"height": 800}),
        ("tr", "kalınlık 10 mm", {"thickness": 10}),
        ("tr", "Çap 45 cm", {"diameter": 450}),
        ("hu", "SZ 60 x MÉ 40 x MA 75 cm", W60_D40_H75),
        ("hu", "vastagság 10 mm", {"thickness": 10}),
        ("nl", "L 60 x B 40 x H 80 cm", L60_W40_H80),
        ("nl", "60 bij 60 cm", {"length": 600, "width": 600}),
        ("nl", "8 tot 10 mm dik", {"thickness": 8, "thickness_max": 10}),
        ("sv", "B 60 x D 40 x H 75 cm", W60_D40_H75),
        ("sv", "tjocklek från 8 till 10 mm", {"thickness": 8, "thickness_max": 10}),
        ("pl", "S 60 x G 40 x W 75 cm", W60_D40_H75),
        ("pl", "60 na 60 cm", {"length": 600, "width": 600}),
        ("pl", "grubość od 8 do 10 mm", {"thickness": 8, "thickness_max": 10}),
    ],
)
def test_sizes_of_a_language(language, printed, expected):
    with reading_in([language]):
        found = [size.sides for size in parse_dimensions(printed)]
    assert found == [{f"{side}_mm": value for side, value in expected.items()}]


@pytest.mark.parametrize("language", ["en", "es", "it", "pt", "fr", "de", "tr", "hu", "nl", "pl", "sv"])
@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("60 x 60", {"length": 600, "width": 600}),
        ("60×60 cm", {"length": 600, "width": 600}),
        ("60*60 cm", {"length": 600, "width": 600}),
        ("cm 60x60", {"length": 600, "width": 600}),
        ('24"x24"', {"length": 609.6, "width": 609.6}),
        ("Ø 12 cm", {"diameter": 120}),
        ("1.200 mm", {"length": 1200}),
        ("1 200 mm", {"length": 1200}),
        ("0,9 cm", {"thickness": 9}),
    ],
)
def test_sizes_that_are_the_same_everywhere(language, printed, expected):
    with reading_in([language]):
        found = [size.sides for size in parse_dimensions(printed)]
    assert found == [{f"{side}_mm": value for side, value in expected.items()}]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("24,50 € je m2", ("24.50", "€", "m2")),
        ("24,50 € pro Stück", ("24.50", "€", "piece")),
        ("$12 each", ("12", "$", "piece")),
        ("12 € la unidad", ("12", "€", "piece")),
        ("12 € la pièce", ("12", "€", "piece")),
        ("12,50 € al mq", ("12.50", "€", "m2")),
        ("12 € por caixa", ("12", "€", "box")),
        ("450 TL adet", ("450", "TL", "piece")),
        ("1 200 Ft/db", ("1200", "Ft", "piece")),
        ("99 zł za szt.", ("99", "zł", "piece")),
        ("12 € per stuk", ("12", "€", "piece")),
        ("12 € m2", ("12", "€", None)),
        ("12 € Alba", ("12", "€", None)),
    ],
)
def test_prices_say_for_how_much(printed, expected):
    assert [(price.amount, price.currency, price.per) for price in parse_prices(printed)] == [expected]


@pytest.mark.parametrize(
    "printed",
    [
        "8 Stück je Karton", "1,44 m²/Karton", "6 piezas por caja", "6 pz/scatola", "1,44 mq per scatola", "6 pcs/ctn",
        "1,44 m2 por caixa", "8 adet/kutu", "6 db/doboz", "8 szt./karton", "1,44 m² per doos", "8 planks / carton",
        "6 pièces par carton",
    ],
)  # fmt: skip
def test_packaging_of_a_language(printed):
    found = [value.value for value in parse_commercial(printed) if value.field.endswith("packaging")]
    assert found == [printed]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("frostsicher", ["frostsicher"]), ("nicht frostsicher", []), ("Ingelivo", ["Ingelivo"]),
        ("not frost resistant", []), ("Dona dayanıklı", ["Dona dayanıklı"]), ("Dona dayanıklı değil", []),
        ("Mrozoodporny", ["Mrozoodporny"]), ("Nutzungsklasse 32", ["Nutzungsklasse 32"]),
        ("Gruppe BIa", ["Gruppe BIa"]), ("PEI Klasse 4", ["PEI Klasse 4"]), ("V2 Farbspiel", ["V2"]),
    ],
)  # fmt: skip
def test_technical_words_of_a_language(printed, expected):
    assert [value.value for value in parse_technical(printed)] == expected


@pytest.mark.parametrize(
    ("printed", "country"),
    [("Made in Italy", "Italy"), ("Hecho en España", "España"), ("Hergestellt in der Türkei", "Türkei"),
     ("Made in the Czech Republic", "Czech Republic"), ("Fabriqué en France", "France")],
)  # fmt: skip
def test_countries_behind_an_article(printed, country):
    assert [value.value for value in parse_labelled(printed)] == [country]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Terrassendielen, Teppichboden, Vorhänge, Heizkörper, Duschkabine, Kommode, Kronleuchter"),
        ("en", "floorboards, carpet tiles, cushions, radiators, shower screen, cupboard, lanterns"),
        ("es", "suelos, moqueta, cortinas, radiadores, mampara, cómoda, farol"),
        ("fr", "parquet massif, moquette, rideaux, radiateurs, cabine de douche, commode, lustre"),
        ("it", "pavimento, moquette, tende, termoarredo, box doccia, cassettiera, lampadari"),
        ("pt", "soalho, pavimentos, deck, alcatifa, cortinas, radiadores, base de duche, cómoda, lustre"),
        ("tr", "lamine parke, kilim, perde, radyatör, duşakabin, şifonyer, avizeler"),
    ],
)
def test_plain_words_for_goods_of_a_language(language, words):
    for word in words.split(", "):
        assert [term.printed for term in find_terms(word, "product_type", languages=(language,))] == [word], word

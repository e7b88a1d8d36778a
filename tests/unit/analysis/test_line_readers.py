"""Readers of one line: codes, prices, technical values, labels, what is said about selling."""

import pytest

from actors.values.codes import parse_codes
from actors.values.commercial import parse_commercial
from actors.values.labelled import parse_labelled
from actors.values.prices import parse_prices
from actors.values.technical import parse_technical

# ---- codes


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("Code: AB-123", "AB-123", "productCode"),
        ("Art. Nr. 12345", "12345", "productCode"),
        ("Ref. 00123", "00123", "productCode"),
        ("Cod. 45.123", "45.123", "productCode"),
        ("Ürün Kodu: KL-220", "KL-220", "productCode"),
        ("Artikelnummer 4711-08", "4711-08", "productCode"),
        ("SKU: 10023-BK", "10023-BK", "sku"),
        ("Model: Roma 60", "Roma 60", "model"),
        ("item no. 55", "55", "productCode"),
        ("Multi Walled Carbon Nanotube (NAM-5)", "NAM-5", "productCode"),
        ("TFE 100 elem", "TFE 100", "productCode"),
    ],
)
def test_codes_with_a_label_or_the_form_of_one(text, code, field):
    (found,) = parse_codes(text)
    assert (found.code, found.field) == (code, f"coreIdentity.{field}")
    assert text[found.start : found.end] == code


def test_a_labelled_code_is_surer_than_a_formed_one():
    assert parse_codes("Code: AB-1234")[0].confidence > parse_codes("AB-1234")[0].confidence


@pytest.mark.parametrize(
    "text",
    ["Maxcir Grey R11", "AS 4586:2013", "ISO 10545-2 / IS 13630-1", "EN 14411", "30x30 cm", "GU10 5W", "COVID-19",
     "acero AISI 304", "in 2023", "Code ABC", "Collection line", "www.shop24.com", ">1300N", "PEI 4", "E27",
     "1. Commercial Plywood",
     "400 M2/G", "I.5. Betoncső", "ÁBE 20/30-200 L C250 árokburkoló elem", "Gully cover D400", "PAGE 05",
     "Adhesive C2TE for tiles", "Grout CG2WA", "BA 128 mm"],
)  # fmt: skip
def test_what_only_looks_like_a_code(text):
    assert parse_codes(text) == []


# ---- prices


@pytest.mark.parametrize(
    ("text", "amount", "currency", "per"),
    [
        ("1 300 Ft", "1300", "Ft", None),
        ("€ 12,50 / m2", "12.50", "€", "m2"),
        ("12.50 €/mq", "12.50", "€", "m2"),
        ("Rs. 1,200/- per sq.ft", "1200", "Rs", "ft2"),
        ("1.299,00 TL", "1299.00", "TL", None),
        ("$1,299.99", "1299.99", "$", None),
        ("45 EUR per piece", "45", "EUR", "piece"),
        ("MRP ₹ 250", "250", "₹", None),
    ],
)
def test_prices(text, amount, currency, per):
    (price,) = parse_prices(text)
    assert (price.amount, price.currency, price.per) == (amount, currency, per)
    assert text[price.start : price.end] == price.printed


@pytest.mark.parametrize("text", ["32 400", "200 m", "TOP 10 m", "ALL 40 colours", "R 20", "K 4", "60x60"])
def test_numbers_without_a_currency_are_no_prices(text):
    assert parse_prices(text) == []


# ---- technical values


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Maxcir Grey R11", "slipResistance", "R11"),
        ("slip R10 A", "slipResistance", "R10 A"),
        ("Wet Pendulum P4.", "slipResistance", "Pendulum P4"),
        ("PEI IV", "PEI", "PEI IV"),
        ("Bfl-s1", "fireRating", "Bfl-s1"),
        ("Water absorption: < 0.5%", "waterAbsorption", "< 0.5%"),
        ("Water Absorption 0.5 %", "waterAbsorption", "0.5 %"),
        ("Absorción de agua ≤ 0,5%", "waterAbsorption", "≤ 0,5%"),
        ("Wasseraufnahme: 0,3 %", "waterAbsorption", "0,3 %"),
        ("Frost resistant", "frostResistance", "Frost resistant"),
        ("Frost resistance: yes", "frostResistance", "yes"),
        ("dona dayanıklı", "frostResistance", "dona dayanıklı"),
        ("Physical Form | Powder", "physicalForm", "Powder"),
        ("Bulk Density | 0 . 1 3 G / Cm3", "density", "0 . 1 3 G / Cm3"),
        ("3000K", "colourTemperature", "3000K"),
        ("IP44", "ipRating", "IP44"),
    ],
)
def test_technical_values(text, field, value):
    assert [(v.field, v.value) for v in parse_technical(text)] == [(f"technicalSpecifications.{field}", value)]


@pytest.mark.parametrize(
    "text",
    ["ABRASION | STAIN | SCRATCH", "LOW WATER ABSORPTION", "not frost resistant", "Radius 10", "Thermal Shock | _ | _"],
)
def test_a_label_without_a_value_says_nothing(text):
    assert parse_technical(text) == []


# ---- labels


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Designer: Jon Doe", "coreIdentity.designer", "Jon Doe"),
        ("Acabado: Bark", "visualProperties.surfaceFinish", "Bark"),
        ("finitura Poro Aperto", "visualProperties.surfaceFinish", "Poro Aperto"),
        ("L120 | acabado Seda | 18 mm", "visualProperties.surfaceFinish", "Seda"),
        ("Material | oak", "physicalProperties.materialCategory", "oak"),
        ("Designed by Nora K.", "coreIdentity.designer", "Nora K"),
        ("Kollektion: Alpen", "coreIdentity.collection", "Alpen"),
        ("Made in Italy", "coreIdentity.countryOfOrigin", "Italy"),
        ("Hecho en España", "coreIdentity.countryOfOrigin", "España"),
        ("Product of Turkey and more", "coreIdentity.countryOfOrigin", "Turkey"),
    ],
)
def test_labels_name_their_value(text, field, value):
    assert [(v.field, v.value) for v in parse_labelled(text)] == [(field, value)]


def test_several_labels_in_one_line():
    found = parse_labelled("Material: MDF, Finish: matt white; Serie: Roma")
    assert [v.value for v in found] == ["MDF", "matt white", "Roma"]


@pytest.mark.parametrize(
    "text",
    ["The finish is great", "Brand Kohler", "Finish Line", "finish Ivory or Grey on all of our doors", "finish matt",
     "Types | Name | Colour | Price", "Designer:"],
)  # fmt: skip
def test_words_that_are_no_labels_here(text):
    assert parse_labelled(text) == []


# ---- selling


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (
            "25 Year Limited Structural Warranty",
            "commercialInformation.warranty",
            "25 Year Limited Structural Warranty",
        ),
        ("garantía 10 años", "commercialInformation.warranty", "garantía 10 años"),
        ("2 yıl garanti", "commercialInformation.warranty", "2 yıl garanti"),
        ("Weight: 12 kg", "physicalProperties.weight", "12 kg"),
        ("FloorScore Certified", "commercialInformation.certifications", "FloorScore"),
        ("5 Planks / Carton", "commercialInformation.packaging", "5 Planks / Carton"),
    ],
)
def test_what_is_said_about_selling(text, field, value):
    assert [(v.field, v.value) for v in parse_commercial(text)] == [(field, value)]


def test_a_load_is_no_weight_of_the_thing():
    assert parse_commercial("Max load 120 kg") == []

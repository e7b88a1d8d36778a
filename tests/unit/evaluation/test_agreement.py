"""When a name and a field count as what the eye read."""

import pytest

from evaluation.fields import is_right
from evaluation.measures import lengths_mm
from evaluation.names import same_name
from tests.unit.evaluation.records import record, sized


@pytest.mark.parametrize(
    ("found", "true"),
    [("Élan  Vital", "ELAN VITAL"), ("S & P Choco (PO)", "S&P Choco PO"), ("IŞIK", "Işık"), ("Straße 7", "STRASSE-7")],
)
def test_case_accents_and_spacing_do_not_count(found, true):
    assert same_name(found, true)


@pytest.mark.parametrize(
    ("found", "true"), [("Grey", "Gray"), ("Nova", "Nova 2"), ("", "Nova"), ("Series Nova", "Nova"), ("-", "-")]
)
def test_other_letters_are_another_name(found, true):
    assert not same_name(found, true)


def test_ocr_may_err_in_one_letter_of_eight():
    assert same_name("Wash Basln Corner", "Wash Basin Corner", by_ocr=True)
    assert same_name("Wosh Basln Corners", "Wash Basin Corners", by_ocr=True), "two letters of sixteen"
    assert not same_name("Wosh Basln Corner", "Wash Basin Corner", by_ocr=True)
    assert not same_name("Wash Basln Corner", "Wash Basin Corner"), "the text layer does not misread"
    assert not same_name("A1", "A2", by_ocr=True), "two signs are all that there is"


def test_the_records_own_code_may_stand_beside_the_name():
    assert same_name("Nova", "NV-12 Nova", code="NV-12")
    assert same_name("NV-12 Nova", "Nova", code="NV-12")
    assert not same_name("Nova", "NV-13 Nova", code="NV-12")
    assert not same_name("NV-12", "NV-13", code="NV-12")


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("30x30 cm", (300, 300)),
        ('L 21" x W 17" x H 33"', (533.4, 431.8, 838.2)),
        ("1.83m x 2.75m", (1830, 2750)),
        ("1520 x 228 x 7.5 mm (badge 228mm overrides)", (1520, 228, 7.5)),
        ("600x600", (600, 600)),
        ("4 ft x 8 ft", (1219.2, 2438.4)),
        ("MDF 3, 5,5, 18 mm", (3, 5.5, 18)),
        ("2 800 x 1\u00a0220 mm, 9 mm", (2800, 1220, 9)),
        ("1.180 x 990 x 1,980 mm", (1180, 990, 1980)),
        ("1.125 m x 0.375 m", (1125, 375)),
        ("3, 5,125 cm", (30, 51.25)),
        ("no size", ()),
    ],
)
def test_lengths_are_read_in_millimetres(text, lengths):
    assert lengths_mm(text) == pytest.approx(lengths)


def test_sizes_agree_in_any_order_within_rounding():
    shown = record("A", dimensions=sized("60 x 30 cm", 600, 300, thickness=9))
    assert is_right(shown, "dimensions", "30 x 60 cm")
    assert is_right(shown, "dimensions", '23.6" x 11.8"')
    assert is_right(shown, "dimensions", "600 x 300 x 9 mm")
    assert not is_right(shown, "dimensions", "60 x 60 cm")
    assert not is_right(shown, "dimensions", "600 x 300 x 10 mm")
    assert is_right(shown, "thickness", "0.9 cm")
    assert not is_right(record("A"), "dimensions", "30 x 60 cm")
    assert not is_right(record("A"), "thickness", "9 mm")


def test_words_agree_when_one_printing_holds_the_other():
    fields = {"coreIdentity": {"collection": "Linha Serra"}, "visualProperties": {"primaryColor": "grey"}}
    shown = record("A", finish="Matt", code="B 12", materials=["Oak veneer"], fields=fields)
    assert is_right(shown, "finish", "matt finish")
    assert is_right(shown, "code", "B-12")
    assert is_right(shown, "material", "Oak")
    assert is_right(shown, "series", "serra")
    assert is_right(shown, "colour", "Grey")
    for field, text in (("finish", "Gloss"), ("code", "B-13"), ("material", "Ash"), ("series", "Costa")):
        assert not is_right(shown, field, text)


def test_of_several_sizes_each_must_be_one_of_the_records():
    sizes = [sized("60x60 cm", 600, 600), sized("60x120 cm", 600, 1200)]
    shown = record("A", dimensions=sizes[0], fields={"physicalProperties": {"dimensions": sizes}})
    assert is_right(shown, "dimensions", "60x60 cm, 60x120 cm")
    assert is_right(shown, "dimensions", "60x60 cm")
    assert not is_right(shown, "dimensions", "60x120 cm"), "the record's own size comes first"
    assert not is_right(shown, "dimensions", "60x60 cm; 80x80 cm")


@pytest.mark.parametrize(
    "printed", ["60x60, 30x60 cm", "60x60, 30x60", "60x60; 30x60cm (rectified)", "600x600, 300x600"]
)
def test_the_unit_behind_a_list_of_sizes_is_that_of_all(printed):
    sizes = [sized("60x60 cm", 600, 600), sized("30x60 cm", 300, 600)]
    shown = record("A", dimensions=sizes[0], fields={"physicalProperties": {"dimensions": sizes}})
    assert is_right(shown, "dimensions", printed)
    assert not is_right(shown, "dimensions", printed.replace("30", "40"))
    assert not is_right(record("A", dimensions=sizes[0]), "dimensions", printed), "only one of the two"


def test_a_choice_of_thicknesses_is_right_when_each_was_read():
    choice = {"physicalProperties": {"thicknesses": [{"value": 3.0, "unit": "mm"}, {"value": 18.0, "unit": "mm"}]}}
    assert is_right(record("A", fields=choice), "thickness", "3, 5.5, 18 mm")
    assert not is_right(record("A", fields=choice), "thickness", "3 mm")

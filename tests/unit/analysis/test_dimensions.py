"""Sizes as catalogues of many countries print them."""

import pint
import pytest

from actors.values.dimensions import parse_dimensions
from actors.values.lengths import MILLIMETRES_PER

SIDES = ("length_mm", "width_mm", "height_mm", "thickness_mm", "diameter_mm")


def sides(text, *languages):
    """Every size found, as the sides that are known, in millimetres."""
    return [{k.removesuffix("_mm"): v for k, v in size.sides.items()} for size in parse_dimensions(text, languages)]


def one(text, *languages):
    """The only size in a text."""
    found = sides(text, *languages)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("unit", "millimetres"), MILLIMETRES_PER.items())
def test_units_are_as_long_as_a_registry_of_all_units_has_them(unit, millimetres):
    assert millimetres == pytest.approx(pint.UnitRegistry().Quantity(1.0, unit).to("millimeter").magnitude)


@pytest.mark.parametrize(
    ("printed", "length", "width"),
    [
        ("1200x600 mm", 1200, 600),
        ("60 x 60 cm", 600, 600),
        ("60 × 120 cm", 600, 1200),
        ('24"x48"', 609.6, 1219.2),
        ("14'' x 11''", 355.6, 279.4),
        ("24.5 x 14.5 inch", 622.3, 368.3),
        ("12x24 in", 304.8, 609.6),
        ("8' x 4'", 2438.4, 1219.2),
        ("1.83m x 2.75m", 1830, 2750),
        ("1,83 m x 2,75 m", 1830, 2750),
        ("60 by 120 cm", 600, 1200),
        ("1.200 x 600 mm", 1200, 600),
        ("1 300 x 600 mm", 1300, 600),
        ('17 1/2" x 20"', 444.5, 508),
        ("33½ x 66½ cm", 335, 665),
        ("Plain Series 30X30 cm", 300, 300),
        ("60х60 cm", 600, 600),
    ],
)
def test_two_sides_are_length_and_width(printed, length, width):
    assert one(printed) == {"length": length, "width": width}


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("1520 x 228 x 7.5mm", {"length": 1520, "width": 228, "thickness": 7.5}),
        ("60x60x2 cm", {"length": 600, "width": 600, "thickness": 20}),
        ("20x120 cm x 9 mm", {"length": 200, "width": 1200, "thickness": 9}),
        ("18 x 1220 x 2440 mm", {"length": 1220, "width": 2440, "thickness": 18}),
        ("600x600x8-10mm", {"length": 600, "width": 600, "thickness": 8, "thickness_max": 10}),
        ("48 x 96 x 3/4 in", {"length": 1219.2, "width": 2438.4, "thickness": 19.05}),
        ('Size: 16" x 16" x 5.5"', {"length": 406.4, "width": 406.4, "height": 139.7}),
        ("ca. 30 x 60 cm, 9,5 mm", {"length": 300, "width": 600, "thickness": 9.5}),
        ("150x80 cm H75 cm", {"length": 1500, "width": 800, "height": 750}),
    ],
)
def test_a_thin_third_side_is_the_thickness_and_a_thick_one_the_height(printed, expected):
    assert one(printed) == expected


@pytest.mark.parametrize(
    ("printed", "languages", "expected"),
    [
        ('L 21" x W 17" x H 33"', (), {"length": 533.4, "width": 431.8, "height": 838.2}),
        ("L 18” x W 14” x H 25.5”", (), {"length": 457.2, "width": 355.6, "height": 647.7}),
        ('21"L x 17"W x 33"H', (), {"length": 533.4, "width": 431.8, "height": 838.2}),
        ("600(L) x 300(W) x 10(T) mm", (), {"length": 600, "width": 300, "thickness": 10}),
        ("(L x W x H) 60 x 40 x 20 cm", (), {"length": 600, "width": 400, "height": 200}),
        ("B 60 x T 40 x H 90 cm", ("de",), {"width": 600, "length": 400, "height": 900}),
        ("H. 90 x L. 60 x P. 45 cm", ("it",), {"height": 900, "width": 600, "length": 450}),
        ("Ø 45 cm x H 60 cm", (), {"diameter": 450, "height": 600}),
        ("Width 60 cm, Depth 40 cm, Height 90 cm", (), {"width": 600, "length": 400, "height": 900}),
        ("B 28 · H 41 cm", ("de",), {"width": 280, "height": 410}),
        ("Ø 42 . H 31 mm", ("de",), {"diameter": 42, "height": 31}),
    ],
)
def test_labels_say_which_side_is_which(printed, languages, expected):
    assert one(printed, *languages) == expected


@pytest.mark.parametrize(
    ("printed", "side", "millimetres"),
    [
        ("8mm thick", "thickness", 8),
        ('3/4" thick', "thickness", 19.05),
        ("Thickness: 8 mm", "thickness", 8),
        ("Thickness (mm): 8", "thickness", 8),
        ("Espesor 18mm", "thickness", 18),
        ("Grosor: 1,2 cm", "thickness", 12),
        ("spessore 10 mm", "thickness", 10),
        ("Stärke: 8,5 mm", "thickness", 8.5),
        ("10 mm Stärke", "thickness", 10),
        ("épaisseur 9 mm", "thickness", 9),
        ("espessura: 7 mm", "thickness", 7),
        ("Kalınlık: 8 mm", "thickness", 8),
        ("Höhe 90 cm", "height", 900),
        ("genişlik 60 cm", "width", 600),
        ("60 cm wide", "width", 600),
        ("W 120cm", "width", 1200),
        ("hosszúság: 2 m", "length", 2000),
    ],
)
def test_one_side_is_named_in_many_languages(printed, side, millimetres):
    assert one(printed) == {side: millimetres}


def test_a_range_of_thickness_keeps_both_ends():
    assert one("8-10 mm thick") == {"thickness": 8, "thickness_max": 10}
    assert one("Thickness: 0.8 – 1.6 mm") == {"thickness": 0.8, "thickness_max": 1.6}


def test_one_label_names_a_list_of_values():
    found = parse_dimensions("Espesores MDF: 3 mm, 5,5 mm - 18mm")
    assert [size.thickness_mm for size in found] == [3, 5.5, 18]
    assert [size.printed for size in found] == ["3 mm", "5,5 mm", "18mm"]


def test_sizes_side_by_side_share_the_unit_of_the_last():
    assert sides("20x120 / 30x60 / 60x60 cm") == [
        {"length": 200, "width": 1200},
        {"length": 300, "width": 600},
        {"length": 600, "width": 600},
    ]


def test_without_a_unit_it_is_guessed_and_less_sure():
    (in_cm,) = parse_dimensions("60x60")
    (in_mm,) = parse_dimensions("600x600x9")
    (with_unit,) = parse_dimensions("60x60 cm")
    assert in_cm.length_mm == 600
    assert in_mm.sides == {"length_mm": 600, "width_mm": 600, "thickness_mm": 9}
    assert in_cm.confidence < 0.6 < with_unit.confidence


def test_a_lonely_measure_is_little_sure():
    (badge,) = parse_dimensions("2 cm")
    assert badge.thickness_mm == 20
    assert badge.confidence < 0.5
    (inches,) = parse_dimensions("12''")
    assert inches.length_mm == 304.8


@pytest.mark.parametrize(
    "text",
    [
        "4x60W", "E27 2x40W", "1920x1080 px", "2x4", "10 x 25 kg", "AS 4586:2013", "08 8262 2774", "N/mm² 30",
        "0.5mm vinyl wear layer", "Joint 2 mm", "Deviation ± 0.1 mm", "5 Planks / Carton 1.733m2", "1 x 1,5 mm²",
        "carton size 60 x 40 x 30 cm", "200µm builders’ film", "2003 2014 2019",
        "G80.0 G80.1 G80.2 G80.3", "5 - 10 Nm", "", "thick and long",
    ],
)  # fmt: skip
def test_what_is_no_size_of_the_product(text):
    assert parse_dimensions(text) == []


def test_offsets_point_at_the_printed_text():
    text = "Grey 30x30 cm and Ivory, thickness 9 mm"
    for size in parse_dimensions(text):
        assert text[size.start : size.end] == size.printed


def test_no_size_runs_over_a_line_end():
    assert all("width_mm" not in size.sides for size in parse_dimensions("60 x\n60 cm"))
    assert len(parse_dimensions("30x30 cm\n60x60 cm")) == 2


def test_a_record_has_the_diameter_as_length_and_width():
    record = parse_dimensions("Ø 80 x H 75 cm")[0].to_record()
    assert (record.length_mm, record.width_mm, record.height_mm) == (800, 800, 750)
    assert record.printed == "Ø 80 x H 75 cm"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("cm 120x80x75h", {"length": 1200, "width": 800, "height": 750}),
        ("Dim. 60x60x75h cm", {"length": 600, "width": 600, "height": 750}),
        ("mm 600x600", {"length": 600, "width": 600}),
        ("1200 x 2400 x 12/15/18mm", {"length": 1200, "width": 2400, "thickness": 12}),
        ("5'6\" x 8'", {"length": 1676.4, "width": 2438.4}),
        ("5'3\" x 7'6\"", {"length": 1600.2, "width": 2286}),
        ("Maße (BxHxT): 80 x 75 x 40 cm", {"width": 800, "height": 750, "length": 400}),
        ("Table 180x90x75 - 25 kg", {"length": 1800, "width": 900, "height": 750}),
    ],
)
def test_forms_of_furniture_boards_and_rugs(printed, expected):
    assert one(printed) == expected


def test_two_systems_side_by_side_keep_their_own_units():
    assert sides('60x60 (24"x24")') == [{"length": 600, "width": 600}, {"length": 609.6, "width": 609.6}]
    assert sides("cm 60x120 / 24”x48”") == [{"length": 600, "width": 1200}, {"length": 609.6, "width": 1219.2}]


@pytest.mark.parametrize(
    ("text", "length", "width", "height"),
    [
        ("L 60 x W 40 x D 20 cm", 600, 400, 200),
        ("W 60 x D 40 x H 80 cm", 400, 600, 800),
        ("L 60 x D 20 x H 80 cm", 600, 200, 800),
        ("60 x 40 x 80 x 20 cm", 600, 400, 800),
    ],
)
def test_a_depth_takes_the_side_that_is_free_and_no_other(text, length, width, height):
    assert one(text) == {"length": length, "width": width, "height": height}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Espesor: 3, 5,5, 18 mm", [3, 5.5, 18]),
        ("Spessore 9/11/20 mm", [9, 11, 20]),
        ("8 / 10 / 12 mm", [8, 10, 12]),
        ("Épaisseur : 6, 8 et 10 mm", [6, 8, 10]),
        ("2, 4", []),
        ("60, 90, 120 cm", []),
        ("Thickness: 8, 10 kg", []),
    ],
)
def test_a_list_of_thicknesses_has_its_unit_at_the_end(text, values):
    assert [found["thickness"] for found in sides(text)] == values


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("60/60 cm", [600, 600]),
        ("Format 40/60 cm", [400, 600]),
        ("60 / 120 cm", [600, 1200]),
        ("40/40/4 cm", [400, 400, 40]),
        ("600/1200/9,5 mm", [600, 1200, 9.5]),
        ('WASH BASIN 12" 09"', [304.8, 228.6]),
    ],
)
def test_sides_joined_by_slashes_or_by_nothing_but_their_inches(text, sides):
    (size,) = parse_dimensions(text)
    assert list(size.sides.values()) == pytest.approx(sides)
    assert text.endswith(size.printed)


@pytest.mark.parametrize(
    "text", ["60/80/100 cm", "40/60 cm", "12/15 mm", "1/2 cm", "H 60/120 cm", "120/120/100", '24" 36" 48"', "60/60"]
)
def test_choices_and_numbers_without_a_unit_are_no_face(text):
    assert all(len(size.sides) < 2 for size in parse_dimensions(text))


@pytest.mark.parametrize("printed", ["10.05 mx 52 cm", "10,05 mx0,52 m", "1005 cmx52cm", "Roll size 10.05 mx 52 cm"])
def test_a_unit_that_stands_against_the_sign_of_multiplication_is_one(printed):
    assert one(printed) == {"length": 10050, "width": 520}


@pytest.mark.parametrize(
    ("printed", "sides"),
    [
        ("3Smm", {"thickness_mm": 35}), ("10Omm", {"length_mm": 100}),
        ("6O x 6O cm", {"length_mm": 600, "width_mm": 600}),
        ("l20 x 60 cm", {"length_mm": 1200, "width_mm": 600}), ("3O x 6O", {"length_mm": 300, "width_mm": 600}),
        ("Z0x2S cm", {"length_mm": 200, "width_mm": 250}), ("O,8 mm", {"thickness_mm": 0.8}),
        ("1.2OO x 600 mm", {"length_mm": 1200, "width_mm": 600}),
    ],
)  # fmt: skip
def test_letters_where_only_digits_can_stand_are_read_as_digits_and_kept_as_printed(printed, sides):
    (size,) = parse_dimensions(f"Oak, {printed}") if "x" in printed else parse_dimensions(printed)
    assert (size.printed, size.sides) == (printed, sides)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("5l x 4", []), ("60x60S", []), ("BO x lO", []), ("1Im Katalog", []), ("R1O x", []), ("AB-1O x 20", []),
        ("L120 x l60 x H75 cm", [{"length_mm": 1200, "width_mm": 600, "height_mm": 750}]),
    ],
)  # fmt: skip
def test_litres_labels_and_codes_are_no_misread_digits(text, sides):
    assert [size.sides for size in parse_dimensions(text, languages=("fr",))] == sides

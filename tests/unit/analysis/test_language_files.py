"""What a file of words must hold, so that adding a language is adding a file; and that the code holds none of them."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from collections import defaultdict
from importlib import resources
from pathlib import Path

import pytest

from actors.vocabulary.words import fold

ROOT = Path(__file__).resolve().parents[3]
FILES = [file for file in resources.files("actors.vocabulary").iterdir() if file.name.endswith(".toml")]
INTERNATIONAL = "zxx"
SOME = {"finish": 20, "material": 30, "colour": 14, "product_type": 20, "application": 5, "environment": 2, "shape": 4}
"""Least number of different things that a language has words for."""
NEEDED = {
    "edge": "rectified bevelled",
    "pattern": "wood_look marble_look",
    "size_label": "length width height depth thickness diameter size",
    "size_letter": "length width height depth thickness diameter",
    "size_face": "outer inner",
    "size_other": "joint packaging",
    "range_word": "from to by and of all",
    "unit": "mm cm m",
    "count_unit": "pieces",
    "price_word": "per",
    "price_unit": "piece box m2 pallet set",
    "preposition": "any",
    "article": "the",
    "denial": "before behind",
    "class_word": "class use_class group shade",
    "field_label": """coreIdentity.manufacturer coreIdentity.brand coreIdentity.collection coreIdentity.productCode
        coreIdentity.model coreIdentity.designer coreIdentity.countryOfOrigin coreIdentity.productName
        physicalProperties.materialCategory physicalProperties.weight physicalProperties.shape physicalProperties.edge
        visualProperties.surfaceFinish visualProperties.primaryColor visualProperties.pattern
        commercialInformation.price commercialInformation.warranty commercialInformation.certifications
        commercialInformation.application commercialInformation.packaging installationMaintenance.installation
        installationMaintenance.cleaning""",
    "technical_label": """waterAbsorption frostResistance slipResistance fireRating abrasionResistance breakingStrength
        flexuralStrength hardness chemicalResistance stainResistance density wattage voltage luminousFlux
        colourTemperature lampHolder ipRating loadCapacity shadeVariation""",
    "technical_statement": "frostResistance dimmable",
    "warranty": "warranty",
    "year": "year",
    "made_in": "made_in",
    "contents": "contents index",
    "page_word": "page",
    "project": "client location architect",
    "service": "charge",
    "boilerplate": "company contact document heading",
    "cue_legal": "disclaimer copyright terms",
    "cue_introduction": "company contents",
    "cue_marketing": "style quality",
    "cue_technical": "performance",
    "cue_specification": "sizes packaging composition",
    "cue_contact": "contact",
    "person": "role",
    "cue_installation": "installation maintenance",
}


def by_language():
    """Language -> category -> canonical -> words, files of one language joined."""
    found = defaultdict(lambda: defaultdict(dict))
    for file in FILES:
        table = tomllib.loads(file.read_text("utf-8"))
        found[table["language"]]["function_words"][file.name] = table["function_words"]
        for category, words in table.items():
            if isinstance(words, dict):
                for canonical, forms in words.items():
                    found[table["language"]][category].setdefault(canonical, []).extend(forms)
    return found


LANGUAGES = by_language()


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {INTERNATIONAL}))
def test_every_language_has_all_that_is_read(language):
    words = LANGUAGES[language]
    missing = [
        f"{category}.{name}"
        for category, names in NEEDED.items()
        for name in names.split()
        if name not in words[category] and name.replace("_", " ") not in words[category]
    ]
    missing += [f"{category}: {len(words[category])} of {least}" for category, least in SOME.items()
                if len(words[category]) < least]  # fmt: skip
    assert missing == []
    assert len([word for listed in words["function_words"].values() for word in listed]) >= 15


def test_what_is_needed_is_what_the_readme_describes():
    described = (ROOT / "actors" / "vocabulary" / "README.md").read_text("utf-8")
    for category in (*SOME, *NEEDED):
        assert category in described, category


# ---- a language nobody knows -----------------------------------------------------------------------------------------

MADE_UP = """
language = "qx"
name = "Made up"
function_words = ["zul", "vim", "drak", "oth", "wex", "plin", "gorn", "ust", "yel", "brom", "kil", "daf", "sen", "rup"]
[finish]
matt = ["obfuz*"]
[material]
oak = ["quirkel"]
[colour]
grey = ["mooz"]
[size_label]
thickness = ["drubba", "drb."]
width = ["wombo"]
[size_letter]
width = ["q"]
height = ["j"]
[range_word]
to = ["zob"]
by = ["kop"]
of = ["fum"]
[unit]
mm = ["zentimil"]
[currency]
word = ["Gx"]
[price_word]
per = ["jed"]
[price_unit]
piece = ["stikka"]
box = ["kaxo"]
[preposition]
any = ["fum"]
[article]
the = ["nul"]
[made_in]
made_in = ["bakt fum"]
[denial]
behind = ["nix"]
[field_label]
"coreIdentity.designer" = ["plott fum"]
"coreIdentity.productCode" = ["kodd"]
"commercialInformation.price" = ["preez"]
"visualProperties.surfaceFinish" = ["hoodi"]
[class_word]
class = ["klax"]
[technical_statement]
frostResistance = ["brrr-fest"]
"""
READ = """
import json
from actors.values.commercial import parse_commercial
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import parse_labelled
from actors.vocabulary.languages import detect_languages, reading_in
from actors.metadata import read_lines
from actors.values.prices import parse_prices
from actors.tables.price_lists import product_rows
from actors.records import TextBlock, TextLine
from actors.values.technical import parse_technical

rows = (("Namm", "Wombo", "Kodd", "Preez"), ("Alnor", "60 cm", "QX-1001", "12,50"),
        ("Belmi", "80 cm", "QX-1002", "14,50"), ("Cendra", "90 cm", "QX-1003", "16,50"))
lines = tuple(TextLine(text=cell, box=(50 + 90 * x, 100 + 14 * y, 120 + 90 * x, 110 + 14 * y), size=9)
              for y, row in enumerate(rows) for x, cell in enumerate(row))
table = TextBlock(label="table", box=(50, 100, 400, 160), lines=lines, rows=rows)
languages = detect_languages("drubba mooz quirkel obfuzi hoodi wombo vim drak oth")
with reading_in(languages):
    line = TextLine(text="Hoodi: obfuzi quirkel mooz", box=(0, 0, 100, 10), size=9)
    print(json.dumps({
        "languages": languages,
        "sizes": [size.sides for text in ("60 kop 80 cm", "drubba: 8 zob 10 mm", "9 mm fum drubba", "drb. 7 mm",
                  "Q 60 x J 90 cm", "J 75 cm", "12 zentimil drubba") for size in parse_dimensions(text)],
        "prices": [(p.amount, p.currency, p.per) for text in ("24,50 Gx jed stikka", "€ 12 stikka")
                   for p in parse_prices(text)],
        "packaging": [value.value for value in parse_commercial("8 stikka jed kaxo")],
        "labels": [(v.field, v.value) for text in ("plott fum Ada Wim", "Bakt fum nul Norland")
                   for v in parse_labelled(text)],
        "technical": [v.value for text in ("brrr-fest", "brrr-fest nix", "klax 32", "klax BIa")
                      for v in parse_technical(text)],
        "fields": read_lines([line], 1, "text_layer").fields,
        "rows": [(row.name, row.code) for row in product_rows(table)],
    }))
"""


def test_a_made_up_language_is_read_from_its_file_alone(tmp_path):
    (tmp_path / "qx.toml").write_text(MADE_UP, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, env=os.environ | {"QUARRY_VOCABULARY": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["languages"] == ["qx"]
    assert read["sizes"] == [
        {"length_mm": 600, "width_mm": 800},
        {"thickness_mm": 8, "thickness_max_mm": 10},
        {"thickness_mm": 9},
        {"thickness_mm": 7},
        {"width_mm": 600, "height_mm": 900},
        {"height_mm": 750},
        {"thickness_mm": 12},
    ]
    assert read["prices"] == [["24.50", "Gx", "piece"], ["12", "€", "piece"]]
    assert read["packaging"] == ["8 stikka jed kaxo"]
    assert read["labels"] == [["coreIdentity.designer", "Ada Wim"], ["coreIdentity.countryOfOrigin", "Norland"]]
    assert read["technical"] == ["brrr-fest", "klax 32", "klax BIa"]
    assert read["fields"]["visualProperties"]["finishCategory"] == "matt"
    assert read["fields"]["physicalProperties"]["materialCategory"] == "oak"
    assert read["fields"]["visualProperties"]["primaryColor"] == "grey"
    assert read["rows"] == [["Alnor", "QX-1001"], ["Belmi", "QX-1002"], ["Cendra", "QX-1003"]]


# ---- no words in the code --------------------------------------------------------------------------------------------

WORDS_OF_GRAMMAR = (
    "range_word", "price_word", "price_unit", "preposition", "article", "denial", "class_word", "size_label",
    "field_label", "count_unit", "currency", "made_in", "year", "warranty", "finish", "material", "colour",
)  # fmt: skip
SHORTEST = 3
"""Letters: shorter ones are in regular expressions for other reasons."""
NO_WORDS_OF_CATALOGUES = {"answers.py", "checks.py"}
"""The question to a language model, and the texts that OCR is tried with."""
OF_THE_PROGRAM = {"article", "large", "type", "codes", "arena"}
"""English of messages and names in the program, and a word in some other language too."""


def words_of(languages, categories=None):
    """Folded words of these languages."""
    return {
        fold(form.strip("*."))
        for language in languages
        for category, words in LANGUAGES[language].items()
        if categories is None or category in categories
        for forms in words.values()
        for form in forms
    }


def foreign_words():
    """Words of the files that no English file has."""
    own = ("en", INTERNATIONAL)
    foreign = words_of(set(LANGUAGES) - set(own), WORDS_OF_GRAMMAR) - words_of(own) - OF_THE_PROGRAM
    return {word for word in foreign if word.isalpha() and len(word) >= SHORTEST}


def strings_of(path):
    """String constants of a module without its docstrings, with their lines."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.lineno, node.value


def test_the_code_holds_no_word_of_another_language():
    foreign = foreign_words()
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path in [*(ROOT / "actors").glob("*.py"), *(ROOT / "cluster" / "stages").glob("*.py")]
        if path.name not in NO_WORDS_OF_CATALOGUES
        for number, text in strings_of(path)
        for word in set("".join(c if c.isalpha() else " " for c in fold(text)).split()) & foreign
    ]
    assert found == []

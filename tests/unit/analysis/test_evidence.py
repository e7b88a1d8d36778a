"""The rule of evidence: what is not printed is not in the record."""

import pytest

from actors.evidence import keep_evidenced, occurs
from actors.records import Evidence, Metadata
from tests.unit.analysis.pages import column, line


def proof(field, value, text, box=(0.0, 0.0, 10.0, 10.0)):
    return Evidence(field=field, value=value, page=1, box=box, source="text_layer", text=text, confidence=0.9)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("Bark", "Acabado: BARK"), ("ebano", "Ébano Negro"), ("1200", "L 1.200 mm"), ("7.5", "1520 x 228 x 7,5mm"),
        ("1 300", "TFE | 1 300"), ("SIZES", "S I Z E S"), ("finish", "ﬁnish"), ("R10", "slip R10 A"),
        ("12.50", "€ 12,50 / m2"),
    ],
)  # fmt: skip
def test_a_value_occurs_whatever_its_case_accents_and_decimal_sign(value, printed):
    assert occurs(value, printed)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("8", "18 mm"),
        ("Oak", "Oakland"),
        ("1200", "1.300 mm"),
        ("red", "tired"),
        ("", "x"),
        ("Bark", ""),
        ("60", "600"),
    ],
)
def test_a_part_of_a_word_or_number_is_no_occurrence(value, printed):
    assert not occurs(value, printed)


def test_table_rows_stand_on_the_page_when_each_cell_does():
    lines = column("TFE 30", "1 300", "140")
    for row, kept in (("TFE 30 | 1 300 | 140", {"weight": "140"}), ("TFE 31 | 1 300 | 140", {})):
        said = Metadata(
            fields={"physicalProperties": {"weight": "140"}}, evidence=(proof("physicalProperties.weight", "140", row),)
        )
        assert keep_evidenced(said, lines).fields.get("physicalProperties", {}) == kept


def test_an_invented_value_is_dropped_with_its_evidence():
    said = Metadata(
        fields={"visualProperties": {"surfaceFinish": "Bark", "pattern": "herringbone"}},
        evidence=(
            proof("visualProperties.surfaceFinish", "Bark", "Acabado: Bark"),
            proof("visualProperties.pattern", "herringbone", "herringbone"),
        ),
    )
    kept = keep_evidenced(said, [line("Acabado: Bark")])
    assert kept.fields == {"visualProperties": {"surfaceFinish": "Bark"}}
    assert [each.field for each in kept.evidence] == ["visualProperties.surfaceFinish"]


def test_a_value_that_differs_from_its_own_evidence_is_dropped():
    said = Metadata(
        fields={"physicalProperties": {"thickness": {"value": 9.0, "unit": "mm", "printed": "9 mm"}}},
        evidence=(proof("physicalProperties.thickness", "8 mm", "Thickness 8 mm"),),
    )
    assert keep_evidenced(said, [line("Thickness 8 mm")]).fields == {}


def test_a_field_without_evidence_is_dropped():
    said = Metadata(fields={"coreIdentity": {"brand": "Roma"}})
    assert keep_evidenced(said, [line("Roma")]) == Metadata()


def test_of_a_list_only_the_printed_entries_stay():
    said = Metadata(
        fields={"visualProperties": {"colours": ["Grey", "Blue"]}},
        evidence=(
            proof("visualProperties.colours", "Grey", "Grey Plus"),
            proof("visualProperties.colours", "Blue", "Blue"),
        ),
    )
    assert keep_evidenced(said, [line("Grey Plus")]).fields == {"visualProperties": {"colours": ["Grey"]}}


def test_the_english_word_for_a_printed_one_is_supported():
    said = Metadata(
        fields={"visualProperties": {"finishCategory": "polished"}},
        evidence=(proof("visualProperties.finishCategory", "pulido", "Acabado pulido"),),
    )
    assert keep_evidenced(said, [line("Acabado pulido")]).fields == said.fields
    wrong = said.model_copy(update={"fields": {"visualProperties": {"finishCategory": "matt"}}})
    assert keep_evidenced(wrong, [line("Acabado pulido")]).fields == {}

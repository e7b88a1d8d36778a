"""The last gate of a record: no value without evidence, and what OCR hardly read is for a person."""

import pytest

from actors.records import ChunkAnalysis, Evidence, Metadata, ProductDetection
from cluster.stages.product_rules.proofs import UNSURE_READING, proved_only
from cluster.stages.products import create_products
from tests.unit.products.printed import analysed, below, block, grid_boxes, grid_page, page, picture

NAMES = ["Nero Assoluto", "Bianco Puro", "Verde Alpi"]


def proof(field, value, text, source="text_layer"):
    return Evidence(field=field, value=value, page=1, box=(0, 0, 9, 9), source=source, text=text, confidence=0.9)


SIZE = proof("physicalProperties.dimensions", "60 x 120 cm", "Size 60 x 120 cm")
ROW = proof("physicalProperties.dimensions", "60", "Azur | 60 | 120")


@pytest.mark.parametrize(
    ("category", "field", "value", "evidence", "kept"),
    [
        ("physicalProperties", "length", {"value": 600.0, "unit": "mm"}, SIZE, True),
        ("physicalProperties", "length", {"value": 900.0, "unit": "mm"}, SIZE, False),
        ("physicalProperties", "width", {"value": 1200.0, "unit": "mm"}, ROW, True),
        ("physicalProperties", "width", {"value": 130.0, "unit": "mm"}, ROW, False),
        ("physicalProperties", "dimensions", [{"length_mm": 600.0, "printed": "60 x 120 cm"}], SIZE, True),
        ("physicalProperties", "dimensions", [{"length_mm": 600.0, "printed": "60 x 90 cm"}], SIZE, False),
        ("visualProperties", "finishCategory", "polished",
         proof("visualProperties.finishCategory", "pulido", "Acabado pulido"), True),
        ("visualProperties", "surfaceFinish", "Gloss", proof("visualProperties.surfaceFinish", "Matt", "Matt"), False),
        ("visualProperties", "surfaceFinish", "Matt", proof("visualProperties.pattern", "Matt", "Matt"), False),
        ("visualProperties", "surfaceFinish", "Matt", proof("visualProperties.surfaceFinish", "Matt", "Oak"), False),
        ("visualProperties", "swatchColour", "#aabbcc",
         proof("visualProperties.swatchColour", "#aabbcc", "computed: #aabbcc", "pixels"), True),
    ],
)  # fmt: skip
def test_a_value_stays_where_its_own_evidence_prints_it(category, field, value, evidence, kept):
    found = proved_only(Metadata(fields={category: {field: value}}, evidence=(evidence,)))
    assert found.fields == ({category: {field: value}} if kept else {})


def test_of_a_list_the_proved_entries_stay():
    colours = proof("visualProperties.colours", "Grey", "Grey")
    found = proved_only(Metadata(fields={"visualProperties": {"colours": ["Grey", "Blue"]}}, evidence=(colours,)))
    assert found.fields == {"visualProperties": {"colours": ["Grey"]}}


def test_a_code_that_no_line_prints_is_not_in_the_record():
    pages = [grid_page(number, NAMES) for number in (1, 2, 3)]

    def coded(analysis, code):
        candidates = tuple(one.model_copy(update={"code": code}) for one in analysis.detection.candidates)
        return ChunkAnalysis(chunk=analysis.chunk, detection=ProductDetection(candidates=candidates))

    found = create_products(pages, [coded(analysis, "QX-9000") for analysis in analysed(pages)])
    assert {one.name for one in found} == set(NAMES)
    assert {one.code for one in found} == {None}
    assert all("qx" not in one.identity_key for one in found)
    assert {one.code for one in create_products(pages, [coded(one, "Alpi") for one in analysed(pages)])} > {"Alpi"}


@pytest.mark.parametrize(("sure", "doubted"), [(0.25, True), (UNSURE_READING + 0.01, False), (0.99, False)])
def test_a_name_that_ocr_hardly_read_needs_review_and_says_so(sure, doubted):
    def scan(number):
        boxes = grid_boxes(3, 1)
        lines = [
            below(box, name).model_copy(update={"confidence": 0.99}) for box, name in zip(boxes, NAMES, strict=True)
        ]
        lines[0] = lines[0].model_copy(update={"confidence": sure})
        return page(number, [block(*lines, source="ocr")], [picture(box, f"{number}-{box[0]}") for box in boxes])

    pages = [scan(number) for number in (1, 2, 3)]
    found = {one.name: one for one in create_products(pages, analysed(pages))}
    doubts = [reason for reason in found["Nero Assoluto"].review_reasons if "OCR is not sure" in reason]
    assert bool(doubts) is doubted
    assert not doubted or (found["Nero Assoluto"].needs_review and "25%" in doubts[0])
    assert not any("OCR is not sure" in reason for reason in found["Verde Alpi"].review_reasons)
    (proof,) = [one for one in found["Nero Assoluto"].evidence if one.field == "name"]
    assert proof.confidence <= sure

import json
import re
from pathlib import Path

import pytest

from actors.evidence import occurs
from actors.naming.product_names import parse_name, refuse, stands_alone
from actors.product_detection import ProductDetector
from actors.records import AnalysisTask, ChunkAnalysis, Disagreement, Metadata, ProductCandidate, ProductDetection
from cluster.stages.products import create_products
from tests.unit.products.printed import analysed, block, chunks_of, grid_page, line, products_of

CATALOGUES = Path(__file__).parents[4] / "shared" / "pdfs"
NAMES = ["Nero Assoluto", "Bianco Puro", "Verde Alpi"]


def test_the_same_product_on_several_pages_is_one_record():
    products = products_of(grid_page(1, NAMES), grid_page(2, NAMES), grid_page(3, ["Rovere", "Noce", "NERO ASSOLUTO"]))
    nero = [product for product in products if product.name.casefold() == "nero assoluto"]
    assert [product.pages for product in nero] == [(1, 2, 3)]
    assert len(nero[0].images) == 3


def test_every_value_of_the_evidence_stands_in_its_printed_line():
    products = products_of(*(grid_page(number, NAMES) for number in (1, 2, 3)))
    assert all(occurs(item.value, item.text) for product in products for item in product.evidence)
    assert all(any(item.field == "name" for item in product.evidence) for product in products)


def test_what_is_printed_nowhere_is_no_record():
    """One such name must not cost the document its other products: the database refuses records without evidence."""
    pages = [grid_page(number, NAMES) for number in (1, 2, 3)]
    analyses = analysed(pages)

    def without_print(analysis):
        garbled = [
            one.model_copy(update={"text": "", "metadata": Metadata()}) if one.name == NAMES[0] else one
            for one in analysis.detection.candidates
        ]
        return analysis.model_copy(
            update={"detection": analysis.detection.model_copy(update={"candidates": tuple(garbled)})}
        )

    assert {product.name for product in create_products(pages, analyses)} == set(NAMES)
    found = create_products(pages, [without_print(analysis) for analysis in analyses])
    assert {product.name for product in found} == set(NAMES[1:])


def test_identity_is_folded_and_records_are_the_same_at_every_run():
    pages = [
        grid_page(1, ["BÁLTICO", "Seda", "Lino"]),
        grid_page(2, ["Haya", "Cedro", "Roble"]),
        grid_page(3, ["Teka", "Olmo", "Pino"]),
    ]
    first, second = products_of(*pages), products_of(*pages)
    assert first == second
    assert first[0].identity_key.startswith("baltico|")
    assert len({product.identity_key for product in first}) == len(first)


def test_products_that_only_their_series_tells_apart_keep_different_identities():
    def series(number: int, title: str) -> object:
        heading = block(line(title, 60, 60, 18, bold=True, font="Head"), label="section_header")
        return grid_page(number, ["Alpine Blue", "Mint"], heading)

    products = products_of(series(1, "Polo Set"), series(2, "Rustic Set"), series(3, "Sterling Set"))
    assert len(products) == 6
    assert len({product.identity_key for product in products}) == 6


def test_a_candidate_of_a_language_model_needs_no_geometry():
    pages = [grid_page(1, NAMES)]
    chunk = chunks_of(pages)[0]
    told = ProductCandidate(
        name="Nero Assoluto", page=1, box=chunk.lines[0].box, source="text_layer", confidence=0.8,
        reasons=("said by the model",), text="Nero Assoluto", text_box=chunk.lines[0].box,
    )  # fmt: skip
    products = create_products(pages, [ChunkAnalysis(chunk=chunk, detection=ProductDetection(candidates=(told,)))])
    assert [product.name for product in products] == ["Nero Assoluto"]


def test_candidates_say_why_and_an_index_chunk_gives_none():
    page = grid_page(1, NAMES)
    analysis = analysed([page])[0]
    assert [one.name for one in analysis.detection.candidates] == NAMES
    assert all(one.reasons for one in analysis.detection.candidates)
    index = analysis.chunk.model_copy(update={"is_index": True})
    task = AnalysisTask(job_id="j", fence=1, analysis_type="product_detection", chunk=index, page=page)
    told = ProductDetection.from_json(ProductDetector().detect([task])[0].result)
    assert told.candidates == () and "contents" in told.note


def test_a_page_that_breaks_the_analysis_is_an_error_of_its_job_alone():
    good, broken = grid_page(1, NAMES), grid_page(2, NAMES)
    # A block that is none cannot come from extraction; it stands for whatever the analysis did not expect.
    broken = broken.model_copy(update={"blocks": (*broken.blocks, None)})
    chunk = chunks_of([good])[0]
    tasks = [
        AnalysisTask.model_construct(job_id=name, fence=1, analysis_type="product_detection", chunk=chunk, page=page)
        for name, page in (("broken", broken), ("good", good))
    ]
    first, second = ProductDetector().detect(tasks)
    assert first.error and first.result is None
    assert second.error is None and second.result is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. Commercial Plywood", "Commercial Plywood"),
        ('NEO SET - SIZE : L 18" x W 14" x H 25.5"', "NEO SET"),
        ('WASH BASIN - 16" x 16" CORNER', "WASH BASIN CORNER"),
        ("S & P Choco (PO)", "S & P Choco (PO)"),
        ("A - 101", "A - 101"),
        ("ROBLE ESCANDINAVO", "ROBLE ESCANDINAVO"),
    ],
)
def test_the_name_in_a_caption(text, name):
    parsed = parse_name(text)
    assert parsed is not None and parsed.name == name


@pytest.mark.parametrize(
    "text",
    ["30 x 30 cm", "12", "D", "www.example.com", "Graphene Oxide ........ 9", "Acabado: Bark", "T. +49 30 1234567",
     "We are committed to delivering durable wood products for all."],
)  # fmt: skip
def test_what_is_no_name(text):
    assert parse_name(text) is None or refuse(text)


def test_lines_that_say_one_thing_stand_alone():
    assert stands_alone("60 x 60 cm")
    assert stands_alone("Finish: matt")
    assert not stands_alone("Sinia pearl limestone")


@pytest.mark.skipif(not CATALOGUES.is_dir(), reason="the real catalogues are not here")
def test_names_of_a_real_catalogue():
    pymupdf = pytest.importorskip("pymupdf")
    from actors.records import PageContent, PageImage, TextBlock, TextLine

    truth = json.loads((CATALOGUES / "truth" / "tilesgalleria_easi.json").read_text())
    contents = []
    for number, page in enumerate(pymupdf.open(CATALOGUES / "catalogues" / "tilesgalleria_easi.pdf"), start=1):
        lines = [
            TextLine(text="".join(span["text"] for span in row["spans"]), box=tuple(row["bbox"]),
                     font=row["spans"][0]["font"], size=row["spans"][0]["size"])
            for found in page.get_text("dict", flags=0)["blocks"] for row in found["lines"]
        ]  # fmt: skip
        blocks = tuple(TextBlock(label="text", box=one.box, lines=(one,)) for one in lines if one.text.strip())
        images = tuple(
            PageImage(image_id=f"{number}-{index}", kind="embedded", box=tuple(pymupdf.Rect(image["bbox"]) & page.rect),
                      width_px=image["width"], height_px=image["height"])
            for index, image in enumerate(page.get_image_info())
        )  # fmt: skip
        contents.append(
            PageContent(
                page=number,
                width_pt=page.rect.width,
                height_pt=page.rect.height,
                kind="text",
                blocks=blocks,
                images=images,
            )
        )
    found = {(number, _plain(product.name)) for product in products_of(*contents) for number in product.pages}
    wanted = {(item["page"], _plain(item["name"])) for item in truth["products"]}
    right = {one for one in found if one[0] in truth["complete_pages"]}
    assert len(right & wanted) >= 0.9 * len(wanted)
    assert len(right & wanted) >= 0.9 * len(right)


def _plain(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def test_a_number_that_ocr_reads_otherwise_is_for_a_person_to_look_at():
    plain = grid_page(1, ("Oak 60 x 60 cm", "Ash 60 x 60 cm", "Elm 60 x 60 cm"))
    printed = next(line for block in plain.blocks for line in block.lines if line.text.startswith("Ash"))
    doubt = Disagreement(box=printed.box, printed=printed.text, read="Ash 60 x 50 cm")
    products = products_of(plain.model_copy(update={"disagreements": (doubt,)}))
    doubted = {product.name: product.review_reasons for product in products if product.needs_review}
    assert doubted == {"Ash": ("OCR reads 'Ash 60 x 50 cm' where 'Ash 60 x 60 cm' is printed",)}

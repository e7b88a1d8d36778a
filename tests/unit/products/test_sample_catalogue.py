"""The sample catalogue from its file to its products, with what OCR reads in its pictures written down here."""

import uuid

import pytest

from actors.product_detection import ProductDetector
from actors.records import AnalysisTask, Box, ChunkAnalysis, ExtractedImage, OcrLine, PageContent, ProductDetection
from cluster.stages.chunking import chunk_document
from cluster.stages.extraction import PageReader
from cluster.stages.limits import ExtractionLimits
from cluster.stages.products import create_products
from samples.catalogue import SAMPLE_OCR_PAGE, SAMPLE_PAGES, SAMPLE_PRODUCTS, SAMPLE_SCAN_PAGE, make_sample_catalogue
from tests.unit.products.files import contents

SHOWN = [product for product in SAMPLE_PRODUCTS if not product.only_in_table]
LISTED = [product for product in SAMPLE_PRODUCTS if not product.scanned]
BOX_PICTURE = (760, 500)  # pixels
BOX_WORDS: dict[str, Box] = {"FROST PROOF": (187, 160, 579, 222), "SAMPLE BOX": (203, 247, 565, 307)}
SCAN_WORDS: dict[str, Box] = {
    "Marenna": (188, 114, 362, 156),
    "Data sheet": (973, 103, 1149, 142),
    "Ardesia Notte": (82, 247, 460, 312),
    "Code": (84, 967, 170, 1003),
    "MA-AN-801": (482, 962, 647, 998),
    "Size": (84, 1041, 156, 1077),
    "600 x 300 x 12 mm": (479, 1036, 754, 1075),
    "Finish": (84, 1115, 183, 1151),
    "Natural cleft": (482, 1113, 658, 1149),
    "Slip resistance": (84, 1192, 315, 1234),
    "R11": (483, 1190, 542, 1222),
    "Water absorption": (87, 1266, 351, 1305),
    "0.3 %": (482, 1263, 570, 1300),
    "Origin": (85, 1338, 191, 1387),
    "Liguria,": (482, 1337, 595, 1379),
    "Italy": (587, 1334, 663, 1382),
    "Split slate for floors, walls and steps, indoors and outdoors. Seal it before grouting_": (86, 1467, 1153, 1517),
}


def ocr_lines(image: ExtractedImage) -> tuple[OcrLine, ...]:
    """What the OCR networks read in this image, as they were seen to."""
    words: dict[str, Box] = {}
    if image.kind == "page" and image.placements[0].page == SAMPLE_SCAN_PAGE:
        words = SCAN_WORDS
    elif image.placements[0].page == SAMPLE_OCR_PAGE and (image.width_px, image.height_px) == BOX_PICTURE:
        words = BOX_WORDS
    return tuple(OcrLine(text=text, box=box, confidence=0.9) for text, box in words.items())


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    path = folder / "sample.pdf"
    make_sample_catalogue(path)
    with PageReader(path, f"file://{folder / 'store'}", ExtractionLimits()) as reader:
        extracted = [reader.read(number) for number in range(1, SAMPLE_PAGES + 1)]
    return contents(extracted, ocr_lines)


@pytest.fixture(scope="module")
def products(pages):
    chunks = chunk_document(uuid.UUID(int=1), pages)
    by_number: dict[int, PageContent] = {page.page: page for page in pages}
    tasks = [
        AnalysisTask(
            job_id=chunk.chunk_id, fence=1, analysis_type="product_detection", chunk=chunk, page=by_number[chunk.page]
        )
        for chunk in chunks
    ]
    results = ProductDetector().detect(tasks)
    assert [result.error for result in results if result.error] == []
    analyses = [
        ChunkAnalysis(chunk=chunk, detection=ProductDetection.from_json(result.result))
        for chunk, result in zip(chunks, results, strict=True)
    ]
    return create_products(pages, analyses)


def test_every_product_is_there_once_and_nothing_else(products):
    assert sorted(product.name for product in products) == sorted(product.name for product in SAMPLE_PRODUCTS)


@pytest.mark.parametrize("expected", SAMPLE_PRODUCTS, ids=lambda product: product.name)
def test_code_finish_and_size_are_those_on_the_page(products, expected):
    (product,) = [one for one in products if one.name == expected.name]
    assert (product.code, product.finish) == (expected.code, expected.finish)
    assert expected.page in product.pages
    size = product.dimensions
    assert (size.printed if size else None) == expected.dimensions
    if expected.millimetres:
        assert size is not None
        assert (size.length_mm, size.width_mm, size.thickness_mm) == expected.millimetres


@pytest.mark.parametrize("expected", LISTED, ids=lambda product: product.name)
def test_the_price_list_adds_its_price_to_the_product_that_it_names(products, expected):
    (product,) = [one for one in products if one.name == expected.name]
    assert 7 in product.pages
    assert product.fields["commercialInformation"]["price"] == expected.price


def test_every_value_stands_in_the_printed_text_of_its_evidence(products):
    for product in products:
        assert "name" in {evidence.field for evidence in product.evidence}
        for evidence in product.evidence:
            assert evidence.value.casefold() in evidence.text.casefold(), evidence


def test_every_product_but_paint_shows_its_picture(products):
    shown = {expected.name: expected for expected in SHOWN if expected.kind != "paint"}
    for product in (one for one in products if one.name in shown):
        assert [image.page for image in product.images] == [shown[product.name].page], product.name

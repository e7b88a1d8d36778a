"""Products that a language model names: pictures by the page's geometry, and no running titles."""

import pytest

from actors.language_model.pictures import with_pictures
from actors.product_detection import ProductDetector
from actors.records import AnalysisResult, AnalysisTask, ChunkAnalysis, ProductDetection
from cluster.stages.products import create_products
from tests.unit.products.printed import block, chunks_of, grid_page, line

NAMES = ["Nero Assoluto", "Bianco Puro", "Verde Alpi"]


def told_by_a_model(pages, rename=lambda name: name):
    """Every chunk's products as a model tells them: without look and picture, joined with what geometry sees."""
    by_number = {content.page: content for content in pages}
    analyses = []
    for chunk in chunks_of(pages):
        task = AnalysisTask(
            job_id="j", fence=1, analysis_type="product_detection", chunk=chunk, page=by_number[chunk.page]
        )
        (local,) = ProductDetector().detect([task])
        seen = ProductDetection.from_json(local.result)
        bare = {"look": None, "image_id": None, "image_reason": None, "region": None, "confidence": 0.9}
        said = [one.model_copy(update={**bare, "name": rename(one.name)}) for one in seen.candidates]
        answer = AnalysisResult(
            job_id="j", analysis_type="product_detection", result=ProductDetection(candidates=tuple(said)).to_json()
        )
        joined = with_pictures(answer, local)
        analyses.append(ChunkAnalysis(chunk=chunk, detection=ProductDetection.from_json(joined.result)))
    return analyses


def test_a_product_of_the_model_has_the_picture_that_stands_over_its_name():
    pages = [grid_page(1, NAMES)]
    found = {one.name: one for one in create_products(pages, told_by_a_model(pages, lambda name: name.split()[0]))}
    assert set(found) == {"Nero", "Bianco", "Verde"}
    assert [image.image_id for image in found["Bianco"].images] == ["image-1-1"]


def test_another_name_at_the_same_place_is_not_joined():
    pages = [grid_page(1, NAMES)]
    told = [one for each in told_by_a_model(pages, lambda name: name[::-1]) for one in each.detection.candidates]
    assert told and all(one.image_id is None and one.region is None for one in told)


@pytest.mark.parametrize("failed", ["answer", "local"])
def test_nothing_is_joined_where_one_of_them_failed(failed):
    good = AnalysisResult(job_id="j", analysis_type="product_detection", result=ProductDetection().to_json())
    bad = AnalysisResult(job_id="j", analysis_type="product_detection", error="no answer")
    answer, local = (bad, good) if failed == "answer" else (good, bad)
    assert with_pictures(answer, local) == answer


def test_a_running_title_that_the_model_takes_for_a_product_is_none():
    title = block(line("Marenna Collection", 40, 20))
    pages = [grid_page(number, [f"{name} {number}" for name in NAMES], title) for number in range(1, 6)]
    analyses = told_by_a_model(pages)
    example = analyses[0].detection.candidates[0]

    def with_title(analysis):
        if analysis.chunk.text != "Marenna Collection":
            return analysis
        place = {"name": analysis.chunk.text, "page": analysis.chunk.page, "box": analysis.chunk.box}
        text = {"text": analysis.chunk.text, "text_box": analysis.chunk.box}
        said = example.model_copy(update={**place, **text, "image_id": None, "region": None})
        return analysis.model_copy(update={"detection": ProductDetection(candidates=(said,))})

    once = [with_title(one) if one.chunk.page == 1 else one for one in analyses]
    assert "Marenna Collection" in {one.name for one in create_products(pages, once)}, "once it may be one"
    names = {one.name for one in create_products(pages, [with_title(one) for one in analyses])}
    assert "Marenna Collection" not in names
    assert len(names) == 15

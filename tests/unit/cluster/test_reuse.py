"""What a driver takes over: which images and chunks no actor is asked about, and what their jobs then say."""

from uuid import UUID, uuid4

import pytest

from actors.records import AnalysisResult, EmbeddingResult, ImageTask, OcrLine, OcrResult, TextLine
from cluster.flows import reuse
from cluster.flows.analyses import analysis_completion
from cluster.flows.images import image_completion
from cluster.flows.reuse import ReuseOfAnalyses, ReuseOfImages, made_of_another_reading
from cluster.settings import Settings
from db.content_results import KnownResult
from db.job_results import StoredAnalysis
from db.queue import ImageJob
from tests.unit.cluster.test_result_keys import task

PICTURE = task().page.images[0]
LINE = OcrLine(text="OAK 120", box=(0, 0, 9, 9), confidence=0.9)
NOBODY = UUID(int=0)


class Kept:
    """What a database would keep: entries as the flows hand them in, found again by kind, key and content."""

    def __init__(self):
        self.entries = {}

    def keep(self, document_id, completion):
        for entry in completion["keep"]:
            origin = entry.get("from_document", str(document_id)), entry.get("from_job", completion["job_id"])
            known = KnownResult(
                content_hash=entry["content_hash"],
                result=entry["result"],
                embedding=entry.get("embedding"),
                from_document=UUID(origin[0]),
                from_job=UUID(origin[1]),
            )
            self.entries.setdefault((entry["kind"], entry["model"], entry["content_hash"]), known)

    def find(self, conn, kind, model, hashes):
        found = {content: self.entries.get((kind, model, content)) for content in hashes}
        return {content: known for content, known in found.items() if known is not None}


@pytest.fixture
def kept(monkeypatch):
    kept = Kept()
    monkeypatch.setattr(reuse, "find_results", kept.find)
    return kept


def ask(query):
    return query(None, NOBODY)


def image_job(content_hash="a"):
    job = ImageJob(
        id=uuid4(), document_id=NOBODY, image_id=uuid4(), attempt=1, max_retries=3, fence=1, storage_key="k",
        media_type="image/png", width_px=9, height_px=9, page=1, content_hash=content_hash,
    )  # fmt: skip
    image_task = ImageTask(
        job_id=str(job.id), image_id=str(job.image_id), fence=1, storage_key="k", width_px=9, height_px=9
    )
    return job, image_task


def read(images, image_task, *, vector=True):
    """The completion of an image that was read just now."""
    text = images.reading(image_task.image_id) or OcrResult(
        image_id=image_task.image_id, lines=(LINE,), engine="e", seconds=2
    )
    known = images.vector(image_task.image_id)
    status = "stored" if vector else "model_missing"
    new = EmbeddingResult(image_id=image_task.image_id, status=status, vector=(0.6, 0.8) if vector else (), model="m")
    found = known or new
    return images.settle(image_completion(image_task, text, found), text, found)


def test_the_same_bytes_are_read_once_and_the_job_says_so(kept):
    document, (first, first_task), (second, second_task) = uuid4(), image_job(), image_job()
    images = ReuseOfImages(Settings(), ask)
    images.look_up([first])
    assert images.unknown([first_task], "ocr") == images.unknown([first_task], "clip") == [first_task]
    completion = read(images, first_task)
    assert "reused" not in completion["result"]
    kept.keep(document, completion)

    images.look_up([second])
    assert images.unknown([second_task], "ocr") == images.unknown([second_task], "clip") == []
    again = read(images, second_task)
    origin = {"document_id": str(document), "job_id": str(first.id)}
    assert again["result"]["reused"] == {"ocr": origin, "clip": origin}
    assert again["ocr_text"] == "OAK 120" and again["embedding"] == [0.6, 0.8]
    assert (again["result"]["ocr_seconds"], again["result"]["engine"]) == (0.0, "e")
    assert {entry["from_job"] for entry in again["keep"]} == {str(first.id)}, "it keeps the origin, for its own line"


def test_other_bytes_are_read(kept):
    (first, first_task), (other, other_task) = image_job("a"), image_job("b")
    images = ReuseOfImages(Settings(), ask)
    images.look_up([first])
    kept.keep(uuid4(), read(images, first_task))
    images.look_up([other])
    assert images.unknown([other_task], "ocr") == [other_task]


def test_a_missing_model_is_not_kept_so_its_vector_is_asked_for_again(kept):
    (first, first_task), (second, second_task) = image_job(), image_job()
    images = ReuseOfImages(Settings(), ask)
    images.look_up([first])
    kept.keep(uuid4(), read(images, first_task, vector=False))
    images.look_up([second])
    assert images.unknown([second_task], "ocr") == []
    assert images.unknown([second_task], "clip") == [second_task]
    assert set(read(images, second_task)["result"]["reused"]) == {"ocr"}


def test_analyses_are_taken_over_with_the_ids_of_the_document_that_takes_them(kept):
    document, first, second = uuid4(), task(job_id=str(uuid4())), task(job_id=str(uuid4()), image_id="i2")
    analyses = ReuseOfAnalyses(Settings(), ask)
    assert analyses.known([first]) == {}
    result = AnalysisResult(
        job_id=first.job_id, analysis_type="metadata", result={"image_id": "i1", "n": 1}, model="m", seconds=1
    )
    kept.keep(document, analyses.settle(analysis_completion(first, result), first, result))

    ((found, origin),) = analyses.known([second]).values()
    assert found.result == {"image_id": "i2", "n": 1}, "the image is this document's own"
    completion = analyses.settle(analysis_completion(second, found), second, found, origin)
    taken = {"document_id": str(document), "job_id": first.job_id}
    assert completion["result"]["reused"] == {"metadata": taken}
    assert completion["result"]["value"] == {"image_id": "i2", "n": 1}
    assert completion["keep"][0]["result"]["value"] == {"image_id": "image 0", "n": 1}
    assert completion["result"]["input"] == completion["keep"][0]["content_hash"]


@pytest.mark.parametrize(
    ("chunk", "page", "is_stale"),
    [
        ({}, {}, False),
        ({"image_id": "i9"}, {"images": (PICTURE.model_copy(update={"image_id": "i9"}),)}, False),  # rows made anew
        ({"text": "Oak 60"}, {}, True),
        ({"lines": (TextLine(text="Oak 120", box=(0, 0, 9, 9)),)}, {}, True),
        ({}, {"images": (PICTURE.model_copy(update={"ocr_text": "OAK"}),)}, True),
        ({}, {"languages": ("de",)}, True),
    ],
)
def test_an_analysis_is_stale_when_its_chunk_or_its_page_reads_otherwise(kept, chunk, page, is_stale):
    job, analyses = task(job_id=str(uuid4())), ReuseOfAnalyses(Settings(), ask)
    analyses.known([job])
    result = AnalysisResult(job_id=job.job_id, analysis_type="metadata", result={}, model="m")
    stored = analyses.settle(analysis_completion(job, result), job, result)["result"]["input"]
    analysis = StoredAnalysis(UUID(job.job_id), NOBODY, "metadata", stored)
    chunks, pages = {str(NOBODY): job.chunk.model_copy(update=chunk)}, {2: job.page.model_copy(update=page)}
    found = made_of_another_reading([analysis], chunks, pages)
    assert found == ([analysis.job_id] if is_stale else [])
    assert made_of_another_reading([analysis], {}, {}) == [], "the chunk is gone, and its analyses with it"


@pytest.mark.parametrize(("answered_by", "is_kept"), [("big-model", True), ("quarry-metadata-1", False)])
def test_what_stood_in_for_the_language_model_is_not_kept_as_its_answer(kept, answered_by, is_kept):
    settings = Settings(llm_base_url="http://127.0.0.1:9/v1", llm_model="big-model")
    analyses, first, second = ReuseOfAnalyses(settings, ask), task(job_id=str(uuid4())), task(job_id=str(uuid4()))
    analyses.known([first])
    result = AnalysisResult(job_id=first.job_id, analysis_type="metadata", result={"n": 1}, model=answered_by)
    kept.keep(uuid4(), analyses.settle(analysis_completion(first, result), first, result))
    assert bool(analyses.known([second])) is is_kept, "after an outage the model is asked again"


def test_what_is_known_is_left_alone_when_the_setting_says_so(kept):
    (first, first_task), (second, second_task) = image_job(), image_job()
    images = ReuseOfImages(Settings(reuse_results=False), ask)
    images.look_up([first])
    kept.keep(uuid4(), read(images, first_task))
    images.look_up([second])
    assert images.unknown([second_task], "ocr") == [second_task]
    assert "reused" not in read(images, second_task)["result"]

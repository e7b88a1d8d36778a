import pytest

from actors.errors import DeviceMissing
from actors.records import ImageTask
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.workers.pool_workers import ClipWorker, OcrWorker
from tests.model_folder import MODEL_FOLDER
from tests.small_clip import DIMENSIONS, make_small_clip
from tests.unit.actors.pictures import LABEL, encoded, lettered


@pytest.mark.parametrize("engine", ["easyocr", "rapidocr"])
def test_the_setting_chooses_who_reads_and_results_say_who_it_was(engine, tmp_path):
    settings = Settings(_env_file=None, home=tmp_path, model_cache=MODEL_FOLDER, ocr_engine=engine, ocr_canvas_px=640)
    key = Storage(settings.storage_address).put(encoded(lettered(LABEL)), ".png")
    task = ImageTask(job_id="job", image_id="image", fence=1, storage_key=key, width_px=700, height_px=150)
    worker = OcrWorker(settings, duty="ocr-0", gpu=False, threads=1)
    (result,) = worker.read([task]).results
    assert LABEL in " ".join(line.text for line in result.lines)
    assert result.engine == worker.facts()["model"]
    assert result.engine.startswith(engine)
    assert result.engine.endswith("/640")
    (lost,) = worker.read([task.model_copy(update={"storage_key": "nowhere.png"})]).results
    assert lost.error
    assert worker.read([]).results == []
    assert [worker.facts()[name] for name in ("items", "batches")] == [2, 2], "nothing to read is no batch"


def test_an_engine_without_use_for_a_gpu_does_not_take_one(tmp_path):
    with pytest.raises(DeviceMissing, match="QUARRY_OCR_ENGINE=easyocr"):
        OcrWorker(Settings(_env_file=None, home=tmp_path, ocr_engine="rapidocr"), duty="ocr-0", gpu=True, threads=1)


def test_an_example_picture_gets_the_vector_of_a_stored_one_or_says_why_not(tmp_path):
    given = {"_env_file": None, "home": tmp_path, "clip_pretrained": ""}
    settings = Settings(clip_model=make_small_clip(tmp_path / "clip"), model_cache=MODEL_FOLDER, **given)
    worker = ClipWorker(settings, duty="clip-0", gpu=False, threads=1)
    found, broken = worker.embed_example(encoded(lettered(LABEL))), worker.embed_example(b"no picture")
    assert (found.status, len(found.vector)) == ("stored", DIMENSIONS)
    assert (broken.status, broken.vector, bool(broken.error)) == ("failed", (), True)
    empty = Settings(clip_model=f"local-dir:{tmp_path / 'nowhere'}", **given)
    assert ClipWorker(empty, duty="clip-0", gpu=False, threads=1).embed_example(b"").status == "model_missing"


def test_words_are_embedded_for_the_vectors_of_its_own_model_and_of_no_other(tmp_path):
    given = {"_env_file": None, "home": tmp_path, "clip_pretrained": ""}
    model = make_small_clip(tmp_path / "clip")
    settings = Settings(clip_model=model, model_cache=MODEL_FOLDER, **given)
    worker = ClipWorker(settings, duty="clip-0", gpu=False, threads=1)
    served = worker.embed_words(model, ["a photo of oak", "a photo of slate"])
    assert [list(vector) for vector in served.results] == worker.embed_text(["a photo of oak", "a photo of slate"])
    assert worker.embed_words("ViT-B-32/others", ["a photo of oak"]).results == []
    empty = Settings(clip_model=f"local-dir:{tmp_path / 'nowhere'}", **given)
    without = ClipWorker(empty, duty="clip-0", gpu=False, threads=1)
    assert without.embed_words(empty.clip_model, ["a photo of oak"]).results == []

"""Keys of results: equal where the same work would be done, and nowhere else."""

import os

import pytest

from actors.records import AnalysisTask, Chunk, PageContent, PageImage
from cluster.flows import result_keys
from cluster.flows.result_keys import PageDigests, analysis_input, renamed, result_key
from cluster.settings import Settings

KINDS = ("page", "ocr", "clip", "text_vector", "classification", "metadata", "product_detection")


def keys(**given):
    settings = Settings(**given)
    return {kind: result_key(settings, kind) for kind in KINDS}


def changed(**given):
    """The kinds whose keys these settings change."""
    plain, other = keys(), keys(**given)
    return {kind for kind in KINDS if plain[kind] != other[kind]}


def test_the_same_settings_give_the_same_keys_and_every_kind_its_own():
    assert keys() == keys()
    assert len(set(keys().values())) == len(KINDS)


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({"page_dpi": 200}, {"page"}),
        ({"max_page_text": 50_000}, {"page"}),
        ({"page_timeout_s": 30}, {"page"}),
        ({"min_image_px": 64}, {"page"}),
        ({"ocr_canvas_px": 960}, {"ocr"}),
        ({"ocr_languages": ("en", "de")}, {"ocr"}),
        ({"clip_model": "ViT-L-14"}, {"clip"}),
        ({"clip_pretrained": "openai"}, {"clip"}),
        ({"llm_base_url": "http://127.0.0.1:1/v1"}, {"classification", "metadata", "product_detection"}),
        ({"llm_model": "another"}, {"classification", "metadata", "product_detection"}),
        (
            {
                "ocr_actors": 7,
                "ocr_actors_min": 2,
                "ocr_actors_max": 9,
                "clip_actors": 7,
                "clip_actors_min": 2,
                "clip_actors_max": 9,
                "llm_timeout_s": 3,
                "llm_max_retries": 0,
                "llm_input_price": 1,
                "api_port": 9,
                "lease_s": 1,
                "max_pages": 7,
                "max_upload_bytes": 10**6,
                "document_timeout_s": 60,
            },
            set(),
        ),
    ],
)
def test_a_setting_changes_the_keys_of_what_it_changes(given, kinds):
    assert changed(**given) == kinds


def test_another_code_changes_the_keys_of_what_it_makes(monkeypatch):
    before = keys()
    made_alone = set(result_keys.MADE_BY)
    with monkeypatch.context() as patched:
        patched.setattr(result_keys, "code_of_actors", lambda: "another")
        assert {kind for kind in KINDS if keys()[kind] != before[kind]} == set(KINDS) - made_alone
    monkeypatch.setattr(result_keys, "code_behind", lambda module: "another")
    assert {kind for kind in KINDS if keys()[kind] != before[kind]} == made_alone


def test_other_weights_at_the_same_place_change_the_key(tmp_path):
    weights = tmp_path / "clip.pt"
    weights.write_bytes(b"one")
    before = keys(clip_pretrained=str(weights))["clip"]
    weights.write_bytes(b"two!")
    assert keys(clip_pretrained=str(weights))["clip"] != before
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "open_clip_model.safetensors").write_bytes(b"one")
    before = keys(clip_model=f"local-dir:{folder}")["clip"]
    os.utime(folder / "open_clip_model.safetensors", (1, 1))
    assert keys(clip_model=f"local-dir:{folder}")["clip"] != before


def task(*, chunk_id="c1", image_id="i1", job_id="j1", text="Oak 120", ordinal=3):
    page = PageContent(
        page=2, width_pt=100, height_pt=100, kind="text", blocks=(),
        images=(PageImage(image_id=image_id, kind="embedded", box=(0, 0, 9, 9), width_px=9, height_px=9),),
    )  # fmt: skip
    chunk = Chunk(
        chunk_id=chunk_id, ordinal=ordinal, page=2, kind="text", text=text, box=(0, 0, 9, 9), image_id=image_id
    )
    return AnalysisTask(job_id=job_id, fence=1, analysis_type="metadata", chunk=chunk, page=page)


def test_an_analysis_does_not_depend_on_the_ids_of_rows():
    one, names = analysis_input(task(), PageDigests())
    other, other_names = analysis_input(task(chunk_id="c2", image_id="i2", job_id="j2", ordinal=9), PageDigests())
    assert one == other
    assert (names, other_names) == ({"i1": "image 0"}, {"i2": "image 0"})
    assert analysis_input(task(text="Oak 121"), PageDigests())[0] != one


def test_a_page_is_told_from_another_of_its_number():
    pages, first = PageDigests(), task()
    wider = first.model_copy(update={"page": first.page.model_copy(update={"width_pt": 101.0})})
    one, again, other = (analysis_input(asked, pages)[0] for asked in (first, first, wider))
    assert one == again != other


def test_names_of_images_are_put_in_and_taken_out_again():
    result = {"candidates": [{"image_id": "i1", "name": "i1 is no id here"}, {"image_id": None}], "count": 2}
    portable = renamed(result, {"i1": "image 0"})
    assert portable["candidates"][0] == {"image_id": "image 0", "name": "i1 is no id here"}
    assert renamed(portable, {"image 0": "i9"})["candidates"][0]["image_id"] == "i9"

"""Under which keys results are kept by content: two keys are equal only where the same work would be done.

A key covers the settings of the work, the versions of the libraries that do it, local weights by size and time, and the
code: for models and analyses `actors/` as a whole, so that who changes a rule gets everything analysed anew without
thinking of it; for pages and text vectors the modules that make them. Which device computed is left out.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from actors.records import AnalysisTask, PageContent
from cluster.flows.code_digest import code_behind, code_of_actors
from cluster.settings import Settings
from db.content_results import ResultKind

LIBRARIES = ("torch", "easyocr", "rapidocr", "openvino", "open_clip_torch", "transformers", "tokenizers", "pillow")
READING = ("pymupdf", "pymupdf-layout", "onnxruntime", "openvino", "pillow", "numpy")
MADE_BY = {"page": "cluster.stages.reading.page_worker", "text_vector": "actors.text_embedding"}
"""Results that depend on few modules: this one, and what it imports."""
SETTINGS_OF: dict[ResultKind, tuple[str, ...]] = {
    "page": ("page_", "thumbnail_px", "min_image_px", "max_page_", "max_image_pixels"),
    "text_vector": ("text_model",),
    "ocr": ("ocr_",),
    "clip": ("clip_",),
    "classification": ("text_model", "llm_"),
    "metadata": ("text_model", "llm_"),
    "product_detection": ("text_model", "llm_"),
}
"""Settings whose names begin so say what is computed."""
NOT_WHAT = {
    "ocr_actors",
    "ocr_actors_min",
    "ocr_actors_max",
    "clip_actors",
    "clip_actors_min",
    "clip_actors_max",
    "llm_api_key",
    "llm_timeout_s",
    "llm_max_retries",
    "llm_input_price",
    "llm_output_price",
}
"""These say how, and change no result."""


def result_key(settings: Settings, kind: ResultKind) -> str:
    """The key of the work of this kind under these settings: `ocr-` and 32 hex digits."""
    covered = {
        "settings": {
            name: str(getattr(settings, name))
            for name in type(settings).model_fields
            if name.startswith(SETTINGS_OF[kind]) and name not in NOT_WHAT
        },
        "weights": local_weights(settings) if kind == "clip" else {},
        "libraries": library_versions(READING if kind == "page" else LIBRARIES),
        "code": code_behind(MADE_BY[kind]) if kind in MADE_BY else code_of_actors(),
    }
    return f"{kind}-{digest(covered)[:32]}"


class PageDigests:
    """Digests of a document's pages as analyses look at them. Many analyses do; each page is turned into JSON once."""

    def __init__(self) -> None:
        """None is known yet."""
        self._known: dict[int, tuple[PageContent, str]] = {}

    def of(self, page: PageContent, names: Mapping[str, str]) -> str:
        """sha256, hex, with the page's images under these names."""
        known, found = self._known.get(page.page, (None, ""))
        if known is not page:
            found = digest(renamed(page.to_json(), names))
            self._known[page.page] = (page, found)
        return found


def analysis_input(task: AnalysisTask, pages: PageDigests) -> tuple[str, dict[str, str]]:
    """What an analysis looks at, as a hash, and the names under which it knows the images.

    The ids of rows are not part of it: the same chunk on the same page of another document, or of the same document
    read anew, has the same hash. Images are named by their place on the page instead.
    """
    names = image_names(task)
    chunk = task.chunk.to_json() | {"chunk_id": "", "ordinal": 0}
    page = pages.of(task.page, names)
    return digest({"type": task.analysis_type, "chunk": renamed(chunk, names), "page": page}), names


def image_names(task: AnalysisTask) -> dict[str, str]:
    """`image 0`, `image 1` ... by id, in the order in which page and chunk name them."""
    ids = [image.image_id for image in task.page.images]
    ids += [task.chunk.image_id] if task.chunk.image_id else []
    return {image_id: f"image {place}" for place, image_id in enumerate(dict.fromkeys(ids))}


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The same JSON with every string that is a name replaced by what it stands for."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: renamed(item, names) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [renamed(item, names) for item in value]
    return value


def digest(value: object) -> str:
    """sha256, hex, of a value's JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def library_versions(names: tuple[str, ...]) -> dict[str, str]:
    """Of what computes, as installed."""
    return {name: metadata.version(name) for name in names}


def local_weights(settings: Settings) -> dict[str, list[int]]:
    """Size and time of CLIP's weights where they are files of this machine; a hub's tag names its weights itself."""
    named = settings.clip_model.removeprefix("local-dir:") if settings.clip_model.startswith("local-dir:") else None
    place = Path(named or settings.clip_pretrained)
    if place.is_file():
        return {place.name: _stamp(place)}
    if named and place.is_dir():
        return {path.name: _stamp(path) for path in sorted(place.iterdir()) if path.is_file()}
    return {}


def _stamp(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]

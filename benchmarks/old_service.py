"""The plain loop of the service that Quarry replaces: one process, one thing after the other.

Run as a program, `python -m benchmarks.old_service FILE CHECKPOINT`, it prints what that took, as JSON: extraction,
then `readtext` and CLIP image by image as EasyOCR and open_clip come, then chunking, analysis and products. Loading the
models is not counted, for Quarry's are loaded before its measurement too.
"""

import json
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import easyocr
import easyocr_en_models
import numpy as np
import open_clip
import torch
from PIL import Image

from actors.classification import ChunkClassifier
from actors.metadata import MetadataReader
from actors.product_detection import ProductDetector
from actors.records import AnalysisTask, AnalysisType, ChunkAnalysis, ExtractedPage, OcrLine, PageContent
from actors.text_embedding import TextEncoder
from cluster.settings import Settings
from cluster.stages.chunking import chunk_document
from cluster.stages.extraction import PageReader, inspect
from cluster.stages.limits import ExtractionLimits
from cluster.stages.products import create_products
from cluster.stages.structure.page_contents import ReadImage, page_contents
from cluster.storage import Storage
from cluster.stored import chunk_analysis

CLIP_MODEL = "ViT-B-32"


class OldService:
    """The models as they come, and the seconds of each step."""

    def __init__(self, checkpoint: Path) -> None:
        """Load everything."""
        weights = easyocr_en_models.model_dir()
        self._ocr = easyocr.Reader(
            ["en"], gpu=False, model_storage_directory=weights, user_network_directory=weights, download_enabled=False
        )
        self._clip, _, self._prepare = open_clip.create_model_and_transforms(CLIP_MODEL, pretrained=str(checkpoint))
        self._clip.eval()
        self._text = TextEncoder(threads=torch.get_num_threads())
        self._analysers: dict[AnalysisType, Any] = {
            "classification": ChunkClassifier(self._text).classify,
            "metadata": MetadataReader().read,
            "product_detection": ProductDetector().detect,
        }
        self.seconds: dict[str, float] = {}

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - started

    def process(self, path: Path, storage_address: str) -> dict[str, Any]:
        """Take one catalogue through, and count what came out."""
        storage = Storage(storage_address)
        with self._timed("extraction"):
            pages = self._extract(path, storage_address)
        images = [self._read(image_id, page, storage) for page in pages for image_id in range(len(page.images))]
        with self._timed("chunking"):
            contents = page_contents(pages, images)
            chunks = chunk_document(uuid.uuid4(), contents)
            for chunk in chunks:
                self._text.encode([chunk.text])
        with self._timed("analysis"):
            analyses = [self._analyse(chunk, contents) for chunk in chunks]
        with self._timed("products"):
            products = create_products(contents, analyses)
        counts = {"pages": len(pages), "images": len(images), "chunks": len(chunks), "products": len(products)}
        return {"seconds": self.seconds, "total": sum(self.seconds.values()), "counts": counts}

    def _extract(self, path: Path, storage_address: str) -> list[ExtractedPage]:
        limits = ExtractionLimits.from_settings(Settings())
        with PageReader(path, storage_address, limits) as reader:
            return [reader.read(page) for page in range(1, inspect(path, limits=limits).page_count + 1)]

    def _read(self, number: int, page: ExtractedPage, storage: Storage) -> ReadImage:
        image = page.images[number]
        pixels = Image.open(BytesIO(storage.read(image.storage_key))).convert("RGB")
        with self._timed("ocr"):
            found = self._ocr.readtext(np.asarray(pixels))
        with self._timed("clip"), torch.inference_mode():
            self._clip.encode_image(self._prepare(pixels).unsqueeze(0))
        lines = []
        for corners, text, confidence in found:
            xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            lines.append(OcrLine(text=text, box=(min(xs), min(ys), max(xs), max(ys)), confidence=float(confidence)))
        return ReadImage(
            image_id=f"{page.page}-{number}",
            content_hash=image.content_hash,
            kind=image.kind,
            width_px=image.width_px,
            height_px=image.height_px,
            placements=image.placements,
            ocr_lines=tuple(lines),
        )

    def _analyse(self, chunk: Any, contents: list[PageContent]) -> ChunkAnalysis:
        page = next(content for content in contents if content.page == chunk.page)
        results = {}
        for kind, analyse in self._analysers.items():
            task = AnalysisTask(job_id="old", fence=0, analysis_type=kind, chunk=chunk, page=page)
            results[kind] = analyse([task])[0].result
        return chunk_analysis(chunk, {kind: result for kind, result in results.items() if result is not None})


if __name__ == "__main__":
    service = OldService(Path(sys.argv[2]))
    with TemporaryDirectory() as folder:
        print(json.dumps(service.process(Path(sys.argv[1]), f"file://{folder}")))

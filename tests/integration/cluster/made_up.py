"""Actors that read made-up pages and images. Their processes import this module, so it imports nothing of the tests."""

import os
import time

from actors.records import EmbeddingResult, ExtractedImage, ExtractedPage, OcrResult, Placement
from actors.served import Served, ServedPages

PAGES = 20


def page_with_image(number, key, **given):
    place = Placement(page=number, box=(10, 10, 90, 90))
    image = ExtractedImage(
        kind="embedded", content_hash=f"{key}-{number}", storage_key=key, media_type="image/png",
        width_px=64, height_px=64, placements=(place,),
    )  # fmt: skip
    return ExtractedPage(page=number, width_pt=100, height_pt=100, kind="text", images=(image,), **given)


class Reader:
    """Reads a made-up document with an image a page; one page ends its process, a file says that the disk is full."""

    def __init__(self, key, full, *, poison=None, warned=None):
        self._key, self._full, self._poison, self._warned = key, full, poison, warned

    def count_pages(self, storage_key, turn):
        return PAGES

    def read_pages(self, wanted, turn):
        now = time.time()
        if self._poison in wanted.pages:
            os._exit(1)
        if self._full.exists():
            return ServedPages([], now, now, 0.0, "the disk is full")
        half = wanted.pages[: (len(wanted.pages) + 1) // 2]  # time is up then
        return ServedPages([self._page(page) for page in half], now, time.time(), 0.1)

    def _page(self, number):
        warnings = ("there was no time left",) if number == self._warned else ()
        return page_with_image(number, self._key, warnings=warnings)

    def facts(self):
        return {}


class Answers:
    """Reads nothing in images, and has no model for vectors."""

    def read(self, tasks, turn):
        time.sleep(0.05)
        return Served([OcrResult(image_id=task.image_id, engine="none") for task in tasks], time.time(), time.time(), 0)

    def embed(self, tasks, turn):
        results = [EmbeddingResult(image_id=task.image_id, status="model_missing") for task in tasks]
        return Served(results, time.time(), time.time(), 0.0)

    def facts(self):
        return {}

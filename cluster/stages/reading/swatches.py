"""Parts of a page as images: colour areas painted as vectors, pictures seen in a scan; and the colour of any of them.

Knows pixels and boxes. Which areas may be swatches is known by `drawings` and `page_pictures`.
"""

import hashlib
import io
from collections.abc import Sequence

import numpy as np
import pymupdf
from PIL import Image

from actors.page.regions import SAME_PLACE, overlap_share
from actors.records import Box, ExtractedImage, Placement
from cluster.stages.limits import ExtractionLimits
from cluster.stages.reading.page_pictures import picture_boxes
from cluster.stages.reading.pixels import encode
from cluster.stages.reading.rendering import POINTS_PER_INCH, PagePicture, render
from cluster.storage import Storage

MAX_REGIONS = 60
"""Of one page, the largest first: more are the cells of a table or the pieces of a drawing."""
SCALE = 2.0
"""Pixels a point, where the page is not too large for that."""
SAMPLE_PX = 48
EVEN = 24.0
"""Mean distance of a picture's pixels from their median, 0-255, up to which it is of one colour: a stone, a board."""


def region_images(
    page: pymupdf.Page, fills: Sequence[Box], storage: Storage, limits: ExtractionLimits
) -> list[ExtractedImage]:
    """One image for each look of a colour area, with every place of it; the page is rendered once."""
    if not fills:
        return []
    width, height = max(1.0, page.rect.width), max(1.0, page.rect.height)
    scale = min(SCALE, (limits.max_page_pixels / (width * height)) ** 0.5)
    return cut_out(render(page, scale), scale, fills, page.number + 1, storage)


def lettered_images(
    page: pymupdf.Page, places: Sequence[Box], storage: Storage, limits: ExtractionLimits
) -> list[ExtractedImage]:
    """One image for each place where outlines are letters, as large as OCR wants them; the page is rendered once."""
    if not places:
        return []
    area = max(1.0, page.rect.width) * max(1.0, page.rect.height)
    scale = min(limits.page_dpi / POINTS_PER_INCH, (limits.max_page_pixels / area) ** 0.5)
    return cut_out(render(page, scale), scale, places, page.number + 1, storage)


def seen_pictures(picture: PagePicture, taken: Sequence[Box], storage: Storage) -> list[ExtractedImage]:
    """One image for each picture that is seen in a page's pixels, but at the places that are taken."""
    (place,) = picture.record.placements
    width, height = place.box[2:]
    boxes = [
        box
        for box in picture_boxes(picture.pixels, width, height)
        if not any(overlap_share(box, other) > SAME_PLACE for other in taken)
    ]
    return cut_out(picture.pixels, picture.pixels.width / width, boxes, place.page, storage, lossy=True)


def cut_out(
    pixels: Image.Image, scale: float, boxes: Sequence[Box], page: int, storage: Storage, *, lossy: bool = False
) -> list[ExtractedImage]:
    """Parts of a rendered page as images, the same look once; boxes in points, `scale` in pixels a point."""
    images: dict[str, ExtractedImage] = {}
    for box in sorted(boxes, key=_area, reverse=True)[:MAX_REGIONS]:
        x0, y0, x1, y1 = (round(side * scale) for side in box)
        encoded = encode(pixels.crop((x0, y0, x1, y1)), lossy=lossy)
        if encoded is None:
            continue
        key = hashlib.sha256(encoded.data).hexdigest()
        known = images.get(key)
        images[key] = ExtractedImage(
            kind="region", content_hash=key,
            storage_key=known.storage_key if known else storage.put(encoded.data, ".jpg" if lossy else ".png"),
            media_type=encoded.media_type, width_px=encoded.width, height_px=encoded.height,
            placements=(*(known.placements if known else ()), Placement(page=page, box=box)),
            colour=known.colour if known else colour_of(encoded.data),
        )  # fmt: skip
    return list(images.values())


def colour_of(data: bytes) -> str:
    """The median colour of an encoded picture as "#rrggbb"; empty where its pixels differ too much to have one.

    The middle is looked at: names are printed along the edges, and scans have frames.
    """
    picture = Image.open(io.BytesIO(data))
    picture.draft("RGB", (SAMPLE_PX * 2, SAMPLE_PX * 2))
    small = picture.convert("RGB").resize((SAMPLE_PX, SAMPLE_PX), Image.Resampling.BOX)
    margin = SAMPLE_PX // 6
    middle = np.asarray(small, np.float32)[margin:-margin, margin:-margin].reshape(-1, 3)
    median = np.median(middle, axis=0)
    if float(np.abs(middle - median).mean()) > EVEN:
        return ""
    return "#" + "".join(f"{round(float(value)):02x}" for value in median)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

"""The images embedded in a page: finds where they stand and writes each of them once, upright.

Knows xrefs, placements and which images are not worth a job; `pixels` knows how one image's bytes become RGB.
"""

import hashlib
from dataclasses import dataclass, field

import pymupdf
from PIL import Image

from actors.records import Box, ExtractedImage, PageKind, Placement
from cluster.stages.limits import ExtractionLimits
from cluster.stages.reading.opening import PDF_ERRORS
from cluster.stages.reading.pixels import (
    Encoded,
    ImageSource,
    ImageUnusable,
    colour_sample,
    decode,
    encode,
    stored_jpeg,
)
from cluster.stages.reading.rendering import render
from cluster.stages.reading.swatches import colour_of
from cluster.stages.reading.upright import Orientation, orientation
from cluster.storage import Storage

SAMPLE_PIXELS = 16
"""An image of at most so many pixels is a colour, not a picture."""
SAMPLE_SIDE_PT = 36.0
PLANK_AREA = 4
"""In squares of the least side: pixels of a picture that is long and narrower than that."""
BACKGROUND_SHARE = 0.9
"""A colour over more of the page is its background."""
SAME_PICTURE_SHARE = 0.8
"""An image over more of a page that is rendered anyway would be read twice."""
COVERED_SHARE = 0.97
"""An image under a later opaque one, as templates leave their placeholders."""
FRAMED_SHARE = 0.6
"""What has no object of its own and lies under an image to this share is that image's shadow or frame."""
SAME_PLACE_PT = 2.0
MAX_COMPARED = 400
"""On pages with more images than this, none is taken for hidden: comparing each with each takes too long."""
MAX_REGIONS = 30
"""Images without an object of their own that are rendered from one page."""


@dataclass
class PlacedImage:
    """One image object and every place where the page shows it the same way round."""

    xref: int  # 0: no object of its own (inline, or inside a pattern)
    width_px: int
    height_px: int
    turn: Orientation
    opaque: bool
    boxes: list[Box] = field(default_factory=list)  # within the page
    hidden: bool = False  # on every place another image lies on it


MAX_PLACES = 100
"""Of one image on one page; a pattern may repeat it a million times."""
MAX_WARNINGS = 50

Drawn = tuple[PlacedImage, Box]


class ImageWriter:
    """Writes the images of one document; an image that was written for an earlier page is not decoded again."""

    def __init__(self, document: pymupdf.Document, storage: Storage, limits: ExtractionLimits) -> None:
        self._document = document
        self._storage = storage
        self._limits = limits
        self._written: dict[tuple[int, Orientation, bool], ExtractedImage | None] = {}
        self._sizes: dict[str, int] = {}  # bytes by storage key

    def find(self, page: pymupdf.Page) -> list[PlacedImage]:
        """The page's images in drawing order, those outside of the page left out."""
        found: dict[tuple[int, Orientation], PlacedImage] = {}
        drawn: list[tuple[PlacedImage, Box]] = []
        shades = _shades(page)
        for told in self._list(page):
            box = _clamped(told["bbox"], page.rect)
            if box is None or (not told.get("xref") and _is_near(told["bbox"], shades)):
                continue
            turn, xref = orientation(told["transform"]), told.get("xref", 0)
            new = PlacedImage(xref, told["width"], told["height"], turn, not told["has-mask"])
            placed = found.setdefault((xref or -told["number"] - 1, turn), new)
            drawn.append((placed, box))
        for order, (placed, box) in enumerate(drawn):
            if len(drawn) > MAX_COMPARED or not _is_hidden(placed, box, drawn[:order], drawn[order + 1 :]):
                placed.boxes.append(box)
        for placed, box in drawn:
            if not placed.boxes:
                placed.hidden = True
                placed.boxes.append(box)
        return list(found.values())

    def write(
        self, page: pymupdf.Page, placed: list[PlacedImage], kind: PageKind, warnings: list[str]
    ) -> tuple[list[ExtractedImage], int]:
        """Store the images worth a job; also says how many were skipped because they can hold nothing.

        One image that cannot be read is a sentence in `warnings`, and the others go on.
        """
        area = max(1.0, abs(page.rect.get_area()))
        number, masks, skipped, regions = page.number + 1, self._masks(page), 0, 0
        budget = _Budget(self._limits)
        images: dict[str, ExtractedImage] = {}
        for item in placed:
            share = max(_area(box) for box in item.boxes) / area
            sample = self._is_sample(item, share)
            if kind == "image" and (item.xref == 0 or share > SAME_PICTURE_SHARE):
                continue
            if item.hidden or not (sample or self._is_picture(item)):
                skipped += 1
                continue
            regions += item.xref == 0
            if not budget.has_room() or (item.xref == 0 and regions > MAX_REGIONS):
                skipped += 1
                continue
            try:
                record = self._record(page, item, masks, sample)
            except (*PDF_ERRORS, MemoryError, ImageUnusable) as error:
                what = f"an image of {item.width_px} x {item.height_px} px was left out"
                if len(warnings) < MAX_WARNINGS:
                    warnings.append(f"Page {number}: {what}: {str(error) or type(error).__name__}"[:400])
                self._written[(item.xref, item.turn, sample)] = None
                continue
            if record is None:
                skipped += 1
                continue
            budget.take(record, self._sizes[record.storage_key])
            boxes = item.boxes[:MAX_PLACES]
            places = tuple(Placement(page=number, box=box, rotation=item.turn.degrees) for box in boxes)
            known = images.get(record.content_hash, record.model_copy(update={"placements": ()}))
            images[record.content_hash] = known.model_copy(update={"placements": (*known.placements, *places)})
        if budget.overrun:
            warnings.append(f"Page {number}: {budget.overrun}; the others were skipped.")
        return list(images.values()), skipped

    def _list(self, page: pymupdf.Page) -> list[dict]:  # type: ignore[type-arg]
        """Every image drawn on the page with box and transform, and its xref where that can be told."""
        plain = page.get_image_info()
        too_large = any(told["width"] * told["height"] > self._limits.max_image_pixels for told in plain)
        if not plain or not too_large:
            try:
                return list(page.get_image_info(xrefs=True)) if plain else []
            except PDF_ERRORS:
                pass
        return _matched_by_size(plain, page.get_images())

    def _masks(self, page: pymupdf.Page) -> dict[int, int]:
        return {item[0]: item[1] for item in page.get_images() if item[1]}

    def _is_sample(self, item: PlacedImage, share: float) -> bool:
        is_small = item.width_px * item.height_px <= SAMPLE_PIXELS
        return is_small and _shorter_side(item) >= SAMPLE_SIDE_PT and share < BACKGROUND_SHARE

    def _is_picture(self, item: PlacedImage) -> bool:
        """Whether it has pixels enough: a plank, shown large, may have fewer across than the least side of others."""
        least, shorter = self._limits.min_image_px, min(item.width_px, item.height_px)
        is_plank = 2 * shorter >= least and item.width_px * item.height_px >= PLANK_AREA * least**2
        return shorter >= least or (is_plank and _shorter_side(item) >= SAMPLE_SIDE_PT)

    def _record(
        self, page: pymupdf.Page, item: PlacedImage, masks: dict[int, int], sample: bool
    ) -> ExtractedImage | None:
        """The stored image, None where it turned out to hold nothing."""
        key = (item.xref, item.turn, sample)
        if item.xref and key in self._written:
            return self._written[key]
        encoded = self._encode(page, item, masks.get(item.xref, 0), sample)
        record = None if encoded is None else _as_record(encoded, self._storage)
        if encoded is not None and record is not None:
            self._sizes[record.storage_key] = len(encoded.data)
        if item.xref:
            self._written[key] = record
        return record

    def _encode(self, page: pymupdf.Page, item: PlacedImage, mask: int, sample: bool) -> Encoded | None:
        if item.width_px * item.height_px > self._limits.max_image_pixels:
            raise ImageUnusable(f"more than {self._limits.max_image_pixels} pixels are not decoded.")
        if item.xref == 0:
            return encode(self._rendered(page, item), lossy=True)
        source = ImageSource(self._document, item.xref, mask)
        if not mask and item.turn.is_upright and not sample and (ready := stored_jpeg(source)):
            return ready
        pixels = decode(source)
        if sample:
            return encode(colour_sample(pixels, item.boxes[0]), lossy=False)
        return encode(item.turn.apply(pixels), lossy=source.is_lossy)

    def _rendered(self, page: pymupdf.Page, item: PlacedImage) -> Image.Image:
        """The region of the page, as many pixels as the image has there: upright already, and with what lies on it."""
        clip = pymupdf.Rect(item.boxes[0])
        scale = min(max(item.width_px, item.height_px) / max(clip.width, clip.height), 4.0)
        fit = (self._limits.max_page_pixels / max(1.0, clip.width * clip.height)) ** 0.5
        item.turn = Orientation()
        return render(page, min(scale, fit), clip)


def _shorter_side(item: PlacedImage) -> float:
    """In points, where it is shown smallest."""
    return min(min(box[2] - box[0], box[3] - box[1]) for box in item.boxes)


class _Budget:
    """What one page may still put into the file store."""

    def __init__(self, limits: ExtractionLimits) -> None:
        self._limits = limits
        self._keys: set[str] = set()
        self._bytes = 0
        self.overrun = ""  # which limit kept an image out, in words

    def take(self, record: ExtractedImage, size: int) -> None:
        """Count an image once, however often the page shows it."""
        if record.storage_key not in self._keys:
            self._keys.add(record.storage_key)
            self._bytes += size

    def has_room(self) -> bool:
        """Whether one more image may be written."""
        if len(self._keys) >= self._limits.max_page_images:
            self.overrun = f"it holds more than {self._limits.max_page_images} images (QUARRY_MAX_PAGE_IMAGES)"
        elif self._bytes >= self._limits.max_page_output_bytes:
            self.overrun = f"its images take more than {self._bytes} bytes (QUARRY_MAX_PAGE_OUTPUT_BYTES)"
        return not self.overrun


def _as_record(encoded: Encoded, storage: Storage) -> ExtractedImage:
    suffix = ".png" if encoded.media_type == "image/png" else ".jpg"
    return ExtractedImage(
        kind="embedded", content_hash=hashlib.sha256(encoded.data).hexdigest(),
        storage_key=storage.put(encoded.data, suffix), media_type=encoded.media_type,
        width_px=encoded.width, height_px=encoded.height, placements=(), colour=colour_of(encoded.data),
    )  # fmt: skip


def _matched_by_size(plain: list[dict], listed: list[tuple]) -> list[dict]:  # type: ignore[type-arg]
    """Give images their xref by size in pixels where only one object has that size; the others get 0."""
    sizes: dict[tuple[int, int], list[int]] = {}
    for item in listed:
        sizes.setdefault((item[2], item[3]), []).append(item[0])
    matches = [sizes.get((told["width"], told["height"]), []) for told in plain]
    return [{**told, "xref": xrefs[0] if len(xrefs) == 1 else 0} for told, xrefs in zip(plain, matches, strict=True)]


def _is_hidden(item: PlacedImage, box: Box, before: list[Drawn], after: list[Drawn]) -> bool:
    """Whether a later opaque image covers the place; of an image without object also whether any image fills it."""
    area = _area(box)
    if any(other.opaque and _common(box, place) >= COVERED_SHARE * area for other, place in after):
        return True
    others = [place for other, place in (*before, *after) if other.xref]
    return item.xref == 0 and any(_holds(box, place) and _area(place) >= FRAMED_SHARE * area for place in others)


def _shades(page: pymupdf.Page) -> list[tuple[float, ...]]:
    """Where the page draws colour gradients: MuPDF lists them among the images."""
    return [tuple(rect) for kind, rect in page.get_bboxlog() if kind == "fill-shade"]


def _is_near(bbox: tuple[float, ...], others: list[tuple[float, ...]]) -> bool:
    return any(all(abs(a - b) <= SAME_PLACE_PT for a, b in zip(bbox, other, strict=True)) for other in others)


def _clamped(bbox: tuple[float, ...], page: pymupdf.Rect) -> Box | None:
    x0, y0 = max(bbox[0], page.x0), max(bbox[1], page.y0)
    x1, y1 = min(bbox[2], page.x1), min(bbox[3], page.y1)
    if x1 - x0 < 1.0 or y1 - y0 < 1.0:
        return None
    return (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


def _common(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def _holds(outer: Box, inner: Box) -> bool:
    return _common(outer, inner) >= COVERED_SHARE * _area(inner)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

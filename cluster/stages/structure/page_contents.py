"""Brings a page's text layer and the OCR of its images together, everything in points.

It owns the way from an image's pixels to the page, and which OCR lines only say again what the page says already. It
knows no chunks and no products.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from actors.records import (
    Box,
    Disagreement,
    ExtractedPage,
    ImageKind,
    OcrLine,
    PageContent,
    PageImage,
    Placement,
    Record,
    TextLine,
)
from actors.vocabulary.languages import languages_of_pages
from actors.vocabulary.words import squeeze
from cluster.stages.ocr_text.blocks import ocr_blocks
from cluster.stages.ocr_text.native_letters import with_native_letters
from cluster.stages.ocr_text.spacing import with_words_closed
from cluster.stages.ocr_text.weights import bold_lines

SAME_PLACE = 0.5
"""Share of the smaller box that two lines have in common when they are one print."""
SAME_WORDS = 65
"""Likeness (0-100) from which an OCR line under the text layer is the same words: OCR errs in many letters."""
MIN_OCR_CONFIDENCE = 0.2
SURE_OCR = 0.9
"""Confidence from which OCR may doubt what the text layer prints."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
CODED = re.compile(r"^(?=.*\d)(?=.*[A-Z])")
"""A word of digits and capitals: an article code."""


class ReadImage(Record):
    """An image with what OCR read in it."""

    image_id: str
    content_hash: str = ""
    kind: ImageKind
    width_px: int
    height_px: int
    placements: tuple[Placement, ...]
    colour: str = ""
    ocr_lines: tuple[OcrLine, ...] = ()  # boxes in pixels of the stored, upright image


class _Shown(NamedTuple):
    """An image at one place of one page."""

    image: ReadImage
    box: Box
    pages_shown: int


def page_contents(pages: Sequence[ExtractedPage], images: Sequence[ReadImage]) -> list[PageContent]:
    """Every page with its text blocks, the OCR of its images as further blocks, its images and its languages.

    Args:
        pages: as extraction stored them; their own `images` are not read.
        images: of the whole document, with OCR lines where the OCR is done.
    """
    by_page = _shown_by_page(images)
    read = [_content(page, by_page.get(page.page, [])) for page in sorted(pages, key=lambda page: page.page)]
    contents = with_words_closed(read)
    _, languages = languages_of_pages([page_text(page) for page in contents])
    told = [page.model_copy(update={"languages": own}) for page, own in zip(contents, languages, strict=True)]
    return [with_native_letters(page) for page in told]


def document_languages(pages: Sequence[PageContent]) -> tuple[str, ...]:
    """The languages of a document, best first; empty where too few words tell."""
    return languages_of_pages([page_text(page) for page in pages])[0]


def page_text(page: PageContent) -> str:
    """All lines of a page, printed and read."""
    return "\n".join(line.text for block in page.blocks for line in block.lines)


def to_points(box_px: Box, size_px: tuple[int, int], placed: Box) -> Box:
    """A box in pixels of an image as a box in points of the page that shows it.

    Args:
        box_px: x0, y0, x1, y1 in pixels of the upright image.
        size_px: width and height of the image in pixels.
        placed: where the page shows the whole image, in points.
    """
    across = (placed[2] - placed[0]) / max(1, size_px[0])
    down = (placed[3] - placed[1]) / max(1, size_px[1])
    x0, x1 = sorted((placed[0] + box_px[0] * across, placed[0] + box_px[2] * across))
    y0, y1 = sorted((placed[1] + box_px[1] * down, placed[1] + box_px[3] * down))
    return (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


def _shown_by_page(images: Sequence[ReadImage]) -> dict[int, list[_Shown]]:
    """Images by page; the page's own picture first, then from the largest down."""
    by_page: dict[int, list[_Shown]] = defaultdict(list)
    for image in images:
        pages = len({placement.page for placement in image.placements})
        seen: set[tuple[int, ...]] = set()
        for placement in image.placements:
            place = (placement.page, *(round(side) for side in placement.box))
            if place not in seen:
                seen.add(place)
                by_page[placement.page].append(_Shown(image, placement.box, pages))
    for shown in by_page.values():
        shown.sort(key=lambda one: (one.image.kind != "page", -_area(one.box), one.box, one.image.image_id))
    return by_page


def _content(page: ExtractedPage, shown: Sequence[_Shown]) -> PageContent:
    kept = [line for block in page.blocks for line in block.lines]
    printed = list(kept)
    blocks = list(page.blocks)
    doubts = [_disagreement(line, printed) for one in shown for line in _ocr_lines(one, SURE_OCR)]
    disagreements = tuple(doubt for doubt in doubts if doubt is not None)
    for one in shown:
        lines = [line for line in _ocr_lines(one) if not _is_said_already(line, one, printed, kept)]
        kept += lines
        blocks += ocr_blocks(lines)
    return PageContent(
        page=page.page, width_pt=page.width_pt, height_pt=page.height_pt, kind=page.kind, blocks=tuple(blocks),
        images=tuple(_page_image(one) for one in shown), fills=page.fills, disagreements=disagreements,
    )  # fmt: skip


def _page_image(one: _Shown) -> PageImage:
    text = "\n".join(line.text for line in one.image.ocr_lines if line.confidence >= MIN_OCR_CONFIDENCE)
    return PageImage(
        image_id=one.image.image_id, kind=one.image.kind, box=one.box, width_px=one.image.width_px,
        height_px=one.image.height_px, ocr_text=text, colour=one.image.colour,
        pages_shown=max(1, one.pages_shown),
    )  # fmt: skip


def _ocr_lines(one: _Shown, least: float = MIN_OCR_CONFIDENCE) -> Iterator[TextLine]:
    size = (one.image.width_px, one.image.height_px)
    # The weight of what is printed on a single swatch cannot be told by comparison.
    bold = bold_lines(one.image.ocr_lines) if one.image.kind == "page" else set()
    for place, line in enumerate(one.image.ocr_lines):
        text = " ".join(line.text.split())
        if line.confidence >= least and any(c.isalnum() for c in text):
            box = to_points(line.box, size, one.box)
            height = round(box[3] - box[1], 2)
            yield TextLine(text=text, box=box, size=height, bold=place in bold, confidence=line.confidence)


def _disagreement(read: TextLine, printed: Sequence[TextLine]) -> Disagreement | None:
    """The printed line at the same place, where both say nearly the same and one of their numbers or codes differs."""
    line = next((line for line in printed if _common(read.box, line.box) > SAME_PLACE), None)
    if line is None or not _same_words(read.text, line.text):
        return None
    if _differ(_numbers(line.text), _numbers(read.text)) or _differ(*_coded_words(line.text, read.text)):
        return Disagreement(box=line.box, printed=line.text, read=read.text)
    return None


def _differ(printed: Sequence[str], read: Sequence[str]) -> bool:
    """Whether they differ; parts of lines are compared only where each has its partner."""
    return len(printed) == len(read) and printed != read


def _coded_words(printed: str, read: str) -> tuple[list[str], list[str]]:
    """The printed words with digits and letters in them, and what OCR reads in their places: `AB-12` and `A8-12`."""
    words, others = printed.split(), read.split()
    if len(words) != len(others):
        return [], []
    pairs = [(word, other) for word, other in zip(words, others, strict=True) if CODED.search(word)]
    return [_signs(word) for word, _ in pairs], [_signs(other) for _, other in pairs]


def _signs(word: str) -> str:
    """Its letters and digits; OCR may see another dash, or an x for the sign of multiplication."""
    return "".join(char for char in squeeze(word).replace("×", "x") if char.isalnum())


def _numbers(text: str) -> list[str]:
    return [number.replace(",", ".") for number in NUMBER.findall(text)]


def _is_said_already(line: TextLine, one: _Shown, printed: Sequence[TextLine], kept: Sequence[TextLine]) -> bool:
    """Whether the line repeats a print: one of the text layer with like words, or any line already read at its place.

    The picture of a whole page shows the text layer too, so there the place alone decides.
    """
    if one.image.kind == "page":
        return any(_common(line.box, other.box) > SAME_PLACE for other in kept)
    if any(_common(line.box, other.box) > 0 and _same_words(line.text, other.text) for other in printed):
        return True
    return any(_common(line.box, other.box) > SAME_PLACE for other in kept[len(printed) :])


def _same_words(first: str, second: str) -> bool:
    one, other = squeeze(first), squeeze(second)
    return (
        fuzz.ratio(one, other) >= SAME_WORDS or (len(one) >= 4 and one in other) or (len(other) >= 4 and other in one)
    )


def _common(first: Box, second: Box) -> float:
    """Share of the smaller box that both cover."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    smaller = min(_area(first), _area(second))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])

"""From a file to its pages as chunking sees them, with what OCR reads written down instead of read."""

from collections.abc import Callable, Sequence

from actors.records import ExtractedImage, ExtractedPage, OcrLine, PageContent
from cluster.stages.structure.page_contents import ReadImage, page_contents


def nothing_read(_: ExtractedImage) -> tuple[OcrLine, ...]:
    return ()


def contents(
    extracted: Sequence[ExtractedPage], ocr_lines: Callable[[ExtractedImage], tuple[OcrLine, ...]] = nothing_read
) -> list[PageContent]:
    """Each image once, with all its places."""
    images: dict[str, ReadImage] = {}
    for image in (image for page in extracted for image in page.images):
        known = images.get(image.content_hash)
        images[image.content_hash] = ReadImage(
            image_id=image.content_hash,
            content_hash=image.content_hash,
            kind=image.kind,
            width_px=image.width_px,
            height_px=image.height_px,
            placements=(*(known.placements if known else ()), *image.placements),
            ocr_lines=ocr_lines(image),
        )
    return page_contents(extracted, list(images.values()))

"""Pages of blocks, pictures and OCR lines, as stages 1 and 2 leave them."""

from collections.abc import Sequence

from actors.evidence import box_of
from actors.records import (
    Box,
    ExtractedPage,
    ImageKind,
    LayoutLabel,
    OcrLine,
    PageContent,
    PageImage,
    Placement,
    TextBlock,
    TextLine,
    TextSource,
)
from cluster.stages.structure.page_contents import ReadImage

WIDTH, HEIGHT = 600.0, 800.0
DOCUMENT = "5f0f7c5e-6a52-4e0e-9f6e-1d1c0f9f2a11"


def line(text: str, x: float, y: float, size: float = 10.0, *, bold: bool = False) -> TextLine:
    """A printed line of even letters."""
    return TextLine(text=text, box=(x, y, x + 0.5 * size * len(text), y + 1.2 * size), size=size, bold=bold)


def block(
    *lines: TextLine,
    label: LayoutLabel = "text",
    source: TextSource = "text_layer",
    rows: tuple[tuple[str, ...], ...] = (),
) -> TextBlock:
    """Lines that belong together."""
    return TextBlock(label=label, box=box_of(each.box for each in lines), lines=lines, source=source, rows=rows)


def paragraph(y: float, *, x: float = 50.0, words: str = "plain running text of the page", count: int = 4) -> TextBlock:
    """Full lines of text, one under the other, the last of them a sentence's end."""
    texts = [f"{words} {words} number {chr(97 + i)}" for i in range(count - 1)] + [f"{words} that ends here."]
    return block(*[line(text, x, y + 13 * i) for i, text in enumerate(texts)])


def picture(
    box: Box, name: str = "a", kind: ImageKind = "embedded", *, pages_shown: int = 1, text: str = ""
) -> PageImage:
    """An image where the page shows it."""
    return PageImage(
        image_id=name, kind=kind, box=box, width_px=400, height_px=400, ocr_text=text, pages_shown=pages_shown
    )


def page(number: int, *blocks: TextBlock, images: Sequence[PageImage] = (), fills: Sequence[Box] = ()) -> PageContent:
    """A page as chunking gets it."""
    return PageContent(
        page=number, width_pt=WIDTH, height_pt=HEIGHT, kind="text" if blocks else "empty", blocks=blocks,
        images=tuple(images), fills=tuple(fills),
    )  # fmt: skip


def extracted(number: int, *blocks: TextBlock, kind: str = "text") -> ExtractedPage:
    """A page as extraction stores it."""
    return ExtractedPage(page=number, width_pt=WIDTH, height_pt=HEIGHT, kind=kind, blocks=blocks)


def ocr(text: str, x: float, y: float, height: float = 20.0, confidence: float = 0.9) -> OcrLine:
    """A line that OCR read, in pixels."""
    return OcrLine(text=text, box=(x, y, x + 0.5 * height * len(text), y + height), confidence=confidence)


def read_image(
    *lines: OcrLine, name: str = "a", box: Box = (100, 100, 300, 300), on: Sequence[int] = (1,), kind: str = "embedded"
) -> ReadImage:
    """An image of 400 x 400 pixels with its OCR."""
    return ReadImage(
        image_id=name, content_hash=name, kind=kind, width_px=400, height_px=400,
        placements=tuple(Placement(page=number, box=box) for number in on), ocr_lines=lines,
    )  # fmt: skip

"""Pages made by hand, as extraction and OCR would hand them over, and the way through stage 4 and 5."""

from collections.abc import Sequence

from actors.product_detection import ProductDetector
from actors.records import (
    AnalysisTask,
    Box,
    Chunk,
    ChunkAnalysis,
    LayoutLabel,
    PageContent,
    PageImage,
    PageKind,
    Product,
    ProductDetection,
    TextBlock,
    TextLine,
    TextSource,
)
from cluster.stages.products import create_products

WIDTH, HEIGHT = 600.0, 800.0
LETTER_WIDTH = 0.5  # of the size


def line(text: str, x: float, y: float, size: float = 10.0, *, font: str = "Body", bold: bool = False) -> TextLine:
    box = (x, y, x + LETTER_WIDTH * size * len(text), y + 1.2 * size)
    return TextLine(text=text, box=box, font=font, size=size, bold=bold, colour="#000000")


def block(
    *lines: TextLine, label: LayoutLabel = "text", source: TextSource = "text_layer", rows: object = ()
) -> TextBlock:
    xs = [value for one in lines for value in (one.box[0], one.box[2])]
    ys = [value for one in lines for value in (one.box[1], one.box[3])]
    box = (min(xs), min(ys), max(xs), max(ys))
    return TextBlock(label=label, box=box, lines=lines, source=source, rows=rows)


def scanned(text: str, x: float, y: float, size: float = 10.0) -> TextLine:
    plain = line(text, x, y, size)
    return plain.model_copy(update={"font": "", "size": 0.0, "colour": ""})


def picture(box: Box, name: str, *, pages_shown: int = 1) -> PageImage:
    return PageImage(image_id=name, kind="embedded", box=box, width_px=400, height_px=400, pages_shown=pages_shown)


def page(
    number: int,
    blocks: Sequence[TextBlock],
    images: Sequence[PageImage] = (),
    fills: Sequence[Box] = (),
    kind: PageKind = "text",
) -> PageContent:
    return PageContent(
        page=number,
        width_pt=WIDTH,
        height_pt=HEIGHT,
        kind=kind,
        blocks=tuple(blocks),
        images=tuple(images),
        fills=tuple(fills),
    )


def grid_boxes(columns: int, rows: int, *, top: float = 150.0, side: float = 120.0) -> list[Box]:
    """Squares in reading order, with room for captions below."""
    return [
        (40.0 + column * 180, top + row * 190, 40.0 + column * 180 + side, top + row * 190 + side)
        for row in range(rows)
        for column in range(columns)
    ]


def below(box: Box, text: str, gap: float = 4.0, size: float = 10.0, *, bold: bool = True) -> TextLine:
    return line(text, box[0], box[3] + gap, size, bold=bold)


def grid_page(number: int, names: Sequence[str], *more: TextBlock, images: Sequence[PageImage] = ()) -> PageContent:
    """Pictures in a grid of three columns, a caption under each."""
    boxes = grid_boxes(3, 1 + (len(names) - 1) // 3)[: len(names)]
    captions = block(*(below(box, name) for box, name in zip(boxes, names, strict=True)))
    pictures = [picture(box, f"image-{number}-{index}") for index, box in enumerate(boxes)]
    return page(number, [captions, *more], [*pictures, *images])


def chunks_of(pages: Sequence[PageContent]) -> list[Chunk]:
    """One chunk a block, as the simplest chunking would cut."""
    blocks = [(content.page, one) for content in pages for one in content.blocks]
    return [
        Chunk(
            chunk_id=f"chunk-{ordinal}",
            ordinal=ordinal,
            page=number,
            kind="table" if one.label == "table" else "text",
            text="\n".join(printed.text for printed in one.lines),
            box=one.box,
            source=one.source,
            lines=one.lines,
            rows=one.rows,
        )
        for ordinal, (number, one) in enumerate(blocks)
    ]


def analysed(pages: Sequence[PageContent]) -> list[ChunkAnalysis]:
    """What product detection says of every chunk."""
    by_number = {content.page: content for content in pages}
    chunks = chunks_of(pages)
    tasks = [
        AnalysisTask(job_id=c.chunk_id, fence=1, analysis_type="product_detection", chunk=c, page=by_number[c.page])
        for c in chunks
    ]
    results = ProductDetector().detect(tasks)
    assert [result.job_id for result in results] == [chunk.chunk_id for chunk in chunks]
    return [
        ChunkAnalysis(chunk=chunk, detection=ProductDetection.from_json(result.result))
        for chunk, result in zip(chunks, results, strict=True)
    ]


def products_of(*pages: PageContent) -> list[Product]:
    """The records of a document made of these pages."""
    return create_products(pages, analysed(pages))


def names_of(*pages: PageContent) -> list[str]:
    return sorted(product.name for product in products_of(*pages))

"""Printed lines, pages, chunks and jobs, as the analyses get them."""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from actors.evidence import box_of
from actors.records import (
    AnalysisTask,
    AnalysisType,
    Box,
    Chunk,
    ChunkKind,
    PageContent,
    TextBlock,
    TextLine,
    TextSource,
)

WIDTH, HEIGHT = 595.0, 842.0


def line(text: str, x: float = 50.0, y: float = 100.0, *, size: float = 10.0, bold: bool = False) -> TextLine:
    """A printed line; its width follows its letters."""
    box = (x, y, x + 0.5 * size * len(text), y + 1.2 * size)
    return TextLine(text=text, box=box, size=size, bold=bold)


def column(*texts: str, x: float = 50.0, y: float = 100.0, size: float = 10.0) -> list[TextLine]:
    """Lines one under the other."""
    return [line(text, x, y + 1.3 * size * row, size=size) for row, text in enumerate(texts)]


def page_of(lines: Sequence[TextLine], number: int = 1, source: TextSource = "text_layer") -> PageContent:
    """A page of one block."""
    blocks = ()
    if lines:
        box = box_of(each.box for each in lines)
        blocks = (TextBlock(label="text", box=box, lines=tuple(lines), source=source),)
    return PageContent(page=number, width_pt=WIDTH, height_pt=HEIGHT, kind="text", blocks=blocks)


def chunk_of(
    lines: Sequence[TextLine],
    *,
    kind: ChunkKind = "text",
    page: int = 1,
    rows: tuple[tuple[str, ...], ...] = (),
    heading_path: tuple[str, ...] = (),
    is_index: bool = False,
    source: TextSource = "text_layer",
) -> Chunk:
    """A chunk of these lines."""
    text = "\n".join(each.text for each in lines)
    box: Box = box_of(each.box for each in lines)
    return Chunk(
        chunk_id=str(uuid5(NAMESPACE_URL, text)), ordinal=0, page=page, kind=kind, text=text, box=box,
        heading_path=heading_path, is_index=is_index, source=source, lines=tuple(lines), rows=rows,
    )  # fmt: skip


def job(analysis_type: AnalysisType, chunk: Chunk, page: PageContent | None = None) -> AnalysisTask:
    """A claimed job for a chunk."""
    shown = page if page is not None else page_of(chunk.lines, chunk.page)
    return AnalysisTask(job_id=f"job-{chunk.chunk_id}", fence=1, analysis_type=analysis_type, chunk=chunk, page=shown)

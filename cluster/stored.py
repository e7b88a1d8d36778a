"""Turns rows of earlier stages back into records: what a stage reads instead of holding a document in memory."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from psycopg import Connection

from actors.records import Chunk, ChunkAnalysis, Classification, ExtractedPage, Metadata, PageContent, ProductDetection
from cluster.stages.structure.page_contents import ReadImage, page_contents
from db.chunks import ChunkRow, list_chunks
from db.images import ImageRow, list_images
from db.job_results import analysis_results
from db.pages import PageRow, list_pages


def load_page_contents(conn: "Connection[Any]", document_id: UUID) -> list[PageContent]:
    """All pages of a document, text layer and OCR text brought together."""
    pages = [page_record(row) for row in list_pages(conn, document_id)]
    images = [read_image(row) for row in list_images(conn, document_id)]
    return page_contents(pages, images)


def load_chunks(conn: "Connection[Any]", document_id: UUID) -> list[Chunk]:
    """All chunks in reading order."""
    return [chunk_record(row) for row in list_chunks(conn, document_id)]


def load_analyses(conn: "Connection[Any]", document_id: UUID) -> list[ChunkAnalysis]:
    """All chunks with the results of their finished analyses; a failed analysis leaves its default."""
    results: dict[str, dict[str, Any]] = defaultdict(dict)
    for chunk_id, analysis_type, result in analysis_results(conn, document_id):
        results[str(chunk_id)][analysis_type] = result["value"]
    return [chunk_analysis(chunk, results[chunk.chunk_id]) for chunk in load_chunks(conn, document_id)]


def chunk_analysis(chunk: Chunk, results: dict[str, Any]) -> ChunkAnalysis:
    """One chunk with its results by analysis type."""
    classification = results.get("classification")
    return ChunkAnalysis(
        chunk=chunk,
        classification=Classification.from_json(classification) if classification else None,
        metadata=Metadata.from_json(results.get("metadata", {})),
        detection=ProductDetection.from_json(results.get("product_detection", {})),
    )


def page_record(row: PageRow) -> ExtractedPage:
    """A stored page; its images are rows of their own."""
    return ExtractedPage.from_json(
        {
            "page": row.page,
            "width_pt": row.width_pt,
            "height_pt": row.height_pt,
            "kind": row.kind,
            "blocks": row.blocks,
            "fills": row.fills,
            "error_code": row.error_code,
            "error_message": row.error_message,
        }
    )


def read_image(row: ImageRow) -> ReadImage:
    """A stored image with the lines that OCR read in it."""
    return ReadImage.from_json(
        {
            "image_id": str(row.id),
            "content_hash": row.content_hash,
            "kind": row.kind,
            "width_px": row.width_px,
            "height_px": row.height_px,
            "placements": row.placements,
            "colour": row.colour or "",
            "ocr_lines": row.ocr_lines,
        }
    )


def chunk_record(row: ChunkRow) -> Chunk:
    """A stored chunk."""
    return Chunk.from_json(
        {
            "chunk_id": str(row.id),
            "ordinal": row.ordinal,
            "page": row.page,
            "kind": row.kind,
            "text": row.text,
            "box": row.box,
            "heading_path": row.heading_path,
            "is_index": row.is_index,
            "source": row.source,
            "image_id": str(row.image_id) if row.image_id else None,
            "lines": row.lines,
            "rows": row.rows,
        }
    )

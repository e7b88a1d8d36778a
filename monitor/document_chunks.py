"""A document's chunks in reading order: heading path, page, kind, source, text."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from db.chunks import ChunkRow, count_chunks, list_chunks
from db.connection import Connection
from monitor import formats, frame, markup
from monitor.paging import page_of, pager
from monitor.reading import Source

PAGE_SIZE = 50
KINDS = {"text": "Text", "table": "Table", "caption": "Caption"}
SOURCES = {"text_layer": "text layer", "ocr": "OCR"}


def show(source: Source, document_id: UUID) -> None:
    """Draw the chunks, fifty at a time."""
    page = page_of("chunks")

    def load(connection: Connection) -> tuple[list[ChunkRow], int]:
        rows = list_chunks(connection, document_id, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
        return rows, count_chunks(connection, document_id)

    reading = source.read(("chunks", document_id, page), load)
    if reading.value is None:
        return
    rows, total = reading.value
    if not rows:
        st.html(markup.empty("No chunk yet", "Text is cut into chunks when its pages have been read."))
        return
    frame.section(formats.count(total, "chunk"), "in reading order")
    st.html(markup.joined(chunk(row) for row in rows))
    pager("chunks", page, more=page * PAGE_SIZE < total, total=total, size=PAGE_SIZE)


def chunk(row: ChunkRow) -> markup.Html:
    """One chunk."""
    about = [
        f"Page {row.page}",
        KINDS.get(row.kind, row.kind),
        SOURCES.get(row.source, row.source),
        "vector stored" if row.embedding_model else "no vector",
        *(["index: its entries are no products"] if row.is_index else []),
    ]
    path = markup.box("path", markup.text(" / ".join(row.heading_path))) if row.heading_path else markup.Html("")
    body = cells(row.rows) if row.rows else markup.Html(f"<p>{markup.text(row.text)}</p>")
    return markup.box("chunk", path, markup.line(about), body)


def cells(rows: Sequence[Sequence[str]]) -> markup.Html:
    """A printed table, its first row as the head."""
    head, *body = rows
    return markup.table(list(head), [[markup.text(cell) for cell in row] for row in body])

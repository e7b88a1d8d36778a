"""A document's images: the picture, the words that OCR read in it, and whether it has a vector."""

from uuid import UUID

import streamlit as st

from db.connection import Connection
from db.images import ImageRow, count_images, list_images
from monitor import formats, frame, markup
from monitor.paging import page_of, pager
from monitor.pictures import reduced
from monitor.reading import Source
from monitor.states import EMBEDDING_STATES, OCR_STATES, state

PAGE_SIZE = 24
CARD_PX = 240


def show(source: Source, document_id: UUID) -> None:
    """Draw the images, a screenful at a time."""
    page = page_of("images")

    def load(connection: Connection) -> tuple[list[ImageRow], int]:
        rows = list_images(connection, document_id, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
        return rows, count_images(connection, document_id)

    reading = source.read(("images", document_id, page), load)
    if reading.value is None:
        return
    rows, total = reading.value
    if not rows:
        st.html(markup.empty("No image", "None has been found in this document, or its pages have not been read yet."))
        return
    frame.section(formats.count(total, "image"))
    grid = st.grid("auto", min_column_width=CARD_PX)
    for row in rows:
        with grid.cell():
            _card(row)
    pager("images", page, more=page * PAGE_SIZE < total, total=total, size=PAGE_SIZE)


def _card(row: ImageRow) -> None:
    with st.container(border=True, gap="xsmall", key=f"image-card-{row.id}"):
        picture = reduced(row.storage_key)
        if picture:
            st.image(picture, width="stretch", alt=row.ocr_text or f"Image of page {row.page}")
        else:
            st.html(markup.box("no-picture", markup.text("the file store does not hold this picture")))
        badges = markup.box(
            "caption",
            markup.badge(state(row.ocr_status, OCR_STATES)),
            markup.badge(state(row.embedding_status, EMBEDDING_STATES)),
        )
        st.html(markup.joined([badges, markup.box("note", markup.text(about(row)))]))
        if row.ocr_text:
            st.html(markup.box("ocr", markup.text(row.ocr_text)))


def about(row: ImageRow) -> str:
    """Where the image stands, how big it is, and how sure OCR was."""
    pages = sorted({int(placement["page"]) for placement in row.placements} or {row.page})
    shown = ", ".join(map(str, pages[:4])) + (f" and {len(pages) - 4} more" if len(pages) > 4 else "")
    parts = [
        f"{'Page' if len(pages) == 1 else 'Pages'} {shown}",
        f"{row.width_px} x {row.height_px} px",
        {"page": "whole page", "region": "colour area"}.get(row.kind, ""),
        f"OCR {formats.percent(row.ocr_confidence)} sure" if row.ocr_confidence is not None else "",
        row.embedding_model or "",
    ]
    return " · ".join(part for part in parts if part)

"""A document's pages: thumbnails, where their words come from, and what could not be read."""

from uuid import UUID

import streamlit as st

from db.pages import PageRow, list_pages
from monitor import formats, markup
from monitor.paging import page_of, pager
from monitor.pictures import reduced
from monitor.reading import Source
from monitor.states import State

PAGE_SIZE = 24
CARD_PX = 190
KINDS = {
    "text": State("Text layer", "good"),
    "image": State("Picture, read by OCR", "good"),
    "empty": State("Empty", "off"),
    "failed": State("Failed", "bad"),
}


def show(source: Source, document_id: UUID) -> None:
    """Draw the thumbnails, a screenful at a time."""
    first = page_of("pages")
    offset = (first - 1) * PAGE_SIZE
    reading = source.read(
        ("pages", document_id, first),
        lambda connection: list_pages(connection, document_id, limit=PAGE_SIZE + 1, offset=offset),
    )
    if reading.value is None:
        return
    if not reading.value:
        st.html(markup.empty("No page has been read yet", "Pages appear here one by one while extraction goes on."))
        return
    grid = st.grid("auto", min_column_width=CARD_PX)
    for row in reading.value[:PAGE_SIZE]:
        with grid.cell():
            _card(row)
    pager("pages", first, more=len(reading.value) > PAGE_SIZE)


def _card(row: PageRow) -> None:
    with st.container(border=True, gap="xsmall", key=f"page-card-{row.page}"):
        picture = reduced(row.thumbnail_key) if row.thumbnail_key else None
        if picture:
            st.image(picture, width="stretch", alt=f"Page {row.page}")
        else:
            st.html(markup.box("no-picture", markup.text("no thumbnail")))
        st.html(
            markup.box(
                "caption",
                markup.Html(f"<b>Page {row.page}</b>"),
                markup.badge(KINDS.get(row.kind, State(row.kind, "off"))),
            )
        )
        notes = [*row.warnings, *([row.error_message] if row.error_message else [])]
        if row.skipped_images:
            notes.append(f"{formats.count(row.skipped_images, 'image')} too small to hold anything")
        if notes:
            st.html(markup.box("note", *(markup.box("note-line", markup.text(note)) for note in notes)))

"""The page of documents: a list with filter and search."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from db.documents import Document, list_documents
from monitor import formats, frame, markup
from monitor.links import document_link
from monitor.paging import page_of, pager
from monitor.progress import facts
from monitor.reading import Source
from monitor.states import STATES, state

PAGE_SIZE = 25
EVERY_STATUS = "All"


def show(source: Source) -> None:
    """Draw the list."""
    head = st.container()
    status, text = _filters()
    slot = st.container(gap="xsmall")
    page = page_of("documents")
    reading = source.read(
        ("documents", status, text, page),
        lambda connection: list_documents(
            connection, status=status, text=text or None, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        ),
    )
    with head:
        frame.headline("Documents", "Every catalogue that was uploaded, newest first", reading)
    if reading.value is None or reading.now is None:
        return
    rows, total = reading.value
    with slot:
        _rows(rows, total, reading.now, filtered=bool(status or text))
    pager("documents", page, more=page * PAGE_SIZE < total, total=total, size=PAGE_SIZE)


def _filters() -> tuple[str | None, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            placeholder="Title, file name or tag",
            key="q",
            icon=":material/search:",
            bind="query-params",
            width=320,
        )
        options = [EVERY_STATUS, *STATES]
        chosen = st.segmented_control(
            "State",
            options,
            default=EVERY_STATUS,
            key="status",
            bind="query-params",
            required=True,
            format_func=lambda name: name if name == EVERY_STATUS else state(name).word,
        )
    return (None if chosen in (None, EVERY_STATUS) else chosen), text.strip()


def _rows(rows: Sequence[Document], total: int, now: datetime, *, filtered: bool) -> None:
    if not rows and not filtered:
        frame.upload_advice("No document has been uploaded yet")
    elif not rows:
        st.html(markup.empty("No document fits", "Clear the search, or choose another state."))
    else:
        frame.section(formats.count(total, "document"))
    for row in rows:
        _row(row, now)


def _row(row: Document, now: datetime) -> None:
    with st.container(border=True, key=f"document-card-{row.id}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            document_link(row.id, row.title)
            share = (
                "" if row.status in ("completed", "partial") else f'<span class="q-quiet">{row.progress:.1f} %</span> '
            )
            st.html(markup.Html(f"{share}{markup.badge(state(row.status))}"), width="content")
        st.html(markup.line([*facts(row, now), *made_of(row)]))
        if row.error_message:
            st.html(markup.box("row-error", markup.text(row.error_message)))


def made_of(row: Document) -> list[str]:
    """What the document has become: `12 images`, `8 products`."""
    return [
        formats.count(int(row.counts[name]), name.removesuffix("s"))
        for name in ("images", "chunks", "products")
        if row.counts.get(name) is not None
    ]

"""The error log: every attempt's error with its whole message, of all documents or of one."""

from datetime import datetime
from uuid import UUID

import streamlit as st

from db.error_log import ErrorEntry, ErrorSource, error_log
from monitor import formats, frame, markup
from monitor.links import document_anchor
from monitor.paging import page_of, pager
from monitor.reading import Reading, Source
from monitor.states import State

PAGE_SIZE = 50
ALL = "All"
SOURCES: dict[ErrorSource, str] = {"document": "Documents", "page": "Pages", "image": "Image jobs", "ai": "AI jobs"}
FINAL, RETRIED = State("Gave up", "bad"), State("Tried again", "waiting")


def show(source: Source) -> None:
    """Draw the log of all documents."""
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            placeholder="Part of a message",
            key="message",
            icon=":material/search:",
            bind="query-params",
            width=320,
        )
        chosen = st.segmented_control(
            "Source",
            [ALL, *SOURCES],
            default=ALL,
            key="source",
            bind="query-params",
            required=True,
            format_func=lambda name: SOURCES.get(name, name),
        )
        final_only = st.toggle("Only what gave up", key="final", bind="query-params")
    kind = next((name for name in SOURCES if name == chosen), None)
    page = page_of("errors")
    reading = source.read(
        ("errors", kind, text, final_only, page),
        lambda connection: error_log(
            connection,
            source=kind,
            text=text.strip() or None,
            final_only=final_only,
            limit=PAGE_SIZE + 1,
            offset=(page - 1) * PAGE_SIZE,
        ),
    )
    with head:
        frame.headline("Errors", "Every attempt that failed, newest first; nothing is deleted by a retry", reading)
    _entries(reading, page, filtered=bool(kind or text or final_only), linked=True)


def show_of_document(source: Source, document_id: UUID) -> None:
    """Draw the log of one document."""
    page = page_of("errors")
    offset = (page - 1) * PAGE_SIZE
    reading = source.read(
        ("errors", document_id, page),
        lambda connection: error_log(connection, document_id=document_id, limit=PAGE_SIZE + 1, offset=offset),
    )
    _entries(reading, page, filtered=False, linked=False)


def _entries(reading: Reading[list[ErrorEntry]], page: int, *, filtered: bool, linked: bool) -> None:
    if reading.value is None or reading.now is None:
        return
    if not reading.value:
        st.html(
            markup.empty("No error fits", "Clear the filter to see all of them.")
            if filtered
            else markup.empty("No error", "Every attempt that fails is kept here, with its whole message.")
        )
        return
    head = ["When", "Document", "Item", "Attempt", "Outcome", "Message"]
    rows = [_row(entry, reading.now) for entry in reading.value[:PAGE_SIZE]]
    if not linked:
        head.remove("Document")
        rows = [[*row[:1], *row[2:]] for row in rows]
    st.html(markup.table(head, rows))
    pager("errors", page, more=len(reading.value) > PAGE_SIZE)


def _row(entry: ErrorEntry, now: datetime) -> list[markup.Html]:
    tried = entry.attempt is not None
    attempt = f"attempt {entry.attempt} of {entry.max_attempts}" if tried else "not tried again"
    code = markup.Html(f"<code>{markup.text(entry.code)}</code> ") if entry.code else markup.Html("")
    when = f"{formats.clock(entry.at, frame.zone(), now)}<br><small>{formats.age(entry.at, now)}</small>"
    return [
        markup.Html(f'<span class="q-nowrap">{when}</span>'),
        document_anchor(entry.document_id, entry.document_title, view="Errors"),
        markup.Html(f'<span class="q-nowrap">{markup.text(entry.item)}</span>'),
        markup.Html(f'<span class="q-nowrap">{attempt}</span>'),
        markup.badge(FINAL if entry.final else RETRIED),
        markup.Html(f'{code}<span class="q-wrap">{markup.text(entry.error)}</span>'),
    ]

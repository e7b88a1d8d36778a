"""One document: how far it is, what went wrong, and the views of what was found in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import streamlit as st

from db.connection import Connection
from db.documents import Document
from db.metrics import DocumentProgress, document_progress
from monitor import (
    actions,
    document_actions,
    document_chunks,
    document_deliveries,
    document_images,
    document_pages,
    document_products,
    document_timeline,
    error_log,
    formats,
    frame,
    markup,
)
from monitor.links import all_documents_link, opened_document
from monitor.progress import way
from monitor.reading import Source
from monitor.states import Tone, state

View = Callable[[Source, UUID], None]


@dataclass(frozen=True)
class Named:
    """A view and its name on the switch."""

    title: str
    show: View


VIEWS: dict[str, Named] = {
    "products": Named("Products", document_products.show),
    "pages": Named("Pages", document_pages.show),
    "images": Named("Images", document_images.show),
    "chunks": Named("Chunks", document_chunks.show),
    "timeline": Named("Timeline", document_timeline.show),
    "errors": Named("Errors", error_log.show_of_document),
    "webhooks": Named("Webhooks", document_deliveries.show),
}


def show(source: Source) -> None:
    """Draw the page of the document that the address names."""
    all_documents_link()
    document_id = opened_document()
    if document_id is None:
        st.html(markup.empty("No document is chosen", "Choose one in the list of all documents."))
        return
    reading = source.read(("document", document_id), lambda connection: load(connection, document_id))
    progress = reading.value
    if progress is None or reading.now is None:
        frame.headline("Document", str(document_id), reading)
        if reading.read_at:
            st.html(
                markup.empty("There is no such document", "It may have been deleted; the list shows all that exist.")
            )
        return
    document = progress.document
    frame.headline(document.title, f"Uploaded by {document.submitted_by}", reading)
    actions.show_outcome()
    _standing(progress, reading.now)
    chosen = st.segmented_control(
        "View",
        list(VIEWS),
        default="products",
        key="view",
        bind="query-params",
        required=True,
        format_func=lambda name: VIEWS[name].title,
        label_visibility="collapsed",
    )
    VIEWS[chosen or "products"].show(source, document.id)


def load(connection: Connection, document_id: UUID) -> DocumentProgress | None:
    """The document and its stages."""
    return document_progress(connection, document_id)


def _standing(progress: DocumentProgress, now: datetime) -> None:
    document = progress.document
    with st.container(border=True, key=f"document-card-{document.id}", gap="small"):
        st.html(markup.badge(state(document.status)))
        st.html(way(progress, now))
        if document.error_message:
            tone: Tone = "bad" if document.status in ("failed", "cancelled") else "partial"
            attempt = f"Attempt {document.attempt} of {document.max_attempts}"
            st.html(markup.notice(tone, f"{attempt}: {document.error_code}.", document.error_message))
        for warning in document.warnings:
            st.html(markup.notice("partial", formats.words(str(warning["code"])) + ".", str(warning["message"])))
    document_actions.buttons(document)
    with st.expander("Details", icon=":material/info:"):
        st.html(markup.facts(details(document)))


def details(document: Document) -> list[tuple[str, str]]:
    """The columns of a document that are not shown elsewhere, by name."""
    zone = frame.zone()
    pairs = [
        ("Document", str(document.id)),
        ("Uploaded", formats.clock(document.created_at, zone, datetime.now(zone))),
        ("Begun", formats.clock(document.started_at, zone, datetime.now(zone))),
        ("Ended", formats.clock(document.completed_at, zone, datetime.now(zone))),
        ("Attempt", f"{document.attempt} of {document.max_attempts}"),
        ("Driver", document.worker or formats.ABSENT),
        ("Tags", ", ".join(document.tags) or formats.ABSENT),
        ("SHA-256 of the file", document.content_hash),
    ]
    return pairs + [(formats.words(name), str(number)) for name, number in sorted(document.counts.items())]

"""The first page: how much there is, how well it goes, and every open document with its five stages."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from db.connection import Connection
from db.metrics import (
    DocumentProgress,
    DocumentTotals,
    QueueMetrics,
    document_totals,
    documents_progress,
    get_queue_metrics,
)
from db.queue_switches import QueueSwitch, queue_switches
from db.queues import QueueName
from monitor import formats, frame, markup
from monitor.progress import document_card
from monitor.queues import QUEUES, queue_card
from monitor.reading import Source
from monitor.switches import paused_lines

SHOWN_DOCUMENTS = 50


@dataclass(frozen=True)
class Overview:
    """Everything on the page, of one moment."""

    totals: DocumentTotals
    queues: dict[QueueName, QueueMetrics]
    documents: list[DocumentProgress]
    switches: list[QueueSwitch]


def show(source: Source) -> None:
    """Draw the page."""
    reading = source.read("overview", load)
    frame.headline("Overview", "What is being read right now, and how it has gone so far", reading)
    if reading.value is None or reading.now is None:
        return
    data = reading.value
    paused_lines(data.switches, reading.now)
    st.html(total_tiles(data.totals))
    frame.section("Queues")
    st.html(markup.box("pair", *(queue_card(name, data.queues[name]) for name in QUEUES)))
    _active_documents(data, reading.now)


def load(connection: Connection) -> Overview:
    """One read of everything."""
    return Overview(
        document_totals(connection),
        get_queue_metrics(connection),
        documents_progress(connection, open_only=True, limit=SHOWN_DOCUMENTS),
        list(queue_switches(connection).values()),
    )


def total_tiles(totals: DocumentTotals) -> markup.Html:
    """The six numbers at the top."""
    ended = totals.completed + totals.partial + totals.failed
    return markup.tiles(
        [
            markup.tile("Processing", formats.count(totals.processing), "documents right now", "working"),
            markup.tile("Pending", formats.count(totals.pending), "for a free place", "waiting"),
            markup.tile("Completed", formats.count(totals.completed), _of_total(totals), "good"),
            markup.tile("Partial", formats.count(totals.partial), "some jobs gave up", "partial"),
            markup.tile("Failed", formats.count(totals.failed), f"{totals.cancelled:,} cancelled beside", "bad"),
            markup.tile(
                "Success rate",
                formats.percent(totals.success_rate, 1),
                f"of {formats.count(ended, 'ended document')}" if ended else "nothing has ended yet",
            ),
        ]
    )


def _of_total(totals: DocumentTotals) -> str:
    return f"of {formats.count(totals.total, 'document')} in all"


def _active_documents(data: Overview, now: datetime) -> None:
    active = data.totals.pending + data.totals.processing
    hidden = active - len(data.documents)
    frame.section("Active documents", f"the first {len(data.documents)} of {active:,}" if hidden > 0 else "")
    if not data.documents:
        frame.upload_advice("Nothing is being processed")
    for progress in data.documents:
        document_card(progress, now)

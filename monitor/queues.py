"""The page of the two queues: states, speed, success and the newest jobs of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from db.connection import Connection
from db.metrics import QueueMetrics, RecentJob, get_queue_metrics, recent_jobs
from db.queue_switches import QueueSwitch, SwitchName, queue_switches
from db.queues import QueueName
from db.throughput import ThroughputPoint, throughput
from monitor import actions, formats, frame, markup
from monitor.charts import throughput_chart
from monitor.links import document_anchor
from monitor.reading import Source
from monitor.states import state
from monitor.switches import paused_lines, switch_button

QUEUES: dict[QueueName, str] = {"image": "Image queue", "ai": "AI queue"}
EXPLAINED: dict[QueueName, str] = {
    "image": "one job an image: OCR and CLIP vector",
    "ai": "one job a chunk and analysis: classification, metadata, product detection",
}
SHOWN_STATES = ("completed", "processing", "pending", "failed")
RECENT = 50


@dataclass(frozen=True)
class Queues:
    """Everything on the page."""

    metrics: dict[QueueName, QueueMetrics]
    recent: dict[QueueName, list[RecentJob]]
    throughput: dict[QueueName, list[ThroughputPoint]]
    switches: dict[SwitchName, QueueSwitch]


def show(source: Source) -> None:
    """Draw the page."""
    reading = source.read("queues", load)
    frame.headline("Queues", "Image and AI jobs of all documents, counted over the whole tables", reading)
    if reading.value is None or reading.now is None:
        return
    actions.show_outcome()
    paused_lines(reading.value.switches.values(), reading.now)
    with st.container(horizontal=True, gap="small"):
        for switch in reading.value.switches.values():
            switch_button(switch)
    for queue, column in zip(QUEUES, st.columns(2), strict=True):
        with column, st.container(border=True, key=f"queue-card-{queue}", gap="small"):
            st.html(queue_card(queue, reading.value.metrics[queue]))
            st.html(markup.box("chart-title", markup.text("Ended jobs by minute, last hour")))
            throughput_chart(reading.value.throughput[queue], frame.zone())
    for queue in QUEUES:
        _recent(queue, reading.value.recent[queue], reading.now)


def load(connection: Connection) -> Queues:
    """One read of everything."""
    metrics = get_queue_metrics(connection)
    return Queues(
        {queue: metrics[queue] for queue in QUEUES},
        {queue: recent_jobs(connection, queue, limit=RECENT) for queue in QUEUES},
        {queue: throughput(connection, queue) for queue in QUEUES},
        queue_switches(connection),
    )


def queue_card(queue: QueueName, metrics: QueueMetrics) -> markup.Html:
    """One queue at a glance."""
    counts = [(state(name), int(getattr(metrics, name))) for name in SHOWN_STATES]
    if metrics.cancelled:
        counts.append((state("cancelled"), metrics.cancelled))
    head = markup.Html(
        f'<div class="q-card-head"><b>{markup.text(QUEUES[queue])}</b>'
        f"<span>{markup.text(formats.count(metrics.total, 'job'))} in all</span></div>"
    )
    figures = markup.box(
        "figures bare",
        markup.tile("Average time", formats.duration(metrics.average_seconds), "a job"),
        markup.tile("Success rate", formats.percent(metrics.success_rate, 1), "of ended jobs"),
        markup.tile("Oldest pending", formats.duration(metrics.oldest_pending_s), "since it was queued"),
    )
    return markup.box("card", head, markup.shares(counts, f"{QUEUES[queue]}: jobs by state"), figures)


def _recent(queue: QueueName, jobs: Sequence[RecentJob], now: datetime) -> None:
    frame.section(f"Recent jobs of the {QUEUES[queue].lower().replace('ai', 'AI')}", EXPLAINED[queue])
    if not jobs:
        st.html(markup.empty("No job yet", "Jobs appear here as soon as a document's pages have been read."))
        return
    head = ["State", "Document", "Item", "Analysis", "Attempt", "Time", "Changed", "Error"]
    rows = [_row(job, now) for job in jobs]
    if queue == "image":
        head.remove("Analysis")
        rows = [row[:3] + row[4:] for row in rows]
    st.html(markup.box("limited", markup.table(head, rows, numeric=[len(head) - 3])))


def _row(job: RecentJob, now: datetime) -> list[markup.Html]:
    attempt = f"attempt {job.attempt} of {job.max_attempts}" if job.attempt else "not tried yet"
    return [
        markup.badge(state(job.status)),
        document_anchor(job.document_id, job.document_title),
        markup.text(job.item),
        markup.text(formats.words(job.analysis_type or "")),
        markup.Html(f'<span class="q-nowrap">{attempt}</span>'),
        markup.text(formats.duration(job.seconds)),
        markup.Html(f'<span class="q-nowrap">{formats.age(job.updated_at, now)}</span>'),
        markup.Html(f'<span class="q-wrap">{markup.text(job.error_message or "")}</span>'),
    ]

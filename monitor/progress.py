"""How far a document is: its five stages with bars, counts, rate, time left and last change."""

from datetime import datetime

import streamlit as st

from db.documents import Document, Stage
from db.metrics import DocumentProgress, StageProgress
from monitor import formats, markup
from monitor.links import document_link
from monitor.states import Tone, state

STAGES: dict[Stage, str] = {
    "extraction": "Extraction",
    "image_processing": "Images",
    "chunking": "Chunking",
    "ai_analysis": "AI analysis",
    "product_creation": "Products",
}
ITEMS: dict[Stage, str] = {
    "extraction": "pages",
    "image_processing": "images",
    "chunking": "chunks",
    "ai_analysis": "jobs",
    "product_creation": "products",
}


def document_card(progress: DocumentProgress, now: datetime) -> None:
    """A document with a link to its page, its state and its stages."""
    document = progress.document
    with st.container(border=True, key=f"document-card-{document.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            document_link(document.id, document.title)
            st.html(markup.badge(state(document.status)), width="content")
        if document.status == "pending" and not progress.stages:
            st.html(markup.line(facts(document, now)))
        else:
            st.html(way(progress, now))


def way(progress: DocumentProgress, now: datetime) -> markup.Html:
    """Overall bar, the five stages, and the facts below them."""
    document = progress.document
    percent = float(document.progress)
    total = markup.box(
        "way-total",
        markup.meter(percent, f"{document.title}: all stages", state(document.status).tone),
        markup.Html(f"<b>{percent:.1f} %</b>"),
    )
    found = {stage.stage: stage for stage in progress.stages}
    stages = markup.box("stages", *(stage_cell(name, found.get(name), document, now) for name in STAGES))
    return markup.box("way", total, stages, markup.line(facts(document, now)))


def stage_cell(name: Stage, stage: StageProgress | None, document: Document, now: datetime) -> markup.Html:
    """One stage; None has not begun."""
    if stage is None:
        head = f"{STAGES[name]}<span>—</span>"
        return markup.box(
            "stage idle",
            markup.Html(f'<div class="q-stage-name">{head}</div>'),
            markup.meter(0, f"{STAGES[name]}: not begun"),
            markup.Html('<div class="q-stage-note">not begun</div>'),
        )
    done = stage.progress >= 100
    failed_percent = 100 * stage.failed / stage.total if stage.total else 0.0
    return markup.box(
        "stage",
        markup.Html(
            f'<div class="q-stage-name">{STAGES[name]}'
            f"<span>{stage.completed:,} / {stage.total:,} {ITEMS[name]}</span></div>"
        ),
        markup.meter(stage.progress, STAGES[name], stage_tone(done, document.status), failed_percent),
        markup.Html(f'<div class="q-stage-note">{_notes(stage, done, document, now)}</div>'),
    )


def stage_tone(done: bool, status: str) -> Tone:
    """The colour of a stage's bar: what stands still does not look as if it were working."""
    if done:
        return "good"
    return "working" if status == "processing" else state(status).tone


def _notes(stage: StageProgress, done: bool, document: Document, now: datetime) -> markup.Html:
    lines = []
    if done:
        lines.append(markup.text("done" + (f", {formats.rate(stage.rate_per_s)}" if stage.rate_per_s else "")))
    elif document.status == "processing":
        lines.append(markup.text(f"{formats.rate(stage.rate_per_s)}, {formats.time_left(stage.seconds_left)}"))
    if stage.failed:
        lines.append(markup.Html(f"<em>{stage.failed:,} failed</em>"))
    if document.status in ("pending", "processing"):
        lines.append(markup.text(f"changed {formats.age(stage.updated_at, now)}"))
    return markup.Html("<br>".join(lines))


def facts(document: Document, now: datetime) -> list[str]:
    """Size, age, attempt and what it waits for, in a few words each."""
    lines = [document.filename] if document.filename != document.title else []
    if document.page_count is not None:
        lines.append(formats.count(document.page_count, "page"))
    if document.languages:
        lines.append(f"in {', '.join(document.languages)}")
    lines.append(formats.size(document.size_bytes))
    lines.append(f"uploaded {formats.age(document.created_at, now)}")
    if document.completed_at:
        lines.append(f"ended {formats.age(document.completed_at, now)}")
    else:
        lines.append(f"last change {formats.age(document.updated_at, now)}")
    if document.priority:
        lines.append(f"priority {document.priority}")
    if document.attempt > 1:
        lines.append(f"attempt {document.attempt} of {document.max_attempts}")
    if document.cancel_requested and document.status == "processing":
        lines.append("being cancelled")
    if document.status == "pending":
        wait = (document.run_after - now).total_seconds()
        lines.append(f"tried again in {formats.duration(wait)}" if wait > 0 else "waits for a free place")
    if document.warnings:
        lines.append(formats.count(len(document.warnings), "warning"))
    return lines

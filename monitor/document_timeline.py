"""A document's timeline: which actor worked at which stage when, and how much processor time that took."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import altair
import pandas
import streamlit as st

from db.connection import Connection
from db.spans import WorkSpan, list_spans
from monitor import formats, frame, markup
from monitor.progress import ITEMS, STAGES
from monitor.reading import Source

ROW_PX = 26
COLOURS = ["#0f8a5f", "#d55e00", "#0072b2", "#8a6d3b", "#7b4ea3"]
"""One a stage, told apart by those who see few colours as well."""
FINEST = 1 / 500
"""Of the whole time: pauses shorter than this are not drawn, so that a large document stays a picture."""


def show(source: Source, document_id: UUID) -> None:
    """Draw the timeline, and what each stage took below it."""

    def load(connection: Connection) -> list[WorkSpan]:
        return list_spans(connection, document_id)

    reading = source.read(("timeline", document_id), load)
    if reading.value is None:
        return
    spans = reading.value
    if not spans:
        st.html(markup.empty("Nobody has worked for it yet", "Each batch of an actor is drawn once it is stored."))
        return
    wall_s = max(span.ended_at for span in spans) - spans[0].began_at
    frame.section(f"{formats.duration(wall_s)} from first to last", "each bar is the work of one actor")
    _draw(joined(spans, FINEST * wall_s))
    st.html(stage_table(spans))


def joined(spans: Sequence[WorkSpan], pause_s: float) -> list[WorkSpan]:
    """Spans of one actor at one stage put together where no more than `pause_s` lies between them."""
    open_spans: dict[tuple[str, str], WorkSpan] = {}
    done = []
    for span in spans:
        key = (span.actor, span.stage)
        before = open_spans.get(key)
        if before is not None and span.began_at - before.ended_at <= pause_s:
            open_spans[key] = replace(
                before,
                ended_at=max(before.ended_at, span.ended_at),
                cpu_seconds=before.cpu_seconds + span.cpu_seconds,
                items=before.items + span.items,
            )
            continue
        if before is not None:
            done.append(before)
        open_spans[key] = span
    return sorted([*done, *open_spans.values()], key=lambda span: span.began_at)


def stage_table(spans: Sequence[WorkSpan]) -> markup.Html:
    """By stage: items, from when to when, processor time."""
    start = spans[0].began_at
    rows = []
    for stage, name in STAGES.items():
        own = [span for span in spans if span.stage == stage]
        if own:
            rows.append(
                [
                    name,
                    f"{sum(span.items for span in own)} {ITEMS[stage]}",
                    f"{min(span.began_at for span in own) - start:.1f} s",
                    f"{max(span.ended_at for span in own) - start:.1f} s",
                    f"{sum(span.cpu_seconds for span in own):.1f} s",
                ]
            )
    head = ["Stage", "Served by all actors", "Began after", "Ended after", "Processor time"]
    return markup.table(head, [[markup.text(cell) for cell in row] for row in rows], numeric=(2, 3, 4))


def _draw(spans: Sequence[WorkSpan]) -> None:
    start = spans[0].began_at
    table = pandas.DataFrame(
        {
            "actor": [span.actor for span in spans],
            "stage": [STAGES[span.stage] for span in spans],
            "from": [round(span.began_at - start, 2) for span in spans],
            "to": [round(span.ended_at - start, 2) for span in spans],
            "items": [f"{span.items} {ITEMS[span.stage]}" for span in spans],
            "cpu": [f"{span.cpu_seconds:.1f} s" for span in spans],
        }
    )
    actors = sorted(set(table["actor"]), key=lambda name: min(table["from"][table["actor"] == name]))
    chart = (
        altair.Chart(table, height=ROW_PX * len(actors) + 30)
        .mark_bar(height=ROW_PX * 0.6)
        .encode(
            x=altair.X("from:Q", title="seconds since it began", axis=altair.Axis(tickCount=8)),
            x2="to:Q",
            y=altair.Y("actor:N", sort=actors, title=None, axis=altair.Axis(labelOverlap=False)),
            color=altair.Color(
                "stage:N",
                sort=list(STAGES.values()),
                scale=altair.Scale(domain=list(STAGES.values()), range=COLOURS),
                legend=altair.Legend(orient="top", title=None),
            ),
            tooltip=[
                altair.Tooltip("actor:N", title="Actor"),
                altair.Tooltip("stage:N", title="Stage"),
                altair.Tooltip("items:N", title="Done"),
                altair.Tooltip("from:Q", title="From, s"),
                altair.Tooltip("to:Q", title="To, s"),
                altair.Tooltip("cpu:N", title="Processor time"),
            ],
        )
    )
    st.altair_chart(chart.configure(background="transparent"))

"""The throughput chart. Draws the minutes that it is given, those in which nothing ended as zero."""

from collections.abc import Sequence
from datetime import tzinfo

import altair
import pandas
import streamlit as st

from db.throughput import ThroughputPoint
from monitor.states import state

HEIGHT_PX = 150
OUTCOMES = ("completed", "failed")


def throughput_chart(points: Sequence[ThroughputPoint], zone: tzinfo | None) -> None:
    """Jobs that ended in each minute of the last hour, as stacked bars."""
    minutes = [point.minute.astimezone(zone).replace(tzinfo=None) for point in points]
    table = pandas.DataFrame(
        {
            "minute": minutes * len(OUTCOMES),
            "outcome": [state(name).word for name in OUTCOMES for _ in points],
            "jobs": [getattr(point, name) for name in OUTCOMES for point in points],
        }
    )
    words = [state(name).word for name in OUTCOMES]
    chart = (
        altair.Chart(table, height=HEIGHT_PX)
        .mark_bar()
        .encode(
            x=altair.X(
                "minute:T",
                title=None,
                timeUnit="yearmonthdatehoursminutes",
                axis=altair.Axis(format="%H:%M", grid=False),
            ),
            y=altair.Y("jobs:Q", title=None, axis=altair.Axis(tickCount=4, tickMinStep=1, format="d")),
            color=altair.Color("outcome:N", sort=words, scale=altair.Scale(domain=words), legend=None),
            tooltip=[
                altair.Tooltip("minute:T", format="%H:%M", title="Minute"),
                altair.Tooltip("outcome:N", title="Outcome"),
                altair.Tooltip("jobs:Q", title="Jobs"),
            ],
        )
    )
    st.altair_chart(chart.configure(background="transparent"))

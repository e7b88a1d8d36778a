"""What all pages share: settings and source, refreshing by itself, and the line that says how fresh the numbers are.

Knows nothing of what a page shows.
"""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from cluster.settings import Settings
from monitor import formats, markup
from monitor.reading import Reading, Source, admin_source

LIVE = "live"
"""Key of the switch in the sidebar."""


@st.cache_resource
def settings() -> Settings:
    """Quarry's settings, read once for each monitor process."""
    return Settings()


@st.cache_resource(on_release=Source.close)
def source() -> Source | None:
    """The monitor's way to the database, shared by all who watch; None when no address is set."""
    url = settings().admin_database_url
    return admin_source(url.get_secret_value()) if url else None


def zone() -> tzinfo | None:
    """The reader's time zone, as the browser says; None is this machine's."""
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def refreshing(show: Callable[[Source], None]) -> Callable[[], None]:
    """Turn a page into one that draws itself anew every few seconds while the switch is on."""

    def page() -> None:
        found = source()
        if found is None:
            _no_address()
            return
        every = settings().refresh_s if st.session_state.get(LIVE, True) else None
        st.fragment(lambda: show(found), run_every=every)()

    page.__name__ = show.__module__.rpartition(".")[2]
    return page


def once(show: Callable[[Source], None]) -> Callable[[], None]:
    """Turn a page into one that draws itself anew only when its reader does something."""

    def page() -> None:
        found = source()
        if found is None:
            _no_address()
        else:
            show(found)

    page.__name__ = show.__module__.rpartition(".")[2]
    return page


def headline(title: str, subtitle: str, reading: Reading[Any]) -> None:
    """Title, time of the last good read, and one clear line when the database is away."""
    state, freshness = _freshness(reading)
    st.html(
        markup.box(
            "head",
            markup.Html(
                f'<div><h1>{markup.text(title)}</h1><div class="q-sub">{markup.text(subtitle)}</div></div>'
                f'<div class="q-fresh q-{state}"><i class="q-pulse"></i><span>{markup.text(freshness)}</span></div>'
            ),
        )
    )
    if reading.trouble:
        st.html(_trouble_line(reading))


def title(name: str, subtitle: str) -> None:
    """The head of a page that reads nothing before it is asked."""
    head = f'<div><h1>{markup.text(name)}</h1><div class="q-sub">{markup.text(subtitle)}</div></div>'
    st.html(markup.box("head", markup.Html(head)))


def section(title: str, note: str = "") -> None:
    """A heading within a page."""
    st.html(markup.Html(f'<div class="q-section">{markup.text(title)}<small>{markup.text(note)}</small></div>'))


def upload_advice(headline: str) -> None:
    """An empty place that says how it gets filled."""
    api = settings().api_url
    st.html(
        markup.empty(
            headline,
            "Upload a catalogue and it appears here within seconds.",
            f'quarry ingest catalogue.pdf\n\n# or over HTTP\ncurl -H "Authorization: Bearer $(quarry token)" '
            f"-F file=@catalogue.pdf {api}/documents/upload-async",
        )
    )


def _freshness(reading: Reading[Any]) -> tuple[str, str]:
    read_at = formats.clock(reading.read_at, zone())
    if reading.trouble:
        return "away", f"Last good read {read_at}"
    if st.session_state.get(LIVE, True):
        return "live", f"Live, read at {read_at}"
    return "paused", f"Paused, read at {read_at}"


def _trouble_line(reading: Reading[Any]) -> markup.Html:
    trouble = reading.trouble
    assert trouble is not None
    since = formats.clock(trouble.since, zone())
    if not trouble.away:
        return markup.notice("bad", "The monitor may not read the database.", trouble.reason)
    if reading.read_at is None:
        rest = "This page has not been read before; it fills by itself when the database answers."
    else:
        rest = f"Shown is what was read at {formats.clock(reading.read_at, zone())}. "
        rest += "It goes on by itself when the database answers."
    return markup.notice("bad", f"Database away since {since}.", rest)


def _no_address() -> None:
    st.html(
        markup.empty(
            "The monitor has no database address",
            "Start everything with one command, or set QUARRY_ADMIN_DATABASE_URL to the login of the admin role.",
            "quarry up",
        )
    )

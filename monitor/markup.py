"""The small pieces of HTML that the pages are put together from; their looks stand in style.css.

Takes plain text and escapes it here, once; what comes out is `Html`, which mypy keeps apart from plain text.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType

from monitor.states import State, Tone

Html = NewType("Html", str)
MARKDOWN = r"([\\`*_{}\[\]()#+\-.!:$~|<>])"


def text(plain: str) -> Html:
    """Plain text as HTML."""
    return Html(escape(plain))


def label(plain: str) -> str:
    """Plain text as a label of Streamlit's, which would read markdown in it."""
    return re.sub(MARKDOWN, r"\\\1", plain)


def joined(pieces: Iterable[Html]) -> Html:
    """Pieces one after the other."""
    return Html("".join(pieces))


def box(name: str, *pieces: Html, tag: str = "div") -> Html:
    """Pieces in an element of the class `q-name`."""
    return Html(f'<{tag} class="{" ".join("q-" + part for part in name.split())}">{joined(pieces)}</{tag}>')


def icon(tone: Tone) -> Html:
    """The shape of a tone, in its colour."""
    return Html(f'<i class="q-icon q-{tone}" aria-hidden="true"></i>')


def badge(state: State) -> Html:
    """A state as shape and word."""
    return Html(f'<span class="q-badge q-{state.tone}">{icon(state.tone)}{text(state.word)}</span>')


def tile(label: str, value: str, note: str = "", tone: Tone | None = None) -> Html:
    """One number with its name, and a line that explains it."""
    mark = icon(tone) if tone else Html("")
    return box(
        "tile",
        box("tile-label", mark, text(label)),
        box("tile-value", text(value)),
        box("tile-note", text(note)) if note else Html(""),
    )


def tiles(pieces: Iterable[Html]) -> Html:
    """Tiles side by side, as many a row as fit."""
    return box("tiles", *pieces)


def meter(percent: float, label: str, tone: Tone = "working", failed_percent: float = 0.0) -> Html:
    """A progress bar; `failed_percent` is the part of `percent` that failed, hatched at its end."""
    done = min(max(percent, 0.0), 100.0)
    bad = min(max(failed_percent, 0.0), done)
    return Html(
        f'<div class="q-meter" role="progressbar" aria-label="{escape(label)}" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{done:.0f}"><i class="q-fill q-{tone}" style="width:{done - bad:.2f}%"></i>'
        f'<i class="q-fill q-bad q-hatched" style="width:{bad:.2f}%"></i></div>'
    )


def shares(parts: Sequence[tuple[State, int]], label: str) -> Html:
    """A bar cut in proportion, with a legend that holds every number, those of zero as well."""
    total = sum(number for _, number in parts)
    cuts = joined(
        Html(
            f'<i class="q-fill q-{state.tone}" style="flex-grow:{number}" title="{escape(state.word)}: {number:,}"></i>'
        )
        for state, number in parts
        if number
    )
    legend = joined(
        Html(f'<span class="q-share">{icon(state.tone)}{text(state.word)} <b>{number:,}</b></span>')
        for state, number in parts
    )
    empty = " q-empty" if not total else ""
    return Html(
        f'<div class="q-shares{empty}" role="img" aria-label="{escape(label)}">{cuts}</div>'
        f'<div class="q-legend">{legend}</div>'
    )


def line(parts: Iterable[str]) -> Html:
    """Short remarks in one quiet line."""
    return box("meta", *(Html(f"<span>{text(part)}</span>") for part in parts))


def facts(pairs: Iterable[tuple[str, str]]) -> Html:
    """Names and values in two columns."""
    rows = joined(
        Html(f'<div class="q-fact"><dt>{text(name)}</dt><dd>{text(value)}</dd></div>') for name, value in pairs
    )
    return Html(f'<dl class="q-facts">{rows}</dl>')


def table(head: Sequence[str], rows: Iterable[Sequence[Html]], numeric: Iterable[int] = ()) -> Html:
    """A table; the columns of `numeric` are set flush right."""
    right = set(numeric)

    def cell(tag: str, column: int, content: Html) -> Html:
        return Html(f"<{tag}{' class=q-number' if column in right else ''}>{content}</{tag}>")

    top = joined(cell("th", column, text(name)) for column, name in enumerate(head))
    body = joined(
        Html(f"<tr>{joined(cell('td', column, content) for column, content in enumerate(row))}</tr>") for row in rows
    )
    return Html(
        f'<div class="q-scroll"><table class="q-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def notice(tone: Tone, headline: str, detail: str = "") -> Html:
    """One line that must be seen."""
    return Html(
        f'<div class="q-notice q-{tone}" role="status">{icon(tone)}'
        f"<div><b>{text(headline)}</b> {text(detail)}</div></div>"
    )


def empty(headline: str, advice: str, command: str = "") -> Html:
    """What stands where there is nothing yet: what that means, and what to do."""
    return box(
        "empty-state",
        box("empty-headline", text(headline)),
        box("empty-advice", text(advice)),
        Html(f"<pre>{text(command)}</pre>") if command else Html(""),
    )

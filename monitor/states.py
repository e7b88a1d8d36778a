"""How a state is shown: a word, a shape and a colour, so that the colour is never needed to tell two states apart.

Knows the names of the states, and nothing of where they come from.
"""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["waiting", "working", "good", "partial", "bad", "off"]


@dataclass(frozen=True)
class State:
    """One state as it is shown."""

    word: str
    tone: Tone


STATES: dict[str, State] = {
    "pending": State("Waiting", "waiting"),
    "processing": State("Processing", "working"),
    "completed": State("Completed", "good"),
    "partial": State("Partial", "partial"),
    "failed": State("Failed", "bad"),
    "cancelled": State("Cancelled", "off"),
}
OCR_STATES: dict[str, State] = {
    "pending": State("OCR waiting", "waiting"),
    "text": State("Text read", "good"),
    "no_text": State("No text", "off"),
    "failed": State("OCR failed", "bad"),
}
EMBEDDING_STATES: dict[str, State] = {
    "pending": State("Vector waiting", "waiting"),
    "stored": State("Vector stored", "good"),
    "model_missing": State("CLIP model missing", "partial"),
    "failed": State("Vector failed", "bad"),
}

SHAPES: dict[Tone, str] = {
    "waiting": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "working": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8" opacity=".35"/>'
    '<path d="M8 2.4a5.6 5.6 0 0 1 5.6 5.6" fill="none" stroke="currentColor" stroke-width="2.4" '
    'stroke-linecap="round"/>',
    "good": '<circle cx="8" cy="8" r="6.6" fill="currentColor"/>'
    '<path d="M5 8.2l2.1 2.1L11.1 6" fill="none" stroke="var(--q-surface)" stroke-width="1.8" '
    'stroke-linecap="round" stroke-linejoin="round"/>',
    "partial": '<path d="M8 1.6l6.6 12H1.4z" fill="currentColor" stroke="currentColor" stroke-width="1.2" '
    'stroke-linejoin="round"/><path d="M8 6v3.4M8 11.4v.2" stroke="var(--q-surface)" stroke-width="1.7" '
    'stroke-linecap="round"/>',
    "bad": '<path d="M5 1.4h6L14.6 5v6L11 14.6H5L1.4 11V5z" fill="currentColor"/>'
    '<path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" stroke="var(--q-surface)" stroke-width="1.8" '
    'stroke-linecap="round"/>',
    "off": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M4.2 11.8l7.6-7.6" stroke="currentColor" stroke-width="1.8"/>',
}
SYMBOLS: dict[Tone, str] = {"waiting": "○", "working": "◔", "good": "✓", "partial": "▲", "bad": "✕", "off": "⊘"}


def state(name: str, states: dict[str, State] = STATES) -> State:
    """The state of this name; one that this version does not know is shown by its name."""
    return states.get(name) or State(name.replace("_", " "), "off")


def symbol(name: str) -> str:
    """A job's or document's state as one character and a word, for cells that hold plain text."""
    shown = state(name)
    return f"{SYMBOLS[shown.tone]} {shown.word}"

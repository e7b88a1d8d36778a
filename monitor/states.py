"""How a state is shown: a word and a tone. A tone is a shape and a colour (style.css), so that nobody needs the colour.

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
    "pending": State("Pending", "waiting"),
    "processing": State("Processing", "working"),
    "completed": State("Completed", "good"),
    "partial": State("Partial", "partial"),
    "failed": State("Failed", "bad"),
    "cancelled": State("Cancelled", "off"),
}
OCR_STATES: dict[str, State] = {
    "pending": State("OCR pending", "waiting"),
    "text": State("Text read", "good"),
    "no_text": State("No text", "off"),
    "failed": State("OCR failed", "bad"),
}
EMBEDDING_STATES: dict[str, State] = {
    "pending": State("Vector pending", "waiting"),
    "stored": State("Vector stored", "good"),
    "model_missing": State("CLIP model missing", "partial"),
    "failed": State("Vector failed", "bad"),
}

REVIEW_STATES: dict[str, State] = {
    "to_review": State("To be reviewed", "partial"),
    "accepted": State("Accepted", "good"),
    "corrected": State("Corrected", "good"),
    "rejected": State("Rejected", "off"),
}


def state(name: str, states: dict[str, State] = STATES) -> State:
    """The state of this name; one that this version does not know is shown by its name."""
    return states.get(name) or State(name.replace("_", " "), "off")

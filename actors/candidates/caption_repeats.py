"""Owns texts that stand at several pictures of a page: titles and looks, or names that come again in another size.

Knows the captions of one page as slots; which of them names its picture is chosen elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from actors.candidates.caption_names import is_worded
from actors.naming.product_names import is_bare_code, is_labelled_code, parse_name
from actors.page.labels import Label, same_look
from actors.page.slots import Slot
from actors.values.codes import parse_codes
from actors.vocabulary.words import find_terms, fold

MIN_ALIKE = 3
LARGER = 1.15  # the letters of a name against those of its code's line
IDENTITY = "coreIdentity."
"""Fields whose labels may be part of a name: "Serie Luna"."""


def repeated_texts(slots: Sequence[Slot]) -> set[str]:
    """What stands at several pictures."""
    counts = Counter(slot.label.text for slot in slots)
    return {text for text, count in counts.items() if count > 1}


def labelled_values(slots: Sequence[Slot]) -> list[Slot]:
    """Captions that begin with one label and go on otherwise, beside others that do not: "Colour Heather", no cloth."""
    labels = {id(slot): label for slot in slots if (label := _opening_label(slot.label.text))}
    texts: dict[str, set[str]] = defaultdict(set)
    for slot in slots:
        if id(slot) in labels:
            texts[labels[id(slot)]].add(slot.label.text)
    named = [slot.region for slot in slots if id(slot) not in labels and parse_name(slot.label.text) is not None]
    return [
        slot
        for slot in slots
        if len(texts.get(labels.get(id(slot), ""), ())) >= MIN_ALIKE and any(slot.region is region for region in named)
    ]


def _opening_label(text: str) -> str:
    """The word for a look or a measure that a text begins with, where something else follows; empty for others."""
    for term in find_terms(text, "field_label"):
        if term.start == 0 and term.end < len(text.strip()) and not term.canonical.startswith(IDENTITY):
            return fold(term.printed)
    return ""


def has_rival(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Whether another label of the same picture could be the name instead."""
    return any(
        other.region == slot.region
        and 2 * other.support >= slot.support  # the title of a row stands over its first picture alone
        and not same_look(other.label, slot.label)
        and not is_labelled_code(other.label.text)
        and not _is_version(other.label, slot.label)
        and not (is_bare_code(other.label.text) and _repeats_by_rows(slot, slots))
        and parse_name(other.label.text) is not None
        for other in slots
    )


def _is_version(label: Label, name: Label) -> bool:
    """Whether a line, set smaller than a name, says the code of this one: "Ref. S-1102 copper"."""
    is_more = bool(parse_codes(label.text)) and not is_bare_code(label.text)
    return is_more and name.size >= LARGER * label.size


def _repeats_by_rows(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Whether a text comes again in other rows only: each series in the same colours, a name in several sizes.

    A row of several tells it by itself; in shorter ones, and in a column where no text follows itself, the text must be
    more than a look.
    """
    alike = sorted((other.label for other in slots if same_look(other.label, slot.label)), key=lambda one: one.box[1])
    row = [label.text for label in alike if abs(label.centre[1] - slot.label.centre[1]) <= slot.label.size]
    if len(row) >= MIN_ALIKE:
        return row.count(slot.label.text) == 1
    texts = row if len(row) > 1 else [label.text for label in alike]
    once = len(set(row)) == len(row) and all(first != second for first, second in pairwise(texts))
    return once and len(set(texts)) > 1 and is_worded(slot.label)

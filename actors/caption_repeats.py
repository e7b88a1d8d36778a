"""Owns texts that stand at several pictures of a page: titles and looks, or names that come again in another size.

Knows the captions of one page as slots; which of them names its picture is chosen elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from actors.caption_names import is_worded
from actors.page_labels import same_look
from actors.page_slots import Slot
from actors.product_names import is_bare_code, is_labelled_code, parse_name

MIN_ALIKE = 3


def repeated_texts(slots: Sequence[Slot]) -> set[str]:
    """What stands at several pictures."""
    counts = Counter(slot.label.text for slot in slots)
    return {text for text, count in counts.items() if count > 1}


def has_rival(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Whether another label of the same picture could be the name instead."""
    return any(
        other.region == slot.region
        and 2 * other.support >= slot.support  # the title of a row stands over its first picture alone
        and not same_look(other.label, slot.label)
        and not is_labelled_code(other.label.text)
        and not (is_bare_code(other.label.text) and _repeats_by_rows(slot, slots))
        and parse_name(other.label.text) is not None
        for other in slots
    )


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

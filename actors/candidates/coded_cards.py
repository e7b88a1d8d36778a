"""Owns cards of a scan whose pictures were not seen: a name with a labelled code under it, in a column of captions.

Where several pictures have their captions beside them, each with its labelled code, what is set and coded like these is
the caption of a picture too.
"""

from collections.abc import Sequence

from actors.candidates.caption_names import is_worded, stands_under
from actors.page.labels import Label, same_look
from actors.page.regions import Region, area, intersection, moved
from actors.page.slots import Slot
from actors.values.codes import parse_codes

MIN_SEEN = 3
"""Captions with a picture beside them and a labelled code under them."""
SIDES = ("left", "right")
MOST_COVERED = 0.2  # of the place for a picture


def coded_cards(slots: Sequence[Slot], labels: Sequence[Label]) -> list[Slot]:
    """Slots for the captions whose picture was not seen, in the columns of those whose picture was."""
    seen = [slot for slot in slots if slot.relation in SIDES and _is_coded(slot.label, labels)]
    if sum(slot.region.in_scan for slot in seen) < MIN_SEEN:
        return []
    taken = [slot.region.box for slot in slots]
    found: list[Slot] = []
    for label in labels:
        is_free = not any(label is slot.label for slot in slots) and is_worded(label) and _is_coded(label, labels)
        anchor = next((slot for slot in seen if is_free and _is_in_column(label, slot.label)), None)
        if anchor is None:
            continue
        box = moved(anchor.region.box, label.box[0] - anchor.label.box[0], label.box[1] - anchor.label.box[1])
        if all(area(intersection(box, other)) <= MOST_COVERED * area(box) for other in taken):
            taken.append(box)
            found.append(Slot(label, Region(box, "blank"), anchor.relation, anchor.gap, anchor.support))
    return found


def _is_coded(label: Label, labels: Sequence[Label]) -> bool:
    """Whether a labelled code is the next line under a name."""
    return any(stands_under(label, other) and any(code.label for code in parse_codes(other.text)) for other in labels)


def _is_in_column(label: Label, caption: Label) -> bool:
    return same_look(label, caption) and abs(label.box[0] - caption.box[0]) <= caption.size

"""Owns the gaps in a grid: captions whose swatch cannot be seen, because it is white or passes for decoration.

A caption that is set like its neighbours and stands level with them has its picture where they have theirs. Where none
is seen, the blanks over the captions stand for them, as wide and high as the grid leaves room.
"""

from collections.abc import Sequence
from statistics import median

from actors.page.labels import Label
from actors.page.regions import Region, area, contains, intersection, overlap_share
from actors.page.slots import Slot
from actors.records import Box

LEVEL = 0.6  # in sizes of the letters: captions of one row
SAME_PLACE = 0.6
MIN_EVENED = 4  # blanks that are a grid
HIGHER = 1.2  # times most of them: in the first row nothing stands above
WIDTH_OF_PITCH = 0.9  # from one caption of a row to the next


def filled_gaps(slots: Sequence[Slot], captions: Sequence[Label], common: Sequence[Region], page: Box) -> list[Slot]:
    """Slots for the captions of this look that have no picture of their own, beside those that have one."""
    anchors = [slot for slot in slots if not slot.region.is_scene]
    found: list[Slot] = []
    for label in captions:
        if any(slot.label is label for slot in slots):
            continue
        anchor = next((slot for slot in anchors if abs(slot.label.box[1] - label.box[1]) <= LEVEL * label.size), None)
        if anchor is None:
            continue
        region = _like(anchor, label, common)
        if _is_free(region, [*(slot.region for slot in slots), *(slot.region for slot in found)], page):
            found.append(Slot(label, region, anchor.relation, anchor.gap, anchor.support))
    return found


def evened(found: Sequence[tuple[Label, Region]], page_width: float) -> list[tuple[Label, Region]]:
    """Blanks over captions: no higher than most of them, and as wide as the captions beside them leave.

    Args:
        found: captions and the blanks over them.
        page_width: in points.
    """
    if len(found) < MIN_EVENED:
        return list(found)
    usual = median(region.height for _, region in found)
    even = []
    for label, region in found:
        middle = label.centre[0]
        beside = [
            abs(other.centre[0] - middle)
            for other, _ in found
            if other is not label and abs(other.centre[1] - label.centre[1]) <= LEVEL * label.size
        ]
        half = max(region.width, WIDTH_OF_PITCH * min(beside, default=0.0)) / 2
        top = max(region.box[1], region.box[3] - HIGHER * usual)
        box = (max(0.0, middle - half), top, min(page_width, middle + half), region.box[3])
        even.append((label, Region(box, region.kind)))
    return even


def _like(anchor: Slot, label: Label, common: Sequence[Region]) -> Region:
    """The place that the anchor's picture would have beside this label."""
    centred = abs(anchor.label.centre[0] - anchor.region.centre[0]) < anchor.label.size
    shift = label.centre[0] - anchor.label.centre[0] if centred else label.box[0] - anchor.label.box[0]
    x0, y0, x1, y1 = anchor.region.box
    box = (x0 + shift, y0, x1 + shift, y1)
    twin = next((region for region in common if overlap_share(region.box, box) > SAME_PLACE), None)
    return twin or Region(box, "blank")


def _is_free(region: Region, others: Sequence[Region], page: Box) -> bool:
    if not contains(page, region.box, 0.9):
        return False
    return all(area(intersection(region.box, other.box)) < 0.2 * area(region.box) for other in others)

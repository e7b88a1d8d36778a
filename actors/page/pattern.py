"""Owns the pattern of a page: which labels are captions of which pictures, and which of them say the same kind.

A grid of swatches repeats: labels of one look stand on one side of their pictures. The side is found per look, not
assumed. Knows no words; what a caption says is judged elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from actors.page.gaps import evened, filled_gaps
from actors.page.labels import Label, same_look
from actors.page.regions import (
    Region,
    area,
    blank_above,
    common_regions,
    contains,
    is_scan,
    page_regions,
)
from actors.page.slots import Slot
from actors.records import Box, NameRelation, PageContent

SIDES: tuple[NameRelation, ...] = ("inside", "below", "right", "left", "above")
# Where several sides fit equally, the usual one wins; in points of gap.
SIDE_HANDICAP = {"inside": 0.0, "below": 0.0, "right": 8.0, "left": 10.0, "above": 12.0}
MAX_LABELS_IN_PICTURE = 5  # more is a text panel
MIN_GAP_LIMIT = 14.0  # points between a picture and its caption
GAP_OF_REGION = 0.3  # of the picture's height or width
MAX_GAP_LIMIT = 60.0
MIN_FOR_ODD = 4
MIN_ALIGNED = 3
COLUMN_GAP = 1.5  # widths of the picture, between it and a name in a column
MIN_FOR_TURN = 2
MIN_FOR_COLUMN, COLUMN_SHARE, NEARLY = 3, 0.6, 0.88
PAPER_OVER = 0.35  # of the height that was seen of a scan's picture: white above the thing that it shows
OPPOSITE: dict[NameRelation, NameRelation] = {"right": "left", "left": "right"}
FITTED, FITTED_LEVEL = 0.75, 0.5  # of the size of the captions beside it, and how far off their height
ROW_HEIGHT = 0.35  # by which pictures of one row differ in height
CENTRED, MOSTLY_CENTRED = 0.03, 0.8  # of the picture's width; of the captions
ODD_SIZE = 5.0  # times the median area


@dataclass(frozen=True)
class PagePattern:
    """The captions of a page, and everything they were chosen from."""

    labels: tuple[Label, ...]
    regions: tuple[Region, ...]
    slots: tuple[Slot, ...]
    second: tuple[Label, ...] = ()
    """Lines that only stand beside captions."""


def page_pattern(page: PageContent, labels: Sequence[Label], second: Sequence[Label] = ()) -> PagePattern:
    """Ties the labels of a page to its pictures, look by look; of `second` none is a caption by itself."""
    regions = page_regions(page, labels)
    tables = _tables(page, regions)
    common = common_regions(page)
    bounds = (0.0, 0.0, page.width_pt, page.height_pt)
    found: list[tuple[list[Label], list[Slot]]] = []
    for look in looks(labels):
        captions = [label for label in look if label.is_short and not any(label is other for other in second)]
        captions = [label for label in captions if not any(holds(box, label) for box in tables)]
        seen = _best_side(captions, regions) or _level_column(captions, regions)
        found.append((captions, seen + filled_gaps(seen, captions, common, bounds)))
    if is_scan(page) and not any(_is_of_a_grid(slot) for _, seen in found for slot in seen):
        found = [(captions, _or_blank(page, captions, seen, labels)) for captions, seen in found]
    slots = [slot for _, seen in found for slot in seen]
    rows = tuple(_with_row(slot, slots) for slot in slots)
    return PagePattern(tuple(labels), tuple(regions), rows, tuple(second))


def _with_row(slot: Slot, slots: Sequence[Slot]) -> Slot:
    """A caption by itself as one of the row that it stands in: a long one is set smaller to fit under its picture."""
    if slot.support > 1 or slot.relation == "scene":
        return slot
    row = next((other for other in slots if other.support > 1 and _is_of_row(slot, other)), None)
    return slot if row is None else replace(slot, support=row.support + 1, like=row.label)


def _is_of_row(slot: Slot, other: Slot) -> bool:
    label, caption = slot.label, other.label
    level = abs(label.centre[1] - caption.centre[1]) <= FITTED_LEVEL * caption.size
    bold = label.bold == caption.bold or label.source == "ocr"  # of four captions OCR may see one a little bolder
    alike = label.font == caption.font and label.source == caption.source and bold
    fitted = FITTED * caption.size <= label.size <= caption.size
    is_free = other.relation == slot.relation and other.region is not slot.region
    return is_free and level and alike and fitted and _same_height(slot.region, other.region, ROW_HEIGHT)


def _is_of_a_grid(slot: Slot) -> bool:
    """Whether a scan's pictures were seen: the space over its other lines is then no place for one."""
    return slot.region.in_scan and slot.support > 1 and slot.relation != "scene"


def _or_blank(page: PageContent, captions: Sequence[Label], seen: list[Slot], labels: Sequence[Label]) -> list[Slot]:
    """The captions of one look in a scan, over pictures or, where more of them are, over blanks."""
    if any(slot.support > 1 and slot.relation != "scene" for slot in seen):
        return seen
    blanks = _over_blank(page, captions, labels)
    return blanks if len(blanks) > len(seen) else seen


def holds(box: Box, label: Label) -> bool:
    """Whether the middle of the label lies in the box."""
    x, y = label.centre
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _tables(page: PageContent, regions: Sequence[Region]) -> list[Box]:
    """The tables of the page, without grids of pictures that pass for tables."""
    return [
        block.box
        for block in page.blocks
        if block.label == "table"
        and block.rows
        and sum(region.kind == "image" and contains(block.box, region.box, 0.8) for region in regions) < 2
    ]


def looks(labels: Sequence[Label]) -> list[list[Label]]:
    """Labels by look; sizes that follow each other closely are one look."""
    groups: list[list[Label]] = []
    for label in sorted(labels, key=lambda item: item.size):
        group = next((group for group in groups if same_look(group[-1], label)), None)
        if group is None:
            groups.append([label])
        else:
            group.append(label)
    return groups


def gap_to(label: Label, region: Region, side: NameRelation) -> float | None:
    """Distance in points when the label stands on this side of the region, else None."""
    x0, y0, x1, y1 = region.box
    cx, cy = label.centre
    if side == "inside":
        return 0.0 if x0 <= cx <= x1 and y0 <= cy <= y1 else None
    vertical = side in ("below", "above")
    limit = min(MAX_GAP_LIMIT, max(MIN_GAP_LIMIT, GAP_OF_REGION * (region.height if vertical else region.width)))
    gap = {
        "below": label.box[1] - y1,
        "above": y0 - label.box[3],
        "right": label.box[0] - x1,
        "left": x0 - label.box[2],
    }[side]
    slack = -0.5 * label.size
    if not slack <= gap <= limit:
        return None
    if vertical:
        beside = (
            x0 - 0.15 * region.width <= cx <= x1 + 0.15 * region.width
            or label.box[0] <= region.centre[0] <= label.box[2]
        )
    else:
        beside = y0 - label.height <= cy <= y1 + label.height
    return max(0.0, gap) if beside else None


def _best_side(captions: Sequence[Label], regions: Sequence[Region]) -> list[Slot]:
    best: list[Slot] = []
    best_score = 0.0
    for side in SIDES:
        pairs = _alike(_pairs(captions, regions, side))
        if side in OPPOSITE:
            pairs = max(pairs, _columns(captions, regions, side), key=len)
        if not pairs:
            continue
        mean_gap = sum(gap for _, _, gap in pairs) / len(pairs)
        # A column may stand as far from its pictures as it likes: how many there are tells more.
        score = len(pairs) - (min(mean_gap, MAX_GAP_LIMIT) + SIDE_HANDICAP[side]) / 100
        if score > best_score:
            support = sum(not region.is_scene for _, region, _ in pairs)
            best = [
                Slot(label, region, "scene" if region.is_scene and side == "inside" else side, gap, max(1, support))
                for label, region, gap in pairs
            ]
            best_score = score
    return _with_opposite(_with_far(best, captions, regions), captions, regions)


def _with_far(best: list[Slot], captions: Sequence[Label], regions: Sequence[Region]) -> list[Slot]:
    """Captions that stand alike under their pictures, with those of low and narrow ones: in a card these end higher.

    What is farther than a caption usually stands is one where it is centred, or begins as far aside, like the others,
    and nothing is between.
    """
    if len(best) < MIN_FOR_TURN or best[0].relation != "below":
        return best
    is_placed = _placed_like(best)
    if is_placed is None:
        return best
    pairs: list[tuple[Label, Region, float]] = []
    for label in captions:
        over = [region for region in regions if is_placed(label, region) and region.box[3] <= label.box[1]]
        nearest = max(over, key=lambda region: region.box[3], default=None)
        is_free = nearest is not None and not any(nearest is slot.region or label is slot.label for slot in best)
        if nearest is not None and is_free and not nearest.is_scene:
            pairs.append((label, nearest, label.box[1] - nearest.box[3]))
    usual = sorted(area(slot.region.box) for slot in best)[len(best) // 2]
    far = [(label, region, gap) for label, region, gap in pairs if gap <= MAX_GAP_LIMIT and _is_usual(region, usual)]
    rivals = [[other for other in far if other[1] is one[1]] for one in far]
    first = is_placed is not _is_centred  # a caption's lines all begin at one place
    far = [
        one
        for one, others in zip(far, rivals, strict=True)
        if len(others) == 1 or (first and min(others, key=lambda other: other[2]) is one)
    ]
    support = best[0].support + len(far)
    slots = [replace(slot, support=support) for slot in best]
    return slots + [Slot(label, region, "below", gap, support) for label, region, gap in far]


def _placed_like(slots: Sequence[Slot]) -> Callable[[Label, Region], bool] | None:
    """What tells whether a caption stands under a picture as these do; None where they stand in different ways."""
    if sum(_is_centred(slot.label, slot.region) for slot in slots) >= MOSTLY_CENTRED * len(slots):
        return _is_centred
    offsets = sorted(_offset(slot.label, slot.region) for slot in slots)
    usual, slack = offsets[len(offsets) // 2], FITTED_LEVEL * slots[0].label.size
    alike = sum(abs(offset - usual) <= slack for offset in offsets)
    if alike < max(MIN_ALIGNED, MOSTLY_CENTRED * len(slots)):
        return None
    return lambda label, region: abs(_offset(label, region) - usual) <= slack


def _is_centred(label: Label, region: Region) -> bool:
    return abs(label.centre[0] - region.centre[0]) <= CENTRED * region.width


def _is_usual(region: Region, usual: float) -> bool:
    return usual / ODD_SIZE <= area(region.box) <= usual * ODD_SIZE


def _level_column(captions: Sequence[Label], regions: Sequence[Region]) -> list[Slot]:
    """A column of pictures with a caption of this look level with each, at the other side of the page."""
    pictures = [region for region in regions if not region.is_scene]
    for side in OPPOSITE:
        pairs: list[tuple[Label, Region]] = []
        for region in pictures:
            level = [
                label
                for label in captions
                if _is_beside(label, region, side)
                and not any(_stands_between(label, region, other) for other in pictures)
            ]
            largest = max((label.size for label in level), default=0.0)
            # What OCR read is one look although the lines below the name are set a little smaller.
            large = [label for label in level if label.size >= NEARLY * largest]
            if large and (len(level) == 1 or large[0].source == "ocr"):
                pairs.append((min(large, key=lambda label: label.box[1]), region))
        column = [region for _, region in pairs]
        if len(pairs) >= max(MIN_FOR_COLUMN, COLUMN_SHARE * len(pictures)) and _is_column(column):
            return [Slot(label, region, side, _distance(label, region), len(pairs)) for label, region in pairs]
    return []


def _stands_between(label: Label, region: Region, other: Region) -> bool:
    if other is region or not other.box[1] <= label.centre[1] <= other.box[3]:
        return False
    left, right = sorted((label.centre[0], region.centre[0]))
    return left < other.centre[0] < right


def _is_column(regions: Sequence[Region]) -> bool:
    """Whether pictures begin or end at one place across, and each stands at a height of its own."""
    width = min(region.width for region in regions)
    starts, ends = [region.box[0] for region in regions], [region.box[2] for region in regions]
    aligned = min(max(starts) - min(starts), max(ends) - min(ends)) <= 0.1 * width
    down = sorted(regions, key=lambda region: region.box[1])
    return aligned and all(upper.box[3] <= lower.box[1] + 2 for upper, lower in pairwise(down))


def _columns(
    captions: Sequence[Label], regions: Sequence[Region], side: NameRelation
) -> list[tuple[Label, Region, float]]:
    """Captions in a column beside their pictures, that all begin at one distance however long they are."""
    found = []
    for region in regions:
        level = [label for label in captions if not region.is_scene and _is_beside(label, region, side)]
        nearest = min(level, key=lambda label: _distance(label, region), default=None)
        if nearest is not None and not any(_stands_between(nearest, region, other) for other in regions):
            column = [label for label in level if abs(label.box[0] - nearest.box[0]) <= 0.5 * label.size]
            first = min(column, key=lambda label: label.box[1])
            found.append((first, region, _distance(first, region)))
    usual = [_offset(label, region) for label, region, _ in found]
    least = max(MIN_FOR_TURN, min(MIN_ALIGNED, len(found)))
    aligned = [
        (label, region, gap)
        for label, region, gap in found
        if gap <= COLUMN_GAP * region.width
        and sum(abs(_offset(label, region) - other) <= 0.5 * label.size for other in usual) >= least
    ]
    labels = [id(label) for label, _, _ in aligned]
    return aligned if len(set(labels)) == len(labels) else []


def _offset(label: Label, region: Region) -> float:
    """How far a caption begins from its picture, from the middle of one in a scan: its white edges were not seen."""
    return label.box[0] - (region.centre[0] if region.in_scan else region.box[0])


def _with_opposite(best: list[Slot], captions: Sequence[Label], regions: Sequence[Region]) -> list[Slot]:
    """Pictures left and right in turn have their captions right and left in turn: the other side's as well."""
    side = OPPOSITE.get(best[0].relation) if best else None
    if side is None or len(best) < MIN_FOR_TURN:
        return best
    pairs: list[tuple[Label, Region]] = []
    for region in regions:
        taken = any(slot.region is region for slot in best) or region.is_scene
        if taken or not any(_same_height(region, slot.region) for slot in best):
            continue
        level = [label for label in captions if _is_beside(label, region, side)]
        if len(level) == 1 and not any(slot.label is level[0] for slot in best):
            pairs.append((level[0], region))
    support = best[0].support + len(pairs)
    slots = [replace(slot, support=support) for slot in best]
    return slots + [Slot(label, region, side, _distance(label, region), support) for label, region in pairs]


def _same_height(first: Region, second: Region, tolerance: float = 0.1) -> bool:
    return abs(first.height - second.height) <= tolerance * max(first.height, second.height)


def _is_beside(label: Label, region: Region, side: NameRelation) -> bool:
    """Whether a label stands on this side, level with the picture, however far: it begins at the other margin."""
    x0, y0, x1, y1 = region.box
    outside = label.box[2] <= x0 if side == "left" else label.box[0] >= x1
    over = PAPER_OVER * region.height if region.in_scan else 0.0
    return outside and y0 - over <= label.centre[1] <= y1


def _distance(label: Label, region: Region) -> float:
    return max(region.box[0] - label.box[2], label.box[0] - region.box[2])


def _pairs(
    captions: Sequence[Label], regions: Sequence[Region], side: NameRelation
) -> list[tuple[Label, Region, float]]:
    """Each label with its nearest region and each region with its nearest label, at most once each."""
    found = []
    for number, label in enumerate(captions):
        for place, region, gap in _over_or_near(label, regions, side):
            # Lines beside a picture all begin at one distance: there the first of them is its name.
            near = label.box[1] if side in OPPOSITE else abs(label.centre[0] - region.centre[0])
            found.append((region.is_scene, round(gap) if side in OPPOSITE else gap, near, number, place))
    pairs: list[tuple[Label, Region, float]] = []
    labels_used: set[int] = set()
    regions_used: set[int] = set()
    crowded = {
        place for place in range(len(regions)) if sum(item[-1] == place for item in found) > MAX_LABELS_IN_PICTURE
    }
    for _, gap, _, number, place in sorted(found):
        if number in labels_used or place in regions_used or (side == "inside" and place in crowded):
            continue
        labels_used.add(number)
        regions_used.add(place)
        pairs.append((captions[number], regions[place], float(gap)))
    return pairs


def _over_or_near(label: Label, regions: Sequence[Region], side: NameRelation) -> list[tuple[int, Region, float]]:
    """The places, pictures and gaps that a label may belong to; where it is under or over some, none beside those."""
    near = [
        (place, region, gap)
        for place, region in enumerate(regions)
        if (side == "inside" or not region.is_scene) and (gap := gap_to(label, region, side)) is not None
    ]
    straight = [one for one in near if one[1].aside(label.centre[0]) == 0]
    return straight if straight and side not in OPPOSITE else near


def _alike(pairs: list[tuple[Label, Region, float]]) -> list[tuple[Label, Region, float]]:
    """Without the odd ones: a running title on a coloured tab is set like a caption, but its area is another size."""
    if len(pairs) < MIN_FOR_ODD:
        return pairs
    median = sorted(area(region.box) for _, region, _ in pairs)[len(pairs) // 2]
    return [pair for pair in pairs if pair[1].is_scene or _is_usual(pair[1], median)]


def _over_blank(page: PageContent, captions: Sequence[Label], labels: Sequence[Label]) -> list[Slot]:
    pairs = [(label, blank_above(page, label, labels)) for label in captions]
    found = [(label, region) for label, region in pairs if region is not None]
    level = [label for label, _ in found if any(_aligned(label, other) for other, _ in found)]
    support = {id(label): len(level) for label in level}
    found = evened(found, page.width_pt)
    return [Slot(label, region, "below", 0.0, support.get(id(label), 1)) for label, region in found]


def _aligned(one: Label, other: Label) -> bool:
    """Whether two captions stand in one row or one column, as in a grid."""
    if one is other:
        return False
    level = abs(one.box[1] - other.box[1]) <= 0.8 * one.size
    return level or min(abs(one.box[0] - other.box[0]), abs(one.centre[0] - other.centre[0])) <= one.size

"""Owns products shown in pictures: which caption of a picture is the name, and which others belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actors.candidates.caption_names import (
    LARGER_THAN_CODE,
    Named,
    best_name,
    is_worded,
    names_under_codes,
    stands_under,
)
from actors.candidates.caption_repeats import has_rival, labelled_values, repeated_texts
from actors.candidates.coded_cards import coded_cards
from actors.candidates.coded_lines import form_of, leading_code
from actors.candidates.lines_under import lines_under
from actors.naming.product_names import (
    ParsedName,
    is_bare_code,
    is_labelled_code,
    parse_name,
    parse_number,
    stands_alone,
)
from actors.page.labels import Label, in_one_list, same_look
from actors.page.pattern import PagePattern, gap_to
from actors.page.regions import Region
from actors.page.slots import Slot
from actors.records import NameRelation

BASE = {1: 0.45, 2: 0.7}  # by support: names of this look on the page
FULL = 0.8
SCENE = 0.25
MAX_OTHERS = 30
MAX_LETTERING = 0.15  # of a swatch's height, for letters that OCR read in it
SAME_DEPTH = 0.06  # of the height, between letterings of one kind
MIN_ALIKE = 3
MIN_NUMBERED = 4  # captions: fewer bare numbers are page numbers and years
BLANK_PENALTY = 0.05
IN_SCAN, OVER_BLANK = "in the scan", "empty space"
LEVEL = 0.5  # of the letters' size, between the lines of what is printed level with a name or a code
Hung = Sequence[tuple[Label, Region]]


@dataclass(frozen=True)
class NamedPicture:
    """A name with the picture it belongs to and the other labels there."""

    name: ParsedName
    slot: Slot
    others: tuple[Label, ...]
    confidence: float
    reasons: tuple[str, ...]


def named_pictures(pattern: PagePattern) -> list[NamedPicture]:
    """One name a picture, where there is one; several where lines with a code each stand there."""
    by_region: dict[Region, list[Named]] = {}
    slots = [*pattern.slots, *coded_cards(pattern.slots, pattern.labels)]
    slots = [slot for slot in slots if not _is_picture_text(slot) or _stands_alike(slot, pattern.slots)]
    values = labelled_values(slots)
    slots = [slot for slot in slots if not any(slot is value for value in values)]
    repeated = repeated_texts(slots)
    for slot in (_past_size(_past_code(slot, pattern.labels), pattern.labels) for slot in slots):
        name = parse_name(slot.label.text) or (parse_number(slot.label.text) if slot.support >= MIN_NUMBERED else None)
        if name is not None and not (slot.label.text in repeated and has_rival(slot, slots)):
            by_region.setdefault(slot.region, []).append((slot, name))
    usable = sum(not region.is_scene for region in pattern.regions)
    chosen = {region: best_name(_without_title(found, usable)) for region, found in by_region.items()}
    chosen = names_under_codes(chosen, by_region, pattern.labels)
    found = _one_per_label(list(chosen.values()))
    found += [more for slot, _ in found for more in _listed_with(slot, pattern.labels, found)]
    names = [slot.label for slot, _ in found]
    over = [(slot.label, slot.region) for slot, _ in found if slot.relation == "above"]
    hung = lines_under(pattern.labels, over)
    return [_named(slot, name, _others(slot, pattern, names, hung), usable) for slot, name in found]


def _past_code(slot: Slot, labels: Sequence[Label]) -> Slot:
    """A labelled code between picture and name is no name: the larger line over it, or one of its look below, is."""
    if not is_labelled_code(slot.label.text):
        return slot
    over = [label for label in labels if slot.relation in ("left", "right") and stands_under(label, slot.label)]
    heads = [label for label in over if label.size >= LARGER_THAN_CODE * slot.label.size and is_worded(label)]
    if len(heads) == 1 and parse_name(heads[0].text) is not None:
        return replace(slot, label=heads[0])
    below = [label for label in labels if stands_under(slot.label, label) and _is_set_as_large(label, slot.label)]
    label = min(below, key=lambda label: label.box[1], default=None)
    if label is None or not is_worded(label) or parse_name(label.text) is None:
        return slot
    return replace(slot, label=label)


def _is_set_as_large(label: Label, code: Label) -> bool:
    """Whether a line under a code is set like it; in a scan bold or larger letters do as well."""
    is_marked = label.size >= code.size if label.bold else label.size >= LARGER_THAN_CODE * code.size
    return same_look(code, label) or (label.source == code.source == "ocr" and is_marked)


def _past_size(slot: Slot, labels: Sequence[Label]) -> Slot:
    """A size beside the name, which OCR took for as large: the name on the same line, at the same picture."""
    if slot.label.source != "ocr" or not stands_alone(slot.label.text):
        return slot
    level = [
        label
        for label in labels
        if same_look(slot.label, label)
        and abs(label.centre[1] - slot.label.centre[1]) <= LEVEL * slot.label.size
        and gap_to(label, slot.region, slot.relation if slot.relation != "scene" else "inside") is not None
        and parse_name(label.text) is not None
    ]
    return replace(slot, label=level[0]) if len(level) == 1 else slot


def _listed_with(slot: Slot, labels: Sequence[Label], found: Sequence[Named]) -> list[Named]:
    """The further articles of a picture whose name begins with a code: lines of the same kind in the same column."""
    code = leading_code(slot.label.text)
    if code is None:
        return []
    column = [slot.label]
    for label in sorted(labels, key=lambda item: abs(item.box[1] - slot.label.box[1])):
        own = leading_code(label.text)
        is_taken = any(label is other.label for other, _ in found)
        if own and not is_taken and form_of(own) == form_of(code) and any(in_one_list(label, one) for one in column):
            column.append(label)
    named = [(label, name) for label in column[1:] if (name := parse_name(label.text)) is not None]
    support = slot.support + len(named)
    return [(replace(slot, label=label, support=support), name) for label, name in named]


def _without_title(found: list[Named], usable: int) -> list[Named]:
    """Without lines over some pictures of a row, where all pictures of the row have captions elsewhere.

    `usable` is the number of pictures on the page: two captions are a row where there are only two pictures.
    """
    row = max(2, min(MIN_ALIKE, usable))
    captions = [slot.support for slot, _ in found if slot.support >= row]
    if not captions:
        return found
    # As many lines over pictures as captions are captions as well; half as many are titles of rows or of pages.
    few = max(captions) / 2
    return [item for item in found if item[0].relation != "above" or (item[0].support > 1 and item[0].support > few)]


def _is_picture_text(slot: Slot) -> bool:
    """Whether the label was read in an image: a name on a swatch, or any lettering that a photo shows."""
    return slot.label.source == "ocr" and slot.region.kind == "image" and slot.relation in ("inside", "scene")


def _stands_alike(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Names on swatches are small and stand at one height in all of them; lettering in photos and logos does not."""
    # A plank is low for its letters: it counts twice its height, as far as it is so long.
    height = max(slot.region.height, min(2 * slot.region.height, slot.region.width))
    if slot.label.height > MAX_LETTERING * height:
        return False
    near = [
        other
        for other in slots
        if _is_picture_text(other)
        and same_look(other.label, slot.label)
        and abs(_depth(other) - _depth(slot)) < SAME_DEPTH
    ]
    return len(near) >= MIN_ALIKE


def _depth(slot: Slot) -> float:
    return (slot.label.centre[1] - slot.region.box[1]) / max(1.0, slot.region.height)


def _one_per_label(chosen: list[Named]) -> list[Named]:
    seen: set[int] = set()
    unique = []
    for slot, name in chosen:
        if id(slot.label) not in seen:
            seen.add(id(slot.label))
            unique.append((slot, name))
    return unique


def _named(slot: Slot, name: ParsedName, others: Sequence[Label], usable: int) -> NamedPicture:
    reasons = [where_it_stands(slot)]
    if slot.relation == "scene":
        confidence = SCENE
        reasons.append("the picture fills much of the page: perhaps a room photo")
    else:
        confidence = BASE.get(slot.support, FULL)
        if slot.support > 1:
            reasons.append(f"{slot.support} captions of this look on the page")
        elif usable > 2:
            confidence -= 0.2
            reasons.append(f"the only caption among {usable} pictures")
    if slot.region.kind == "blank":
        confidence -= BLANK_PENALTY
    confidence += 0.3 * (name.score - 0.6)
    return NamedPicture(name, slot, tuple(others), max(0.05, min(0.95, confidence)), (*reasons, *name.reasons))


def where_it_stands(slot: Slot) -> str:
    """A caption's place beside its picture, as the reason that a reader sees."""
    what = {"image": "a picture", "fill": "a colour area", "blank": f"an {OVER_BLANK} where a picture would be"}[
        slot.region.kind
    ]
    what = f"{what} {IN_SCAN}" if slot.region.in_scan else what
    side = (
        "inside"
        if slot.relation == "scene"
        else {"right": "right of", "left": "left of"}.get(slot.relation, slot.relation)
    )
    return f"stands {side} {what}"


def _others(slot: Slot, pattern: PagePattern, names: Sequence[Label], hung: Hung) -> list[Label]:
    """Labels nearer to this picture, or standing under its name, than to any other; `hung`: those of one picture."""
    below = _stacked(slot.label, pattern.labels, names) if slot.relation in ("left", "right", "below") else []
    if slot.relation in ("left", "right"):
        below += _level_with(slot, pattern.labels, names)
    if slot.relation == "below":
        below += [label for label in pattern.labels if any(_goes_on(label, one, slot.region) for one in below)]
    found = [
        label
        for label in pattern.labels
        if label is not slot.label
        and label.is_short
        and not any(label is name for name in names)
        and (
            _nearest(label, pattern.regions, slot.relation) == slot.region
            or stands_under(slot.label, label)
            or any(label is other for other in below)
            or (
                _is_code(label, pattern)
                and stands_under(label, slot.label)
                and not any(stands_under(n, label) for n in names)
            )
        )
    ]
    foreign = [label for label, region in hung if region != slot.region]
    foreign += [label for label in found if slot.relation == "above" and _is_of_row(label, slot.label, names)]
    found = [label for label in found if not any(label is other for other in foreign)]
    found += [label for label, region in hung if region == slot.region and not any(label is other for other in found)]
    return sorted(found, key=lambda label: (label.box[1], label.box[0]))[:MAX_OTHERS]


def _is_code(label: Label, pattern: PagePattern) -> bool:
    is_told = is_bare_code(label.text) or is_labelled_code(label.text)
    return is_told or any(label is other for other in pattern.second)


def _is_of_row(label: Label, name: Label, names: Sequence[Label]) -> bool:
    """Whether a line over a name that stands over its picture is said of all names level with it: they share it."""
    if label.box[3] > name.box[1] or any(stands_under(label, name) and same_look(label, other) for other in names):
        return False
    row = [other for other in names if abs(other.centre[1] - name.centre[1]) <= LEVEL * name.size]
    return len(row) > 1 and min(row, key=lambda other: other.box[0]) is name


def _goes_on(label: Label, first: Label, region: Region) -> bool:
    """Whether a label stands level with a line under the name, in the width of the picture: a cell of its row."""
    level = min(label.box[3], first.box[3]) - max(label.box[1], first.box[1]) > 0.6 * min(label.height, first.height)
    return level and first.box[2] <= label.box[0] and label.centre[0] <= region.box[2]


def _stacked(name: Label, labels: Sequence[Label], names: Sequence[Label]) -> list[Label]:
    """The lines under a name, one under the other, up to the next name or a gap, however far from the picture."""
    column = [name]
    for label in sorted(labels, key=lambda item: item.box[1]):
        aligned = _offset(label, name) < name.size
        if label is name or not aligned or label.size > name.size:
            continue
        gap = label.box[1] - column[-1].box[3]
        if -0.3 * label.size <= gap <= name.size:
            if any(label is other for other in names):
                break
            column.append(label)
    return column[1:]


def _offset(label: Label, name: Label) -> float:
    """How far a line begins, ends or is centred from where a name does, whichever is nearest."""
    return min(abs(label.box[0] - name.box[0]), abs(label.box[2] - name.box[2]), abs(label.centre[0] - name.centre[0]))


def _level_with(slot: Slot, labels: Sequence[Label], names: Sequence[Label]) -> list[Label]:
    """The lines under a name as far down as its picture reaches, whatever gaps are between, up to the next name."""
    name, end = slot.label, slot.region.box[3]
    column = [label for label in labels if _offset(label, name) < name.size and label.box[1] > name.box[1]]
    ends = [label.box[1] for label in column if any(label is other for other in names)]
    return [label for label in column if label.box[3] <= min([end, *ends]) and label.size <= name.size]


def _nearest(label: Label, regions: Sequence[Region], relation: NameRelation) -> Region | None:
    """The picture that a line belongs to: where names stand over their pictures, the other lines do."""
    sides: tuple[NameRelation, ...] = ("inside", "above") if relation == "above" else ("inside", "below")
    best: tuple[tuple[float, float], Region] | None = None
    for region in regions:
        if region.is_scene:
            continue
        gaps = [gap for side in sides if (gap := gap_to(label, region, side)) is not None]
        far = (min(gaps), region.aside(label.centre[0])) if gaps else None
        if far is not None and (best is None or far < best[0]):
            best = (far, region)
    return best[1] if best else None

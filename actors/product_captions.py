"""Owns products shown in pictures: which caption of a picture is the name, and which others belong to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actors.coded_lines import form_of, leading_code
from actors.dimensions import parse_dimensions
from actors.lines_under import lines_under
from actors.page_labels import Label, in_one_list, same_look
from actors.page_pattern import PagePattern, gap_to
from actors.page_regions import Region
from actors.page_slots import Slot
from actors.product_names import (
    ParsedName,
    is_bare_code,
    is_labelled_code,
    name_code,
    parse_name,
    parse_number,
    stands_alone,
)
from actors.records import NameRelation
from actors.words import find_terms, fold

BASE = {1: 0.45, 2: 0.7}  # by support: names of this look on the page
FULL = 0.8
SUPPORT_WEIGHT = {1: 1.0, 2: 1.2, 3: 1.4}  # for the choice among the captions of one picture
SCENE = 0.25
MAX_OTHERS = 30
MAX_LETTERING = 0.15  # of a swatch's height, for letters that OCR read in it
SAME_DEPTH = 0.06  # of the height, between letterings of one kind
MIN_ALIKE = 3
MIN_NUMBERED = 4  # captions: fewer bare numbers are page numbers and years
BLANK_PENALTY = 0.05
IN_SCAN = "in the scan"
LARGER_THAN_CODE = 1.08
LEVEL = 0.5  # of the letters' size, between the lines of what is printed level with a name or a code
MOSTLY = 0.6
MOSTLY_DISTINCT = 0.8
Named = tuple[Slot, ParsedName]
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
    slots = [slot for slot in pattern.slots if not _is_picture_text(slot) or _stands_alike(slot, pattern.slots)]
    repeated = _repeated_texts(slots)
    for slot in (_past_size(_past_code(slot, pattern.labels), pattern.labels) for slot in slots):
        name = parse_name(slot.label.text) or (parse_number(slot.label.text) if slot.support >= MIN_NUMBERED else None)
        if name is not None and not (slot.label.text in repeated and _has_rival(slot, slots)):
            by_region.setdefault(slot.region, []).append((slot, name))
    usable = sum(not region.is_scene for region in pattern.regions)
    chosen = {region: max(_without_title(found, usable), key=_weight) for region, found in by_region.items()}
    chosen = _names_under_codes(chosen, by_region, pattern.labels)
    found = _one_per_label(list(chosen.values()))
    found += [more for slot, _ in found for more in _listed_with(slot, pattern.labels, found)]
    names = [slot.label for slot, _ in found]
    over = [(slot.label, slot.region) for slot, _ in found if slot.relation == "above"]
    hung = lines_under(pattern.labels, over)
    return [_named(slot, name, _others(slot, pattern, names, hung), usable) for slot, name in found]


def _past_code(slot: Slot, labels: Sequence[Label]) -> Slot:
    """A labelled code between picture and name is no name: the line of its look under it may be one."""
    if not is_labelled_code(slot.label.text):
        return slot
    below = [label for label in labels if _under(slot.label, label) and _is_set_as_large(label, slot.label)]
    label = min(below, key=lambda label: label.box[1], default=None)
    if label is None or not _is_worded(label) or parse_name(label.text) is None:
        return slot
    return replace(slot, label=label)


def _is_set_as_large(label: Label, code: Label) -> bool:
    """Whether a line under a code is set like it; in a scan bold or larger letters do as well."""
    return same_look(code, label) or (label.source == code.source == "ocr" and label.bold and label.size >= code.size)


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


def _names_under_codes(
    chosen: Mapping[Region, Named], by_region: Mapping[Region, Sequence[Named]], labels: Sequence[Label]
) -> dict[Region, Named]:
    """Where bare codes stand between the pictures and larger names, the names instead; the codes stay beside them.

    Names that are no larger count where each is another. Codes that stand on the pictures give way to names outside of
    them, however large.
    """
    coded = {region: slot for region, (slot, name) in chosen.items() if is_bare_code(name.name)}
    renamed: dict[Region, tuple[Slot, ParsedName]] = {}
    for region, slot in coded.items():
        near = [label for label in labels if _under(slot.label, label) and _is_worded(label)]
        label = min(near, key=lambda label: label.box[1], default=None)
        name = parse_name(label.text) if label is not None else None
        if label is not None and name is not None:
            renamed[region] = (replace(slot, label=label), name)
    larger = sum(
        slot.label.size >= LARGER_THAN_CODE * coded[region].label.size for region, (slot, _) in renamed.items()
    )
    worded = sum(name_code(name.name) not in (None, name.name) for _, name in chosen.values())
    if worded >= MOSTLY * len(chosen):
        return {**chosen, **renamed}  # the others are a code and words: OCR read these as two lines
    if larger >= MOSTLY * len(renamed) and len(renamed) >= max(MIN_ALIKE, MOSTLY * len(coded)):
        return {**chosen, **renamed}
    return {**chosen, **(_names_on_codes(coded, labels) or _names_beside_codes(coded, by_region))}


def _names_on_codes(coded: Mapping[Region, Slot], labels: Sequence[Label]) -> dict[Region, Named]:
    """By picture the line under its code, or level with it, where these lines are set alike and say something each.

    A colour is a name there as well: "Black" among "Chinchilla Grey" and "Almond".
    """
    near = {region: _next_to(slot, labels) for region, slot in coded.items()}
    first = next((label for label in near.values() if label is not None and _is_worded(label)), None)
    named = {
        region: (replace(coded[region], label=label), name)
        for region, label in near.items()
        if label is not None and first is not None and same_look(label, first) and not stands_alone(label.text)
        if (name := parse_name(label.text)) is not None and not is_bare_code(name.name)
    }
    worded = sum(_is_worded(slot.label) for slot, _ in named.values())
    distinct = {fold(name.name) for _, name in named.values()}
    several = len(named) >= max(MIN_ALIKE, MOSTLY * len(coded)) and worded >= MOSTLY * len(named)
    return named if several and len(distinct) >= MOSTLY_DISTINCT * len(named) else {}


def _next_to(slot: Slot, labels: Sequence[Label]) -> Label | None:
    """The line under a code, else the next one level with it that begins within its picture's width."""
    under = [label for label in labels if _under(slot.label, label)]
    if under:
        return min(under, key=lambda label: label.box[1])
    level = [
        label
        for label in labels
        if label.box[0] >= slot.label.box[2]
        and label.centre[0] <= slot.region.box[2] + slot.label.size
        and abs(label.box[3] - slot.label.box[3]) < LEVEL * slot.label.size
    ]
    return min(level, key=lambda label: label.box[0], default=None)


def _names_beside_codes(
    coded: Mapping[Region, Slot], by_region: Mapping[Region, Sequence[Named]]
) -> dict[Region, Named]:
    """By picture with its code on it, the name outside of it; nothing unless most have one, and each its own."""
    renamed: dict[Region, Named] = {}
    for region, slot in coded.items():
        outside = [
            (other, name)
            for other, name in by_region[region]
            if slot.relation == "inside" != other.relation and name_code(name.name) != name.name
        ]
        if outside:
            renamed[region] = max(outside, key=_weight)
    distinct = {fold(name.name) for _, name in renamed.values()}
    several = len(renamed) >= max(MIN_ALIKE, MOSTLY * len(coded))
    return renamed if several and len(distinct) >= MOSTLY_DISTINCT * len(renamed) else {}


def _is_worded(label: Label) -> bool:
    """Whether a line could be a name in words: no size, no bare code, more than a finish or a colour."""
    if stands_alone(label.text) or name_code(label.text) == label.text or parse_dimensions(label.text):
        return False
    said = find_terms(label.text, "finish", "colour")
    return sum(term.end - term.start for term in said) < MOSTLY * len(label.text)


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
    if slot.label.height > MAX_LETTERING * slot.region.height:
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


def _repeated_texts(slots: Sequence[Slot]) -> set[str]:
    counts = Counter(slot.label.text for slot in slots)
    return {text for text, count in counts.items() if count > 1}


def _has_rival(slot: Slot, slots: Sequence[Slot]) -> bool:
    """Whether another label of the same picture could be the name instead."""
    return any(
        other.region == slot.region
        and not same_look(other.label, slot.label)
        and not is_labelled_code(other.label.text)
        and parse_name(other.label.text) is not None
        for other in slots
    )


def _weight(found: Named) -> float:
    slot, name = found
    return (
        slot.label.size * (1.2 if slot.label.bold else 1.0) * (0.5 + name.score) * SUPPORT_WEIGHT[min(slot.support, 3)]
    )


def _named(slot: Slot, name: ParsedName, others: Sequence[Label], usable: int) -> NamedPicture:
    reasons = [_where(slot)]
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


def _where(slot: Slot) -> str:
    what = {"image": "a picture", "fill": "a colour area", "blank": "an empty space where a picture would be"}[
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
            or _under(slot.label, label)
            or any(label is other for other in below)
            or (is_bare_code(label.text) and _under(label, slot.label) and not any(_under(n, label) for n in names))
        )
    ]
    foreign = [label for label, region in hung if region != slot.region]
    found = [label for label in found if not any(label is other for other in foreign)]
    found += [label for label, region in hung if region == slot.region and not any(label is other for other in found)]
    return sorted(found, key=lambda label: (label.box[1], label.box[0]))[:MAX_OTHERS]


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
    best: tuple[float, Region] | None = None
    for region in regions:
        if region.is_scene:
            continue
        gaps = [gap for side in sides if (gap := gap_to(label, region, side)) is not None]
        if gaps and (best is None or min(gaps) < best[0]):
            best = (min(gaps), region)
    return best[1] if best else None


def _under(name: Label, label: Label) -> bool:
    gap = label.box[1] - name.box[3]
    aligned = abs(label.box[0] - name.box[0]) < name.size or abs(label.centre[0] - name.centre[0]) < name.size
    return -0.3 * name.size <= gap <= 1.0 * name.size and aligned and fold(label.text) != fold(name.text)

"""Owns the choice among the captions of one picture, and of a name in words where codes would pass for it.

Knows pictures and captions of one page; what belongs to a name is known by `actors.candidates.captions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actors.naming.product_names import ParsedName, is_bare_code, name_code, parse_name, stands_alone
from actors.page.labels import Label, same_look
from actors.page.regions import Region
from actors.page.slots import Slot
from actors.values.dimensions import parse_dimensions
from actors.vocabulary.words import find_terms, fold, looks_only

SUPPORT_WEIGHT = {1: 1.0, 2: 1.2, 3: 1.4}  # for the choice among the captions of one picture
MIN_ALIKE = 3
LARGER_THAN_CODE = 1.08
LEVEL = 0.5  # of the letters' size, between the lines of what is printed level with a name or a code
MOSTLY = 0.6
MOSTLY_DISTINCT = 0.8
Named = tuple[Slot, ParsedName]


def best_name(found: Sequence[Named]) -> Named:
    """The weightiest; where that is a bare code, a name that is set larger and repeats as often."""
    best = max(found, key=weight)
    slot, name = best
    if not is_bare_code(name.name):
        return best
    larger = [
        (other, named)
        for other, named in found
        if other.label.size >= LARGER_THAN_CODE * slot.label.size
        and other.support >= slot.support > 1
        and not is_bare_code(named.name)
        and not looks_only(named.name, "finish")
    ]
    return max(larger, key=weight, default=best)


def names_under_codes(
    chosen: Mapping[Region, Named], by_region: Mapping[Region, Sequence[Named]], labels: Sequence[Label]
) -> dict[Region, Named]:
    """Where bare codes stand between the pictures and larger names, the names instead; the codes stay beside them.

    Names that are no larger count where each is another. Codes that stand on the pictures give way to names outside of
    them, however large.
    """
    coded = {region: slot for region, (slot, name) in chosen.items() if is_bare_code(name.name)}
    renamed: dict[Region, tuple[Slot, ParsedName]] = {}
    for region, slot in coded.items():
        near = [label for label in labels if stands_under(slot.label, label) and is_worded(label)]
        label = min(near, key=lambda label: label.box[1], default=None)
        name = parse_name(label.text) if label is not None else None
        if label is not None and name is not None:
            renamed[region] = (replace(slot, label=label), name)
    larger = sum(
        slot.label.size >= LARGER_THAN_CODE * coded[region].label.size for region, (slot, _) in renamed.items()
    )
    worded = len(chosen) - len(coded)
    if worded >= MOSTLY * len(chosen):
        return {**chosen, **renamed}  # the others are words, with a code or without: so are these
    if larger >= MOSTLY * len(renamed) and len(renamed) >= max(MIN_ALIKE, MOSTLY * len(coded)):
        return {**chosen, **renamed}
    return {**chosen, **(_names_on_codes(coded, labels) or _names_beside_codes(coded, by_region))}


def _names_on_codes(coded: Mapping[Region, Slot], labels: Sequence[Label]) -> dict[Region, Named]:
    """By picture the line under its code, or level with it, where these lines are set alike and say something each.

    A colour is a name there as well: "Black" among "Chinchilla Grey" and "Almond".
    """
    near = {region: _next_to(slot, labels) for region, slot in coded.items()}
    first = next((label for label in near.values() if label is not None and is_worded(label)), None)
    named = {
        region: (replace(coded[region], label=label), name)
        for region, label in near.items()
        if label is not None and first is not None and same_look(label, first) and not stands_alone(label.text)
        if (name := parse_name(label.text)) is not None and not is_bare_code(name.name)
    }
    worded = sum(is_worded(slot.label) for slot, _ in named.values())
    distinct = {fold(name.name) for _, name in named.values()}
    several = len(named) >= max(MIN_ALIKE, MOSTLY * len(coded)) and worded >= MOSTLY * len(named)
    return named if several and len(distinct) >= MOSTLY_DISTINCT * len(named) else {}


def _next_to(slot: Slot, labels: Sequence[Label]) -> Label | None:
    """The line under a code, else the next one level with it that begins within its picture's width."""
    under = [label for label in labels if stands_under(slot.label, label)]
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
            renamed[region] = max(outside, key=weight)
    distinct = {fold(name.name) for _, name in renamed.values()}
    several = len(renamed) >= max(MIN_ALIKE, MOSTLY * len(coded))
    return renamed if several and len(distinct) >= MOSTLY_DISTINCT * len(renamed) else {}


def is_worded(label: Label) -> bool:
    """Whether a line could be a name in words: no size, no bare code, more than a finish or a colour."""
    if stands_alone(label.text) or name_code(label.text) == label.text or parse_dimensions(label.text):
        return False
    said = find_terms(label.text, "finish", "colour")
    return sum(term.end - term.start for term in said) < MOSTLY * len(label.text)


def weight(found: Named) -> float:
    """How much a caption speaks for being the name: large, bold, a name by its words, repeated."""
    slot, name = found
    return (
        slot.label.size * (1.2 if slot.label.bold else 1.0) * (0.5 + name.score) * SUPPORT_WEIGHT[min(slot.support, 3)]
    )


def stands_under(name: Label, label: Label) -> bool:
    """Whether a line stands close under a name, beginning, ending or centred where it does."""
    gap = label.box[1] - name.box[3]
    offsets = (label.box[0] - name.box[0], label.box[2] - name.box[2], label.centre[0] - name.centre[0])
    return (
        -0.3 * name.size <= gap <= 1.0 * name.size
        and min(map(abs, offsets)) < name.size
        and fold(label.text) != fold(name.text)
    )

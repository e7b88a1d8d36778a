"""Owns what the cells of a page tell: in one after the other, code, size and price are at one distance from the name.

So captions get what stands far from their pictures, and swatches that fill a scan from edge to edge, where no picture
parts from the next, are named by what stands as far from each code.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from actors.candidates.captions import FULL, NamedPicture, where_it_stands
from actors.candidates.coded_lines import form_of
from actors.naming.product_names import is_bare_code, is_labelled_code, parse_name, stands_alone
from actors.page.cells import Pair, at_one_distance
from actors.page.labels import Label, same_look, sizes_alike, union
from actors.page.pattern import PagePattern
from actors.page.regions import Region, contains, moved, overlap_share
from actors.page.slots import Slot
from actors.values.codes import parse_codes
from actors.vocabulary.words import fold, squeeze

MIN_NAMES, MIN_CODES, MIN_FREE = 4, 2, 3
FAR = 5.0  # letter sizes over or under a name: farther down the next name may stand, which was not seen
MOSTLY = 0.8  # of the codes: with a name each, and of these: another than the others'
NEARLY = 0.95  # of the code's letters, at least, those of a name
SAME_PLACE = 0.5  # of two boxes together, that a picture and the place for it have in common
REASON = "as far from its code as others from theirs"


def with_values_in_cells(captions: Sequence[NamedPicture], labels: Sequence[Label]) -> list[NamedPicture]:
    """The captions of a page, each with the codes, sizes and prices of its cell that are no other caption's."""
    names = [item.slot.label for item in captions]
    if len(names) < MIN_NAMES:
        return list(captions)
    taken = {id(label) for item in captions for label in (item.slot.label, *item.others)}
    values = [label for label in labels if _is_value(label) and id(label) not in taken]
    pairs = at_one_distance(names, values, max(MIN_FREE, len(names) // 2), FAR)
    return [
        replace(item, others=(*item.others, *more))
        if (more := [value for name, value in pairs if name is item.slot.label])
        else item
        for item in captions
    ]


def _is_value(label: Label) -> bool:
    return label.is_short and (stands_alone(label.text) or is_bare_code(label.text))


def with_coded_cells(captions: Sequence[NamedPicture], pattern: PagePattern, *, in_scan: bool) -> list[NamedPicture]:
    """The captions of a page with the names of its cells, and none of what else these print.

    Args:
        captions: of the page, as its pictures tell.
        pattern: of the page.
        in_scan: a picture may not have been seen: what a cell prints on is taken for it.
    """
    pairs = _names_with_codes(pattern.labels)
    names = [name for name, _ in pairs]
    values = [label for label in pattern.labels if pairs and label.is_short and stands_alone(label.text)]
    values = [value for value in values if not _is_code(value)]
    further = at_one_distance(names, values, MIN_CODES)
    seen = [item for item in captions if any(item.slot.label is name for name in names)]
    seen = [item for item in seen if item.slot.region.kind != "blank" or any(map(_is_code, item.others))]
    cells: list[NamedPicture] = []
    for name, code in pairs:
        own = next((item for item in seen if item.slot.label is name), None)
        others = (code, *(value for anchor, value in further if anchor is name))
        if own is not None:
            cells.append(_completed(own, others))
            continue
        slot = _as_its_neighbours(name, seen, pattern) or _slot(name, others, names, pattern, in_scan=in_scan)
        parsed = parse_name(name.text)
        if slot is not None and parsed is not None:
            reasons = (where_it_stands(slot), REASON, *parsed.reasons)
            cells.append(NamedPicture(parsed, slot, others, FULL, reasons))
    printed = [label for item in cells for label in (item.slot.label, *item.others)]
    return [item for item in captions if not any(item.slot.label is label for label in printed)] + cells


def _completed(item: NamedPicture, others: Sequence[Label]) -> NamedPicture:
    """A caption with what its cell prints, where it has no code yet."""
    if any(map(_is_code, (item.slot.label, *item.others))):
        return item
    more = [label for label in others if not any(label is own for own in item.others)]
    return replace(item, others=(*item.others, *more))


def _names_with_codes(labels: Sequence[Label]) -> list[Pair]:
    """Names, each with its code, of the form that most codes of the page have; none where any is without a name."""
    forms: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        if labelled := _opening_label(label):
            forms[labelled].append(label)
        elif _is_code(label):
            forms[re.sub(r"9+", "9", form_of(label.text).replace(" ", ""))].append(label)  # OCR may miss a digit
    codes = max(forms.values(), key=len, default=[])
    if len(codes) < MIN_CODES:
        return []
    able = [label for label in labels if _could_be_a_name(label) and label.size >= NEARLY * codes[0].size]
    least = max(MIN_CODES, round(MOSTLY * len(codes)))
    pairs = [(name, code) for code, name in at_one_distance(codes, able, least)]
    pairs = _of_the_first_look(pairs, least)
    return pairs if len({fold(name.text) for name, _ in pairs}) >= MOSTLY * len(pairs) else []


def _opening_label(label: Label) -> str:
    """The word for a code with which a line begins, whatever follows the code: "Ref. TU101 chrome"."""
    codes = [code for code in parse_codes(label.text) if code.label and label.text.startswith(code.label)]
    return squeeze(codes[0].label) if codes else ""


def _is_code(label: Label) -> bool:
    return is_bare_code(label.text) or is_labelled_code(label.text) or bool(_opening_label(label))


def _of_the_first_look(pairs: Sequence[Pair], least: int) -> list[Pair]:
    """The pairs whose names are set alike, the largest letters first; each code once."""
    for first, _ in sorted(pairs, key=lambda pair: -pair[0].size):
        alike = [pair for pair in pairs if _is_set_like(pair[0], first)]
        if len(alike) >= least and len({id(code) for _, code in alike}) == len(alike):
            return alike
    return []


def _is_set_like(name: Label, other: Label) -> bool:
    """Whether two names are set alike; of white letters on dark swatches OCR sees other weights than of black ones."""
    is_read = name.source == other.source == "ocr" and sizes_alike(name.size, other.size, "ocr")
    return is_read or same_look(name, other)


def _could_be_a_name(label: Label) -> bool:
    is_told = label.is_short and not stands_alone(label.text) and not _is_code(label)
    return is_told and parse_name(label.text) is not None


def _as_its_neighbours(name: Label, seen: Sequence[NamedPicture], pattern: PagePattern) -> Slot | None:
    """The slot of a name whose picture stands where those of the other names do, seen or not; None without others."""
    usual = next((item.slot for item in seen if not item.slot.region.is_scene), None)
    if usual is None:
        return None
    box = moved(usual.region.box, name.box[0] - usual.label.box[0], name.box[1] - usual.label.box[1])
    there = next((region for region in pattern.regions if overlap_share(region.box, box) > SAME_PLACE), None)
    return Slot(name, there or Region(box, "blank"), usual.relation, usual.gap, usual.support + 1, usual.label)


def _slot(
    name: Label, others: Sequence[Label], names: Sequence[Label], pattern: PagePattern, *, in_scan: bool
) -> Slot | None:
    """The slot of a name in the picture that holds its cell and no other, or else in the place where it is printed."""
    place = union([name.box, *(label.box for label in others)])
    around = [r for r in pattern.regions if contains(r.box, place) and sum(contains(r.box, n.box) for n in names) == 1]
    region = around[0] if around else Region(place, "blank") if in_scan else None
    return None if region is None else Slot(name, region, "inside", 0.0, len(names))

"""Owns cards: several products of a page, each with a title over a list of the same labelled properties.

Where "Size", "Material" and "Packing" come again and again down a column, a card ends and the next begins: its title is
the name, wherever the pictures stand and whether they were seen or not.
"""

from collections.abc import Sequence
from dataclasses import replace

from actors.candidates.captions import FULL, NamedPicture, where_it_stands
from actors.naming.product_names import parse_name
from actors.page.labels import Label
from actors.page.pattern import PagePattern
from actors.page.regions import Region, area, intersection
from actors.page.slots import Slot
from actors.records import Box
from actors.values.labelled import is_property_label
from actors.vocabulary.words import fold

MIN_CARDS = 2
MIN_LISTED = 2  # labels of a card
MIN_COMMON = 0.5  # of a card's labels: those that another card has as well
PITCH = 3.0  # letter sizes from one label of a list to the next
ALIGNED = 1.5  # letter sizes by which a title and a list begin apart
LARGER = 1.15  # the letters of a title against those of its list
ALIKE = 1.3  # titles of one page against each other
MIN_PICTURE = 4.0  # letter sizes: the width of a space beside a list that is a picture's, seen or not
MOST_SEEN = 0.5  # of that space: what was seen of a thing in it is less
REASON = "the title over a list of properties that comes again on the page"


def with_cards(captions: Sequence[NamedPicture], pattern: PagePattern, *, in_scan: bool) -> list[NamedPicture]:
    """The captions of a page, those of cards with all that stands on them, and none of what else stands on a card.

    Args:
        captions: of the page, as its pictures tell.
        pattern: of the page.
        in_scan: a picture may not have been seen: the space beside a list is taken for it.
    """
    titled = _titled_lists(pattern.labels)
    found: list[NamedPicture] = []
    for title, listed in titled:
        others = _printed_on(title, listed, titled, pattern.labels)
        own = next((item for item in captions if item.slot.label is title), None)
        if own is not None:
            more = [label for label in own.others if not any(label is other for other in others)]
            found.append(replace(own, others=(*others, *more)))
            continue
        top = _top(listed[0], [one for _, one in titled])
        region, name = _picture(title, others, pattern, top, in_scan=in_scan), parse_name(title.text)
        if region is not None and name is not None:
            slot = Slot(title, region, "right" if region.box[2] <= title.box[0] else "below", 0.0, len(titled))
            found.append(NamedPicture(name, slot, tuple(others), FULL, (where_it_stands(slot), REASON, *name.reasons)))
    on_cards = [label for item in found for label in (item.slot.label, *item.others)]
    return [item for item in captions if not any(item.slot.label is label for label in on_cards)] + found


def _titled_lists(labels: Sequence[Label]) -> list[tuple[Label, list[Label]]]:
    """Lists of properties each under a title of its own; none where fewer than two of one kind stand on the page."""
    lists = _lists([label for label in labels if is_property_label(_head(label))])
    words = [{fold(_head(label)) for label in one} for one in lists]
    lists = [
        one
        for place, one in enumerate(lists)
        if any(_are_common(words[place], other) for at, other in enumerate(words) if at != place)
    ]
    titled = [(title, one) for one in lists if (title := _title(one, lists, labels)) is not None]
    sizes = [title.size for title, _ in titled]
    apart = len({id(title) for title, _ in titled}) == len(titled) == len(lists) >= MIN_CARDS
    return titled if apart and max(sizes) <= ALIKE * min(sizes) else []


def _head(label: Label) -> str:
    return label.text.partition(":")[0]


def _are_common(words: set[str], others: set[str]) -> bool:
    return len(words & others) >= max(1, MIN_COMMON * min(len(words), len(others)))


def _lists(heads: Sequence[Label]) -> list[list[Label]]:
    """Labels that stand close under each other, list by list."""
    lists: list[list[Label]] = []
    for label in sorted(heads, key=lambda item: item.box[1]):
        home = next((one for one in lists if _follows(one, label)), None)
        if home is None:
            lists.append([label])
        else:
            home.append(label)
    return [one for one in lists if len(one) >= MIN_LISTED]


def _follows(one: Sequence[Label], label: Label) -> bool:
    last = one[-1]
    close = 0 < label.box[1] - last.box[1] <= PITCH * last.size and abs(label.box[0] - last.box[0]) <= last.size
    return close and fold(_head(label)) not in {fold(_head(other)) for other in one}


def _title(one: Sequence[Label], lists: Sequence[Sequence[Label]], labels: Sequence[Label]) -> Label | None:
    """The largest line over a list, under the list before in its column."""
    first, top = one[0], _top(one[0], lists)
    over = [
        label
        for label in labels
        if top <= label.box[1] and label.box[3] <= first.box[1] + 0.3 * first.size and _is_in_column(label, first)
    ]
    named = [label for label in over if label.size >= LARGER * first.size and parse_name(label.text) is not None]
    largest = max((label.size for label in named), default=0.0)
    return next((label for label in reversed(named) if label.size == largest), None)


def _top(first: Label, lists: Sequence[Sequence[Label]]) -> float:
    """Where the list before ends in the column of one that begins with this label; minus infinity for the first."""
    before = [one[-1].box[3] for one in lists if one[-1].box[3] <= first.box[1] and _is_in_column(one[0], first)]
    return max(before, default=float("-inf"))


def _is_in_column(label: Label, first: Label) -> bool:
    return abs(label.box[0] - first.box[0]) <= ALIGNED * max(label.size, first.size)


def _printed_on(
    title: Label, listed: Sequence[Label], titled: Sequence[tuple[Label, list[Label]]], labels: Sequence[Label]
) -> list[Label]:
    """All short labels of a card but its title: down to the next card, and across to the column beside it."""
    tops = [other.box[1] for other, _ in titled if _is_in_column(other, title) and other.box[1] > title.box[1]]
    bottom = min([*tops, listed[-1].box[3] + PITCH * listed[-1].size])
    lefts = [other.box[0] for other, _ in titled if other.box[0] > title.box[2] and not _is_in_column(other, title)]
    right = min(lefts, default=float("inf"))
    left, top = min(title.box[0], listed[0].box[0]) - title.size, title.box[1] - 0.5 * title.size
    return [
        label
        for label in labels
        if label is not title and label.is_short and left <= label.box[0] < right and top <= label.centre[1] < bottom
    ]


def _picture(
    title: Label, others: Sequence[Label], pattern: PagePattern, top: float, *, in_scan: bool
) -> Region | None:
    """The picture left of a card, on it, or over it and under the card before, which ends at `top`.

    In a scan the space left of it, where none was seen that fills it.
    """
    bottom = max([title.box[3], *(label.box[3] for label in others)])
    lines = [label for label in pattern.labels if title.box[1] <= label.centre[1] <= bottom]
    ends = [label.box[2] for label in lines if label.box[2] <= title.box[0]]
    space: Box = (max(ends, default=0.0), title.box[1], title.box[0], bottom)
    pictures = [region for region in pattern.regions if not region.is_scene]
    level = [region for region in pictures if title.box[1] < region.centre[1] < bottom]
    beside = [region for region in level if region.box[2] <= title.box[0] + title.size]
    largest = max(beside, key=lambda region: area(region.box), default=None)
    is_wide = space[2] - space[0] >= MIN_PICTURE * title.size
    if in_scan and is_wide and (largest is None or area(intersection(largest.box, space)) < MOST_SEEN * area(space)):
        return Region(space, "blank")
    right = max(label.box[2] for label in (title, *others))
    on_it = [region for region in level if title.box[0] <= region.centre[0] <= right]
    over = [region for region in pictures if region.aside(title.box[0]) == 0 and region.box[3] <= title.centre[1]]
    over = [region for region in over if region.box[1] >= top]
    return largest or next(iter(on_it), None) or max(over, key=lambda region: region.box[3], default=None)

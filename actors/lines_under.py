"""Owns the lines that hang under pictures whose names stand over them: size and code of this one, not of the next.

Knows geometry alone.
"""

from collections.abc import Sequence

from actors.page_labels import Label
from actors.page_pattern import gap_to
from actors.page_regions import Region

CLOSE = 2.0  # letter sizes between a picture and a line that hangs under it
FARTHER = 1.5  # times as far from the next name as from the picture
MOSTLY = 0.6  # of the pictures with names


def lines_under(labels: Sequence[Label], named: Sequence[tuple[Label, Region]]) -> list[tuple[Label, Region]]:
    """Each short line under a picture, with this picture; none unless most pictures have some.

    Args:
        labels: of the page.
        named: the names, each with the picture that it stands over.
    """
    names = [name for name, _ in named]
    found = [
        (label, region)
        for label in labels
        if label.is_short
        and not any(label is name for name in names)
        and (region := _over(label, [region for _, region in named])) is not None
        and not _is_nearer_to_name(label, region, names)
    ]
    have = sum(any(region == other for _, other in found) for _, region in named)
    return found if len(named) > 1 and have >= MOSTLY * len(named) else []


def _over(label: Label, regions: Sequence[Region]) -> Region | None:
    """The nearest picture close above a line."""
    gaps = [(gap, region) for region in regions if (gap := gap_to(label, region, "below")) is not None]
    gap, region = min(gaps, key=lambda item: item[0], default=(0.0, None))
    return region if gap <= CLOSE * label.size else None


def _is_nearer_to_name(label: Label, over: Region, names: Sequence[Label]) -> bool:
    """Whether the next name below begins about as near as the picture ends."""
    below = [
        name.box[1] - label.box[3]
        for name in names
        if name.box[1] >= label.box[3] - name.size and name.box[0] < over.box[2] and over.box[0] < name.box[2]
    ]
    return min(below, default=float("inf")) < FARTHER * max(label.size, label.box[1] - over.box[3])

"""Owns the lines that hang under pictures whose names stand over them: size and code of this one, not of the next.

Knows geometry alone.
"""

from collections.abc import Sequence

from actors.page.labels import Label, same_look
from actors.page.pattern import gap_to
from actors.page.regions import Region

ALIGNED = 1.0  # letter sizes by which the lines of one column begin or end apart
CLOSE = 2.0  # letter sizes between a picture and a line that hangs under it
FARTHER = 1.5  # times as far from the next name as from the picture
TIGHT = 0.5  # letter sizes: lines set closer than that are not told apart by how close
MOSTLY = 0.6  # of the pictures with names

Hung = tuple[Label, Region]


def lines_under(labels: Sequence[Label], named: Sequence[tuple[Label, Region]]) -> list[tuple[Label, Region]]:
    """Each short line under a picture, with this picture; none unless most pictures have some.

    Args:
        labels: of the page.
        named: the names, each with the picture that it stands over.
    """
    names = [name for name, _ in named]
    free = [label for label in labels if label.is_short and not any(label is name for name in names)]
    found = [
        (label, region)
        for label in free
        if (region := _over(label, [region for _, region in named])) is not None
        and not _is_nearer_to_name(label, max(label.size, label.box[1] - region.box[3]), region, names)
    ]
    have = sum(any(region == other for _, other in found) for _, region in named)
    return _with_further(found, free, names) if len(named) > 1 and have >= MOSTLY * len(named) else []


def _with_further(found: list[Hung], labels: Sequence[Label], names: Sequence[Label]) -> list[Hung]:
    """The lines, and those that go on below them column by column: a version each, say, of what the picture shows."""
    hung = list(found)
    for label in sorted(labels, key=lambda item: item.box[1]):
        if any(label is other for other, _ in hung):
            continue
        region = next((region for above, region in hung if _goes_on(above, label, region, names)), None)
        if region is not None:
            hung.append((label, region))
    return hung


def _goes_on(above: Label, label: Label, region: Region, names: Sequence[Label]) -> bool:
    """Whether a label is the next line of the column in which another hangs under a picture."""
    gap = label.box[1] - above.box[3]
    apart = min(abs(label.box[0] - above.box[0]), abs(label.box[2] - above.box[2]))
    follows = same_look(above, label) and apart < ALIGNED * label.size and -0.3 * label.size <= gap <= label.size
    return follows and not _is_nearer_to_name(label, max(gap, TIGHT * label.size), region, names)


def _over(label: Label, regions: Sequence[Region]) -> Region | None:
    """The nearest picture close above a line."""
    gaps = [(gap, region) for region in regions if (gap := gap_to(label, region, "below")) is not None]
    gap, region = min(gaps, key=lambda item: (item[0], item[1].aside(label.centre[0])), default=(0.0, None))
    return region if gap <= CLOSE * label.size else None


def _is_nearer_to_name(label: Label, gap: float, over: Region, names: Sequence[Label]) -> bool:
    """Whether the next name below begins about as near as what stands above: the picture, or the line before."""
    below = [
        name.box[1] - label.box[3]
        for name in names
        if name.box[1] >= label.box[3] - name.size and name.box[0] < over.box[2] and over.box[0] < name.box[2]
    ]
    return min(below, default=float("inf")) < FARTHER * gap

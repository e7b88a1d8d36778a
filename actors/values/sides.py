"""Decides which number of a size is the length, the width, the height, the thickness.

It owns the order of unlabelled numbers and the meaning of labels within one size. It reads no text.
"""

from collections.abc import Sequence

from actors.values.lengths import Axis, Measure

THIN_MM = 60.0
"""A third number up to this, and much smaller than the others, is a thickness."""
BOARD, SHARE_OF_BOARD = 3.0, 0.25
"""A board is printed as it grows, 20 x 140 x 2000: as many widths long, and at most so much of its width thick."""
_ORDER: tuple[Axis, ...] = ("length", "width", "height", "depth")


def assign(measures: Sequence[Measure], values_mm: Sequence[float]) -> list[Axis]:
    """Which side each number is: by its label, else in the order length, width, and thickness or height."""
    axes: list[Axis | None] = [None] * len(measures)
    for i in sorted(range(len(measures)), key=lambda i: len(measures[i].labels)):  # A 60 x H 90: the H is sure
        free = [axis for axis in measures[i].labels if axis not in axes]
        if "thickness" in free and (len(free) > 1 or len(measures) > 1) and values_mm[i] > THIN_MM:
            free.remove("thickness")
        axes[i] = free[0] if free else None
    if all(axis is None for axis in axes) and (thin := _thin_one(values_mm)) is not None:
        axes[thin] = "thickness"
    rest = iter([axis for axis in _ORDER if axis not in axes])
    return [axis if axis is not None else next(rest) for axis in axes]


def _thin_one(values_mm: Sequence[float]) -> int | None:
    """Which of three numbers is a thickness: the last or the first, when it is thin beside the others."""
    if len(values_mm) != 3:
        return None
    is_board = values_mm[2] >= BOARD * values_mm[1]
    for index, share in ((2, 0.35), (0, SHARE_OF_BOARD if is_board else 0.1)):
        others = [value for i, value in enumerate(values_mm) if i != index]
        if values_mm[index] <= THIN_MM and values_mm[index] <= share * min(others):
            return index
    return None


def as_fields(axes: dict[Axis, float]) -> dict[str, float]:
    """Field names by side; a depth takes the free one of width, length and height, and is left out where none is."""
    fields = {f"{axis}_mm": value for axis, value in axes.items() if axis != "depth"}
    free = next((name for name in ("width_mm", "length_mm", "height_mm") if name not in fields), None)
    if "depth" in axes and free is not None:
        fields[free] = axes["depth"]
    return fields

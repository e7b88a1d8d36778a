"""The record in which every parser of one line hands back what it read."""

from actors.records import Confidence, Record


class ParsedValue(Record):
    """A field's value where it stands in a text."""

    field: str  # "technicalSpecifications.slipResistance"
    value: str  # as printed
    start: int  # offsets of the value into the text
    end: int
    confidence: Confidence


def without_overlaps(values: list[ParsedValue]) -> list[ParsedValue]:
    """The surest of values of one field that overlap, in reading order."""
    kept: list[ParsedValue] = []
    for value in sorted(values, key=lambda v: (-v.confidence, v.start - v.end)):
        if not any(o.field == value.field and o.start < value.end and value.start < o.end for o in kept):
            kept.append(value)
    return sorted(kept, key=lambda value: value.start)


def is_pair(text: str, offset: int) -> bool:
    """Whether the row around an offset is of two cells: a label and its value."""
    start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)].count("|") == 1

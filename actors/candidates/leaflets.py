"""Owns leaflets: a page about one product that only prints its name large, and a size and other properties in lines.

Knows one page. Whether the document is a leaflet, or a catalogue of which this is a title page, is decided over all
pages.
"""

from collections.abc import Sequence
from statistics import median

from actors.candidates.sheets import MAX_BODY, Sheet
from actors.naming.product_names import ParsedName, parse_name
from actors.page.labels import Label, union
from actors.page.pattern import PagePattern
from actors.page.regions import area
from actors.records import Box
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import parse_labelled
from actors.values.technical import parse_technical
from actors.vocabulary.words import find_terms, squeeze

LEAFLET = "the largest line of a leaflet, with a size"
TITLE = "the largest line of a page with few"
LARGER = 1.5  # the name's letters against those of most lines
ALONE = 0.85  # of the name's size: the next line that could be a name is smaller
MAX_LABELS = 25
MIN_BLANK = 0.3  # of the width of all lines: the height of a picture
MAX_NAME_WORDS, MAX_LINE_WORDS = 6, 8
MIN_SUPPLIER = 4  # letters
CONFIDENCE, WEAK = 0.55, 0.45  # a person should look at it; no product without other pages


def leaflet(pattern: PagePattern) -> Sheet | None:
    """The one product of a leaflet; None where the page shows several, or says too little of one."""
    several = any(slot.support > 1 and slot.region.kind != "blank" for slot in pattern.slots)
    if several or not 2 < len(pattern.labels) <= MAX_LABELS:
        return None
    named = [label for label in pattern.labels if _could_be_a_name(label)]
    label = max(named, key=lambda item: item.size, default=None)
    if label is None or label.size < LARGER * median(other.size for other in pattern.labels):
        return None
    if any(other.size > ALONE * label.size for other in named if other is not label):
        return None
    name = parse_name(label.text)
    if name is None or not _has_size_and_more([other for other in pattern.labels if other is not label]):
        return None
    return _sheet(name, label, pattern, CONFIDENCE, LEAFLET)


def _could_be_a_name(label: Label) -> bool:
    return len(label.text.split()) <= MAX_NAME_WORDS and parse_name(label.text) is not None


def _has_size_and_more(labels: list[Label]) -> bool:
    """Whether short lines say one size of two sides and another property; several sizes are of several products."""
    lines = [line.text for label in labels for line in label.lines if len(line.text.split()) <= MAX_LINE_WORDS]
    faces = {
        tuple(sorted(size.sides.values())) for text in lines for size in parse_dimensions(text) if len(size.sides) > 1
    }
    more = sum(not parse_dimensions(text) and _says_a_property(text) for text in lines)
    return len(faces) == 1 and more > 0


def _says_a_property(text: str) -> bool:
    return bool(parse_technical(text) or parse_labelled(text) or find_terms(text, "material", "finish"))


def leaflet_title(pattern: PagePattern) -> Sheet | None:
    """The largest line of a page with few, but the supplier's name: of a leaflet whose other pages tell its size.

    Weak by itself; whether the document is such a leaflet is decided over all pages.
    """
    if any(slot.support > 1 and slot.region.kind != "blank" for slot in pattern.slots):
        return None
    named = [label for label in pattern.labels if _could_be_a_name(label) and not _is_in_address(label, pattern.labels)]
    label = max(named, key=lambda item: item.size, default=None)
    if label is None or len(pattern.labels) > MAX_LABELS:
        return None
    name = parse_name(label.text)
    if name is None or label.size < LARGER * median(other.size for other in pattern.labels):
        return None
    return _sheet(name, label, pattern, WEAK, TITLE)


def _sheet(name: ParsedName, label: Label, pattern: PagePattern, confidence: float, reason: str) -> Sheet:
    """The product of a page with all its other lines and the largest of its pictures."""
    pictures = [region for region in pattern.regions if not region.is_scene]
    picture = max(pictures, key=lambda region: area(region.box), default=None)
    body = tuple(other for other in pattern.labels if other is not label)[:MAX_BODY]
    return Sheet(name, label, body, picture.box if picture else _highest_blank(pattern.labels), confidence, (reason,))


def _highest_blank(labels: Sequence[Label]) -> Box | None:
    """The space between two lines in which a scan's picture was not seen; None where all lines stand close."""
    x0, _, x1, _ = union([label.box for label in labels])
    gaps, bottom = [], labels[0].box[3]
    for label in sorted(labels, key=lambda item: item.box[1]):
        gaps.append((label.box[1] - bottom, bottom, label.box[1]))
        bottom = max(bottom, label.box[3])
    gap, top, bottom = max(gaps)
    return (x0, top, x1, bottom) if gap >= MIN_BLANK * (x1 - x0) else None


def _is_in_address(label: Label, labels: Sequence[Label]) -> bool:
    """Whether a line is a part of a longer word, set smaller: the supplier's name in the web address."""
    name = squeeze(label.text)
    smaller = [other for other in labels if other.size < ALONE * label.size]
    return len(name) >= MIN_SUPPLIER and any(name in squeeze(word) for other in smaller for word in other.text.split())

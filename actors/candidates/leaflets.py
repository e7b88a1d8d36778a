"""Owns leaflets: a page about one product that only prints its name large, and a size and other properties in lines.

Knows one page. Whether the document is a leaflet, or a catalogue of which this is a title page, is decided over all
pages.
"""

from statistics import median

from actors.candidates.sheets import MAX_BODY, Sheet
from actors.naming.product_names import parse_name
from actors.page.labels import Label
from actors.page.pattern import PagePattern
from actors.page.regions import area
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import parse_labelled
from actors.values.technical import parse_technical
from actors.vocabulary.words import find_terms

LEAFLET = "the largest line of a leaflet, with a size"
LARGER = 1.5  # the name's letters against those of most lines
ALONE = 0.85  # of the name's size: the next line that could be a name is smaller
MAX_LABELS = 25
MAX_NAME_WORDS, MAX_LINE_WORDS = 6, 8
CONFIDENCE = 0.55  # a person should look at it


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
    pictures = [region for region in pattern.regions if not region.is_scene]
    picture = max(pictures, key=lambda region: area(region.box), default=None)
    body = tuple(other for other in pattern.labels if other is not label)[:MAX_BODY]
    return Sheet(name, label, body, picture.box if picture else None, CONFIDENCE, (LEAFLET,))


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

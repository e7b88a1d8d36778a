"""Owns products that are announced by a heading: a list of families with a sentence each, or a page about one product.

Knows one page. Whether the document is a catalogue at all, and which headings repeat, is decided over all pages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actors.naming.product_names import ParsedName, parse_name
from actors.page.labels import Label
from actors.page.pattern import PagePattern, looks
from actors.page.printed_rows import printed_rows
from actors.values.codes import parse_codes
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import parse_labelled
from actors.values.technical import parse_technical
from actors.vocabulary.words import find_terms

LARGER = 1.12  # a heading's letters against those of the running text
MAX_GAP = 4.2  # sizes between a heading and its text
MAX_WORDS = 8  # outside brackets
BRACKET = re.compile(r"\([^)]*\)")
MAX_HEADINGS = 25  # of one look on a page
MAX_BODY = 12  # labels that are read for a heading's properties
BASE = 0.25
LIST_OF_PRODUCTS = 0.65
MOSTLY = 0.6  # of the headings of one look


@dataclass(frozen=True)
class Heading:
    """A heading that may be a product's name, with the labels it announces."""

    name: ParsedName
    label: Label
    body: tuple[Label, ...]
    support: int
    confidence: float
    reasons: tuple[str, ...]


def named_headings(pattern: PagePattern) -> list[Heading]:
    """Headings with a text under them, as candidates of low confidence unless several name products."""
    running = _running_size(pattern.labels)
    found: list[Heading] = []
    for look in looks(pattern.labels):
        headings = [label for label in look if _is_heading(label, running)]
        if len(headings) > MAX_HEADINGS:
            continue  # that is how the text itself is set
        headings = [label for label in headings if _body(label, pattern.labels, look)]
        named = [(label, name) for label in headings if (name := parse_name(label.text)) is not None]
        if named:
            found += _judged(named, pattern, look)
    return found


def count_properties(labels: Sequence[Label]) -> int:
    """How many measured or labelled values stand in these labels: what a product has and a chapter has not."""
    texts = [line.text for label in labels for line in label.lines]
    return sum(bool(parse_dimensions(text) or parse_technical(text) or parse_labelled(text)) for text in texts)


def _judged(named: Sequence[tuple[Label, ParsedName]], pattern: PagePattern, look: Sequence[Label]) -> list[Heading]:
    telling = [name for _, name in named if _names_goods(name.name)]
    bodies = [_body(label, pattern.labels, look) for label, _ in named]
    heads = [label for label, _ in named]
    own = [_beginning_with(label, body, heads) for label, body in zip(heads, bodies, strict=True)]
    articles = sum(map(_is_article, own))
    if articles >= MOSTLY * len(named):
        bodies = own
    is_list = len(named) >= 3 and max(len(telling), articles) >= MOSTLY * len(named)
    properties = count_properties(pattern.labels)
    pictures = sum(not region.is_scene for region in pattern.regions)
    headings = []
    for (label, name), body in zip(named, bodies, strict=True):
        reasons = ["a heading with its text below"]
        confidence = BASE
        if is_list:
            confidence = LIST_OF_PRODUCTS
            reasons.append(f"one of {len(named)} headings of this look, most of which name goods or say code and size")
        elif _names_goods(name.name):
            confidence += 0.1
            reasons.append("names a product or material")
        if pictures:
            confidence += 0.05
            reasons.append("with a picture")
        if properties >= 2:
            confidence += 0.1
            reasons.append("with measured properties on the page")
        headings.append(Heading(name, label, tuple(body), len(named), min(0.9, confidence), tuple(reasons)))
    return headings


def _beginning_with(heading: Label, body: Sequence[Label], heads: Sequence[Label]) -> list[Label]:
    """Of what stands under a heading the lines that begin where it does, and what is level with one of them.

    Where another heading stands over it, it is that one's.
    """
    first = [label for label in body if abs(label.box[0] - heading.box[0]) <= 2 * heading.size]
    beside = [head.box[0] for head in heads if head.box[0] > heading.box[0] + 2 * heading.size]
    end = min(beside, default=float("inf")) - heading.size
    return [
        label
        for label in body
        if any(label is one for one in first)
        or (heading.box[0] < label.box[0] < end and any(_is_level(label, one) for one in first))
    ]


def _is_level(label: Label, other: Label) -> bool:
    return other.box[1] - 0.5 * label.size <= label.box[1] and label.box[3] <= other.box[3] + 0.5 * label.size


def _is_article(body: Sequence[Label]) -> bool:
    """Whether rows under a heading print a labelled code and a size of two sides."""
    texts = [row.text for row in printed_rows([line for label in body for line in label.lines])]
    sized = any(size.has_face for text in texts for size in parse_dimensions(text))
    return sized and any(code.label for text in texts for code in parse_codes(text))


def _names_goods(text: str) -> bool:
    return bool(find_terms(text, "product_type") or find_terms(text, "material"))


def _running_size(labels: Sequence[Label]) -> float:
    """The letter size in which most characters of the page are set."""
    by_size: dict[float, int] = {}
    for label in labels:
        if not label.text[0].isalnum():
            continue  # a line is as large as its first sign, and bullets are large
        by_size[round(label.size * 2) / 2] = by_size.get(round(label.size * 2) / 2, 0) + len(label.text)
    return max(by_size, key=lambda size: by_size[size], default=0.0)


def _is_heading(label: Label, running: float) -> bool:
    if (
        len(BRACKET.sub(" ", label.text).split()) > MAX_WORDS
        or len(label.lines) > 2
        or label.block in ("page_header", "page_footer")
    ):
        return False
    larger = label.size >= LARGER * running
    return larger or (label.bold and label.size >= 0.95 * running)


def _body(heading: Label, labels: Sequence[Label], look: Sequence[Label]) -> list[Label]:
    """What stands under a heading up to the next of its look, in its column."""
    stops = [
        other.box[1]
        for other in labels
        if other is not heading
        and other.box[1] > heading.box[3]
        and (any(other is one for one in look) or other.size > heading.size * LARGER)
        and abs(other.box[0] - heading.box[0]) < 12 * heading.size
    ]
    end = min(stops, default=float("inf"))
    below = [
        label
        for label in labels
        if heading.box[3] - 2 <= label.box[1] < end
        and label is not heading
        and label.box[0] >= heading.box[0] - 2 * heading.size
        and label.size <= heading.size * 1.02
    ]
    if not below or below[0].box[1] - heading.box[3] > MAX_GAP * heading.size:
        return []
    return below[:MAX_BODY]

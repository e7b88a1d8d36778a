"""Reads what a label names: `Designer: X`, `Acabado: Bark`, `Material | oak`, `Made in Italy`.

It owns where a labelled value begins and ends. Which words are labels, and of which field, stands in the vocabulary.
"""

import re
from functools import lru_cache

from actors.values.parsed_value import ParsedValue, is_pair, without_overlaps
from actors.vocabulary.words import Term, find_terms, fold, pattern_of, tokens

WITH_COLON, WITHOUT_COLON, PHRASE = 0.9, 0.6, 0.85
LONGEST_VALUE = 90
LABELS = ("field_label", "size_label", "technical_label")
LABEL_SHARE = 0.7  # of a text that a word for a property takes
LABEL_EDGES = " :.·*"
SURFACE = "visualProperties.surfaceFinish"
MATERIAL = "physicalProperties.materialCategory"
_SEPARATOR = re.compile(r"[^\S\n]*(?:\([^)\n]{1,16}\)[^\S\n]*)?(:|=|\||\t|[–—-][^\S\n]|\.{2,}|[^\S\n]{3,})[^\S\n:|]*")
_SHARE = re.compile(r"[^\S\n]+\d{1,3}\s?%")
"""What a thing is made of needs no sign behind its label: "Composition 100 % cotton"."""
_VALUE_END = re.compile(r"\n|\s*[|;•]|\s{3,}|\t|\.\s+(?=[A-ZÀ-Þ])|$")

_NAMED = re.compile(r"[^\S\n]+([A-ZÀ-Þ][\w'/-]*(?:[^\S\n][\w'/-]+){0,3})[^\S\n]*(?=[\n|]|$)")
"""A name of a few words that ends its line, or its cell."""


def is_property_label(text: str) -> bool:
    """Whether a text is the name of a property and nothing else: what stands behind or under it is the value."""
    text = text.strip(LABEL_EDGES)
    terms = find_terms(text, *LABELS) if text else []
    return max((term.end - term.start for term in terms), default=0) >= LABEL_SHARE * max(1, len(text))


def parse_labelled(text: str) -> list[ParsedValue]:
    """Every labelled value of a line or of lines; dimensions, codes and prices have readers of their own."""
    labels = _labels(text)
    found = []
    for position, label in enumerate(labels):
        following = next((other.start for other in labels[position + 1 :] if other.start >= label.end), len(text))
        value = _value_after(text, label, following)
        if value is not None:
            found.append(value)
    return without_overlaps(found + _made_in(text))


def _labels(text: str) -> list[Term]:
    """Labels at the beginning of a line or of a part of it."""
    terms = find_terms(text, "field_label")
    return [term for term in terms if _begins_part(text, term)]


def _begins_part(text: str, term: Term) -> bool:
    before = text[: term.start]
    return not before.strip() or bool(re.search(r"(?:[\n|;,•·*/(►▪●-]|\d\.|\s{2,}|\.)\s*$", before))


def _value_after(text: str, label: Term, limit: int) -> ParsedValue | None:
    separator = _SEPARATOR.match(text, label.end)
    if separator is None and (finish := _named_finish(text, label)) is not None:
        return finish
    last_word = tokens(label.printed)[-1].folded
    is_share = separator is None and label.canonical == MATERIAL and _SHARE.match(text, label.end) is not None
    if separator is None and not is_share and not find_terms(last_word, "preposition"):
        return None
    mark = separator.group(1) if separator else ""
    if mark == "|" and not is_pair(text, label.start):
        return None
    start = separator.end() if separator else label.end + 1
    if start >= len(text) or start >= limit + LONGEST_VALUE:
        return None
    end_match = _VALUE_END.search(text, start)
    end = min(end_match.start() if end_match else len(text), limit if limit > start else len(text))
    value = text[start:end].strip(" ,;:.|-–\t")
    if not _is_value(value) or (label.canonical == SURFACE and value[0].isdigit()):
        return None  # "Superficie: 1200 mq" is an area
    sure = WITH_COLON if is_share or (mark and mark in ":=|") else (PHRASE if separator is None else WITHOUT_COLON)
    begin = text.index(value, start)
    return ParsedValue(field=label.canonical, value=value, start=begin, end=begin + len(value), confidence=sure)


def _named_finish(text: str, label: Term) -> ParsedValue | None:
    """The finish of a line that is a small label and a name with a capital: `finitura Poro Aperto`."""
    if label.canonical != SURFACE or not label.printed.islower():
        return None
    before, after = re.split(r"[\n|]", text[: label.start])[-1], _NAMED.match(text, label.end)
    if before.strip() or after is None or find_terms(after[1], "field_label", "product_type"):
        return None
    return ParsedValue(field=SURFACE, value=after[1], start=after.start(1), end=after.end(1), confidence=PHRASE)


def _is_value(value: str) -> bool:
    return 0 < len(value) <= LONGEST_VALUE and any(c.isalnum() for c in value)


_NAME = r"[A-ZÀ-Þİ][\w.'-]*"


@lru_cache(maxsize=1)
def _country_pattern() -> re.Pattern[str]:
    """Capitalised words, behind an article or none, joined by a small word or none."""
    articles = pattern_of("article")
    joints = f"{pattern_of('range_word', 'and')}|{pattern_of('range_word', 'of')}|&"
    return re.compile(rf"\s*:?\s*(?i:(?:{articles})\s+)?(?P<country>{_NAME}(?:\s+(?i:(?:{joints})\s+)?{_NAME}){{0,2}})")


def _made_in(text: str) -> list[ParsedValue]:
    """`Made in Italy` and the like: the capitalised words that follow."""
    matches = [_country_pattern().match(text, term.end) for term in find_terms(text, "made_in")]
    return [_country(match) for match in matches if match and fold(match.group("country")) != "house"]


def _country(match: re.Match[str]) -> ParsedValue:
    name, start = match.group("country").rstrip(".,"), match.start("country")
    return ParsedValue(
        field="coreIdentity.countryOfOrigin", value=name, start=start, end=start + len(name), confidence=PHRASE
    )

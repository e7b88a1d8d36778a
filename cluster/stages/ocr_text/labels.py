"""Puts right the dot of an abbreviated label that OCR took for another mark: `Art: 4215` and `Art 7010` are `Art. ...`.

Several lines of the page have to be such a label with a code and nothing else; one of two words (`Art:-Nr:`) is certain
by itself. Knows lines and labels of any language.
"""

import re
from collections import Counter
from collections.abc import Sequence

from actors.records import TextLine
from actors.vocabulary.words import find_terms

LABELLED = re.compile(
    r"(?P<label>[^\W\d_]{2,5})(?P<mark>\s?[.:;,])?\s?(?P<code>(?<![^\W\d_])[A-Z]{0,4}\d[A-Z\d]*(?:[-./][A-Z\d]+){0,2})"
)
PARTED = re.compile(r"(?P<first>[^\W\d_]{2,5})[.:;,]?-(?P<second>[^\W\d_]{2,4})[.:;,]*(?=\s|$)")
"""A label of two abbreviated words: `Art:-Nr:` and `Art-Nr` are `Art.-Nr.`."""
HEAD = re.compile(r"(?P<label>[^\W\d_]{2,5})\s?[:;,]")
"""A line of its own, over a column: `Art:` is `Art.`."""
YEAR = re.compile(r"(?:19|20)\d\d")
CODES = ("coreIdentity.productCode", "coreIdentity.sku")
MIN_ALIKE = 3
"""Lines of a page with one label: a word and a number alone may be anything."""


def with_right_labels(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, with the dot behind abbreviated labels of codes."""
    lines = [_with_dots(line) for line in lines]
    read = [LABELLED.fullmatch(line.text.strip()) for line in lines]
    counts = Counter(match["label"].casefold() for match in read if match is not None and _is_told(match))
    return [
        line.model_copy(update={"text": f"{match['label']}. {match['code']}"})
        if match is not None and _is_told(match) and counts[match["label"].casefold()] >= MIN_ALIKE
        else line
        for line, match in zip(lines, read, strict=True)
    ]


def _with_dots(line: TextLine) -> TextLine:
    """The line with the dot of the label that it is, or the dots of one of two words that it begins with."""
    head = HEAD.fullmatch(line.text.strip())
    if head is not None and not _is_label(head["label"]) and _is_label(f"{head['label']}."):
        return line.model_copy(update={"text": f"{head['label']}."})
    match = PARTED.match(line.text)
    if match is None or _is_label(match.group()):
        return line
    label = f"{match['first']}.-{match['second']}."
    return line.model_copy(update={"text": f"{label}{line.text[match.end() :]}"}) if _is_label(label) else line


def _is_told(match: re.Match[str]) -> bool:
    return not YEAR.fullmatch(match["code"]) and not _is_label(match["label"]) and _is_label(f"{match['label']}.")


def _is_label(text: str) -> bool:
    """Whether a text is a label of codes, to its last mark."""
    terms = find_terms(text, "field_label")
    return any(term.canonical in CODES and term.end - term.start == len(text) for term in terms)

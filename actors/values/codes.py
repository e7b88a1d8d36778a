"""Finds article codes: those with a label, and those whose form says so.

It owns what a code looks like and what only looks like one: norms, sockets, sizes, years, telephone numbers.
"""

import re
from functools import cache

from actors.records import Confidence, Record
from actors.values.dimensions import parse_dimensions
from actors.values.lengths import unit_pattern
from actors.vocabulary.words import Term, find_terms, fold

LABELLED, FORMED, NUMERIC = 0.95, 0.65, 0.4
_LABEL_FIELDS = ("coreIdentity.productCode", "coreIdentity.sku", "coreIdentity.model")
_CODE = r"[A-Z0-9ÄÖÜ][A-Z0-9ÄÖÜa-z]*(?:[-./_][A-Za-z0-9]+)*"
_GROUPS = r"(?-i:(?: (?=[A-Z]*\d)[A-Z0-9]{1,4}){1,4}(?: [A-Z]{2,3})?(?=[^\S\n]*(?:\n|$)))"
"""What goes on behind a code's first group, to the end of its line: "4A83 60 01", "B003 01 DH"."""
_AFTER_LABEL = re.compile(
    rf"[^\S\n]*(?P<mark>[:=#|.;_]|n[°º.]|№|no\.?)?[^\S\n]*[:#|]?[^\S\n]*"
    rf"(?P<code>{_CODE}(?:{_GROUPS}| [A-Z0-9]*\d[A-Z0-9]*(?:[-./][A-Z0-9]+)*"
    r"| (?-i:[A-Z]{2,3})(?=[^\S\n]*(?:\n|$)))?)",
    re.IGNORECASE,
)
_FORMED = re.compile(
    r"(?<![\w./-])(?=[A-Z0-9./-]*\d)(?=[A-Z0-9./-]*[A-Z])[A-Z0-9]{1,8}(?:[-./][A-Z0-9]{1,8}){0,4}(?![\w/])"
)
_SPACED = re.compile(r"(?<![\w./-])[A-Z]{2,4} \d{3,6}[A-Z]{0,2}(?![\w./-])")
_NUMBER = re.compile(r"\W*\d{1,4}\W*$")
_KNOWN_FORMS = re.compile(
    r"R(?:9|1[0-3])|E(?:14|27|40)|GU?\d{1,2}(?:\.\d)?|IP ?\d{2}|PEI ?[0-5IV]+|A[0-9]|[ABC]\d?FL.*|P[0-5]|B?I{1,3}[AB]|"
    r"AC[1-6]|E[01]|CO2|H2O|M2|M3|\d+(?:MM|CM|M|KG|G|W|V|K|LM|L|X|D|PCS|ML|HZ|KW|TH|ST|ND|RD|S|FT|IN|YRS?|NM|MP|GSM|PC|N|KN|MPA|BAR|DB|J)|"
    r"\d+[X/]\d+.*|V\d|[A-Z]\d?-?S[123].*|UV|3D|2D|4K|F[1-9]|T\d|LED\d*|COVID-?19|ISO\d+|EN\d+|BWR|BWP|\d+[A-Z]?/\d+[A-Z]?|"
    r"M[23]/[A-Z]+|[IVX]+\.\d+(?:\.\d+)*|D50|Q[1-4]|\d{1,2}:\d{2}|(?:19|20)\d\d[A-Z]?"
)


class ParsedCode(Record):
    """A code where it stands in a text."""

    code: str
    label: str  # as printed, or empty
    field: str  # coreIdentity.productCode, .sku or .model
    start: int
    end: int
    confidence: Confidence


def parse_codes(text: str) -> list[ParsedCode]:
    """All codes in a text, in reading order; labelled ones are surer than formed ones."""
    found = [code for term in find_terms(text, "field_label") if (code := _labelled(text, term))]
    blocked = _blocked(text) if any(char.isdigit() for char in text) else []  # no form of a code is without a digit
    for pattern in (_FORMED, _SPACED):
        for match in pattern.finditer(text):
            free = not any(start < match.end() and match.start() < end for start, end in blocked)
            if pattern is _SPACED and _unit().match(text, match.end()):
                continue  # "BA 128 mm" measures something
            known = any(code.start < match.end() and match.start() < code.end for code in found)
            if free and not known and _looks_like_code(match.group()):
                found.append(_code(match.group(), "", _LABEL_FIELDS[0], match.start(), FORMED))
    return sorted(found, key=lambda code: code.start)


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(rf"\s?{unit_pattern()}", re.IGNORECASE)


def is_class(text: str) -> bool:
    """Whether a text has the form of a class, a norm or a measure: "R11", "V2", "IP44"."""
    return bool(_KNOWN_FORMS.fullmatch(text.replace(" ", "")))


def is_page_mark(text: str) -> bool:
    """Whether a text is a page's number with the word for it: "PAGE 05"."""
    text = text.strip()
    return any(term.start == 0 and _NUMBER.match(text, term.end) for term in find_terms(text, "page_word"))


def _labelled(text: str, term: Term) -> ParsedCode | None:
    if term.canonical not in _LABEL_FIELDS:
        return None
    match = _AFTER_LABEL.match(text, term.end)
    if match is None:
        return None
    code = match.group("code").rstrip(".-/")
    has_digit = any(c.isdigit() for c in code)
    marked = bool(match.group("mark")) or term.printed.endswith(".")
    named_model = term.canonical == _LABEL_FIELDS[2] and marked and code[:1].isupper()
    if not (has_digit or named_model) or len(code) < 2 or (not marked and not _strong(code)):
        return None
    sure = LABELLED if marked else FORMED
    return _code(code, term.printed, term.canonical, match.start("code"), sure)


def _strong(code: str) -> bool:
    """Whether a code needs no mark between itself and its label: `Art 10023`, `Ref AB-12`."""
    return sum(c.isdigit() for c in code) >= 3 or bool(re.search(r"[A-Z]", code) and re.search(r"\d", code))


def _code(code: str, label: str, field: str, start: int, confidence: float) -> ParsedCode:
    return ParsedCode(code=code, label=label, field=field, start=start, end=start + len(code), confidence=confidence)


def _looks_like_code(word: str) -> bool:
    digits = sum(c.isdigit() for c in word)
    compact = word.replace(" ", "")
    return (
        4 <= len(compact) <= 24 and digits >= 1 and len(compact) - digits >= 1 and not _KNOWN_FORMS.fullmatch(compact)
    )


def _blocked(text: str) -> list[tuple[int, int]]:
    """Stretches in which nothing is a code: sizes, norms with their numbers, classes, pages, addresses of the web."""
    stretches = [(size.start, size.end) for size in parse_dimensions(text)]
    stretches += [(match.start(), match.end()) for match in re.finditer(r"\S+@\S+|(?:https?://|www\.)\S+", text)]
    stretches += [(term.start, term.end) for term in find_terms(text, "load_class")]
    stretches += [(term.start, len(text)) for term in find_terms(text, "page_word") if _NUMBER.match(text, term.end)]
    for term in find_terms(text, "norm"):
        if fold(term.printed) not in ("as", "is", "en") or term.printed.isupper():
            number = re.match(
                r"[^\S\n]*[-/:A-Z]{0,6}[^\S\n]*\d[\w.:/-]*(?:[^\S\n]*[-:–][^\S\n]*\d+)*", text[term.end :]
            )
            stretches.append((term.start, term.end + (number.end() if number else 0)))
    return stretches

"""Owns the codes that an overview prints beside the names of products of other pages: "120 Pinot Gris".

Which page is an overview, and under which headings it lists, is known by `cluster.stages.product_rules.listing`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from actors.records import Evidence, PageContent, ProductCandidate, TextLine, TextSource
from actors.values.codes import parse_codes
from cluster.stages.product_rules.listing import MIN_LISTED
from cluster.stages.product_rules.looks import key

NUMBER = re.compile(r"\d{3,8}")
MOST = 0.8  # of the names that have one beside them, of these that are as long as each other, and of those that differ
NEAR = 3.0  # heights of a name between it and its code
CONFIDENCE = 0.7


class _Entry(NamedTuple):
    """A name of an overview with the code beside it."""

    name: str
    code: TextLine
    page: int
    source: TextSource


def listed_codes(
    pages: Sequence[PageContent], products: Sequence[ProductCandidate]
) -> Mapping[str, tuple[Evidence, ...]]:
    """The code by the key of each product's name; names that are listed with several codes are left out."""
    shown = {key(one.name): one.page for one in products}
    found: dict[str, list[_Entry]] = {}
    for page in pages:
        for entry in _entries(page, shown, len(pages)):
            found.setdefault(entry.name, []).append(entry)
    return {
        name: (_proof(entries[0]),) for name, entries in found.items() if len({one.code.text for one in entries}) == 1
    }


def _entries(page: PageContent, shown: Mapping[str, int], pages: int) -> list[_Entry]:
    """The names of an overview whose lines have codes beside them, row by row; none where they are page numbers."""
    lines = [(line, block.source) for block in page.blocks for line in block.lines]
    named = [(name, line) for line, _ in lines if (name := key(line.text)) in shown and shown[name] != page.page]
    coded = [item for item in lines if _is_code(item[0].text.strip())]
    entries = []
    for name, line in named:
        code, source = min(
            ((code, source) for code, source in coded if _is_beside(code, line)),
            key=lambda item: _gap(item[0], line),
            default=(None, None),
        )
        if code is not None and source is not None:
            entries.append(_Entry(name, code, page.page, source))
    codes = [entry.code.text.strip() for entry in entries]
    alike = max((sum(len(code) == length for code in codes) for length in set(map(len, codes))), default=0)
    are_codes = alike >= MOST * len(codes) and len(set(codes)) >= MOST * len(codes)
    is_contents = sum(code.isdigit() and int(code) <= pages for code in codes) > (1 - MOST) * len(codes)
    return entries if len(entries) >= max(MIN_LISTED, MOST * len(named)) and are_codes and not is_contents else []


def _is_code(text: str) -> bool:
    return bool(NUMBER.fullmatch(text)) or any(code.code == text for code in parse_codes(text))


def _is_beside(code: TextLine, name: TextLine) -> bool:
    """Whether a code stands level with a name, close before or behind it."""
    middle, height = (code.box[1] + code.box[3]) / 2, name.box[3] - name.box[1]
    return name.box[1] <= middle <= name.box[3] and -1 <= _gap(code, name) <= NEAR * height


def _gap(code: TextLine, name: TextLine) -> float:
    return max(name.box[0] - code.box[2], code.box[0] - name.box[2])


def _proof(entry: _Entry) -> Evidence:
    code = entry.code.text.strip()
    return Evidence(
        field="code", value=code, page=entry.page, box=entry.code.box, source=entry.source, text=entry.code.text,
        confidence=CONFIDENCE,
    )  # fmt: skip

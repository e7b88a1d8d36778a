"""The rule of evidence: a value that does not stand on the page does not stand in the record.

It owns the comparison of a value with the printed line, and the one filter that every analyser, local or language
model, passes its fields through. It knows no field by name.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from actors.records import Box, Evidence, Metadata, TextLine
from actors.values.numerals import readings
from actors.vocabulary.words import find_terms, fold, squeeze

CELL_BREAK = " | "
"""Stands between the cells of a table row in `Evidence.text`."""
CATEGORIES = ("finish", "material", "colour", "pattern", "shape", "edge", "application", "environment")
"""Tables of the vocabulary whose English words may stand in a record for the printed ones."""
PART_BREAK = ", "
"""Joins the printed parts of a size that stand in several cells."""
_ONLY_NUMBER = re.compile(r"^[\d\s.,'\u00a0\u2009\u202f¼½¾⅛⅜⅝⅞/-]+$")


def box_of(boxes: Iterable[Box]) -> Box:
    """The smallest box around all.

    Raises:
        ValueError: there is none.
    """
    corners = list(zip(*boxes, strict=True))
    return (min(corners[0]), min(corners[1]), max(corners[2]), max(corners[3]))


def occurs(value: str, printed: str) -> bool:
    """Whether a value stands in a printed text, whatever its case, accents, spacing and decimal sign."""
    folded = fold(value)
    if not folded:
        return False
    if _ONLY_NUMBER.match(value):
        return readings(value) <= readings(printed)
    edges = rf"(?<!\w){re.escape(folded)}(?!\w)" if folded[0].isalnum() and folded[-1].isalnum() else re.escape(folded)
    if re.search(edges, fold(printed)):
        return True
    return len(squeeze(value)) >= 4 and squeeze(value) in squeeze(printed)


def _squeezed(lines: Sequence[TextLine]) -> str:
    return squeeze(" ".join(line.text for line in lines))


def _stands_in(text: str, page: str) -> bool:
    cells = [squeeze(cell) for cell in text.split(CELL_BREAK)]
    return any(cells) and all(cell in page for cell in cells)


def shows(piece: str, text: str) -> bool:
    """Whether evidence prints a piece of a value, in one or as a cell behind its header: "Width (mm): 530"."""
    return occurs(piece, text) or (CELL_BREAK in text and occurs(piece.replace(": ", CELL_BREAK), text))


def supports(evidence: Evidence, value: object) -> bool:
    """Whether a field's value is what the evidence shows: the printed form itself, or the English word for it."""
    printed = printed_form(value)
    if all(shows(part, evidence.text) for part in printed.split(PART_BREAK)):
        return True
    terms = [term for category in CATEGORIES for term in find_terms(evidence.value, category, fuzzy=True)]
    return fold(printed) in {fold(term.canonical) for term in terms}


def printed_form(value: object) -> str:
    """What a field's value looks like on the page: records of sizes carry it as `printed`."""
    if isinstance(value, dict):
        return str(value.get("printed", ""))
    return str(value)


def keep_evidenced(metadata: Metadata, page_lines: Sequence[TextLine]) -> Metadata:
    """Without every field, or entry of a list, that no evidence on this page supports.

    Args:
        metadata: what an analyser says.
        page_lines: all lines of the page, text layer and OCR.
    """
    page = _squeezed(page_lines)
    standing = [
        evidence
        for evidence in metadata.evidence
        if occurs(evidence.value, evidence.text) and _stands_in(evidence.text, page)
    ]
    fields: dict[str, dict[str, Any]] = {}
    used: list[Evidence] = []
    for category, values in metadata.fields.items():
        for name, value in values.items():
            own = [evidence for evidence in standing if evidence.field == f"{category}.{name}"]
            kept, proofs = _supported(value, own)
            if kept not in (None, [], ""):
                fields.setdefault(category, {})[name] = kept
                used += proofs
    return Metadata(fields=fields, evidence=tuple(dict.fromkeys(used)))


def _supported(value: object, own: Sequence[Evidence]) -> tuple[object, list[Evidence]]:
    """A value's supported part with its proofs: all of a plain value or nothing, the good entries of a list."""
    if isinstance(value, list):
        pairs = [_supported(entry, own) for entry in value]
        return [kept for kept, _ in pairs if kept is not None], [proof for _, proofs in pairs for proof in proofs]
    proofs = [evidence for evidence in own if supports(evidence, value)]
    return (value, proofs) if proofs else (None, [])

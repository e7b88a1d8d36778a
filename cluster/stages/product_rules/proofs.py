"""The last gate of a record: what nothing printed or computed proves is left out, and what was hardly read is said.

It knows how a value is proved, whoever said it; what is printed where is for those before it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from math import isclose
from typing import Any

from actors.evidence import CELL_BREAK, PART_BREAK, occurs, printed_form, shows, supports
from actors.page.regions import overlap_share
from actors.records import Evidence, Metadata, PageContent
from actors.values.dimensions import parse_dimensions
from cluster.stages.product_rules.sizes import CHOICE, FIELD, SIDE_FIELDS

Prove = Callable[[object, Sequence[Evidence]], bool]
ROUNDING = 0.01
"""Of a length: inches are rounded when they become millimetres."""
UNITS_MM = (1.0, 10.0, 1000.0, 25.4, 304.8)
"""A cell's unit stands in the header of its column, in mm, cm, m, inches or feet."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\s\d{3})+(?![\d.,])")
READ = ("ocr", "model")
"""Sources of evidence that may stand in lines which OCR read."""
UNSURE_READING = 0.5
"""Below it OCR's reading is for a person to check; what it was measured on stands in docs/log.md."""
SIZES = "physicalProperties"


def proved_only(metadata: Metadata) -> Metadata:
    """Without every field, or entry of a list, whose value does not stand in its evidence."""
    standing = [proof for proof in metadata.evidence if occurs(proof.value, proof.text)]
    fields: dict[str, dict[str, Any]] = {}
    for category, values in metadata.fields.items():
        for name, value in values.items():
            kept = _kept(value, *_proofs_of(f"{category}.{name}", standing))
            if kept is not None:
                fields.setdefault(category, {})[name] = kept
    return Metadata(fields=fields, evidence=tuple(standing))


def has_size(metadata: Metadata) -> bool:
    """Whether a size is among the fields."""
    return bool(metadata.fields.get(SIZES, {}).get("dimensions"))


def _proofs_of(field: str, standing: Sequence[Evidence]) -> tuple[list[Evidence], Prove]:
    """The evidence of a field, and how it proves. What is read out of a printed size has the size's evidence."""
    category, _, name = field.rpartition(".")
    if category == SIZES and name in (*SIDE_FIELDS, CHOICE):
        return [proof for proof in standing if proof.field == FIELD], _measures
    return [proof for proof in standing if proof.field == field], _prints


def _kept(value: object, proofs: Sequence[Evidence], proves: Prove) -> object:
    if isinstance(value, list):
        return [entry for entry in value if proves(entry, proofs)] or None
    return value if proves(value, proofs) else None


def _prints(value: object, proofs: Sequence[Evidence]) -> bool:
    """Whether the value is printed, or each of its pieces, or the word that it is the English one for."""
    pieces = printed_form(value).split(PART_BREAK)
    together = all(any(shows(piece, proof.text) for proof in proofs) for piece in pieces)
    return together or any(supports(proof, value) for proof in proofs)


def _measures(value: object, proofs: Sequence[Evidence]) -> bool:
    """Whether a length is one of those that the printed sizes, or a row's cells, give."""
    length = value.get("value") if isinstance(value, dict) else None
    texts = [text for proof in proofs for text in (proof.text, proof.value)]
    given = [side for text in texts for size in parse_dimensions(text) for side in size.sides.values()]
    given += [number * unit for text in texts if CELL_BREAK in text for number in _numbers(text) for unit in UNITS_MM]
    return isinstance(length, int | float) and any(isclose(length, side, rel_tol=ROUNDING) for side in given)


def _numbers(row: str) -> list[float]:
    whole = [float("".join(number.split())) for number in THOUSANDS.findall(row)]
    return whole + [float(number.replace(",", ".")) for number in NUMBER.findall(row)]


def read_surely(proofs: Sequence[Evidence], pages: Iterable[PageContent]) -> tuple[tuple[Evidence, ...], list[str]]:
    """The evidence, no surer than OCR was of the lines that it read, and a sentence for each value hardly read."""
    by_number = {page.page: page for page in pages}
    told, doubts = [], []
    for proof in proofs:
        sure = _reading(proof, by_number[proof.page]) if proof.source in READ else 1.0
        told.append(proof.model_copy(update={"confidence": round(min(proof.confidence, sure), 3)}))
        if sure < UNSURE_READING:
            doubts.append(f"OCR is not sure that it reads {proof.value!r} ({sure:.0%})")
    return tuple(told), list(dict.fromkeys(doubts))


def _reading(proof: Evidence, page: PageContent) -> float:
    """How surely the lines were read that hold the value, or are a part of it, at the place of the evidence."""
    lines = [line for block in page.blocks if block.source == "ocr" for line in block.lines]
    here = [line for line in lines if overlap_share(line.box, proof.box) > 0]
    own = [line for line in here if occurs(proof.value, line.text) or occurs(line.text, proof.value)]
    return min((line.confidence for line in own), default=1.0)

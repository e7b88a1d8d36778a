"""Which record is which product of the truth, page by page; what is left over was missed or invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.fields import is_right
from evaluation.names import folded, same_name
from evaluation.truth import TrueProduct, Truth

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Match:
    """A product of the truth and the record that shows it; `on_its_page` False: it was found on another page only."""

    true: TrueProduct
    record: Record
    on_its_page: bool

    @property
    def right(self) -> dict[str, bool]:
        """By field that the eye read, whether the record says it."""
        return {field: is_right(self.record, field, text) for field, text in self.true.fields.items()}

    @property
    def has_picture(self) -> bool:
        """Whether the record is linked to an image, or a region of one, on the product's page."""
        return any(image["page"] == self.true.page for image in self.record["images"])


@dataclass(frozen=True)
class Comparison:
    """One catalogue against its truth. A record stands in `invented` once for every complete page that it is on."""

    matches: tuple[Match, ...]
    missed: tuple[TrueProduct, ...]
    invented: tuple[tuple[int, Record], ...]


def compare(records: Sequence[Record], truth: Truth) -> Comparison:
    """Match records to the truth: first on the product's page, what remains anywhere in the document."""
    loose = [(page, record) for record in records for page in record["pages"]]
    matches: list[Match] = []
    missing: list[TrueProduct] = []
    for true in truth.products:
        page = [item for item in loose if item[0] == true.page and _is(item[1], true)]
        best = max(page, key=lambda item: _likeness(item[1], true), default=None)
        if best is None:
            missing.append(true)
            continue
        loose.remove(best)
        matches.append(Match(true, best[1], on_its_page=True))
    missed = []
    for true in missing:
        elsewhere = next((item for item in loose if _is(item[1], true)), None)
        if elsewhere is not None:
            matches.append(Match(true, elsewhere[1], on_its_page=False))
        missed.append(true)
    invented = tuple(item for item in loose if truth.is_complete(item[0]))
    return Comparison(tuple(matches), tuple(missed), invented)


def _is(record: Record, true: TrueProduct) -> bool:
    by_ocr = any(proof["field"] == "name" and proof["source"] == "ocr" for proof in record["evidence"])
    return same_name(record["name"], true.name, code=record["code"] or "", by_ocr=by_ocr)


def _likeness(record: Record, true: TrueProduct) -> tuple[bool, int]:
    """Among namesakes on one page the same letters win, then the one with most fields right."""
    right = sum(is_right(record, field, text) for field, text in true.fields.items())
    return folded(record["name"]) == folded(true.name), right

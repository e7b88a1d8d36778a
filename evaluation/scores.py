"""From comparisons to figures: precision, recall, F1, fields, links. Sums of counts, so that totals are honest."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.fields import said
from evaluation.matching import Comparison, Match
from evaluation.truth import FIELDS, Truth


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> float | None:
        """0..1; None of nothing."""
        return self.part / self.whole if self.whole else None

    def to_json(self) -> dict[str, Any]:
        """With its counts."""
        return {"right": self.part, "of": self.whole, "share": _rounded(self.value)}


NONE = Share()


@dataclass(frozen=True)
class Scores:
    """The figures of one catalogue, or of several together."""

    precision: Share = NONE  # of the records on complete pages: products that the eye read there
    recall: Share = NONE  # of the products on complete pages: found on their page
    listed: Share = NONE  # the same for products that truth lists of pages that are not complete
    fields: Mapping[str, Share] = field(default_factory=dict)  # of products found: fields as the eye read them
    fields_said: Share = NONE  # of products found: fields that the record says, of those that the eye looked for, right
    dimensions_said: Share = NONE  # of products found that have a size and whose record says one: right
    right_page: Share = NONE  # of products found anywhere in the document: on their page
    with_picture: Share = NONE  # of products found: linked to an image or a region of their page

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(
            self.precision + other.precision,
            self.recall + other.recall,
            self.listed + other.listed,
            {name: self.fields.get(name, NONE) + other.fields.get(name, NONE) for name in FIELDS},
            self.fields_said + other.fields_said,
            self.dimensions_said + other.dimensions_said,
            self.right_page + other.right_page,
            self.with_picture + other.with_picture,
        )

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where no page is complete."""
        if not self.recall.whole:
            return None
        precision, recall = self.precision.value or 0.0, self.recall.value or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def to_json(self) -> dict[str, Any]:
        """All figures with their counts."""
        return {
            "precision": self.precision.to_json(),
            "recall": self.recall.to_json(),
            "f1": _rounded(self.f1),
            "listed_on_other_pages": self.listed.to_json(),
            "fields": {name: share.to_json() for name, share in self.fields.items() if share.whole},
            "fields_of_those_said": self.fields_said.to_json(),
            "dimensions_of_those_said": self.dimensions_said.to_json(),
            "right_page": self.right_page.to_json(),
            "with_picture": self.with_picture.to_json(),
        }


def score(comparison: Comparison, truth: Truth) -> Scores:
    """The figures of one catalogue."""
    found = [match for match in comparison.matches if match.on_its_page]
    complete = [match for match in found if truth.is_complete(match.true.page)]
    missed = [true for true in comparison.missed if truth.is_complete(true.page)]
    other = len(found) - len(complete)
    looked_for = {name for true in truth.products for name in true.fields}
    sized = [match for match in found if "dimensions" in match.right and match.record["dimensions"]]
    return Scores(
        precision=Share(len(complete), len(complete) + len(comparison.invented)),
        recall=Share(len(complete), len(complete) + len(missed)),
        listed=Share(other, other + len(comparison.missed) - len(missed)),
        fields={name: _of(match.right[name] for match in found if name in match.right) for name in FIELDS},
        fields_said=_of(_said(complete, looked_for)),
        dimensions_said=_of(match.right["dimensions"] for match in sized),
        right_page=_of(match.on_its_page for match in comparison.matches),
        with_picture=_of(match.has_picture for match in found),
    )


def _said(matches: Iterable[Match], looked_for: Collection[str]) -> Iterator[bool]:
    """Whether each field that a record says is what stands there; one of which the eye read nothing there is wrong."""
    for match in matches:
        yield from (match.right.get(name, False) for name in looked_for if said(match.record, name))


def total(scores: Iterable[Scores]) -> Scores:
    """The sums over catalogues."""
    return sum(scores, Scores())


def mean(values: Iterable[float | None]) -> float | None:
    """Over those that there are."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _of(answers: Iterable[bool]) -> Share:
    listed = list(answers)
    return Share(sum(listed), len(listed))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

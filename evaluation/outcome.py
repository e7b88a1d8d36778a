"""What became of one file, and of all files together: the figures that are printed and written as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.matching import Comparison, compare
from evaluation.scores import Scores, mean, score, total
from evaluation.truth import FIELDS, Truth

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One file as the pipeline left it."""

    path: Path
    document_id: str
    status: str
    error: str
    pages: int
    text_pages: int  # whose words the pipeline took from the text layer
    image_pages: int  # whose words it read from the page's picture, or tried to
    seconds: float | None  # from the first claim to the end, beside the other files
    records: tuple[Record, ...]  # products in the API's form
    truth: Truth | None
    comparison: Comparison | None
    scores: Scores | None

    @classmethod
    def of(cls, path: Path, facts: Mapping[str, Any], records: Sequence[Record], truth: Truth | None) -> "Outcome":
        """Compares the records with the truth, if there is one.

        Args:
            path: the PDF.
            facts: `document_id`, `status`, `error`, `pages`, `text_pages`, `image_pages`, `seconds`.
            records: its products as the API gives them.
            truth: None when nobody read it.
        """
        comparison = None if truth is None else compare(records, truth)
        scores = None if truth is None or comparison is None else score(comparison, truth)
        return cls(path=path, records=tuple(records), truth=truth, comparison=comparison, scores=scores, **facts)

    @property
    def kind(self) -> str:
        """What is expected of it: text, image, negative; unread when nobody has."""
        if self.truth is None:
            return "unread"
        if self.truth.is_negative:
            return "negative"
        return "image" if self.image_pages and self.image_pages >= self.text_pages else "text"

    @property
    def pages_per_s(self) -> float | None:
        """Of this file, beside the others."""
        return self.pages / self.seconds if self.seconds else None

    def to_json(self) -> dict[str, Any]:
        """The figures, and every name that was found, missed and invented."""
        told: dict[str, Any] = {
            "file": self.path.name, "document_id": self.document_id, "status": self.status, "error": self.error,
            "kind": self.kind, "pages": self.pages, "text_pages": self.text_pages, "image_pages": self.image_pages,
            "products": len(self.records), "need_review": sum(bool(one["needs_review"]) for one in self.records),
            "seconds": self.seconds, "pages_per_s": self.pages_per_s,
        }  # fmt: skip
        if self.comparison is not None and self.scores is not None and self.kind != "negative":
            told["scores"] = self.scores.to_json()
            told["missed"] = [{"page": true.page, "name": true.name} for true in self.comparison.missed]
            told["wrong_fields"] = [
                {"page": match.true.page, "name": match.true.name, "field": name, "true": match.true.fields[name]}
                for match in self.comparison.matches
                for name, right in match.right.items()
                if not right
            ]
        if self.comparison is not None:
            told["invented"] = [{"page": page, "name": record["name"]} for page, record in self.comparison.invented]
        return told


@dataclass(frozen=True)
class Evaluation:
    """All files of one run."""

    outcomes: tuple[Outcome, ...]
    seconds: float | None  # wall clock from the first upload to the last end; None where old results were taken

    @property
    def measured(self) -> list[Outcome]:
        """Files with products that somebody read."""
        return [one for one in self.outcomes if one.kind in ("text", "image")]

    @property
    def scores(self) -> Scores:
        """Over all files that were read; the sums of their counts."""
        return total(one.scores for one in self.measured if one.scores is not None)

    @property
    def figures(self) -> dict[str, float | int | None]:
        """The headline: means over files, as the aims are stated, and what was invented on negatives."""
        negatives = [one for one in self.outcomes if one.kind == "negative"]
        pages = sum(one.pages for one in self.outcomes)
        fields = {f"{name}_right": self.scores.fields[name].value for name in FIELDS if name in self.scores.fields}
        return {
            "files": len(self.outcomes),
            "mean_f1": mean(_f1s(self.measured, ("text", "image"))),
            "mean_f1_text": mean(_f1s(self.measured, ("text",))),
            "mean_f1_image": mean(_f1s(self.measured, ("image",))),
            "precision": self.scores.precision.value,
            "recall": self.scores.recall.value,
            "fields_right_of_those_said": self.scores.fields_said.value,
            "dimensions_right_of_those_said": self.scores.dimensions_said.value,
            **fields,
            "right_page": self.scores.right_page.value,
            "with_picture": self.scores.with_picture.value,
            "negatives": len(negatives),
            "false_products_on_negatives": sum(len(one.records) for one in negatives),
            "pages": pages,
            "seconds": round(self.seconds, 1) if self.seconds else None,
            "pages_per_s": pages / self.seconds if self.seconds else None,
        }

    def to_json(self) -> dict[str, Any]:
        """What the JSON file holds."""
        figures = {name: round(value, 4) if isinstance(value, float) else value for name, value in self.figures.items()}
        return {
            "figures": figures,
            "total": self.scores.to_json(),
            "files": [one.to_json() for one in self.outcomes],
        }


def _f1s(outcomes: Sequence[Outcome], kinds: tuple[str, ...]) -> list[float | None]:
    return [one.scores.f1 for one in outcomes if one.kind in kinds and one.scores is not None]

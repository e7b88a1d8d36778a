"""What the eye read of a catalogue: the truth files, and which of them say that there is nothing to find.

A truth file is JSON, named like its PDF: `complete_pages` (numbers, or "all"), `products` with `name`, `page` and any
of the fields below. Fields of `document_level`, and those beside `products`, hold for every product that has none of
its own. A file whose `products` are empty is a negative, as is a PDF that the folder's INDEX.tsv marks with
"[negative".
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIELDS = ("dimensions", "thickness", "code", "finish", "material", "colour", "series")
"""What is compared, in the order of the report."""
PRINTED_AS: dict[str, tuple[str, ...]] = {
    "dimensions": ("dimensions", "size", "sizes", "format"),
    "thickness": ("thickness",),
    "code": ("code", "sku", "article", "reference"),
    "finish": ("finish", "surface"),
    "material": ("material", "materials"),
    "colour": ("colour", "color", "colours", "colors"),
    "series": ("series", "range", "collection"),
}
"""The keys that truth files use for a field."""


@dataclass(frozen=True)
class TrueProduct:
    """A product as the eye read it; `fields` by the names of FIELDS, as printed."""

    name: str
    page: int  # 1-based
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Truth:
    """What the eye read of one file."""

    products: tuple[TrueProduct, ...]
    complete_pages: frozenset[int] | None  # every product of these pages is listed; None: of all pages

    @property
    def is_negative(self) -> bool:
        """Whether there is nothing to find."""
        return not self.products and self.complete_pages is None

    def is_complete(self, page: int) -> bool:
        """Whether all products of a page are listed."""
        return self.complete_pages is None or page in self.complete_pages


NOTHING = Truth((), None)
"""The truth of a negative."""


def read_truth(path: Path) -> Truth:
    """The truth file; raises KeyError, ValueError for one that is none."""
    told = json.loads(path.read_text(encoding="utf-8"))
    inherited = {**_fields(told), **_fields(told.get("document_level", {}))}
    products = tuple(
        TrueProduct(one["name"], int(one["page"]), {**inherited, **_fields(one)}) for one in told["products"]
    )
    pages = told.get("complete_pages", "all" if not products else [])
    return Truth(products, None if pages == "all" or not products else frozenset(int(page) for page in pages))


def truth_of(pdf: Path, folder: Path | None) -> Truth | None:
    """What is known of a PDF; None when nothing is."""
    if folder is None:
        return None
    path = folder / f"{pdf.stem}.json"
    if path.exists():
        return read_truth(path)
    return NOTHING if pdf.name in negatives(folder.parent / "INDEX.tsv") else None


def negatives(index: Path) -> set[str]:
    """File names that an INDEX.tsv beside the truth marks as no catalogue."""
    if not index.exists():
        return set()
    with index.open(encoding="utf-8", newline="") as stream:
        rows: Iterable[dict[str, Any]] = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {Path(row["path"]).name for row in rows if "[negative" in (row["note"] or "")}


def _fields(told: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for field, keys in PRINTED_AS.items():
        value = next((told[key] for key in keys if told.get(key)), None)
        if value is not None:
            found[field] = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return found

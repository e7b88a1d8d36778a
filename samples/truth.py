"""What a drawn catalogue holds, in the form of the truth files: a record of what was put on which page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samples.paper import Paper


@dataclass
class Known:
    """A drawn catalogue's contents. All its pages are complete."""

    language: str
    pages: int = 0
    products: list[Mapping[str, Any]] = field(default_factory=list)

    def add(self, name: str, page: int, **fields: str) -> None:
        """A product that was drawn on a page; fields that are empty are left out."""
        self.products.append({"name": name, "page": page, **{key: text for key, text in fields.items() if text}})

    def to_json(self) -> dict[str, Any]:
        """The truth file."""
        pages = list(range(1, self.pages + 1))
        return {"language": self.language, "complete_pages": pages, "products": self.products}


def saved(paper: Paper, known: Known, path: Path) -> Known:
    """Write a drawn catalogue, and tell its truth how many pages it has."""
    known.pages = paper.number
    paper.save(path)
    return known

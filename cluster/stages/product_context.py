"""Owns what a product inherits: sizes, finishes and series printed in a banner, on the page before, or once for the document.

Every inherited value keeps the evidence of the place where it is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.metadata import read_lines
from actors.page_labels import Label, page_labels
from actors.product_names import stands_alone
from actors.records import Metadata, PageContent, ProductCandidate

INHERITED = {
    "physicalProperties": ("dimensions", "length", "width", "height", "thickness", "materialCategory"),
    "visualProperties": ("surfaceFinish",),
    "coreIdentity": ("collection",),
}
PAGES_BACK = 2
FRONT_PAGES = 3


@dataclass(frozen=True)
class Notice:
    """A line that states something for more than one product."""

    label: Label
    page: int
    metadata: Metadata


class DocumentContext:
    """The notices of all pages, by page."""

    def __init__(self, pages: Sequence[PageContent], owned: Sequence[ProductCandidate]) -> None:
        self._notices = {page.page: _notices(page, [one for one in owned if one.page == page.page]) for page in pages}

    def inherited(self, one: ProductCandidate) -> list[tuple[Metadata, str]]:
        """What stands over this product, nearest first, each with the sentence that says where."""
        layers = [(notice.metadata, "printed above it on the page") for notice in self._above(one)]
        for page in range(one.page - 1, one.page - 1 - PAGES_BACK, -1):
            layers += [(n.metadata, f"printed on page {page}") for n in reversed(self._notices.get(page, []))]
        for page in sorted(self._notices)[:FRONT_PAGES]:
            layers += [(n.metadata, f"printed on page {page} for the whole document") for n in self._notices[page]]
        return layers

    def _above(self, one: ProductCandidate) -> list[Notice]:
        notices = self._notices.get(one.page, [])
        above = [notice for notice in notices if notice.label.box[1] <= one.box[1]]
        rest = [notice for notice in notices if notice.label.box[1] > one.box[1]]
        return sorted(above, key=lambda n: one.box[1] - n.label.box[1]) + (rest if not above else [])


def _notices(page: PageContent, owned: Sequence[ProductCandidate]) -> list[Notice]:
    notices = []
    for label in page_labels(page, stands_alone):
        if not label.is_short or _is_owned(label, owned):
            continue
        metadata = _inheritable(read_lines(label.lines, page.page, label.source))
        if metadata.fields:
            notices.append(Notice(label, page.page, metadata))
    return notices


def _is_owned(label: Label, owned: Sequence[ProductCandidate]) -> bool:
    printed = {line for one in owned for line in one.text.split("\n")}
    x, y = label.centre
    return any(
        one.text_box[0] <= x <= one.text_box[2] and one.text_box[1] <= y <= one.text_box[3] and label.text in printed
        for one in owned
    )


def _inheritable(metadata: Metadata) -> Metadata:
    fields = {
        category: kept
        for category, names in INHERITED.items()
        if (kept := {name: value for name, value in metadata.fields.get(category, {}).items() if name in names})
    }
    names = {f"{category}.{name}" for category, kept in fields.items() for name in kept}
    return Metadata(fields=fields, evidence=tuple(item for item in metadata.evidence if item.field in names))

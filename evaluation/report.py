"""Writes an evaluation: `evaluation.json`, `index.html` with the figures, and one page of HTML a catalogue.

Each HTML file stands alone, pictures included. Knows how to lay out what `outcome` says, and counts nothing itself.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from evaluation.fields import said
from evaluation.outcome import Evaluation, Outcome, Record
from evaluation.pictures import Box, PagePicture, Pages, PageUnreadable
from evaluation.truth import FIELDS, TrueProduct

OpenPages = Callable[[Path], AbstractContextManager[Pages]]
"""Opens a PDF for its pictures."""
INDEX = "index.html"
LEVEL = 0.6
"""Of the height of a name's box: names that stand lower by less are read from left to right."""
PAGE_PX = 900
SMALL_PAGE_PX = 360


@dataclass(frozen=True)
class FieldShown:
    """A field in a row: what the record says, what the eye read, whether they agree (None: nobody read it)."""

    name: str
    said: str
    true: str
    right: bool | None


@dataclass(frozen=True)
class RowShown:
    """One product in the report. `verdict`: found, missed, invented, or record where nobody read the page."""

    verdict: str
    number: int  # the one in the page's picture; 0 for what was missed
    name: str
    read_as: str  # the record's name, where it differs from the true one
    fields: tuple[FieldShown, ...]
    name_boxes: tuple[Box, ...]
    regions: tuple[Box, ...]  # of all its pictures on the page
    crop: str  # of the picture, else of the printed name, else the whole page, small
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PageShown:
    """One page with its picture and rows."""

    number: int
    picture: str
    problem: str  # why there is no picture
    width: float
    height: float
    is_complete: bool
    rows: tuple[RowShown, ...]


def write_report(evaluation: Evaluation, folder: Path, open_pages: OpenPages) -> Path:
    """Write everything into a folder and return the page to open first."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(evaluation.to_json(), indent=1, ensure_ascii=False)
    (folder / "evaluation.json").write_text(told, encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("evaluation", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["percent"] = percent
    catalogue = environment.get_template("catalogue.html.j2")
    files = list(zip(file_names([outcome.path for outcome in evaluation.outcomes]), evaluation.outcomes, strict=True))
    for name, outcome in files:
        pages = catalogue.render(outcome=outcome, pages=shown_pages(outcome, open_pages), fields=FIELDS)
        (folder / name).write_text(pages, encoding="utf-8")
    index = folder / INDEX
    page = environment.get_template("index.html.j2").render(evaluation=evaluation, files=files, fields=FIELDS)
    index.write_text(page, encoding="utf-8")
    return index


def file_names(paths: Sequence[Path]) -> list[str]:
    """One file of the report for each PDF: those called alike in several folders, or like the index, get a number."""
    taken = {INDEX}
    names = []
    for path in paths:
        numbered = (f"{path.stem}-{number}.html" for number in count(2))
        name = next(name for name in chain([f"{path.stem}.html"], numbered) if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def percent(value: float | None) -> str:
    """`97 %`; a dash for what was not measured."""
    return "–" if value is None else f"{100 * value:.0f} %"


def shown_pages(outcome: Outcome, open_pages: OpenPages) -> list[PageShown]:
    """All pages of a catalogue; those without any row are small. One that cannot be drawn says why and has its rows."""
    with open_pages(outcome.path) as pages:
        return [_shown(outcome, number, pages) for number in _numbers(outcome)]


def _numbers(outcome: Outcome) -> list[int]:
    """The pages that the pipeline counted, and of a file that it refused those on which something was to be found."""
    named = {page for record in outcome.records for page in record["pages"]}
    named |= {true.page for true in outcome.truth.products} if outcome.truth else set()
    return sorted({*range(1, outcome.pages + 1), *named})


def _shown(outcome: Outcome, number: int, pages: Pages) -> PageShown:
    drafts = list(_drafts(outcome, number))
    names = [draft.true.name for draft in drafts if draft.true and draft.record is None]
    picture, problem = None, ""
    try:
        picture = pages.draw(number, PAGE_PX if drafts else SMALL_PAGE_PX, names)
    except PageUnreadable as unreadable:
        problem = str(unreadable)
    rows = _numbered(_in_reading_order([_row(picture, number, draft) for draft in drafts]))
    complete = outcome.truth is not None and outcome.truth.is_complete(number)
    if picture is None:
        return PageShown(number, "", problem, 1.0, 1.0, complete, rows)
    return PageShown(number, picture.address, "", picture.width_pt, picture.height_pt, complete, rows)


@dataclass(frozen=True)
class _Draft:
    verdict: str
    true: TrueProduct | None
    record: Record | None
    right: Mapping[str, bool]


def _drafts(outcome: Outcome, page: int) -> Iterable[_Draft]:
    """Found, missed, invented, in this order; records of pages that nobody read last."""
    comparison = outcome.comparison
    known: list[int] = []
    if comparison is not None:
        for match in comparison.matches:
            if match.on_its_page and match.true.page == page:
                known.append(id(match.record))
                yield _Draft("found", match.true, match.record, match.right)
        for true in comparison.missed:
            if true.page == page:
                yield _Draft("missed", true, None, {})
        for place, record in comparison.invented:
            if place == page:
                known.append(id(record))
                yield _Draft("invented", None, record, {})
    for record in outcome.records:
        if page in record["pages"] and id(record) not in known:
            yield _Draft("record", None, record, {})


def _in_reading_order(rows: Sequence[RowShown]) -> list[RowShown]:
    """Rows by where their names stand on the page, level ones from left to right; what stands nowhere comes last."""
    levels: list[list[RowShown]] = []
    for row in sorted(rows, key=lambda row: _corner(row)[1]):
        if not levels or _corner(row)[1] - _corner(levels[-1][0])[1] > LEVEL * _height(levels[-1][0]):
            levels.append([])
        levels[-1].append(row)
    return [row for level in levels for row in sorted(level, key=_corner)]


def _corner(row: RowShown) -> tuple[float, float]:
    box = next(iter(row.name_boxes or row.regions), None)
    return (0.0, math.inf) if box is None else (box[0], box[1])


def _height(row: RowShown) -> float:
    box = next(iter(row.name_boxes or row.regions), None)
    return 0.0 if box is None else box[3] - box[1]


def _numbered(rows: Sequence[RowShown]) -> tuple[RowShown, ...]:
    """The rows with the numbers that stand in the page's picture; what was missed has none."""
    numbers = count(1)
    return tuple(row if row.verdict == "missed" else replace(row, number=next(numbers)) for row in rows)


def _row(picture: PagePicture | None, page: int, draft: _Draft) -> RowShown:
    record, true = draft.record, draft.true
    name = true.name if true else str(record["name"]) if record else ""
    printed = [picture.found.get(name)] if picture else []
    name_boxes = _name_boxes(record, page) if record else tuple(box for box in printed if box)
    regions = _regions(record, page) if record else ()
    read_as = str(record["name"]) if record and true and record["name"] != true.name else ""
    return RowShown(
        draft.verdict, 0, name, read_as, _fields(draft), name_boxes, regions,
        _crop(picture, next(iter(regions or name_boxes), None)), tuple(record["review_reasons"]) if record else (),
    )  # fmt: skip


def _crop(picture: PagePicture | None, box: Box | None) -> str:
    """The part of the page, or all of it where there is no part to show."""
    if picture is None:
        return ""
    return (picture.crop(box) if box else "") or picture.whole()


def _fields(draft: _Draft) -> tuple[FieldShown, ...]:
    true = draft.true.fields if draft.true else {}
    shown = [
        FieldShown(name, said(draft.record, name) if draft.record else "", true.get(name, ""), draft.right.get(name))
        for name in FIELDS
    ]
    return tuple(field for field in shown if field.said or field.true)


def _name_boxes(record: Record, page: int) -> tuple[Box, ...]:
    proofs: Sequence[Mapping[str, Any]] = record["evidence"]
    boxes = (_box(proof["box"]) for proof in proofs if proof["field"] == "name" and proof["page"] == page)
    return tuple(dict.fromkeys(box for box in boxes if box))


def _regions(record: Record, page: int) -> tuple[Box, ...]:
    boxes = (_box(image["box"]) for image in record["images"] if image["page"] == page)
    return tuple(dict.fromkeys(box for box in boxes if box))


def _box(told: Sequence[float] | None) -> Box | None:
    return None if told is None else (told[0], told[1], told[2], told[3])

"""Owns data sheets: a page about one product, with its name large above a list of labels and values.

Knows one page. Tables of products are read by `actors.tables.price_lists`; a list of properties may pass for a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from actors.naming.product_names import EDGES, ParsedName, is_bare_code, is_labelled_code, parse_name
from actors.page.labels import Label, rotated_labels, union
from actors.page.pattern import PagePattern
from actors.page.printed_rows import PrintedRow, printed_rows
from actors.records import Box, PageContent, TextLine
from actors.values.codes import parse_codes
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import is_property_label
from actors.vocabulary.words import find_terms, fold

COLOUR = "visualProperties.primaryColor"
LOOKS = (COLOUR, "visualProperties.surfaceFinish", "physicalProperties.materialCategory")
MIN_ROWS, MIN_KNOWN = 3, 2
MOST_VIEWS = 2  # beside a page's only code: pictures whose captions say what of the one product they show
MAX_LABEL = 3  # words
ALIKE = 1.15  # of the letters of labels beside each other
MIN_DISTINCT = 0.7  # of the labels: one product has one size
LARGER = 1.3  # the name's letters against those of the list
ALIGNED = 1.5  # sizes by which the labels' beginnings may differ
MIN_PICTURE = 4.0  # sizes between name and list, from which a picture stands there
MAX_BODY = 40
CONFIDENCE = 0.65


class Property(NamedTuple):
    """One labelled value: its printed lines, the label's first, and the value."""

    lines: tuple[TextLine, ...]
    value: str


@dataclass(frozen=True)
class Sheet:
    """The product of a data sheet. `body`: all other labels; `picture`: the space between name and list, if any.

    `rows`: labels with the values that stand under them, each as one printed row.
    """

    name: ParsedName
    label: Label
    body: tuple[Label, ...]
    picture: Box | None
    confidence: float
    reasons: tuple[str, ...]
    rows: tuple[PrintedRow, ...] = ()


def data_sheet(page: PageContent, pattern: PagePattern) -> Sheet | None:
    """The one product of a page that lists its properties; None when the page is anything else."""
    columns = _property_columns(page) or _columns_under_labels(page)
    rows = columns or _property_rows(page)
    few = MOST_VIEWS if len(_codes(pattern)) == 1 else 1
    if any(slot.support > few and slot.region.kind != "blank" for slot in pattern.slots):
        return None  # several captioned pictures: several products
    told = any(map(_tells_goods, rows)) or any(map(_is_look, columns)) or any(map(_is_colour, rows))
    if len(rows) < MIN_ROWS or not told:
        return None
    printed = _printed_labels(page, rows)
    if len(set(printed)) < MIN_DISTINCT * len(printed):
        return None  # the same properties again and again: of several products
    top = min(line.box[1] for row in rows for line in row.lines)
    size = _size_of(rows)
    above = [label for label in pattern.labels if label.size >= LARGER * size and _heads(label, top, columns)]
    named = [(label, name) for label in above if (name := parse_name(label.text)) is not None]
    where = "the largest line over a list of properties"
    if not named:
        where = "the largest line, set sideways beside a list of properties"
        sideways = [label for label in rotated_labels(page) if label.size >= LARGER * size]
        named = [(label, name) for label in sideways if (name := parse_name(label.text)) is not None]
    if not named:
        return None
    label, name = max(named, key=lambda item: item[0].size)
    reasons = (where, f"{len(rows)} labelled values")
    body = tuple(other for other in pattern.labels if other is not label)[:MAX_BODY]
    confidence = CONFIDENCE + 0.2 * (name.score - 0.5)
    return Sheet(
        name,
        label,
        body,
        _picture(label, top, rows) or _picture_over(label, top, page),
        confidence,
        reasons,
        tuple(_as_row(one) for one in columns),
    )


def _codes(pattern: PagePattern) -> set[str]:
    """The codes that stand by themselves on a page."""
    return {label.text for label in pattern.labels if is_bare_code(label.text) or is_labelled_code(label.text)}


def _heads(label: Label, top: float, columns: Sequence[Property]) -> bool:
    """Whether a label stands over a list, or begins level with the first of its columns and left of it."""
    if label.box[3] <= top or not columns:
        return label.box[3] <= top
    middle = (label.box[1] + label.box[3]) / 2
    bottom = max(line.box[3] for one in columns for line in one.lines)
    return top <= middle <= bottom and label.box[2] <= min(one.lines[0].box[0] for one in columns)


def _as_row(one: Property) -> PrintedRow:
    """A label with the value under it, as if the value stood behind it: "Finish: sawn"."""
    opening = f"{one.lines[0].text.strip(EDGES)}: "
    return PrintedRow(opening + one.value, ((0, one.lines[0]), (len(opening), one.lines[1])))


def _property_rows(page: PageContent) -> list[Property]:
    """Rows of a label and its value, the labels of which begin at one place."""
    lines = [line for block in page.blocks for line in block.lines]
    printed = printed_rows(lines)
    rows = [found for row in printed if (found := _property(row)) is not None]
    if not rows:
        return []
    starts = sorted(row.lines[0].box[0] for row in rows)
    usual, slack = starts[len(starts) // 2], ALIGNED * _size_of(rows)
    known = [row for row in rows if abs(row.lines[0].box[0] - usual) <= slack]
    return known if len(known) < MIN_KNOWN else _with_unknown(known, printed, slack)


def _with_unknown(known: Sequence[Property], printed: Sequence[PrintedRow], slack: float) -> list[Property]:
    """The rows of a list with those between whose labels no vocabulary has, but which stand in its two columns."""
    pairs = [
        Property((row.parts[0][1], row.parts[1][1]), row.parts[1][1].text) for row in printed if len(row.parts) == 2
    ]
    top, bottom = known[0].lines[0].box[1], known[-1].lines[0].box[3]
    within = [one for one in pairs if top <= one.lines[0].box[1] <= bottom]
    likes = [row for row in known if len(row.lines) == 2]
    more = [
        one
        for one in within
        if not any(one.lines[0] is row.lines[0] for row in known)
        and any(_in_columns_of(one, row, slack) for row in likes)
    ]
    return sorted([*known, *more], key=lambda row: row.lines[0].box[1])


def _in_columns_of(one: Property, other: Property, slack: float) -> bool:
    return all(abs(a.box[0] - b.box[0]) <= slack for a, b in zip(one.lines, other.lines, strict=True))


def _property_columns(page: PageContent) -> list[Property]:
    """A row of labels with the row of their values under it, column by column."""
    rows = printed_rows([line for block in page.blocks for line in block.lines])
    for labels, values in pairwise(rows):
        pairs = [(label, value) for (_, label), (_, value) in zip(labels.parts, values.parts, strict=False)]
        whole = len(labels.parts) == len(values.parts) >= MIN_ROWS
        if whole and all(is_property_label(label.text) and _is_column(label, value) for label, value in pairs):
            return [Property((label, value), value.text) for label, value in pairs]
    return []


def _columns_under_labels(page: PageContent) -> list[Property]:
    """Values under labels that a caption prints side by side, of which one at least is for a look: "Door | Colour".

    Makers name the parts of their goods as they like: that all labels are set alike and the values stronger tells.
    """
    lines = [line for block in page.blocks for line in block.lines]
    usual = sorted(line.size for line in lines)[len(lines) // 2] if lines else 0.0
    rows = printed_rows([line for line in lines if line.size < LARGER * usual])
    for labels, values in pairwise(rows):
        pairs = [
            Property((label, value), value.text)
            for (_, label), (_, value) in zip(labels.parts, values.parts, strict=False)
        ]
        if len(labels.parts) == len(values.parts) >= MIN_ROWS and _are_labelled(pairs):
            return pairs
    return []


def _are_labelled(pairs: Sequence[Property]) -> bool:
    labels, values = zip(*(pair.lines for pair in pairs), strict=True)
    words = [fold(label.text) for label in labels]
    alike = max(label.size for label in labels) <= ALIKE * min(label.size for label in labels)
    short = all(len(word.split()) <= MAX_LABEL and not any(map(str.isdigit, word)) for word in words)
    stronger = all(
        value.size > ALIKE * label.size or (value.bold and not label.bold)
        for label, value in zip(labels, values, strict=True)
    )
    is_work = any(find_terms(word, "project") for word in words)
    stands = all(_is_column(label, value) for label, value in zip(labels, values, strict=True))
    return alike and short and stronger and stands and not is_work and len(set(words)) == len(words)


def _is_column(label: TextLine, value: TextLine) -> bool:
    """Whether a value stands close under its label, and begins or is centred where that does."""
    height = label.box[3] - label.box[1]
    centres = (label.box[0] + label.box[2]) / 2, (value.box[0] + value.box[2]) / 2
    apart = min(abs(label.box[0] - value.box[0]), abs(centres[0] - centres[1]))
    return apart <= height and value.box[1] - label.box[3] <= ALIGNED * height and not is_property_label(value.text)


def _printed_labels(page: PageContent, rows: Sequence[Property]) -> list[str]:
    """The labels before colons, wherever they stand, and those of the rows of the list."""
    heads = [line.text.partition(":") for block in page.blocks for line in block.lines]
    marked = [fold(label) for label, _, value in heads if value.strip() and is_property_label(label)]
    return [*marked, *(fold(row.lines[0].text) for row in rows if ":" not in row.lines[0].text)]


def _property(row: PrintedRow) -> Property | None:
    """A label with the line to its right, or with what stands behind its colon; a text may run on beside the list."""
    lines = [line for _, line in row.parts]
    for line, following in pairwise(lines):
        if is_property_label(line.text):
            return Property((line, following), following.text)
    for line in lines:
        label, colon, value = line.text.partition(":")
        if colon and value.strip() and is_property_label(label):
            return Property((line,), value)
    return None


def _tells_goods(row: Property) -> bool:
    """Whether the value is a size of two sides or a code: what an article has, and a method or a firm has not."""
    value = row.value
    return any(size.has_face for size in parse_dimensions(value)) or bool(parse_codes(value))


def _is_look(column: Property) -> bool:
    """Whether a label over a value is for a colour, a finish or a material."""
    return any(term.canonical in LOOKS for term in find_terms(column.lines[0].text, "field_label"))


def _is_colour(row: Property) -> bool:
    """Whether a label beside a value is for a colour: a finish and a material are listed of series as well."""
    return any(term.canonical == COLOUR for term in find_terms(row.lines[0].text, "field_label"))


def _size_of(rows: Sequence[Property]) -> float:
    sizes = sorted(line.size or line.box[3] - line.box[1] for row in rows for line in row.lines)
    return sizes[len(sizes) // 2]


def _picture(label: Label, top: float, rows: Sequence[Property]) -> Box | None:
    if top - label.box[3] < MIN_PICTURE * label.size:
        return None
    sides = union([label.box, *(line.box for row in rows for line in row.lines)])
    return sides[0], label.box[3], sides[2], top


def _picture_over(label: Label, top: float, page: PageContent) -> Box | None:
    """What a page shows over a caption at its foot, in all its width: the space in which nothing is printed."""
    foot = min(label.box[1], top)
    over = [line.box[3] for block in page.blocks for line in block.lines if line.box[3] <= foot]
    above = max(over, default=0.0)
    is_beside = label.box[3] > top
    return (0.0, above, page.width_pt, foot) if is_beside and foot - above >= MIN_PICTURE * label.size else None

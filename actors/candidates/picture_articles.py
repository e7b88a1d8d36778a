"""Owns the articles that stand under one picture: the caption's own, or a line with a code of its own for each.

A line that says only which one (a colour, a size) is a variant of the name above; one that names a thing ("DF-301
three-seater 220 x 90 cm") is an article by that name. Knows no pages.
"""

from collections.abc import Sequence
from typing import NamedTuple

from actors.candidates.captions import NamedPicture
from actors.candidates.coded_lines import coded_rows, leading_code
from actors.naming.product_names import LETTER, ParsedName, name_pieces, parse_name
from actors.page.labels import Label, union
from actors.page.printed_rows import PrintedRow
from actors.values.codes import parse_codes
from actors.vocabulary.words import find_terms

WHICH = ("colour", "finish", "material", "pattern", "size_label")
MOSTLY = 0.6  # of a line's letters that words for looks take, when it says only which one


class Article(NamedTuple):
    """A name, the label that prints it, the other labels of it."""

    name: ParsedName
    label: Label
    others: tuple[Label, ...]
    code: str | None = None  # of its line in a list
    listed: int = 1  # how many names stand in one list


def articles(item: NamedPicture) -> list[Article]:
    """The articles of a captioned picture, from top to bottom."""
    label = item.slot.label
    coded = coded_rows([line for other in item.others for line in other.lines])
    if not coded or leading_code(label.text) is not None:
        return [Article(item.name, label, item.others)]
    rows = [row for _, row in coded]
    named = [_own_name(code, row) for code, row in coded]
    if all(name is not None for name in named):
        return [
            Article(name, _as_label(row, label), _of_row(item.others, row, rows, with_own=False), code, len(rows))
            for name, (code, row) in zip(named, coded, strict=True)
            if name is not None
        ]
    return [Article(item.name, label, _of_row(item.others, row, rows), code) for code, row in coded]


def _own_name(code: str, row: PrintedRow) -> ParsedName | None:
    """What a line names behind its code; None where it says only which one."""
    label = next((found.label for found in parse_codes(row.text) if found.code == code), "")
    parts = [line.text.replace(code, " ", 1).replace(label, " ", 1) for _, line in row.parts]
    pieces = [piece for part in parts for piece in name_pieces(part)]
    words = " ".join(pieces)
    letters = len(LETTER.findall(words))
    told = sum(len(LETTER.findall(term.printed)) for term in find_terms(words, *WHICH))
    return parse_name(words) if letters and told < MOSTLY * letters else None


def _as_label(row: PrintedRow, like: Label) -> Label:
    lines = tuple(line for _, line in row.parts)
    first = lines[0]
    size = first.size or first.box[3] - first.box[1]
    text = " ".join(" ".join(line.text.split()) for line in lines)
    return Label(
        text, union([line.box for line in lines]), lines, like.source, like.block, first.font, size, first.bold
    )


def _of_row(
    labels: Sequence[Label], own: PrintedRow, rows: Sequence[PrintedRow], *, with_own: bool = True
) -> tuple[Label, ...]:
    """The labels of one article: its row, unless it is the name itself, and what stands in none of the rows."""
    foreign = [line for row in rows if row is not own or not with_own for _, line in row.parts]
    return tuple(label for label in labels if not any(line in foreign for line in label.lines))

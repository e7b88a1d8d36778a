"""Owns where the header of a table ends and its rows begin, and which columns the table finder has torn in two."""

from bisect import bisect_right
from collections.abc import Sequence

from actors.tables.cell_kinds import (
    CODE_CELL,
    CODE_LABELS,
    EMPTY,
    LETTERS,
    NAME_LABEL,
    NAME_LABELS,
    Row,
    is_amount,
    is_code,
    is_figure,
    is_labelled,
    is_number,
)
from actors.tables.models import is_cut_model, is_size
from actors.vocabulary.words import Term, find_terms, share_covered

MOST = 0.8  # of a cell that words for columns make up


def head_and_body(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Header rows and body rows; a body row has a text and a number, and as many cells as the widest row."""
    width = max((len(row) for row in rows), default=0)
    padded = [(*row, *[""] * (width - len(row))) for row in rows]
    headings = 1 if padded and is_heading(padded[0]) else 0
    coded = [index for row in padded[:headings] for index in range(width) if is_labelled(row[index], CODE_LABELS)]
    bodies = [_is_body(row) or _is_coded(row, coded) for row in padded]
    first = next((i for i, is_body in enumerate(bodies) if i >= headings and is_body), len(padded))
    head = padded[:first]
    headed = [index for index in range(width) if not head or index == 0 or any(row[index].strip() for row in head)]
    whole = [
        row
        for row, is_body in zip(padded[first:], bodies[first:], strict=True)
        if is_body and _fills_several(row, headed)
    ]
    return _whole_columns(head, whole, headed)


def is_heading(row: Sequence[str]) -> bool:
    """Whether cells name columns of names or codes, and another beside: `Code | Product | 1 L` are no product."""
    named = [terms for cell in row if (terms := _column_terms(cell))]
    return len(named) > 1 and any(term.canonical in (NAME_LABEL, *CODE_LABELS) for terms in named for term in terms)


def _column_terms(cell: str) -> list[Term]:
    """The words for columns that a cell is made of; none where it says anything else."""
    words = cell.strip(" :")
    terms = find_terms(words, "field_label", "column_head")
    return terms if share_covered(words, terms) >= MOST else []


def _fills_several(row: Row, headed: Sequence[int]) -> bool:
    """Whether cells stand under several headers: signs and remarks between the rows stand under one."""
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    return len({bisect_right(headed, index) for index in filled}) > 1


def _whole_columns(head: list[Row], body: list[Row], headed: Sequence[int]) -> tuple[list[Row], list[Row]]:
    """Without columns that the table finder cut a text into: words without a header of their own, beside one's."""
    torn = [
        index
        for index in range(len(body[0]) if body else 0)
        if index not in headed
        and (
            all(LETTERS.search(row[index]) and not is_figure(row[index]) for row in body if row[index].strip())
            or is_cut_model(head, body, index)
        )
    ]
    if head and not any(row[0].strip() for row in head) and _is_first_word(head, body):
        torn = [1, *(index for index in torn if index > 1)]
    for index in reversed(torn):
        head, body = ([_joined(row, index) for row in rows] for rows in (head, body))
    return head, body


def _is_first_word(head: Sequence[Row], body: Sequence[Row]) -> bool:
    """Whether a first column without a header has the first words of the names beside it: "Gully | top 56/44"."""
    words = all(row[0].strip() and row[1].strip() and not is_figure(row[0]) for row in body)
    return words and any(is_labelled(row[1], NAME_LABELS) for row in head)


def _joined(row: Row, index: int) -> Row:
    """A row whose cell is put behind the one before."""
    cell = " ".join(text for text in row[index - 1 : index + 1] if text.strip())
    return (*row[: index - 1], cell, *row[index + 1 :])


def _is_body(row: Sequence[str]) -> bool:
    filled = sum(not EMPTY.match(cell) for cell in row)
    # Amounts with a currency's sign are also of freight and fees: they count beside a code or a size.
    amounts = sum(map(is_amount, row)) if any(is_code(cell) or is_size(cell) for cell in row) else 0
    numbers = sum(map(is_number, row)) + amounts
    figures = sum(map(is_figure, row)) + amounts
    return numbers >= 1 and any(LETTERS.search(cell) for cell in row) and figures * 3 >= filled - 1


def _is_coded(row: Sequence[str], coded: Sequence[int]) -> bool:
    """Whether a code stands under a head for codes, beside a text: then a row needs no number."""
    named = any(LETTERS.search(cell) for index, cell in enumerate(row) if index not in coded)
    return named and any(CODE_CELL.fullmatch(row[index].strip()) for index in coded)

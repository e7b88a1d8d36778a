"""Owns tables of models: those that have them side by side, a column each, and which of their words are labels.

Which tables hold products is known by `actors.tables.price_lists`.
"""

import re
from collections.abc import Sequence

from actors.records import TextBlock
from actors.values.dimensions import parse_dimensions
from actors.vocabulary.words import find_terms, fold

LETTERS = re.compile(r"[^\W\d_]{2,}")
UNIT = re.compile(r"\s*[(\[][^()\[\]]{1,5}[)\]]\s*$")
PROPERTY_WORDS = ("field_label", "size_label", "technical_label")
NAME_LABELS = ("coreIdentity.productName", "coreIdentity.model")
MIN_ROWS = 2
MOST_LABELLED = 0.5  # of the first column of a table that has its models side by side
MOST_OF_LABEL = 0.5  # of a cell that a word for a property takes
MOST = 0.8  # of a cell that a size takes, of a first column that words take

Row = tuple[str, ...]


def turned(block: TextBlock) -> TextBlock:
    """A table whose first column labels properties of several models, with its columns as rows; others without any."""
    width = max((len(row) for row in block.rows), default=0)
    rows = [(*row, *[""] * (width - len(row))) for row in block.rows]
    labelled = sum(_is_label(row[0]) for row in rows[1:])
    models = [cell.strip() for cell in rows[0][1:]] if rows else []
    named = all(LETTERS.search(model) and not _is_label(model) for model in models)
    is_turned = len(models) >= MIN_ROWS and len(set(models)) == len(models) and named
    if not is_turned or not (labelled >= MOST_LABELLED * max(1, len(rows) - 1) or _has_models_over(rows)):
        return block.model_copy(update={"rows": ()})
    return block.model_copy(update={"rows": tuple(zip(*rows, strict=True))})


def _has_models_over(rows: Sequence[Row]) -> bool:
    """Whether a head for models stands before models, each with its number, and under it words, over values in rows."""
    first, *models = rows[0]
    properties = [row[0].strip() for row in rows[1:]]
    worded = sum(bool(LETTERS.search(text)) and not any(map(str.isdigit, text)) for text in properties)
    is_worded = len(properties) >= MIN_ROWS and worded >= MOST * len(properties)
    return heads_models(first) and all(map(_is_model, models)) and is_worded


def _is_model(cell: str) -> bool:
    """Whether a cell has a number and is no size, and no norm by which things are tested."""
    return any(map(str.isdigit, cell)) and not is_size(cell) and not find_terms(cell, "norm")


def heads_models(head: str) -> bool:
    """Whether models or names stand under, or behind, a head."""
    return any(term.canonical in NAME_LABELS for term in find_terms(head, "field_label", "column_head"))


def column_of_models(header: Sequence[str], body: Sequence[Row]) -> int | None:
    """The column under a head for models, where each row has one of its own."""
    for index, head in enumerate(header):
        cells = {row[index].strip() for row in body}
        if heads_models(head) and len(cells) == len(body) and all(LETTERS.search(c) and _is_model(c) for c in cells):
            return index
    return None


def is_cut_model(head: Sequence[Row], body: Sequence[Row], index: int) -> bool:
    """Whether a column without a head holds what tells models apart whose first words stand before it, under theirs.

    So OCR leaves them that misses a letter between: "Luna | 15-40", "Luna | 25-40".
    """
    if not body or not any(heads_models(row[index - 1]) for row in head):
        return False
    first, rest = zip(*((row[index - 1].strip(), row[index].strip()) for row in body), strict=True)
    is_worded = all(LETTERS.search(words) and not any(map(str.isdigit, words)) for words in first)
    is_told = all(any(map(str.isdigit, text)) for text in rest) and len(set(rest)) == len(body)
    return is_worded and is_told and len(set(first)) < len(body)


def _is_label(cell: str) -> bool:
    return bool(label_of(cell)) or not cell.strip()


def label_of(cell: str) -> str:
    """The word for a property that takes most of a cell, its unit left out; empty where none does."""
    cell = UNIT.sub("", cell)
    terms = [term for category in PROPERTY_WORDS for term in find_terms(cell, category)]
    longest = max(terms, key=lambda term: term.end - term.start, default=None)
    if longest is None or longest.end - longest.start < MOST_OF_LABEL * len(cell.strip()):
        return ""
    return fold(longest.printed)


def is_size(cell: str) -> bool:
    """Whether a size takes most of a cell."""
    return any(size.end - size.start >= MOST * len(cell.strip()) for size in parse_dimensions(cell))

"""Owns what the cell of a table can be: nothing, a number, an amount, a code, a label of a column. Knows one cell."""

import re
from collections.abc import Sequence

from actors.tables.models import is_size
from actors.values.codes import parse_codes
from actors.vocabulary.words import find_terms

NUMBER = re.compile(r"^[±~≈<>≤≥+\-\u2013]?\s*\d[\d\s.,'\u2019]*\s*(?:%|°|[^\W\d_]{1,3}[²³23]?\.?)?$")
EMPTY = re.compile(r"^[\s\-\u2013\u2014/.]*$")
LETTERS = re.compile(r"[^\W\d_]{2,}")
CODE_LABELS = ("coreIdentity.productCode", "coreIdentity.sku")
NAME_LABEL = "coreIdentity.productName"
NAME_LABELS = (NAME_LABEL, "coreIdentity.model")
PRICE_LABEL = "commercialInformation.price"
CODE_CELL = re.compile(r"(?=.*\d)(?:(?:[A-Z][A-Za-z]? )?[\w./-]{3,20}(?: [\w./-]{1,10})?|[A-Z]{2,3} \d{2})")
AMOUNT = re.compile(r"(?:[€$£]\s*)?\d[\d.\s\u2019]*[.,]\d\d(?:\s*[€$£])?")
Row = tuple[str, ...]


def is_figure(cell: str) -> bool:
    """Whether it is a number, a size or a code."""
    return is_number(cell) or is_size(cell) or is_code(cell)


def is_amount(cell: str) -> bool:
    """Whether it is an amount of money with a currency's sign."""
    return bool(AMOUNT.fullmatch(cell.strip())) and not is_number(cell)


def is_number(cell: str) -> bool:
    """Whether it is one number, with a short unit or without."""
    return bool(NUMBER.match(cell.strip())) and not LETTERS.fullmatch(cell.strip())


def is_code(cell: str) -> bool:
    """Whether it is an article code as its form tells."""
    return any(code.code == cell.strip() for code in parse_codes(cell))


def is_labelled(head: str, fields: Sequence[str]) -> bool:
    """Whether a header names one of these fields."""
    return any(term.canonical in fields for term in find_terms(head, "field_label"))

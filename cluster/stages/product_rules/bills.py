"""Owns the question whether a page is a bill: quotations, invoices and bills of quantities list what one buyer wants.

Their rows have names, sizes and prices as those of price lists; what these have not is how much of each, and a sum.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from actors.records import PageContent, TextBlock, TextLine
from actors.vocabulary.words import find_terms, share_covered

CATEGORY, QUANTITY, AMOUNT, UNIT = "bill", "quantity", "amount", "unit"
MOST_OF_HEAD = 0.6  # of a header's letters: "Quantity per box" is of a carton
MIN_FILLED = 0.6  # of the rows that say how much
MIN_ROWS = 2
MIN_ADDED = 4  # amounts: three that add up may do so by chance
CENTS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,'\u2019 \u00a0]?\d{3})*[.,]\d\d(?![\d.,]\d)")
NUMBER = re.compile(r"\d[\d.,\s]*")
SIGN = re.compile(r"[(\[]?[\u20a0-\u20c0][)\]]?")  # of any currency, those included that no list of words has
SAME_EDGE = 3.0  # points: amounts of a column end there


def is_bill(page: PageContent) -> bool:
    """Whether a table says how much of each and what it comes to, or a column of amounts ends with its sum."""
    return any(_asks_for(block) for block in page.blocks) or any(map(_adds_up, _columns_of_amounts(page)))


def _asks_for(table: TextBlock) -> bool:
    """Whether rows fill a column of quantities, beside one of what they come to; an order form has none filled."""
    for index, head in enumerate(table.rows):
        columns = {kind: at for at, cell in enumerate(head) for kind in _kinds(cell)}
        if QUANTITY in columns and AMOUNT in columns:
            below = [row[columns[QUANTITY]] for row in table.rows[index + 1 :] if len(row) > columns[QUANTITY]]
            return sum(map(_is_number, below)) >= max(MIN_ROWS, MIN_FILLED * len(below))
    return False


def _kinds(head: str) -> set[str]:
    """What a column of a bill holds by its header; nothing where the header says anything else as well."""
    head = SIGN.sub("", head).strip()
    terms = find_terms(head, CATEGORY, "currency", "unit")
    kinds = {term.canonical for term in terms if term.category == CATEGORY}
    return kinds if share_covered(head, terms) >= MOST_OF_HEAD else set()


def _is_number(cell: str) -> bool:
    return NUMBER.match(cell.strip()) is not None


def _columns_of_amounts(page: PageContent) -> Iterator[list[int]]:
    """Amounts, in cents, that end at the same place, from top to bottom."""
    lines = [line for block in page.blocks for line in block.lines if _ends_in_amount(line)]
    while lines:
        edge = lines[0].box[2]
        column = [line for line in lines if abs(line.box[2] - edge) <= SAME_EDGE]
        lines = [line for line in lines if abs(line.box[2] - edge) > SAME_EDGE]
        yield [_cents(line) for line in sorted(column, key=lambda line: line.box[1])]


def _ends_in_amount(line: TextLine) -> bool:
    return any(len(line.text.rstrip()) - match.end() <= 4 for match in CENTS.finditer(line.text))


def _cents(line: TextLine) -> int:
    return int(re.sub(r"\D", "", CENTS.findall(line.text)[-1]))


def _adds_up(amounts: Sequence[int]) -> bool:
    """Whether the first few amounts of a column come to the one below them."""
    sums = list(accumulate(amounts))
    return any(sums[last - 1] == amounts[last] for last in range(MIN_ADDED, len(amounts)))

"""Owns the fields of a product's row in a table: each cell under its header, with a printed proof.

A header names a cell, but it stands elsewhere: the proof is the row as printed, and for a word that only the header
prints (a currency) the header's cell.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from price_parser import Price

from actors.evidence import CELL_BREAK
from actors.metadata import DIMENSIONS, Reading, gathered, read_row
from actors.page.labels import union
from actors.page.printed_rows import PrintedRow
from actors.records import Evidence, Metadata, TextLine, TextSource
from actors.tables.cell_kinds import PRICE_LABEL, is_labelled
from actors.tables.cell_sizes import size_in_cells
from actors.tables.price_lists import TableRow
from actors.values.lengths import AXES
from actors.values.numerals import SPACED_THOUSANDS
from actors.values.prices import currency_in
from actors.vocabulary.words import looks_only

NO_BREAK = "\u00a0"
LOOKS = ("visualProperties.primaryColor", "visualProperties.surfaceFinish", "physicalProperties.materialCategory")
"""What a name may be under its header: "Farbe: Messing" is a colour, whatever the word means."""
CURRENCY = "commercialInformation.currency"
SIZES = (DIMENSIONS, *(f"physicalProperties.{side}" for side in (*AXES, "thicknessMax")))
MEASURED = 0.9  # confidence of a size that the headers of its cells name
PRICED = 0.8  # confidence of a number that only its header calls a price
PLAIN_AMOUNT = re.compile(r"\d[\d.,'\u2019\u00a0 ]*(?:,-|,\u2013)?")
THOUSANDS = re.compile(rf"(?<![\d.,]){SPACED_THOUSANDS}(?![.,])")


def row_metadata(row: TableRow, lines: Sequence[TextLine], page: int, source: TextSource) -> Metadata:
    """What the cells say under their headers.

    Args:
        row: the product's row.
        lines: printed lines level with its name.
        page: 1-based.
        source: of the lines.
    """
    box = union([row.box, *(line.box for line in lines)])
    name = (row.head if is_labelled(row.head, LOOKS) else "", row.name)
    cells = [name, *((head, _closed_up(cell)) for head, cell in row.cells)]
    printed = TextLine(text=CELL_BREAK.join(cell for _, cell in cells), box=box)
    labelled = CELL_BREAK.join(f"{head}: {cell}" if head else cell for head, cell in cells)
    found = read_row(PrintedRow(labelled, ((0, printed),)), page, source)
    closed = replace(row, cells=tuple(cells))
    proved = [reading for one in found if (reading := _proved(one, closed)) is not None]
    measured = _measured(row, printed, page, source)
    proved = [*(one for one in proved if not measured or not _is_size(one)), *measured]
    proved += _prices(closed, printed, page, source)
    return _as_printed(gathered(proved))


def _measured(row: TableRow, printed: TextLine, page: int, source: TextSource) -> list[Reading]:
    """The size that the cells give under the headers of their sides; the header's words are proved with its cell."""
    if (found := size_in_cells(row.cells)) is None:
        return []
    size, cells = found
    proof = Evidence(
        field=DIMENSIONS, value=cells[0][1], page=page, box=printed.box, source=source,
        text=CELL_BREAK.join(text for pair in cells for text in pair), confidence=MEASURED,
    )  # fmt: skip
    return [Reading(DIMENSIONS, size.to_json(), proof)]


def _is_size(reading: Reading) -> bool:
    return reading.field in SIZES


def _prices(row: TableRow, printed: TextLine, page: int, source: TextSource) -> list[Reading]:
    """Bare numbers under a header for prices; their currency where a header prints it ("Preis in €", "Fiyat (TL)")."""
    found = []
    for head, cell in row.cells:
        amount = Price.fromstring(cell).amount if PLAIN_AMOUNT.fullmatch(cell.strip()) else None
        if amount is None or not _heads_prices(head):
            continue
        proof = Evidence(
            field=PRICE_LABEL, value=cell.strip(), page=page, box=printed.box, source=source, text=printed.text,
            confidence=PRICED,
        )  # fmt: skip
        found.append(Reading(PRICE_LABEL, format(amount, "f"), proof))
        if (currency := currency_in(head)) and (stands := _of_header(row, head)):
            of_header = proof.model_copy(update={"field": CURRENCY, "value": currency, **stands})
            found.append(Reading(CURRENCY, currency, of_header))
    return found


def _heads_prices(head: str) -> bool:
    """Whether a header calls its cells prices, if only by a currency: "Price", "€", "EUR / m²"."""
    if is_labelled(head, (PRICE_LABEL,)):
        return True
    currency = currency_in(head)
    per = head.replace(currency, "") if currency else head
    return bool(currency) and (not any(map(str.isalpha, per)) or looks_only(per, "price_unit", "price_word"))


def _closed_up(cell: str) -> str:
    """The cell with spaces that no line may break in its thousands: a cell holds one number, "1 000" is no list."""
    return THOUSANDS.sub(lambda match: match.group().replace(" ", NO_BREAK), cell)


def _as_printed(metadata: Metadata) -> Metadata:
    """The same with the spaces that the page prints."""
    return Metadata.model_validate_json(metadata.model_dump_json().replace(NO_BREAK, " "))


def _proved(reading: Reading, row: TableRow) -> Reading | None:
    """The reading with a proof that the page prints in one piece; None where the label and not the cell was read."""
    evidence = reading.evidence
    if evidence.value in evidence.text:
        return reading
    label, _, content = evidence.value.partition(": ")
    for head, cell in row.cells:
        if not content or not head.endswith(label) or not cell.startswith(content):
            continue
        text = str(reading.value)
        if text in label and text not in content:
            return _with(reading, evidence.model_copy(update={"value": text, **_of_header(row, head)}))
        return _with(reading, evidence.model_copy(update={"value": content}))
    return None


def _with(reading: Reading, evidence: Evidence) -> Reading | None:
    return reading._replace(evidence=evidence) if evidence.value in evidence.text else None


def _of_header(row: TableRow, head: str) -> dict[str, object]:
    line = next((line for line in row.header_lines if line.text.strip() == head), None)
    return {"text": line.text, "box": line.box} if line else {}

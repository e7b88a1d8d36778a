"""Owns the third analysis: the product candidates of a chunk, found on the picture of its page.

A page is read once: pictures with captions, then table rows, then headings; each chunk gets the candidates whose name
stands in it. What other pages say is not known here.
"""

from collections import Counter, OrderedDict
from collections.abc import Sequence

from actors.analysis import answer_each
from actors.coded_lines import leading_code, numbers_beside, repeated_codes
from actors.languages import reading_in
from actors.metadata import merge, read_lines
from actors.page_labels import Label, page_labels, union
from actors.page_pattern import PagePattern, page_pattern
from actors.page_regions import contains, is_scan
from actors.page_spreads import printed_pages
from actors.picture_articles import articles
from actors.product_captions import NamedPicture, named_pictures
from actors.product_headings import Heading, named_headings
from actors.product_leaflets import leaflet
from actors.product_names import (
    A_NUMBER,
    A_SERVICE,
    AN_ADDRESS,
    EDGES,
    LETTER,
    ParsedName,
    name_code,
    name_pieces,
    parse_name,
    refuse,
    stands_alone,
)
from actors.product_row_fields import row_metadata
from actors.product_sheets import Sheet, data_sheet
from actors.product_tables import PRICE_LABEL, TableRow, is_labelled, product_rows
from actors.product_variants import variants_heading
from actors.records import (
    AnalysisResult,
    AnalysisTask,
    Box,
    Chunk,
    Metadata,
    NameLook,
    PageContent,
    ProductCandidate,
    ProductDetection,
    TextBlock,
    TextLine,
    TextSource,
)
from actors.table_groups import said_of_group, with_titles
from actors.table_halves import halves
from actors.words import find_terms

PageKey = tuple[int, tuple[str, ...], tuple[Box, ...], tuple[str, ...], tuple[str, ...]]
MODEL = "page-pattern-1"
PAGES_KEPT = 16
ROW_CONFIDENCE = 0.75
LISTED = 0.7  # confidence of lines with a code each under one picture
MANY_ROWS = 3
REFUSED_ROWS = (AN_ADDRESS, "an entry of a table of contents", A_SERVICE)


class ProductDetector:
    """Finds product candidates by geometry and words; loads nothing."""

    def __init__(self) -> None:
        self._pages: OrderedDict[PageKey, tuple[ProductCandidate, ...]] = OrderedDict()

    def detect(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """One result a task, in the order of the tasks; a task that cannot be read gets a result with `error`."""
        return answer_each(tasks, lambda task: self._detection(task.chunk, task.page), MODEL)

    def _detection(self, chunk: Chunk, page: PageContent) -> ProductDetection:
        if chunk.is_index:
            return ProductDetection(note="a list of contents names products of other pages")
        candidates = tuple(one for one in self._candidates(page) if stands_in(one, chunk))
        return ProductDetection(candidates=candidates, note="" if candidates else "no name of a product stands here")

    def _candidates(self, page: PageContent) -> tuple[ProductCandidate, ...]:
        key = _page_key(page)
        if key not in self._pages:
            self._pages[key] = tuple(page_candidates(page))
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return self._pages[key]


def _page_key(page: PageContent) -> PageKey:
    """What tells a page from others cheaply: every chunk comes with its own copy of it."""
    texts = tuple(line.text for block in page.blocks for line in block.lines)
    boxes, images = tuple(block.box for block in page.blocks), tuple(image.image_id for image in page.images)
    return page.page, texts, boxes, images, page.languages


def stands_in(candidate: ProductCandidate, chunk: Chunk) -> bool:
    """Whether the name begins in one of the chunk's lines, or inside its box when it has no lines."""
    if candidate.page != chunk.page or candidate.source != chunk.source:
        return False
    if not chunk.lines:
        return contains(chunk.box, candidate.box, 0.5)
    return any(
        contains(candidate.box, line.box, 0.5) and candidate.text.startswith(" ".join(line.text.split()))
        for line in chunk.lines
    )


def page_candidates(page: PageContent) -> list[ProductCandidate]:
    """All candidates of a page, read in its languages; each printed name once."""
    with reading_in(page.languages):
        return [one for half in printed_pages(page) for one in _read_page(half.content)]


def _read_page(page: PageContent) -> list[ProductCandidate]:
    labels = page_labels(page, stands_alone, leading_code)
    pattern = page_pattern(page, labels)
    listed_in = [part for block in page.blocks if block.label == "table" and block.rows for part in halves(block)]
    priced = bool(listed_in) and any(
        is_labelled(line.text, (PRICE_LABEL,)) for block in page.blocks for line in block.lines
    )
    tables = [(block, with_titles(block, product_rows(block, priced=priced))) for block in listed_in]
    rows = [row for _, listed in tables for row in listed]
    sheet = data_sheet(page, pattern) if not rows else None
    if sheet is not None:
        return [_from_sheet(sheet, page, pattern)]
    found = [one for block, listed in tables for one in _from_table(block, listed, labels, page)]
    taken = [line.box for row in rows for line in row.lines]
    captions = [item for item in named_pictures(pattern) if not _is_taken(item.slot.label, taken)]
    if len(rows) >= MANY_ROWS:
        captions = _beside_tables(captions, [block.box for block, listed in tables if listed])
    found += _with_repeated_codes([one for item in captions for one in _from_picture(item, page, pattern)])
    taken += [line.box for item in captions for line in item.slot.label.lines]
    if not rows:
        found += [
            _from_heading(item, page, pattern) for item in named_headings(pattern) if not _is_taken(item.label, taken)
        ]
        only = leaflet(pattern)
        if only is not None:
            found.append(_from_sheet(only, page, pattern))
    return found


def _beside_tables(captions: Sequence[NamedPicture], tables: Sequence[Box]) -> list[NamedPicture]:
    """The captions of products that stand in none of the tables: a family's picture stands level with its table.

    As many pictures as tables, or fewer, show families as well, each over its table.
    """
    free = [
        item
        for item in captions
        if not any(table[1] < item.slot.region.box[3] and item.slot.region.box[1] < table[3] for table in tables)
    ]
    return free if len(free) > len(tables) else []


def _with_repeated_codes(named: list[ProductCandidate]) -> list[ProductCandidate]:
    """Captions with the codes that only their repetition tells: "Luna 6012G", "Sole 7030M", or 1201 and 1202 below.

    What several captions print in a line below is no code: a class, a group of prices.
    """
    captions = [one.text.split("\n") for one in named]
    codes = numbers_beside([lines[1:] for lines in captions]) | repeated_codes([lines[0] for lines in captions])
    shared = Counter(one.code for one in named if one.code is not None and one.code not in one.text.split("\n")[0])
    return [
        one.model_copy(update={"code": codes[place]})
        if (one.code is None or shared[one.code] >= MANY_ROWS) and place in codes
        else one
        for place, one in enumerate(named)
    ]


def _is_taken(label: Label, boxes: Sequence[Box]) -> bool:
    return any(line.box in boxes for line in label.lines)


def _from_picture(item: NamedPicture, page: PageContent, pattern: PagePattern) -> list[ProductCandidate]:
    """The product of a caption; one for each line with a code of its own where several stand under the name."""
    slot = item.slot
    usable = sum(not region.is_scene for region in pattern.regions)
    return [
        _candidate(
            article.name,
            article.label,
            article.others,
            page,
            confidence=item.confidence if article.listed == 1 else max(item.confidence, LISTED),
            reasons=item.reasons if article.listed == 1 else (*item.reasons, f"one of {article.listed} coded lines"),
            look=NameLook(
                font=(slot.like or article.label).font,
                size=(slot.like or article.label).size,
                bold=(slot.like or article.label).bold,
                relation="below" if article.listed > 1 and slot.relation == "scene" else slot.relation,
                support=slot.support * article.listed,
                regions=usable,
            ),
            image_id=slot.region.image_id,
            region=slot.region.box,
            code=article.code,
        )
        for article in articles(item)
    ]


def _from_heading(item: Heading, page: PageContent, pattern: PagePattern) -> ProductCandidate:
    usable = sum(not region.is_scene for region in pattern.regions)
    look = NameLook(
        font=item.label.font,
        size=item.label.size,
        bold=item.label.bold,
        relation="heading",
        support=item.support,
        regions=usable,
    )
    return _candidate(
        item.name, item.label, item.body, page, confidence=item.confidence, reasons=item.reasons, look=look
    )


def _from_sheet(sheet: Sheet, page: PageContent, pattern: PagePattern) -> ProductCandidate:
    label, regions = sheet.label, [region for region in pattern.regions if not region.is_scene]
    look = NameLook(font=label.font, size=label.size, bold=label.bold, relation="sheet", regions=len(regions))
    return _candidate(
        sheet.name,
        label,
        sheet.body,
        page,
        confidence=sheet.confidence,
        reasons=sheet.reasons,
        look=look,
        region=sheet.picture if is_scan(page) else None,
        image_reason="stands over",
    )


def _from_table(
    table: TextBlock, rows: Sequence[TableRow], labels: Sequence[Label], page: PageContent
) -> list[ProductCandidate]:
    found = [one for row in rows if (one := _from_row(row, page)) is not None]
    heading = variants_heading(table, rows, labels)
    return found if heading is None else [_variant(one, *heading) for one in found]


def _variant(row: ProductCandidate, label: Label, name: ParsedName) -> ProductCandidate:
    """A row that says only which one, under the name that the heading prints."""
    return row.model_copy(
        update={
            "name": name.name,
            "box": label.box,
            "text": f"{label.text}\n{row.text}",
            "source": label.source,
            "text_box": union([label.box, row.text_box]),
            "reasons": (*row.reasons, "a variant of the product that the heading names"),
        }
    )


def _is_carrier(name: str) -> bool:
    """Whether a price list charges for what goods stand on: "EUR pallet", "Leier piros raklap"."""
    terms = find_terms(name, "price_unit")
    return any(term.canonical == "pallet" and term.end == len(name.rstrip()) for term in terms)


def _from_row(row: TableRow, page: PageContent) -> ProductCandidate | None:
    if refuse(row.name) in REFUSED_ROWS or _is_carrier(row.name) or not _says_what(row.name):
        return None
    name = parse_name(row.name) or ParsedName(row.name, (row.name,), 0.5, ())
    first = row.lines[0]
    lines = _row_lines(row, page)
    look = NameLook(font=first.font, size=first.size, bold=first.bold, relation="row", support=1)
    source = _source_of(first, page)
    own = merge(row_metadata(row, lines, page.page, source), read_lines(row.below, page.page, source))
    metadata = merge(own, said_of_group(row, own, page.page, source))
    return ProductCandidate(
        name=row.name.strip(EDGES),
        code=_row_code(row, metadata),
        page=page.page,
        box=row.box,
        source=source,
        confidence=min(0.95, ROW_CONFIDENCE + 0.2 * (name.score - 0.5)),
        reasons=("a row of a table of products", *row.reasons),
        text="\n".join([row.name, *_cells(row), *(line.text for line in row.below)]),
        text_box=union([row.box, *(line.box for line in (*lines, *row.below))]),
        metadata=metadata,
        look=look,
    )


def _cells(row: TableRow) -> list[str]:
    return [f"{head}: {cell}" if head else cell for head, cell in row.cells]


def _row_code(row: TableRow, metadata: Metadata) -> str | None:
    """The code under a header for codes, else the one in the name, in a cell, or what the row's cells were read as."""
    return (row.code if row.is_labelled else None) or name_code(row.name) or row.code or _read_code(metadata)


def _read_code(metadata: Metadata) -> str | None:
    """The code that was read of all lines together: its label may be a cell of its own."""
    identity = metadata.fields.get("coreIdentity", {})
    read = identity.get("productCode") or identity.get("sku")
    return str(read) if read else None


def _says_what(text: str) -> bool:
    """Whether a cell holds more than a size: packing tables have rows of bare sizes."""
    return bool(name_pieces(text)) and (
        len(LETTER.findall(" ".join(name_pieces(text)))) >= 2 or name_code(text) is not None
    )


def _row_lines(row: TableRow, page: PageContent) -> list[TextLine]:
    """The printed lines that stand level with the name."""
    return [
        line
        for block in page.blocks
        if block.label == "table"
        for line in block.lines
        if row.box[1] - 1 <= (line.box[1] + line.box[3]) / 2 <= row.box[3] + 1
    ]


def _source_of(line: TextLine, page: PageContent) -> TextSource:
    return next((block.source for block in page.blocks if line in block.lines), "text_layer")


def _candidate(
    name: ParsedName,
    label: Label,
    others: Sequence[Label],
    page: PageContent,
    *,
    confidence: float,
    reasons: tuple[str, ...],
    look: NameLook,
    image_id: str | None = None,
    region: Box | None = None,
    image_reason: str = "",
    code: str | None = None,
) -> ProductCandidate:
    lines = [*label.lines, *(line for other in others for line in other.lines)]
    metadata = read_lines(lines, page.page, label.source)
    text = "\n".join([label.text, *(other.text for other in others)])
    return ProductCandidate(
        name=name.name,
        code=code or _caption_code(label, others) or _read_code(metadata) or _number(name),
        page=page.page,
        box=label.box,
        source=label.source,
        confidence=confidence,
        reasons=reasons,
        text=text,
        text_box=union([line.box for line in lines]),
        image_id=image_id,
        image_reason=(image_reason or reasons[0]) if region is not None else None,
        region=region,
        metadata=metadata,
        look=look,
    )


def _caption_code(label: Label, others: Sequence[Label]) -> str | None:
    """The code in a caption: in the name, in front of it, or in another line."""
    own = name_code(label.text) or leading_code(label.text)
    return own or next((code for other in others if (code := name_code(other.text))), None)


def _number(name: ParsedName) -> str | None:
    """The number that a product is named by, which is its code as well."""
    return name.name if A_NUMBER in name.reasons else None

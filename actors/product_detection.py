"""Owns the third analysis: the product candidates of a chunk, found on the picture of its page.

A page is read once: pictures with captions, then table rows, then headings; each chunk gets the candidates whose name
stands in it. What other pages say is not known here.
"""

from collections import Counter, OrderedDict
from collections.abc import Sequence

from actors.analysis import answer_each
from actors.candidates.caption_finish import with_own_finish
from actors.candidates.captions import NamedPicture, named_pictures
from actors.candidates.cells import with_coded_cells, with_values_in_cells
from actors.candidates.code_matrices import code_matrix
from actors.candidates.coded_lines import leading_code, numbers_beside, repeated_codes
from actors.candidates.codes_at_names import codes_at_names
from actors.candidates.headings import Heading, named_headings
from actors.candidates.leaflets import leaflet, leaflet_title
from actors.candidates.picture_articles import articles
from actors.candidates.property_cards import with_cards
from actors.candidates.sheets import Sheet, data_sheet
from actors.candidates.unnamed_matrices import captioned_matrices
from actors.candidates.variant_candidates import matrix_candidates, variant_candidates
from actors.candidates.variant_lists import VariantList, variant_lists
from actors.metadata import gathered, merge, read_code, read_lines, read_row
from actors.naming.product_names import (
    A_NUMBER,
    ParsedName,
    name_code,
    stands_alone,
)
from actors.page.labels import Label, page_labels, union
from actors.page.pattern import PagePattern, page_pattern
from actors.page.regions import contains, is_scan
from actors.page.spreads import printed_pages
from actors.records import (
    AnalysisResult,
    AnalysisTask,
    Box,
    Chunk,
    NameLook,
    PageContent,
    ProductCandidate,
    ProductDetection,
    TextBlock,
    TextLine,
)
from actors.tables.cell_kinds import PRICE_LABEL, is_labelled
from actors.tables.groups import with_headings, with_titles
from actors.tables.halves import halves
from actors.tables.packing import is_charges_table, is_packing_table
from actors.tables.parts import parts
from actors.tables.price_lists import TableRow, product_rows
from actors.tables.row_candidates import row_candidates
from actors.values.codes import is_class
from actors.values.labelled import is_property_label
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import fold

PageKey = tuple[int, tuple[str, ...], tuple[Box, ...], tuple[str, ...], tuple[str, ...]]
MODEL = "page-pattern-1"
PAGES_KEPT = 16
LISTED = 0.7  # confidence of lines with a code each under one picture
MANY_ROWS = 3


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
    labels = page_labels(page, stands_alone, leading_code, is_property_label)
    pattern = page_pattern(page, labels, codes_at_names(labels))
    matrices, tables = _tables(page)
    captions = with_values_in_cells(named_pictures(pattern), labels)
    unnamed = captioned_matrices([block for block in page.blocks if block.label == "table"], captions, pattern.slots)
    matrices += unnamed
    tables = [(block, listed) for block, listed in tables if not _is_of(block, unnamed)]
    rows = [row for _, listed in tables for row in listed]
    lists = variant_lists(labels, [*_lines_of_tables(tables), *(line for one in unnamed for line in one.lines)])
    sheet = data_sheet(page, pattern) if not rows and not matrices and not lists else None
    if sheet is not None:
        return [_from_sheet(sheet, page, pattern)]
    if not rows and not matrices and not lists:
        captions = with_cards(captions, pattern, in_scan=is_scan(page))
        captions = with_coded_cells(captions, pattern, in_scan=is_scan(page))
    found = [one for block, listed in tables for one in row_candidates(block, listed, labels, page)]
    found += matrix_candidates(matrices, page.page, pattern.regions, captions)
    for each in lists:
        caption = next((item for item in captions if item.slot.label is each.heading), None)
        found += variant_candidates(each, page.page, pattern.regions, caption)
    taken = [line.box for row in rows for line in row.lines]
    taken += [line.box for each in (*lists, *matrices) for line in each.lines]
    named = {fold(one.name.name) for one in matrices}
    captions = [
        item for item in captions if not _is_taken(item.slot.label, taken) and fold(item.name.name) not in named
    ]
    if len(rows) >= MANY_ROWS:
        captions = _beside_tables(captions, [block.box for block, listed in tables if listed])
    found += _with_repeated_codes([one for item in captions for one in _from_picture(item, page, pattern)])
    taken += [line.box for item in captions for line in item.slot.label.lines]
    if not rows and not matrices:
        found += [
            _from_heading(item, page, pattern) for item in named_headings(pattern) if not _is_taken(item.label, taken)
        ]
        only = leaflet(pattern) or leaflet_title(pattern)
        if only is not None:
            found.append(_from_sheet(only, page, pattern))
    return found


def _tables(page: PageContent) -> tuple[list[VariantList], list[tuple[TextBlock, list[TableRow]]]]:
    """The tables of codes, and the other ones with their products."""
    blocks = [block for block in page.blocks if block.label == "table" and block.rows and not is_charges_table(block)]
    lines = [line for block in page.blocks for line in block.lines]
    read = [(block, code_matrix(block, lines)) for block in blocks if not is_packing_table(block, lines)]
    listed_in = [half for block, matrix in read if not matrix for part in parts(block) for half in halves(part)]
    priced = bool(listed_in) and any(is_labelled(line.text, (PRICE_LABEL,)) for line in lines)
    tables = [(block, with_titles(block, product_rows(block, priced=priced))) for block in listed_in]
    return [one for _, matrix in read for one in matrix], with_headings(tables, lines)


def _is_of(block: TextBlock, matrices: Sequence[VariantList]) -> bool:
    """Whether a table is one of these tables of codes."""
    return any(line in block.lines for one in matrices for row in one.rows for line in row.lines)


def _lines_of_tables(tables: Sequence[tuple[TextBlock, Sequence[TableRow]]]) -> list[TextLine]:
    return [line for block, listed in tables if listed for line in block.lines]


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

    What several captions print in a line below is no code: a class, a group of prices. Nor is what tells fewer of them
    apart than numbers beside the names do: the spacing of a handle's holes.
    """
    captions = [one.text.split("\n") for one in named]
    numbers = numbers_beside([lines[1:] for lines in captions])
    codes = numbers | repeated_codes([lines[0] for lines in captions])
    below = Counter(one.code for one in named if one.code is not None and one.code not in one.text.split("\n")[0])
    shared = {code for code, count in below.items() if count >= MANY_ROWS or len(below) < len(numbers)}
    return [
        one.model_copy(update={"code": codes[place]})
        if (one.code is None or one.code in shared) and place in codes
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
    one = _candidate(
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
    labelled = gathered([reading for row in sheet.rows for reading in read_row(row, page.page, label.source)])
    return one.model_copy(update={"metadata": merge(labelled, one.metadata)})


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
    metadata = with_own_finish(read_lines(lines, page.page, label.source), label, others, page.page)
    text = "\n".join([label.text, *(other.text for other in others)])
    return ProductCandidate(
        name=name.name,
        code=code or _caption_code(label, others) or read_code(metadata) or _number(name),
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
    return own or next((code for other in others if (code := name_code(other.text)) and not is_class(code)), None)


def _number(name: ParsedName) -> str | None:
    """The number that a product is named by, which is its code as well."""
    return name.name if A_NUMBER in name.reasons else None

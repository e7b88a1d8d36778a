"""Turns lists of variants into product candidates: the name, each row's code and fields, and the picture."""

from collections.abc import Sequence

from actors.candidates.captions import NamedPicture
from actors.candidates.variant_lists import VariantList
from actors.metadata import merge
from actors.page.labels import union
from actors.page.regions import Region
from actors.records import Box, NameLook, ProductCandidate
from actors.tables.groups import said_over
from actors.tables.price_lists import TableRow
from actors.tables.row_fields import row_metadata
from actors.vocabulary.words import fold

CONFIDENCE, LISTED = 0.75, 0.7
BESIDE = "the picture beside the list under its name"


def variant_candidates(
    found: VariantList, page: int, regions: Sequence[Region], caption: NamedPicture | None = None
) -> list[ProductCandidate]:
    """A candidate for each row of a list, with the picture that its name is the caption of, or the one beside it.

    Args:
        found: the list.
        page: 1-based.
        regions: the pictures of the page.
        caption: whose name the list stands under.
    """
    if caption is None:
        region = _picture_of(found.box, regions)
        return [_candidate(found, row, page, region, BESIDE) for row in found.rows]
    slot = caption.slot
    return [
        _candidate(found, row, page, slot.region, caption.reasons[0]).model_copy(
            update={
                "confidence": max(caption.confidence, LISTED),
                "look": NameLook(
                    font=(slot.like or found.heading).font,
                    size=(slot.like or found.heading).size,
                    bold=(slot.like or found.heading).bold,
                    relation="below" if slot.relation == "scene" else slot.relation,
                    support=slot.support * len(found.rows),
                    regions=sum(not region.is_scene for region in regions),
                ),
            }
        )
        for row in found.rows
    ]


def matrix_candidates(
    found: Sequence[VariantList], page: int, regions: Sequence[Region], captions: Sequence[NamedPicture]
) -> list[ProductCandidate]:
    """A candidate for each code of a table, with the picture that has the same name, or stands beside the row."""
    shown = {fold(item.name.name): item.slot.region for item in captions}
    candidates = []
    for one in found:
        named = shown.get(fold(one.name.name))
        region, why = named or _picture_of(one.box, regions), "the picture with its name" if named else BESIDE
        candidates += [_candidate(one, row, page, region, why) for row in one.rows]
    return candidates


def _candidate(found: VariantList, row: TableRow, page: int, region: Region | None, why: str) -> ProductCandidate:
    heading = found.heading
    shared = [line for label in found.shared for line in label.lines]
    own = row_metadata(row, row.lines, page, heading.source)
    cells = [f"{head}: {cell}" if head else cell for head, cell in row.cells]
    return ProductCandidate(
        name=found.name.name,
        code=row.code,
        page=page,
        box=heading.box,
        source=heading.source,
        confidence=CONFIDENCE,
        reasons=row.reasons,
        text="\n".join([heading.text, row.name, *cells, *(label.text for label in found.shared)]),
        text_box=union([heading.box, row.box, *(label.box for label in found.shared)]),
        image_id=region.image_id if region else None,
        image_reason=why if region else None,
        region=region.box if region else None,
        metadata=merge(own, said_over(shared, own, page, heading.source)),
        look=NameLook(font=heading.font, size=heading.size, bold=heading.bold, relation="row"),
    )


def _picture_of(box: Box, regions: Sequence[Region]) -> Region | None:
    """The picture that shares most of the height of a list and its name; the nearest of those."""
    beside = [(_common_height(box, region.box), region) for region in regions if not region.is_scene]
    level = [(common, region) for common, region in beside if common > 0]
    return max(level, key=lambda item: (round(item[0]), -_apart(box, item[1].box)), default=(0.0, None))[1]


def _common_height(one: Box, other: Box) -> float:
    return min(one[3], other[3]) - max(one[1], other[1])


def _apart(one: Box, other: Box) -> float:
    return max(0.0, one[0] - other[2], other[0] - one[2])

"""Owns the size of a product: put together from what is printed at it and over it, with evidence for each piece."""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.dimensions import ParsedDimensions, parse_dimensions
from actors.metadata import dimensions_of
from actors.records import Dimensions, Evidence, Metadata, ProductCandidate
from cluster.stages.product_context import DocumentContext, SizeNotice

FIELD = "physicalProperties.dimensions"
SIDE_FIELDS = ("length", "width", "height", "thickness")
SIZE_FIELDS = (*SIDE_FIELDS, "dimensions", "thicknessMax", "diameter")
_SIZE_EVIDENCE = {f"physicalProperties.{name}" for name in SIZE_FIELDS}
SAME = 0.01  # relative difference of equal measures
NEAR_PAGE, FAR_PAGE = 0.6, 0.5  # confidence of sizes from pages before, and from the front of the document


@dataclass(frozen=True)
class Size:
    """A size, the evidence of its pieces, and what a reader should check."""

    dimensions: Dimensions
    evidence: tuple[Evidence, ...]
    doubts: tuple[str, ...] = ()


def size_of(one: ProductCandidate, context: DocumentContext) -> Size | None:
    """The product's own size, completed by what stands over it; None where nothing is printed."""
    own = _own_sizes(one)
    if one.look is not None and one.look.relation == "row":
        # A row says its measures in its cells, under the table's header; a banner's size is of something else.
        return _of_row(one)
    face = next((size for size, _ in own if len(size.sides) >= 2 or size.diameter_mm is not None), None)
    if face is not None:
        return _completed(face, own, (), ())
    notices, doubt = _inherited(one, context)
    base = next((notice for notice in notices if notice.has_face), None)
    if base is None:
        return _completed(own[0][0], own, (), ()) if own else None
    thickness = _thickness_beside(base, notices, one.page)
    return _completed(base.size, own, (base, *thickness), (doubt,) if doubt else ())


def _of_row(one: ProductCandidate) -> Size | None:
    dimensions = dimensions_of(one.metadata)
    if dimensions is None:
        return None
    return Size(dimensions, tuple(item for item in one.metadata.evidence if item.field == FIELD))


def sizes_agree(first: Dimensions | None, second: Dimensions | None) -> bool:
    """Whether two sizes can be of one product: no side that both know differs."""
    if first is None or second is None:
        return True
    pairs = zip(_sides(first), _sides(second), strict=True)
    return all(_equal(one, other) for one, other in pairs if one is not None and other is not None)


def size_key(size: Dimensions | None) -> str:
    """A size for comparing and for the identity of a record; empty when unknown."""
    if size is None:
        return ""
    return "x".join(f"{side:g}" for side in _sides(size) if side is not None)


def _sides(size: Dimensions) -> tuple[float | None, ...]:
    return size.length_mm, size.width_mm, size.height_mm, size.thickness_mm


def _equal(first: float, second: float) -> bool:
    return abs(first - second) <= SAME * max(first, second)


def _own_sizes(one: ProductCandidate) -> list[tuple[ParsedDimensions, Evidence]]:
    """Sizes in the product's own lines, as its metadata proves them."""
    proofs = [item for item in one.metadata.evidence if item.field == FIELD]
    return [(size, proof) for proof in proofs for size in parse_dimensions(proof.value)[:1]]


def _inherited(one: ProductCandidate, context: DocumentContext) -> tuple[Sequence[SizeNotice], str]:
    """The nearest place that gives a face, and the doubt that goes with a far one."""
    here = context.sizes_over(one)
    if any(notice.has_face for notice in here):
        return here, ""
    before = next(iter(context.sizes_before(one)), None)
    if before:
        return before, f"the size is printed on page {before[0].page}"
    everywhere = context.sizes_for_all
    if everywhere:
        return everywhere, f"the size is printed on page {everywhere[0].page} for the whole document"
    return here, ""


def _thickness_beside(base: SizeNotice, notices: Sequence[SizeNotice], page: int) -> tuple[SizeNotice, ...]:
    """The thickness that is printed for the same products as the face, where it gives one only."""
    if base.size.thickness_mm is not None:
        return ()
    found = [notice for notice in notices if not notice.has_face and notice.size.thickness_mm is not None]
    if not found or base.page != page:
        # Far from the product every thickness of that page counts alike: several are a choice, not a fact.
        return tuple(found[:1]) if len({notice.size.thickness_mm for notice in found}) == 1 else ()
    nearest = min(found, key=lambda notice: abs(notice.label.box[1] - base.label.box[1]))
    choice = {notice.size.thickness_mm for notice in found if notice.label is nearest.label}
    return (nearest,) if len(choice) == 1 else ()


def _completed(
    face: ParsedDimensions,
    own: Sequence[tuple[ParsedDimensions, Evidence]],
    notices: Sequence[SizeNotice],
    doubts: tuple[str, ...],
) -> Size:
    sides: dict[str, float | None] = dict(face.sides)
    printed = [face.printed]
    evidence = [proof for _, proof in own]
    evidence += [_proof(notice, FAR_PAGE if doubts else NEAR_PAGE) for notice in notices]
    for notice in notices:
        if notice.size is not face:
            sides.setdefault("thickness_mm", notice.size.thickness_mm)
            printed.append(notice.size.printed)
    for size, _ in own:
        if size.printed == face.printed:
            continue
        doubts = (*doubts, *_amend(sides, size))
        printed.append(size.printed)
    return Size(
        Dimensions(
            length_mm=sides.get("length_mm") or sides.get("diameter_mm"),
            width_mm=sides.get("width_mm") or sides.get("diameter_mm"),
            height_mm=sides.get("height_mm"),
            thickness_mm=sides.get("thickness_mm"),
            printed=", ".join(dict.fromkeys(printed)),
        ),
        tuple(evidence),
        doubts,
    )


def _amend(sides: dict[str, float | None], own: ParsedDimensions) -> list[str]:
    """Put the product's own measure into an inherited size; where it contradicts, it wins and is reported."""
    doubts = []
    for name, value in own.sides.items():
        if any(side is not None and _equal(value, side) for side in sides.values()):
            continue
        if name not in sides or sides[name] is None:
            sides[name] = value
            continue
        # One bare number says not which side it is: it stands for the side that it comes closest to.
        closest = min((key for key, side in sides.items() if side), key=lambda key: _ratio(value, sides[key] or value))
        doubts.append(f"{own.printed} is printed at the product, {sides[closest]:g} mm over it")
        sides[closest] = value
    return doubts


def _ratio(first: float, second: float) -> float:
    return max(first, second) / min(first, second)


def _proof(notice: SizeNotice, confidence: float) -> Evidence:
    line = next((line for line in notice.label.lines if notice.size.printed in line.text), None)
    return Evidence(
        field=FIELD,
        value=notice.size.printed,
        page=notice.page,
        box=line.box if line else notice.label.box,
        source=notice.label.source,
        text=line.text if line else notice.label.text,
        confidence=min(confidence, notice.size.confidence),
    )


def with_size(metadata: Metadata, size: Size | None) -> Metadata:
    """The metadata with this size, and no other, in its size fields."""
    physical = {k: v for k, v in metadata.fields.get("physicalProperties", {}).items() if k not in SIZE_FIELDS}
    evidence = tuple(item for item in metadata.evidence if item.field not in _SIZE_EVIDENCE)
    if size is not None:
        named = zip(SIDE_FIELDS, _sides(size.dimensions), strict=True)
        physical |= {name: {"value": side, "unit": "mm"} for name, side in named if side is not None}
        physical["dimensions"] = [size.dimensions.to_json()]
        evidence += size.evidence
    fields = {category: values for category, values in metadata.fields.items() if category != "physicalProperties"}
    return Metadata(fields={**fields, "physicalProperties": physical} if physical else fields, evidence=evidence)

"""Owns the size of a product: put together from what is printed at it and over it, with evidence for each piece."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actors.metadata import dimensions_of
from actors.records import Dimensions, Evidence, Metadata, ProductCandidate
from actors.values.dimensions import ParsedDimensions, parse_dimensions
from actors.values.sides import BOARD, THIN_MM
from cluster.stages.product_rules.context import DocumentContext
from cluster.stages.product_rules.lone_lengths import lone_length
from cluster.stages.product_rules.page_notices import IMPERIAL, SizeNotice
from cluster.stages.product_rules.told_thickness import told_thickness

FIELD = "physicalProperties.dimensions"
SIDE_FIELDS = ("length", "width", "height", "thickness")
CHOICE = "thicknesses"
SIZE_FIELDS = (*SIDE_FIELDS, "dimensions", "thicknessMax", "diameter", CHOICE)
_SIZE_EVIDENCE = {f"physicalProperties.{name}" for name in SIZE_FIELDS}
SAME = 0.01  # relative difference of equal measures
TWIN = 0.04  # the same in centimetres and inches: 60 cm and 24", 15 cm and 6"
NEAR_PAGE, FAR_PAGE = 0.6, 0.5  # confidence of sizes from pages before, and from the front of the document
Printed = Sequence[tuple[ParsedDimensions, Evidence]]


@dataclass(frozen=True)
class Size:
    """A size, the evidence of its pieces, and what a reader should check.

    `further` are other sizes in which the same article is printed; `thicknesses` those that it can be had in, where
    several are printed and none is the one.
    """

    dimensions: Dimensions
    evidence: tuple[Evidence, ...]
    doubts: tuple[str, ...] = ()
    further: tuple[Dimensions, ...] = ()
    thicknesses: tuple[ParsedDimensions, ...] = ()


def size_of(one: ProductCandidate, context: DocumentContext) -> Size | None:
    """The product's own size, completed by what stands over it; None where nothing is printed."""
    own = _own_sizes(one)
    if one.look is not None and one.look.relation == "row":
        # A row says its measures in its cells, under the table's header; a banner's size is of something else.
        return _of_row(one)
    face = next((size for size, _ in own if _is_face(size)), None)
    if face is not None:
        own = [*own, *_told(one, own, context)]
        return _completed(face, own, _thickness_over(one, own, context), ())
    notices, doubt = _inherited(one, context)
    base = _face_over(notices)
    if base is None:
        thick = [notice for notice in notices if set(notice.size.sides) == {"thickness_mm"} and notice.size.labelled]
        thick = thick or _side_over(one, notices)
        return _without_face(own or _alone(one, context, thick), thick)
    strip = context.strip_of_sizes(one)
    beside = [notice for notice in notices if notice.has_face and (notice.label is base.label or base in strip)]
    beside = [*beside, *_thickness_beside(base, notices, one.page)]
    sure = NEAR_PAGE if base.page == one.page else FAR_PAGE
    return _completed(base.size, own, beside, (doubt,) if doubt else (), sure)


def _face_over(notices: Sequence[SizeNotice]) -> SizeNotice | None:
    """The nearest notice of a face; the metric one where that only says it again in inches."""
    faces = [notice for notice in notices if notice.has_face]
    return next((one for one in faces if faces and _is_said_again(one, faces[0])), next(iter(faces), None))


def _is_said_again(metric: SizeNotice, inches: SizeNotice) -> bool:
    """Whether a page says a size in inches as well: `60 x 120 cm` and beside it `24 x 48 in`."""
    if metric.page != inches.page or metric.size.unit in IMPERIAL or inches.size.unit not in IMPERIAL:
        return False
    first, second = (_record(dict(notice.size.sides), notice.size.printed) for notice in (metric, inches))
    return _are_twins(first, second)


def _told(one: ProductCandidate, own: Printed, context: DocumentContext) -> Printed:
    page = context.page(one)
    if page is None or any(size.thickness_mm is not None for size, _ in own):
        return ()
    return told_thickness(one, page.labels, page.products)


def _alone(one: ProductCandidate, context: DocumentContext, thick: Sequence[SizeNotice]) -> Printed:
    page = context.page(one)
    return () if page is None or thick else lone_length(one, page.products, page.labels)


def _thickness_over(one: ProductCandidate, own: Printed, context: DocumentContext) -> list[SizeNotice]:
    """The thickness that its page labels over products with faces of their own, where it is one and none says its."""
    if any(size.thickness_mm is not None for size, _ in own):
        return []
    over = [notice for notice in context.sizes_over(one) if notice.label.box[3] <= one.box[1]]
    thick = [notice for notice in over if set(notice.size.sides) == {"thickness_mm"} and notice.size.labelled]
    return thick[:1] if len({notice.size.thickness_mm for notice in thick}) == 1 else []


def _side_over(one: ProductCandidate, notices: Sequence[SizeNotice]) -> list[SizeNotice]:
    """The one side that the nearest line over products labels for them: cloth is sold by its width, "Width 142 cm"."""
    over = [notice for notice in notices if notice.page == one.page and notice.label.box[3] <= one.box[1]]
    sides = [notice for notice in over if len(notice.size.sides) == 1 and _is_worded(notice.size)]
    lowest = max((notice.label.box[3] for notice in sides), default=0.0)
    sides = [notice for notice in sides if notice.label.box[3] >= lowest - notice.label.size]
    return sides[:1] if len({tuple(notice.size.sides.items()) for notice in sides}) == 1 else []


def _is_worded(size: ParsedDimensions) -> bool:
    """Whether a word and no letter names its side: "H 200 mm" stands under a single article."""
    return size.labelled and size.printed[0].isdigit()


def _is_face(size: ParsedDimensions) -> bool:
    return size.has_face or size.diameter_mm is not None


def _without_face(own: Printed, notices: Sequence[SizeNotice]) -> Size | None:
    """What is known of a product of which no two sides are printed: one side, or thicknesses to choose from."""
    if own:
        return _completed(own[0][0], own, (), ())
    return _completed(notices[0].size, (), notices, ()) if notices else None


def _of_row(one: ProductCandidate) -> Size | None:
    dimensions = dimensions_of(one.metadata)
    if dimensions is None:
        return None
    proofs = tuple(item for item in one.metadata.evidence if item.field == FIELD)
    printed = [Dimensions.from_json(size) for size in one.metadata.fields["physicalProperties"]["dimensions"]]
    others = [size for size in printed if sum(side is not None for side in _sides(size)) >= 2]
    further = tuple(size for size in others if not sizes_agree(size, dimensions) and not _are_twins(size, dimensions))
    return Size(dimensions, proofs, further=further)


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


def _equal(first: float, second: float, tolerance: float = SAME) -> bool:
    return abs(first - second) <= tolerance * max(first, second)


def _are_twins(first: Dimensions, second: Dimensions) -> bool:
    """Whether two sizes are one, printed in centimetres and in inches."""
    one, other = (any(size.unit in IMPERIAL for size in parse_dimensions(each.printed)) for each in (first, second))
    pairs = list(zip(_sides(first), _sides(second), strict=True))
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return one != other and bool(known) and all(abs(a - b) <= TWIN * max(a, b) for a, b in known)


def _own_sizes(one: ProductCandidate) -> list[tuple[ParsedDimensions, Evidence]]:
    """Sizes in the product's own lines, as its metadata proves them."""
    proofs = [item for item in one.metadata.evidence if item.field == FIELD]
    return [(size, proof) for proof in proofs if (size := _proved_by(proof)) is not None]


def _proved_by(proof: Evidence) -> ParsedDimensions | None:
    """The size again: in its line, since the unit of a list stands at its end, else by itself."""
    in_line = (size for size in parse_dimensions(proof.text) if size.printed == proof.value)
    return next(in_line, None) or next(iter(parse_dimensions(proof.value)), None)


def _inherited(one: ProductCandidate, context: DocumentContext) -> tuple[Sequence[SizeNotice], str]:
    """The nearest place that gives a face, and the doubt that goes with a far one."""
    here = context.sizes_over(one)
    if any(notice.has_face for notice in here):
        return here, ""
    before = next(iter(context.sizes_before(one)), None)
    if before:
        return before, f"the size is printed on page {before[0].page}"
    everywhere = context.sizes_for_all(one)
    if everywhere:
        return everywhere, ""  # that holds for all, and its evidence says where it stands
    return here, ""


def _thickness_beside(base: SizeNotice, notices: Sequence[SizeNotice], page: int) -> tuple[SizeNotice, ...]:
    """The thickness that is printed for the same products as the face, or those among which there is a choice."""
    if base.size.thickness_mm is not None:
        return ()
    thick = [notice for notice in notices if notice.size.thickness_mm is not None]
    again = [replace(notice, size=_thickness_of(notice.size)) for notice in thick if _is_said_again(base, notice)]
    found = [*again, *(notice for notice in thick if not notice.has_face)]
    if not found or base.page != page:
        return tuple(found)  # far from the product every thickness of that page counts alike
    nearest = min(found, key=lambda notice: abs(notice.label.box[1] - base.label.box[1]))
    return tuple(notice for notice in found if notice.label is nearest.label)


def _thickness_of(size: ParsedDimensions) -> ParsedDimensions:
    others = dict.fromkeys(set(size.sides) - {"thickness_mm"})
    return size.model_copy(update=others)


def _completed(
    face: ParsedDimensions,
    own: Printed,
    notices: Sequence[SizeNotice],
    doubts: tuple[str, ...],
    sure: float = NEAR_PAGE,
) -> Size:
    """A face with what is printed beside it: sides that complete it, further faces, thicknesses to choose from."""
    sides: dict[str, float | None] = dict(face.sides)
    everything = [*(size for size, _ in own), *(notice.size for notice in notices)]
    choice = _choice(face, everything)
    chosen_from = [size for size in everything if choice and set(size.sides) == {"thickness_mm"}]
    single = [size for size in everything if not _is_face(size) and size not in chosen_from and size != face]
    printed = [face.printed]
    for size in single:
        doubts = (*doubts, *_amend(sides, size, face))
        printed.append(size.printed)
    whole = _record(sides, ", ".join(dict.fromkeys(printed)))
    if choice and face in choice:
        whole = _record({}, ", ".join(dict.fromkeys(size.printed for size in choice)))
    evidence = [proof for _, proof in own] + [_proof(notice, FAR_PAGE if doubts else sure) for notice in notices]
    return Size(whole, tuple(evidence), doubts, _further(whole, everything, choice), choice)


def _choice(face: ParsedDimensions, sizes: Sequence[ParsedDimensions]) -> tuple[ParsedDimensions, ...]:
    """Thicknesses among which there is a choice: several that stand alone; from the thinnest up."""
    alone = {size.thickness_mm: size for size in reversed(sizes) if set(size.sides) == {"thickness_mm"}}
    values = sorted(value for value in alone if value is not None)
    distinct = [value for place, value in enumerate(values) if not place or not _equal(value, values[place - 1])]
    several = len(distinct) > 1 and (not _is_face(face) or face.thickness_mm is None)
    return tuple(alone[value] for value in distinct) if several else ()


def _further(
    whole: Dimensions, sizes: Sequence[ParsedDimensions], choice: Sequence[ParsedDimensions]
) -> tuple[Dimensions, ...]:
    """Other faces that are printed for the product, each once, without those that say the same in other units."""
    kept = [whole]
    for size in sizes:
        record = _record(dict(size.sides), size.printed)
        known = any(sizes_agree(record, other) or _are_twins(record, other) for other in kept)
        if _is_face(size) and size not in choice and not known:
            kept.append(record)
    return tuple(kept[1:])


def _record(sides: dict[str, float | None], printed: str) -> Dimensions:
    return Dimensions(
        length_mm=sides.get("length_mm") or sides.get("diameter_mm"),
        width_mm=sides.get("width_mm") or sides.get("diameter_mm"),
        height_mm=sides.get("height_mm"),
        thickness_mm=sides.get("thickness_mm"),
        printed=printed,
    )


def _amend(sides: dict[str, float | None], own: ParsedDimensions, face: ParsedDimensions) -> list[str]:
    """Put one side that is printed alone into a size; where it contradicts, it wins and is reported."""
    doubts = []
    converted = (own.unit in IMPERIAL) != (face.unit in IMPERIAL)
    for name, value in own.sides.items():
        if any(side is not None and _equal(value, side, TWIN if converted else SAME) for side in sides.values()):
            continue
        if name not in sides or sides[name] is None:
            sides[name] = value
            continue
        if name == "length_mm" and _is_profile(own, face, sides):
            thickness, width = sorted(face.sides.values())
            sides |= {"length_mm": value, "width_mm": width, "thickness_mm": thickness}
            continue
        # One bare number says not which side it is: it stands for the side that it comes closest to.
        closest = min((key for key, side in sides.items() if side), key=lambda key: _ratio(value, sides[key] or value))
        doubts.append(f"{own.printed} is printed at the product, {sides[closest]:g} mm over it")
        sides[closest] = value
    return doubts


def _is_profile(own: ParsedDimensions, face: ParsedDimensions, sides: dict[str, float | None]) -> bool:
    """Whether a face is the section of a board whose length is printed beside it: "Profile 20 x 130, length 4000"."""
    is_plain = set(face.sides) == {"length_mm", "width_mm"} == {name for name, side in sides.items() if side}
    if not is_plain or face.labelled or own.length_mm is None:
        return False
    return min(face.sides.values()) <= THIN_MM and own.length_mm >= BOARD * max(face.sides.values())


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
    """The metadata with this size in its size fields, and after it the further ones that the product is printed in."""
    physical = {k: v for k, v in metadata.fields.get("physicalProperties", {}).items() if k not in SIZE_FIELDS}
    evidence = tuple(item for item in metadata.evidence if item.field not in _SIZE_EVIDENCE)
    if size is not None:
        named = zip(SIDE_FIELDS, _sides(size.dimensions), strict=True)
        physical |= {name: {"value": side, "unit": "mm"} for name, side in named if side is not None}
        physical["dimensions"] = [one.to_json() for one in (size.dimensions, *size.further)]
        if size.thicknesses:
            physical[CHOICE] = [
                {"value": one.thickness_mm, "unit": "mm", "printed": one.printed} for one in size.thicknesses
            ]
        evidence += size.evidence
    fields = {category: values for category, values in metadata.fields.items() if category != "physicalProperties"}
    return Metadata(fields={**fields, "physicalProperties": physical} if physical else fields, evidence=evidence)

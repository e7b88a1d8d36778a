"""Stage 5: owns the making of product records from what stage 4 saw in all chunks.

The main flow is `create_products`: collect candidates, accept them over all pages, let them inherit what stands over them,
put together what is the same product, and write each record with its evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.metadata import dimensions_of, merge
from actors.records import (
    ChunkAnalysis,
    Dimensions,
    Evidence,
    Metadata,
    PageContent,
    Product,
    ProductCandidate,
)
from actors.words import fold
from cluster.stages.product_acceptance import Acceptance, Verdict, accept, key
from cluster.stages.product_context import DocumentContext
from cluster.stages.product_evidence import name_evidence
from cluster.stages.product_images import linked_images

SURE = 0.6  # below this a person should look at the record
Path = tuple[str, str]
FINISH: Path = ("visualProperties", "surfaceFinish")
MATERIAL: Path = ("physicalProperties", "materialCategory")
COLOURS: Path = ("visualProperties", "colours")
DESCRIPTION_CHARS = 600


@dataclass(frozen=True)
class Sighting:
    """A product seen at one place, with everything that is printed for it."""

    verdict: Verdict
    metadata: Metadata
    doubts: tuple[str, ...]

    @property
    def candidate(self) -> ProductCandidate:
        """What the analysis saw."""
        return self.verdict.candidate

    @property
    def dimensions(self) -> Dimensions | None:
        """Its size, own or inherited."""
        return dimensions_of(self.metadata)

    @property
    def finish(self) -> str | None:
        """Its finish, own or inherited."""
        return _text(self.metadata, FINISH)


def create_products(pages: Sequence[PageContent], analyses: Sequence[ChunkAnalysis]) -> list[Product]:
    """The product records of a document, in the order of the pages; none for a document without products."""
    candidates = _candidates(analyses)
    acceptance = accept(candidates, len(pages))
    context = DocumentContext(pages, [verdict.candidate for verdict in acceptance.products])
    sightings = [_sighting(verdict, context) for verdict in acceptance.products]
    return [_product(group, acceptance, pages) for group in _grouped(sightings)]


def _candidates(analyses: Sequence[ChunkAnalysis]) -> list[ProductCandidate]:
    """All candidates once, by page and place."""
    unique: dict[tuple[int, int, int, str], ProductCandidate] = {}
    for analysis in analyses:
        for one in analysis.detection.candidates:
            place = (one.page, round(one.box[0]), round(one.box[1]), key(one.name))
            if place not in unique or one.confidence > unique[place].confidence:
                unique[place] = one
    return sorted(unique.values(), key=lambda one: (one.page, one.box[1], one.box[0]))


def _sighting(verdict: Verdict, context: DocumentContext) -> Sighting:
    one = verdict.candidate
    own = one.metadata
    metadata, doubts = own, list(verdict.doubts)
    for layer, where in context.inherited(one):
        missing = _missing(layer, metadata)
        if not missing.fields:
            continue
        metadata = merge(metadata, missing)
        if "page" in where and "on the page" not in where:
            doubts.append(f"{', '.join(sorted(_names(missing)))} {where}")
    return Sighting(verdict, metadata, tuple(doubts))


def _missing(layer: Metadata, known: Metadata) -> Metadata:
    """The fields of a layer that are not known yet."""
    fields: dict[str, dict[str, object]] = {}
    for category, values in layer.fields.items():
        left = {name: value for name, value in values.items() if name not in known.fields.get(category, {})}
        if left:
            fields[category] = left
    names = {f"{category}.{name}" for category, values in fields.items() for name in values}
    return Metadata(fields=fields, evidence=tuple(item for item in layer.evidence if item.field in names))


def _names(metadata: Metadata) -> set[str]:
    return {name for values in metadata.fields.values() for name in values}


def _grouped(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Sightings of one product: the same name, and no code, size or finish that contradicts."""
    groups: list[list[Sighting]] = []
    by_name: dict[str, list[list[Sighting]]] = {}
    for sighting in sightings:
        same = by_name.setdefault(key(sighting.candidate.name), [])
        group = next((group for group in same if all(_compatible(sighting, other) for other in group)), None)
        if group is None:
            group = []
            same.append(group)
            groups.append(group)
        group.append(sighting)
    return groups


def _compatible(first: Sighting, second: Sighting) -> bool:
    return (
        _agree(first.candidate.code, second.candidate.code)
        and _agree(_size_key(first.dimensions), _size_key(second.dimensions))
        and _agree(first.finish and fold(first.finish), second.finish and fold(second.finish))
    )


def _agree(first: object, second: object) -> bool:
    return not first or not second or first == second


def _size_key(size: Dimensions | None) -> str:
    if size is None:
        return ""
    numbers = (size.length_mm, size.width_mm, size.height_mm, size.thickness_mm)
    known = [f"{number:g}" for number in numbers if number is not None]
    return "x".join(known) or fold(size.printed)


def _product(group: Sequence[Sighting], acceptance: Acceptance, pages: Sequence[PageContent]) -> Product:
    best = max(group, key=lambda sighting: sighting.verdict.confidence)
    metadata = merge(best.metadata, *(other.metadata for other in group if other is not best))
    one = best.candidate
    code = next((sighting.candidate.code for sighting in group if sighting.candidate.code), None)
    size = dimensions_of(metadata)
    finish = _text(metadata, FINISH)
    references = [ref for ref in acceptance.references if key(ref.name) == key(one.name)]
    evidence = (*name_evidence(one), *_code_evidence(one, code), *metadata.evidence)
    reasons = _review_reasons(group, best)
    return Product(
        identity_key="|".join((fold(one.name), fold(code or ""), _size_key(size), fold(finish or ""))),
        name=one.name,
        code=code,
        product_type=_text(metadata, ("coreIdentity", "productType")),
        description=_description(one),
        dimensions=size,
        materials=_texts(metadata, MATERIAL),
        colours=_texts(metadata, COLOURS),
        finish=finish,
        fields=metadata.fields,
        evidence=evidence,
        images=linked_images([sighting.candidate for sighting in group], references, pages),
        pages=tuple(sorted({sighting.candidate.page for sighting in group})),
        confidence=best.verdict.confidence,
        needs_review=bool(reasons),
        review_reasons=reasons,
    )


def _review_reasons(group: Sequence[Sighting], best: Sighting) -> tuple[str, ...]:
    reasons = [doubt for sighting in group for doubt in sighting.doubts]
    if best.verdict.confidence < SURE:
        reasons.append("it is not certain that this is a product")
    if best.candidate.source == "ocr":
        reasons.append("the name was read from a picture")
    return tuple(dict.fromkeys(reasons))


def _code_evidence(one: ProductCandidate, code: str | None) -> tuple[Evidence, ...]:
    line = next((line for line in one.text.split("\n") if code and code in line), None)
    if code is None or line is None:
        return ()
    return (
        Evidence(
            field="code",
            value=code,
            page=one.page,
            box=one.text_box,
            source=one.source,
            text=line,
            confidence=one.confidence,
        ),
    )


def _description(one: ProductCandidate) -> str | None:
    """The longer lines printed with the product."""
    prose = [line for line in one.text.split("\n")[1:] if len(line.split()) >= 5]
    return " ".join(prose)[:DESCRIPTION_CHARS] or None


def _text(metadata: Metadata, path: Path) -> str | None:
    value = metadata.fields.get(path[0], {}).get(path[1])
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value) if value is not None else None


def _texts(metadata: Metadata, path: Path) -> tuple[str, ...]:
    value = metadata.fields.get(path[0], {}).get(path[1])
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)

"""Stage 5: owns the making of product records from what stage 4 saw in all chunks.

The main flow is `create_products`: collect candidates, accept them over all pages, let them inherit what stands over
them, put together what is the same product, choose its pictures, and write each record with its evidence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actors.metadata import merge
from actors.records import ChunkAnalysis, Evidence, Metadata, PageContent, Product, ProductCandidate
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms, fold
from cluster.stages.product_rules.acceptance import accept
from cluster.stages.product_rules.colour import ColoursOf, no_colours, with_swatch_colour
from cluster.stages.product_rules.colour_cards import with_card_colour
from cluster.stages.product_rules.colour_lines import Told, colour_lines, with_told_colour
from cluster.stages.product_rules.context import DocumentContext
from cluster.stages.product_rules.doubts import of_candidates, of_size, with_twins
from cluster.stages.product_rules.evidence import (
    code_evidence,
    description_evidence,
    disputed,
    name_evidence,
    type_evidence,
)
from cluster.stages.product_rules.finish import with_all_treatments
from cluster.stages.product_rules.images import linked_images, possible_images
from cluster.stages.product_rules.inheritance import with_inherited
from cluster.stages.product_rules.leaflets import with_leaflet
from cluster.stages.product_rules.likeness import (
    NOBODY_ASKED,
    Compare,
    Options,
    Similarities,
    left_open,
    nothing_known,
    words_of,
)
from cluster.stages.product_rules.listing import with_listed
from cluster.stages.product_rules.looks import Acceptance, Verdict, key, named_parts
from cluster.stages.product_rules.materials import Materials
from cluster.stages.product_rules.offer import offers_goods
from cluster.stages.product_rules.proofs import has_size, proved_only, read_surely
from cluster.stages.product_rules.properties import PropertyCounts
from cluster.stages.product_rules.series import with_series
from cluster.stages.product_rules.sightings import FINISH, Path, Sighting, group_candidates, grouped, place_of, text_of
from cluster.stages.product_rules.sizes import Size, size_key, size_of, with_size
from cluster.stages.product_rules.subjects import Subjects
from cluster.stages.structure.page_contents import document_languages

MATERIALS: Path = ("physicalProperties", "materials")
COLOURS: Path = ("visualProperties", "colours")
TYPE_FIELD: Path = ("coreIdentity", "productType")
DESCRIPTION_CHARS = 600


@dataclass(frozen=True)
class Draft:
    """A product of which everything is known but which of the possible pictures it shows."""

    group: Sequence[Sighting]
    best: Sighting
    size: Size | None
    metadata: Metadata
    pictures: Sequence[Options]
    listed: tuple[Evidence, ...] = ()  # its code, where it is printed in another place than its name

    @property
    def words(self) -> str:
        """What its pictures are compared with: its name, and what its record proves of how it looks."""
        proved = proved_only(self.metadata)
        looks = [word for path in (TYPE_FIELD, MATERIALS, FINISH, COLOURS) for word in _texts(proved, path)]
        return words_of(self.best.candidate.name, looks)


def create_products(
    pages: Sequence[PageContent],
    analyses: Sequence[ChunkAnalysis],
    *,
    look_around: Callable[[], None] = lambda: None,
    colours: ColoursOf = no_colours,
    compare: Compare = nothing_known,
) -> list[Product]:
    """The product records of a document, in the order of the pages; none for a document without products.

    Args:
        pages: of the document.
        analyses: of its chunks.
        look_around: called before each product; what it raises ends the work.
        colours: looks at pixels.
        compare: asked once, for all texts and pictures between which nothing else decides; what it does not know is
            left as geometry has it.
    """
    with reading_in(document_languages(pages)):
        return _create(pages, analyses, look_around, colours, compare)


def _create(
    pages: Sequence[PageContent],
    analyses: Sequence[ChunkAnalysis],
    look_around: Callable[[], None],
    colours: ColoursOf,
    compare: Compare,
) -> list[Product]:
    subjects = Subjects(pages)
    candidates = [one for one in _candidates(analyses) if subjects.may_sell(one)]
    accepted = accept(candidates, len(pages), PropertyCounts(pages), is_offer=subjects.is_offer)
    acceptance = with_leaflet(with_listed(accepted, candidates, pages), candidates, pages)
    context = DocumentContext(pages, [verdict.candidate for verdict in acceptance.products])
    materials = Materials(pages, [verdict.candidate for verdict in acceptance.products])
    verdicts = sorted(acceptance.products, key=lambda verdict: place_of(verdict.candidate))
    told = colour_lines([verdict.candidate for verdict in verdicts])
    sightings = []
    for verdict in verdicts:
        look_around()
        sightings.append(_sighting(verdict, context, materials, told))
    drafts = [_draft(group, acceptance, context, pages) for group in grouped(sightings)]
    similarities = compare(_wanted(drafts))
    products = [_product(draft, pages, colours, similarities) for draft in drafts]
    proved = [product for product in products if product.evidence]  # nothing printed, nothing to record
    return _told_apart(with_twins(proved)) if offers_goods(proved, subjects) else []


def _told_apart(products: Sequence[Product]) -> list[Product]:
    """Products that agree in name, code, size and finish get their series, and then a number, into the key."""
    used: set[str] = set()
    result = []
    for product in products:
        series = fold(str(product.fields.get("coreIdentity", {}).get("collection", "")))
        keys = [product.identity_key, f"{product.identity_key}|{series}"]
        keys += [f"{keys[1]}|{number}" for number in range(2, len(products) + 2)]
        identity = next(one for one in keys if one not in used)
        used.add(identity)
        result.append(product.model_copy(update={"identity_key": identity}))
    return result


def _candidates(analyses: Sequence[ChunkAnalysis]) -> list[ProductCandidate]:
    """All candidates once, by page and place."""
    unique: dict[tuple[int, int, int, str, str | None], ProductCandidate] = {}
    for analysis in analyses:
        for one in analysis.detection.candidates:
            place = (one.page, round(one.box[0]), round(one.box[1]), key(one.name), one.code)
            if place not in unique or one.confidence > unique[place].confidence:
                unique[place] = one
    return sorted(unique.values(), key=place_of)


def _sighting(verdict: Verdict, context: DocumentContext, materials: Materials, told: Told) -> Sighting:
    one = verdict.candidate
    size = size_of(one, context)
    own = with_told_colour(one, materials.proved(one, with_series(one, context)), told)
    own = with_all_treatments(one, own)
    inherited = with_inherited(one, with_card_colour(one, own, context), context)
    doubts = (*verdict.doubts, *(size.doubts if size else ()))
    return Sighting(verdict, with_size(materials.proved(one, inherited), size), size, doubts, context.section_of(one))


def _draft(
    group: Sequence[Sighting], acceptance: Acceptance, context: DocumentContext, pages: Sequence[PageContent]
) -> Draft:
    best = max(group, key=lambda one: (not one.is_row, one.size is not None, one.verdict.confidence))
    size = best.size or next((sighting.size for sighting in group if sighting.size is not None), None)
    references = [ref for ref in acceptance.references if key(best.candidate.name) in named_parts(ref.name)]
    listed = context.code_of(best.candidate)
    pictures = possible_images(group_candidates(group), references, pages, best.candidate.code, listed)
    return Draft(group, best, size, with_size(_merged(group, best), size), pictures, listed)


def _wanted(drafts: Sequence[Draft]) -> dict[str, set[str]]:
    """By text, the pictures between which geometry and captions do not decide; each text once."""
    wanted: dict[str, set[str]] = {}
    for draft in drafts:
        if undecided := left_open(draft.pictures):
            wanted.setdefault(draft.words, set()).update(undecided)
    return wanted


def _product(draft: Draft, pages: Sequence[PageContent], colours: ColoursOf, similarities: Similarities) -> Product:
    group, best = draft.group, draft.best
    one, seen = best.candidate, group_candidates(group)
    alike = similarities.to(draft.words) if similarities.cosines else NOBODY_ASKED
    images = linked_images(draft.pictures, alike)
    metadata = with_swatch_colour(draft.metadata, images, pages, colours)
    metadata = proved_only(metadata)
    dimensions = draft.size.dimensions if draft.size and has_size(metadata) else None
    coded = code_evidence(seen, next((each.code for each in seen if each.code), None)) or draft.listed
    typed, described = type_evidence(one), description_evidence(one)
    evidence, doubts = read_surely((*name_evidence(one), *coded, *typed, *described, *metadata.evidence), pages)
    code, finish = coded[0].value if coded else None, text_of(metadata, FINISH)
    placed = (doubt for sighting in group for doubt in sighting.doubts)
    own = (*of_candidates(seen, one, best.verdict.confidence), *of_size(dimensions))
    reasons = tuple(dict.fromkeys((*placed, *own, *disputed(seen, pages), *doubts)))
    return Product(
        identity_key="|".join((fold(one.name), fold(code or ""), size_key(dimensions), fold(finish or ""))),
        name=one.name,
        code=code,
        product_type=text_of(metadata, TYPE_FIELD) or (_type_in(typed[0].value) if typed else None),
        description=" ".join(proof.value for proof in described)[:DESCRIPTION_CHARS] or None,
        dimensions=dimensions,
        materials=_texts(metadata, MATERIALS),
        colours=_texts(metadata, COLOURS),
        finish=finish,
        fields=metadata.fields,
        evidence=evidence,
        images=images,
        pages=tuple(sorted({candidate.page for candidate in seen})),
        confidence=best.verdict.confidence,
        needs_review=bool(reasons),
        review_reasons=reasons,
    )


def _merged(group: Sequence[Sighting], best: Sighting) -> Metadata:
    """The best sighting's fields, completed by the others; a finish that a price list labels beats a word of a name."""
    others = [other.metadata for other in group if other is not best]
    labelled = [_finish_proof(other) for other in group if other.is_row and not best.is_row]
    own = _finish_proof(best)
    surest = max(filter(None, labelled), key=lambda proof: proof.confidence, default=None)
    if surest is None or (own is not None and own.confidence >= surest.confidence):
        return merge(best.metadata, *others)
    first = Metadata(fields={FINISH[0]: {FINISH[1]: surest.value}}, evidence=(surest,))
    return merge(first, best.metadata, *others)


def _finish_proof(sighting: Sighting) -> Evidence | None:
    proofs = [proof for proof in sighting.metadata.evidence if proof.field == ".".join(FINISH)]
    return next((proof for proof in proofs if proof.value == sighting.finish), None)


def _type_in(name: str) -> str | None:
    terms = find_terms(name, "product_type")
    return terms[0].canonical if terms else None


def _texts(metadata: Metadata, path: Path) -> tuple[str, ...]:
    value = metadata.fields.get(path[0], {}).get(path[1])
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)

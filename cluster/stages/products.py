"""Stage 5: owns the making of product records from what stage 4 saw in all chunks.

The main flow is `create_products`: collect candidates, accept them over all pages, let them inherit what stands over
them, put together what is the same product, choose its pictures, and write each record with its evidence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actors.languages import reading_in
from actors.metadata import merge
from actors.records import ChunkAnalysis, Dimensions, Evidence, Metadata, PageContent, Product, ProductCandidate
from actors.words import find_terms, fold, share_covered
from cluster.stages.colour_cards import with_card_colour
from cluster.stages.page_contents import document_languages
from cluster.stages.product_acceptance import accept
from cluster.stages.product_colour import ColoursOf, no_colours, with_swatch_colour
from cluster.stages.product_context import DocumentContext
from cluster.stages.product_doubts import of_candidates, of_size, with_twins
from cluster.stages.product_evidence import (
    code_evidence,
    description_evidence,
    disputed,
    name_evidence,
    type_evidence,
)
from cluster.stages.product_finish import with_all_treatments
from cluster.stages.product_images import linked_images, possible_images
from cluster.stages.product_inheritance import with_inherited
from cluster.stages.product_likeness import (
    NOBODY_ASKED,
    Compare,
    Options,
    Similarities,
    left_open,
    nothing_known,
    words_of,
)
from cluster.stages.product_listing import with_listed
from cluster.stages.product_looks import Acceptance, Verdict, key, named_parts
from cluster.stages.product_materials import Materials
from cluster.stages.product_offer import offers_goods
from cluster.stages.product_proofs import has_size, proved_only, read_surely
from cluster.stages.product_properties import PropertyCounts
from cluster.stages.product_series import with_series
from cluster.stages.product_sizes import Size, size_key, size_of, sizes_agree, with_size
from cluster.stages.product_subjects import Subjects

Path = tuple[str, str]
FINISH: Path = ("visualProperties", "surfaceFinish")
MATERIALS: Path = ("physicalProperties", "materials")
COLOURS: Path = ("visualProperties", "colours")
TYPE_FIELD: Path = ("coreIdentity", "productType")
DESCRIPTION_CHARS = 600
WHOLE = 0.85  # of a name's letters
SEVERAL = 2  # names that a page repeats


@dataclass(frozen=True)
class Sighting:
    """A product seen at one place, with everything that is printed for it there."""

    verdict: Verdict
    metadata: Metadata
    size: Size | None
    doubts: tuple[str, ...]
    section: frozenset[str] = frozenset()  # titles of its page

    @property
    def candidate(self) -> ProductCandidate:
        """What the analysis saw."""
        return self.verdict.candidate

    @property
    def is_row(self) -> bool:
        """Whether it was seen in a table."""
        return self.candidate.look is not None and self.candidate.look.relation == "row"

    @property
    def is_shade(self) -> bool:
        """Whether it is a picture of a grid that a colour names: other goods come in the same colour."""
        look = self.candidate.look
        in_grid = look is not None and look.support > 1 and not self.is_row
        return in_grid and bool(find_terms(self.candidate.name, "colour", fuzzy=True))

    @property
    def dimensions(self) -> Dimensions | None:
        """Its size, own or inherited."""
        return self.size.dimensions if self.size else None

    @property
    def finish(self) -> str | None:
        """Its finish as printed."""
        return _text(self.metadata, FINISH)


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
    acceptance = with_listed(accept(candidates, len(pages), PropertyCounts(pages)), candidates, pages)
    context = DocumentContext(pages, [verdict.candidate for verdict in acceptance.products])
    materials = Materials(pages, [verdict.candidate for verdict in acceptance.products])
    verdicts = sorted(acceptance.products, key=lambda verdict: _place(verdict.candidate))
    sightings = []
    for verdict in verdicts:
        look_around()
        sightings.append(_sighting(verdict, context, materials))
    drafts = [_draft(group, acceptance, context, pages) for group in _grouped(sightings)]
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
    return sorted(unique.values(), key=_place)


def _place(one: ProductCandidate) -> tuple[int, float, float]:
    """Reading order over the document; boxes in one row count as one height."""
    return one.page, round(one.box[1] / 6), one.box[0]


def _sighting(verdict: Verdict, context: DocumentContext, materials: Materials) -> Sighting:
    one = verdict.candidate
    size = size_of(one, context)
    own = with_all_treatments(one, materials.proved(one, with_series(one, context)))
    inherited = with_inherited(one, with_card_colour(one, own, context), context)
    doubts = (*verdict.doubts, *(size.doubts if size else ()))
    return Sighting(verdict, with_size(materials.proved(one, inherited), size), size, doubts, context.section_of(one))


def _grouped(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Sightings of one product: the same name, and no code, size or finish that contradicts.

    Rows of tables come last: a price list names, by code, what is shown elsewhere.
    """
    again = _shades_again(sightings)
    groups: list[list[Sighting]] = []
    by_name: dict[str, list[list[Sighting]]] = {}
    by_code: dict[str, list[list[Sighting]]] = {}
    for sighting in sorted(sightings, key=lambda sighting: sighting.is_row):
        same = by_name.setdefault(key(sighting.candidate.name), [])
        coded = by_code.setdefault(sighting.candidate.code, []) if sighting.candidate.code else []
        free = [group for group in same if not _repeats(sighting, group, again)]
        group = next((group for group in free if all(_compatible(sighting, other) for other in group)), None)
        if group is None and sighting.is_row and len(coded) == 1:
            group = next((group for group in coded if all(_is_entry(sighting, other) for other in group)), None)
        if group is None:
            group = []
            same.append(group)
            coded.append(group)
            groups.append(group)
        group.append(sighting)
    return sorted(groups, key=lambda group: _place(group[0].candidate))


def _repeats(sighting: Sighting, group: Sequence[Sighting], again: set[tuple[int, float, float]]) -> bool:
    """Whether a group has the same shade of the same page, of other goods."""
    here = _place(sighting.candidate) in again
    return here and any(sighting.candidate.page == other.candidate.page for other in group)


def _shades_again(sightings: Sequence[Sighting]) -> set[tuple[int, float, float]]:
    """Places of shades on a page that repeats several of them, each at a picture of its own: other goods, same colours.

    One name at two pictures may be one product; that basins and pans come in the same four colours is no chance.
    """
    places: dict[int, dict[str, list[Sighting]]] = {}
    for one in sightings:
        if one.is_shade:
            places.setdefault(one.candidate.page, {}).setdefault(key(one.candidate.name), []).append(one)
    repeated = [[several for several in names.values() if len(several) > 1] for names in places.values()]
    return {
        _place(one.candidate) for names in repeated if len(names) >= SEVERAL for several in names for one in several
    }


def _is_entry(row: Sighting, other: Sighting) -> bool:
    """Whether a row of a table lists the product of another page under its code."""
    same_code = row.candidate.code is not None and row.candidate.code == other.candidate.code
    elsewhere = other.candidate.page != row.candidate.page and not other.is_row
    return same_code and elsewhere and sizes_agree(row.dimensions, other.dimensions)


def _compatible(first: Sighting, second: Sighting) -> bool:
    if first.is_row != second.is_row and (_is_entry(first, second) or _is_entry(second, first)):
        return True
    if first.candidate.page == second.candidate.page and _printed(first) != _printed(second):
        return False  # one page prints the name twice with something else beside it: two products
    if first.candidate.page != second.candidate.page and not _may_name_one(first, second):
        return False
    return (
        _agree(first.candidate.code, second.candidate.code)
        and sizes_agree(first.dimensions, second.dimensions)
        and _agree(first.finish and fold(first.finish), second.finish and fold(second.finish))
        and _agree(_collection(first), _collection(second))
    )


def _may_name_one(first: Sighting, second: Sighting) -> bool:
    """Whether a name on two pages tells enough: "Ivory" of basins is not that of tiles, nor is "Chair" always one."""
    apart = first.section - second.section and second.section - first.section
    if apart and ((first.is_shade and second.is_shade) or _are_of_other_kinds(first, second)):
        return False
    known = [
        (first.candidate.code, second.candidate.code),
        (first.dimensions, second.dimensions),
        (_collection(first), _collection(second)),
    ]
    return not _is_kind_of_goods(first.candidate.name) or any(one and other for one, other in known)


def _are_of_other_kinds(first: Sighting, second: Sighting) -> bool:
    """Whether the titles of their pages name other goods: "One piece basins" there, "Table tops" here."""
    kinds = [
        {term.canonical for title in one.section for term in find_terms(title, "product_type")}
        for one in (first, second)
    ]
    return bool(kinds[0] and kinds[1]) and not kinds[0] & kinds[1] and not (first.is_row or second.is_row)


def _is_kind_of_goods(name: str) -> bool:
    """Whether a name says nothing but what kind of thing it is: "Wash basin"."""
    return share_covered(name, find_terms(name, "product_type")) >= WHOLE


def _printed(sighting: Sighting) -> str:
    return key(sighting.candidate.text.split("\n", 1)[0])


def _collection(sighting: Sighting) -> str:
    return fold(_text(sighting.metadata, ("coreIdentity", "collection")) or "")


def _agree(first: object, second: object) -> bool:
    return not first or not second or first == second


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
    code, finish = coded[0].value if coded else None, _text(metadata, FINISH)
    placed = (doubt for sighting in group for doubt in sighting.doubts)
    own = (*of_candidates(seen, one, best.verdict.confidence), *of_size(dimensions))
    reasons = tuple(dict.fromkeys((*placed, *own, *disputed(seen, pages), *doubts)))
    return Product(
        identity_key="|".join((fold(one.name), fold(code or ""), size_key(dimensions), fold(finish or ""))),
        name=one.name,
        code=code,
        product_type=_text(metadata, TYPE_FIELD) or (_type_in(typed[0].value) if typed else None),
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


def group_candidates(group: Sequence[Sighting]) -> list[ProductCandidate]:
    """What the analysis saw of one product at all places."""
    return [sighting.candidate for sighting in group]


def _type_in(name: str) -> str | None:
    terms = find_terms(name, "product_type")
    return terms[0].canonical if terms else None


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

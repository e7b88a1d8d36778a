"""Owns the finish and the material that a product takes from what stands over it: a banner, a heading, a page before.

Sizes and series are inherited in `sizes`, `series`; where things stand is known by `context`.
"""

from collections.abc import Iterator, Sequence

from actors.metadata import CAPTION_CONFIDENCE, MATERIAL_LABEL, OCR_FACTOR, merge, read_lines
from actors.page.labels import Label, same_look
from actors.records import Evidence, Metadata, ProductCandidate
from actors.values.labelled import parse_labelled
from actors.vocabulary.words import find_terms
from cluster.stages.product_rules.context import DocumentContext
from cluster.stages.product_rules.materials import only_carrier
from cluster.stages.product_rules.page_notices import PageNotices, distance

MOSTLY = 0.6  # of a label's letters that words for finishes take, when it names several of them
NEAR_PAGE = 0.5  # confidence of what another page says
LABELLED = 0.9  # a colon or the like stands between the label and its value
FINISH = ("visualProperties", ("surfaceFinish", "finishes", "finishCategory"))
MATERIAL = ("physicalProperties", ("materials", "materialCategory"))
Group = tuple[str, tuple[str, ...]]
WORDS: dict[Group, str] = {FINISH: "finish", MATERIAL: "material"}


def with_inherited(one: ProductCandidate, own: Metadata, context: DocumentContext) -> Metadata:
    """The product's metadata, completed by the finish and the material printed over it."""
    own = merge(own, context.data_of(one))
    result = own
    for group in (FINISH, MATERIAL):
        if _has(own, group):
            result = _with_coating(one, result, context) if group is FINISH else result
            continue
        found = _on_page(one, group, context) or _on_pages_before(one, group, context)
        found = found or _on_technical_page(group, context) or Metadata()
        result = merge(result, found)
    return result


def _has(metadata: Metadata, group: Group) -> bool:
    return any(name in metadata.fields.get(group[0], {}) for name in group[1])


def _on_page(one: ProductCandidate, group: Group, context: DocumentContext) -> Metadata | None:
    """The nearest notice above the product; otherwise a labelled one that is the page's only."""
    page = context.page(one)
    if page is None:
        return None
    headings = context.headings_over(one)
    notices = [
        (label, said)
        for label, said in _notices(page, group)
        if _is_labelled(said, group) or (label in headings if group is MATERIAL else not context.runs_through(label))
    ]
    notices = [(label, said) for label, said in notices if not _is_replaced(label, headings)]
    above = [(label, said) for label, said in notices if label.box[1] <= one.box[1]]
    told = [label for label, said in above if _is_labelled(said, group)]
    above = [
        (label, said)
        for label, said in above
        if label in told or not any(label.box[3] <= other.box[1] for other in told)
    ]
    if above:
        return min(above, key=lambda notice: distance(notice[0], one))[1]
    labelled = [said for _, said in notices if _is_labelled(said, group)]
    return labelled[0] if len(labelled) == 1 else None


def _is_replaced(label: Label, headings: Sequence[Label]) -> bool:
    """Whether a nearer heading of the same look stands between: what the farther one says ends there."""
    nearer = headings[: headings.index(label)] if label in headings else []
    return any(same_look(label, other) and other.box[1] > label.box[1] for other in nearer)


def _on_pages_before(one: ProductCandidate, group: Group, context: DocumentContext) -> Metadata | None:
    """What a page before says of its section, or a front page of all, in one labelled notice."""
    for page in (*context.section_before(one), *context.front(one)):
        labelled = [said for _, said in _notices(page, group) if _is_labelled(said, group)]
        if len(labelled) == 1:
            return _from_page(labelled[0])
    return None


def _with_coating(one: ProductCandidate, own: Metadata, context: DocumentContext) -> Metadata:
    """The finish of the technical page for a wood or stone that is called natural, which tells its colour then."""
    category, names = FINISH
    printed = str(own.fields[category].get("surfaceFinish", ""))
    if own.fields[category].get("finishCategory") != "natural" or printed not in one.name:
        return own
    found = _on_technical_page(FINISH, context)
    if found is None:
        return own
    kept = {name: value for name, value in own.fields[category].items() if name not in names}
    proofs = tuple(proof for proof in own.evidence if proof.field not in {f"{category}.{name}" for name in names})
    bare = Metadata(fields={**own.fields, category: kept}, evidence=proofs)
    return merge(bare, found)


def _on_technical_page(group: Group, context: DocumentContext) -> Metadata | None:
    """What the one page of technical data says, where it is one finish or one labelled material."""
    if context.technical is None:
        return None
    _, everything = context.technical
    said = _only(everything, group)
    if group is MATERIAL and not _is_labelled(said, group) and (carrier := only_carrier(said)).fields:
        return _from_page(carrier)
    values = said.fields.get(group[0], {}).get(group[1][1], [])
    is_one = len(values) == 1 if group is FINISH else _is_labelled(said, group)
    if not said.fields or not is_one or (group is FINISH and not _is_sure(said)):
        return None
    return _from_page(said)


def _from_page(said: Metadata) -> Metadata:
    """What another page says, less sure than what stands over the product."""
    evidence = tuple(
        proof.model_copy(update={"confidence": min(NEAR_PAGE, proof.confidence)}) for proof in said.evidence
    )
    return said.model_copy(update={"evidence": evidence})


def _notices(page: PageNotices, group: Group) -> Iterator[tuple[Label, Metadata]]:
    """The short labels of a page that say a finish or material of what stands below."""
    for label in page.notices:
        said = _only(read_lines(label.lines, page.number, label.source), group)
        if _is_labelled(said, group):
            yield label, said
        elif said.fields and _is_sure(said):
            yield from ((label, clear) for clear in _unlabelled(label, said, group))


def _unlabelled(label: Label, said: Metadata, group: Group) -> Iterator[Metadata]:
    """A notice without a label: one finish, or several that make up most of it ("brushed and oiled")."""
    terms = find_terms(label.text, WORDS[group])
    if len({term.canonical for term in terms}) <= 1 or group is MATERIAL:
        yield said
        return
    covered = sum(len(term.printed) for term in terms)
    value = label.text[min(term.start for term in terms) : max(term.end for term in terms)]
    if covered >= MOSTLY * len(label.text) and any(value in line.text for line in label.lines):
        yield _renamed(said, value)


def _renamed(said: Metadata, value: str) -> Metadata:
    """The same with all words of the finish as its value."""
    category, field = FINISH[0], "visualProperties.surfaceFinish"
    fields = {**said.fields, category: {**said.fields[category], "surfaceFinish": value}}
    evidence = tuple(
        proof.model_copy(update={"value": value}) if proof.field == field and value in proof.text else proof
        for proof in said.evidence
    )
    return Metadata(fields=fields, evidence=evidence)


def _only(metadata: Metadata, group: Group) -> Metadata:
    category, names = group
    values = {name: value for name, value in metadata.fields.get(category, {}).items() if name in names}
    wanted = {f"{category}.{name}" for name in values}
    evidence: Sequence[Evidence] = [proof for proof in metadata.evidence if proof.field in wanted]
    return Metadata(fields={category: values} if values else {}, evidence=tuple(evidence))


def _is_labelled(said: Metadata, group: Group) -> bool:
    first = f"{group[0]}.{group[1][0]}"
    if group is MATERIAL and any(_names_material(proof) for proof in said.evidence):
        return True
    return any(_sureness(proof) >= LABELLED and proof.field == first for proof in said.evidence)


def _names_material(proof: Evidence) -> bool:
    """Whether a label for what things are made of stands before the word: "Composition 100 % cotton"."""
    labelled = parse_labelled(proof.text)
    return any(value.field == MATERIAL_LABEL and proof.value in value.value for value in labelled)


def _is_sure(said: Metadata) -> bool:
    return max((_sureness(proof) for proof in said.evidence), default=0.0) >= CAPTION_CONFIDENCE


def _sureness(proof: Evidence) -> float:
    """How sure the reading is, whether or not the letters are: OCR takes a part of every confidence."""
    return round(proof.confidence / OCR_FACTOR, 3) if proof.source == "ocr" else proof.confidence

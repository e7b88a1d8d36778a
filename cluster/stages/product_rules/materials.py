"""Owns which words for materials say what a product is made of: not running text, and not the name of a decor alone.

"Oak Natural" is oak among wooden floors; among floors of a composite, and where nothing else speaks of wood, it is a
look. What a kind of goods is made of is known from the vocabulary's families, what is printed where from the context.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from actors.evidence import CELL_BREAK
from actors.metadata import CAPTION_WORDS
from actors.records import Evidence, Metadata, PageContent, ProductCandidate
from actors.vocabulary.languages import languages_read
from actors.vocabulary.words import find_terms, fold
from cluster.stages.product_rules.looks import key

CATEGORY, LIST, KIND = "physicalProperties", "materials", "materialCategory"
LABELLED = 0.85  # a colon or a head of its own says that it is the material, also where OCR read it
PRINTED_ON = "carrier"  # the family of what other materials are imitated on
SENTENCE_WORDS = 4
THING_WORDS = 2
NEAR_WORDS = 1  # between a word for a look and the material: "effetto pietra arenaria"
LOOKS = ("colour", "finish", "pattern", "material")
COLOUR_LABELS = ("visualProperties.primaryColor", "visualProperties.colours")


class Materials:
    """What a document says that things are made of, elsewhere than in the names of its products."""

    def __init__(self, pages: Sequence[PageContent], owned: Sequence[ProductCandidate]) -> None:
        self._pages = pages
        self._names = {key(one.name) for one in owned}

    def proved(self, one: ProductCandidate, said: Metadata) -> Metadata:
        """The metadata of a product without materials that are a look, another product's, or a word of running text."""
        proofs = [proof for proof in said.evidence if proof.field == f"{CATEGORY}.{LIST}"]
        dropped = {(proof.value, proof.text) for proof in proofs if not self._is_material(one, proof)}
        if not dropped:
            return said
        kept = [proof for proof in proofs if (proof.value, proof.text) not in dropped]
        own = {name: value for name, value in said.fields[CATEGORY].items() if name not in (LIST, KIND)}
        evidence = [proof for proof in said.evidence if proof.field != f"{CATEGORY}.{KIND}"]
        evidence = [proof for proof in evidence if proof not in proofs or proof in kept]
        if kept:
            own[LIST] = [value for value in said.fields[CATEGORY][LIST] if value in {proof.value for proof in kept}]
        if kept and (terms := find_terms(kept[0].value, "material")):
            own[KIND] = terms[0].canonical
            evidence.append(kept[0].model_copy(update={"field": f"{CATEGORY}.{KIND}"}))
        others = {category: values for category, values in said.fields.items() if category != CATEGORY}
        return Metadata(fields={**others, **({CATEGORY: own} if own else {})}, evidence=tuple(evidence))

    def _is_material(self, one: ProductCandidate, proof: Evidence) -> bool:
        """Whether a line says what the product is made of."""
        if proof.confidence >= LABELLED or proof.page != one.page:
            return True  # what another page says for all was weighed when it was inherited
        if is_running_text(proof.text) or _is_imitated(proof.text, proof.value) or self._is_other_name(one, proof.text):
            return False
        value = fold(proof.value)
        in_name = fold(one.name).count(value)
        is_said_beside = fold(proof.text).count(value) > in_name
        return is_said_beside or not in_name or not self._is_look(one.name, proof.value)

    def _is_other_name(self, one: ProductCandidate, text: str) -> bool:
        return key(text) in self._names and key(text) != key(one.name)

    def _is_look(self, name: str, value: str) -> bool:
        """Whether the word of a name may tell a decor: no kind of thing is said, and the material nowhere else."""
        families = set(_families(value, every_language=True))
        if not families or families == {PRINTED_ON} or find_terms(name, "product_type") or _is_thing_of(name, value):
            return False
        return PRINTED_ON in self._said or not families & self._said

    @cached_property
    def _said(self) -> set[str]:
        """Families of the materials that the document's lines name, those of its products' names left out."""
        lines = (line.text for page in self._pages for block in page.blocks for line in block.lines)
        free = (text for text in lines if not self._is_of_name(text))
        return {family for text in free for family in _families(text)}

    def _is_of_name(self, text: str) -> bool:
        printed = key(text)
        return any(printed in name or name in printed for name in self._names if name and printed)


def only_carrier(said: Metadata) -> Metadata:
    """The material of a technical page that others are imitated on, where it names only one, in a short line."""
    values = said.fields.get(CATEGORY, {}).get(LIST, [])
    carriers = [value for value in values if PRINTED_ON in _families(value)]
    proofs = [proof for proof in said.evidence if proof.field == f"{CATEGORY}.{LIST}" and proof.value in carriers]
    kinds = {term.canonical for value in carriers for term in find_terms(value, "material")}
    if len(kinds) != 1 or any(len(proof.text.split()) > CAPTION_WORDS for proof in proofs):
        return Metadata()
    kind = proofs[0].model_copy(update={"field": f"{CATEGORY}.{KIND}"})
    return Metadata(fields={CATEGORY: {LIST: carriers, KIND: kinds.pop()}}, evidence=(*proofs, kind))


def is_running_text(text: str) -> bool:
    """Whether a line is one of prose, which speaks of parts, uses and other goods as well."""
    words = text.split()
    is_sentence = text.rstrip().endswith(".") and len(words) >= SENTENCE_WORDS
    return CELL_BREAK not in text and (is_sentence or len(words) > CAPTION_WORDS)


def _is_imitated(text: str, value: str) -> bool:
    """Whether a line calls it a look or a colour: "effetto pietra", "Wood grain", "Colour: Slate"."""
    start = text.find(value)
    before, behind = text[:start].rstrip(), text[start + len(value) :].lstrip(" -")
    labels = find_terms(before, "field_label")
    is_colour = any(label.canonical in COLOUR_LABELS for label in labels[-1:])
    ends = [
        word
        for word in find_terms(before, "imitation")
        if word.canonical == "before" and len(before[word.end :].split()) <= NEAR_WORDS
    ]
    begins = [word for word in find_terms(behind, "imitation") if word.canonical == "behind" and word.start == 0]
    return is_colour or bool(ends or begins)


def _is_thing_of(name: str, value: str) -> bool:
    """Whether a name goes on with a thing behind its material: "Glass Lunch Box", and not "Slate Kota green"."""
    rest = name[len(value) :].split() if fold(name).startswith(fold(value)) else []
    return len(rest) >= THING_WORDS and not find_terms(" ".join(rest), *LOOKS)


def _families(text: str, *, every_language: bool = False) -> Iterator[str]:
    """The families of a text's materials: names of decors are foreign words, prose is in the languages of its page."""
    for term in find_terms(text, "material", languages=None if every_language else languages_read() or None):
        if _is_imitated(text, term.printed):
            continue
        yield from (family.canonical for family in find_terms(term.canonical, "material_family"))

"""Owns the finish of a name that tells several treatments: all of them, also where the name is broken over lines."""

from typing import Any

from actors.metadata import CAPTION_CONFIDENCE, FINISH, SHORTEST_FOREIGN, merge, treatments
from actors.records import Evidence, Metadata, ProductCandidate
from actors.vocabulary.languages import is_read
from actors.vocabulary.words import Term, find_terms

FINISHES, FINISH_CATEGORY = "visualProperties.finishes", "visualProperties.finishCategory"


def with_all_treatments(one: ProductCandidate, said: Metadata) -> Metadata:
    """The metadata of a product, with "sand blasted tumbled" where only one treatment of its name was taken.

    And with a finish whose words stand on two lines, "split" over "face".
    """
    proof = next((proof for proof in said.evidence if proof.field == FINISH), None)
    printed = one.text.split("\n", 1)[0]
    if proof is not None and proof.value not in printed:
        return said
    terms = find_terms(printed, "finish", fuzzy=True)
    terms = [term for term in terms if is_read(term.language) or len(term.printed) >= SHORTEST_FOREIGN]
    if proof is None:
        broken = next((term for term in terms if " " in term.printed and term.printed in one.name), None)
        return said if broken is None else merge(said, _of_name(one, broken, printed))
    whole = next((printed[start:end] for start, end in treatments(printed, terms)), "")
    return _finished(said, proof, whole, printed, one) if proof.value in whole and whole in one.name else said


def _of_name(one: ProductCandidate, term: Term, printed: str) -> Metadata:
    """A finish of the whole name."""
    values = {FINISH: term.printed, FINISHES: [term.printed], FINISH_CATEGORY: term.canonical}
    proof = Evidence(
        field=FINISH, value=term.printed, page=one.page, box=one.box, source=one.source, text=printed,
        confidence=CAPTION_CONFIDENCE,
    )  # fmt: skip
    proofs = tuple(proof.model_copy(update={"field": field}) for field in values)
    category = FINISH.split(".")[0]
    return Metadata(fields={category: {field.split(".")[1]: value for field, value in values.items()}}, evidence=proofs)


def _finished(said: Metadata, proof: Evidence, whole: str, printed: str, one: ProductCandidate) -> Metadata:
    category, name = FINISH.split(".")
    fields: dict[str, dict[str, Any]] = {**said.fields, category: {**said.fields[category], name: whole}}
    told = proof.model_copy(update={"value": whole, "text": printed, "box": one.box})
    return Metadata(fields=fields, evidence=tuple(told if one is proof else one for one in said.evidence))

"""Owns the finish of a name that tells several treatments: all of them, also where the name is broken over lines."""

from typing import Any

from actors.metadata import FINISH, SHORTEST_FOREIGN, treatments
from actors.records import Evidence, Metadata, ProductCandidate
from actors.vocabulary.languages import is_read
from actors.vocabulary.words import find_terms


def with_all_treatments(one: ProductCandidate, said: Metadata) -> Metadata:
    """The metadata of a product, with "sand blasted tumbled" where only one treatment of its name was taken."""
    proof = next((proof for proof in said.evidence if proof.field == FINISH), None)
    printed = one.text.split("\n", 1)[0]
    if proof is None or proof.value not in printed:
        return said
    terms = find_terms(printed, "finish", fuzzy=True)
    terms = [term for term in terms if is_read(term.language) or len(term.printed) >= SHORTEST_FOREIGN]
    whole = next((printed[start:end] for start, end in treatments(printed, terms)), "")
    return _finished(said, proof, whole, printed, one) if proof.value in whole and whole in one.name else said


def _finished(said: Metadata, proof: Evidence, whole: str, printed: str, one: ProductCandidate) -> Metadata:
    category, name = FINISH.split(".")
    fields: dict[str, dict[str, Any]] = {**said.fields, category: {**said.fields[category], name: whole}}
    told = proof.model_copy(update={"value": whole, "text": printed, "box": one.box})
    return Metadata(fields=fields, evidence=tuple(told if one is proof else one for one in said.evidence))

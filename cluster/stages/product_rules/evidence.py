"""Owns the evidence of names, codes and descriptions: every piece occurs in the line that is cited for it."""

from collections.abc import Iterable, Sequence

from actors.evidence import occurs
from actors.naming.product_names import parse_name
from actors.page.regions import contains
from actors.records import Evidence, PageContent, ProductCandidate
from actors.vocabulary.words import find_terms

PROSE_WORDS = 5
"""Lines of so many words describe."""


def name_evidence(one: ProductCandidate) -> tuple[Evidence, ...]:
    """One entry where the name is printed in one piece, else one a piece (`Basin 16" x 16" corner`)."""
    printed = one.text.split("\n", 1)[0]
    parsed = parse_name(printed)
    pieces = (one.name,) if occurs(one.name, printed) else parsed.parts if parsed else ()
    return tuple(
        Evidence(
            field="name",
            value=piece,
            page=one.page,
            box=one.box,
            source=one.source,
            text=printed,
            confidence=one.confidence,
        )
        for piece in pieces
        if occurs(piece, printed)
    )


def code_evidence(candidates: Sequence[ProductCandidate], code: str | None) -> tuple[Evidence, ...]:
    """The first line that prints the code; nothing when no line does."""
    for one in candidates:
        line = next((line for line in one.text.split("\n") if code and code in line), None)
        if code and line:
            return (
                Evidence(
                    field="code", value=code, page=one.page, box=one.text_box, source=one.source, text=line,
                    confidence=one.confidence,
                ),
            )  # fmt: skip
    return ()


def type_evidence(one: ProductCandidate) -> tuple[Evidence, ...]:
    """The word of the name that says what the product is, and the English one for it."""
    proofs = name_evidence(one)
    terms = ((term, proof) for proof in proofs for term in find_terms(proof.value, "product_type"))
    term, proof = next(terms, (None, None))
    if term is None or proof is None:
        return ()
    return (proof.model_copy(update={"field": "product_type", "value": term.printed}),)


def description_evidence(one: ProductCandidate) -> tuple[Evidence, ...]:
    """The longer lines printed with the product; together they are its description."""
    prose = [line for line in one.text.split("\n")[1:] if len(line.split()) >= PROSE_WORDS]
    return tuple(
        Evidence(
            field="description", value=line, page=one.page, box=one.text_box, source=one.source, text=line,
            confidence=one.confidence,
        )
        for line in prose
    )  # fmt: skip


def disputed(candidates: Sequence[ProductCandidate], pages: Iterable[PageContent]) -> tuple[str, ...]:
    """A sentence for each line of the product where OCR reads another number than the text layer prints."""
    by_number = {page.page: page.disagreements for page in pages}
    return tuple(
        dict.fromkeys(
            f"OCR reads {found.read!r} where {found.printed!r} is printed"
            for one in candidates
            for found in by_number.get(one.page, ())
            if contains(one.text_box, found.box)
        )
    )

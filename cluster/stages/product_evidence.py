"""Owns the evidence of names: every piece of a name occurs in the line that is cited for it."""

from actors.evidence import occurs
from actors.product_names import parse_name
from actors.records import Evidence, ProductCandidate


def name_evidence(one: ProductCandidate) -> tuple[Evidence, ...]:
    """One entry where the name is printed in one piece, else one a piece (`Basin 16" x 16" corner`); none is invented."""
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

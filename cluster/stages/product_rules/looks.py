"""Owns the looks of a document: candidates whose names are set alike, and how names are compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

from actors.page.labels import sizes_alike
from actors.records import Evidence, NameLook, ProductCandidate
from actors.vocabulary.words import fold

PLACES = ("commercialInformation.application", "commercialInformation.environments")


@dataclass
class LookGroup:
    """Candidates that are set alike over the whole document."""

    look: NameLook
    source: str
    members: list[ProductCandidate] = field(default_factory=list)

    @property
    def pages(self) -> set[int]:
        """Pages with at least one of them."""
        return {member.page for member in self.members}

    @property
    def firm(self) -> list[ProductCandidate]:
        """Those that repeat on their page."""
        return [one for one in self.members if one.look and one.look.support >= 2 and one.look.relation != "scene"]

    @property
    def has_codes(self) -> bool:
        """Whether every name comes with an article code of its own."""
        codes = {one.code for one in self.members}
        return None not in codes and len(codes) == len(self.members)

    @property
    def described(self) -> int:
        """How many say a property of their own: a size, a finish, a code, a price."""
        return described(self.members)


def described(members: Sequence[ProductCandidate]) -> int:
    """How many say a property of their own."""
    return sum(one.code is not None or any(map(_is_property, one.metadata.evidence)) for one in members)


def _is_property(proof: Evidence) -> bool:
    """Whether it tells of goods: where these belong ("staircase", "kitchen"), photos of buildings show as well."""
    return proof.field not in PLACES


@dataclass(frozen=True)
class Verdict:
    """A candidate as the whole document sees it. `shows` names the product when it is only a photo's caption."""

    candidate: ProductCandidate
    confidence: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Acceptance:
    """The products' names, and captions of photos that show products of other places."""

    products: tuple[Verdict, ...]
    references: tuple[ProductCandidate, ...]


@lru_cache(maxsize=16384)
def key(name: str) -> str:
    """A name for comparing: letters and digits only, folded."""
    return "".join(char for char in fold(name) if char.isalnum())


def named_parts(caption: str) -> set[str]:
    """The names in a photo's caption, for comparing: "Ivory & Grey" names two."""
    pieces = re.split(r"[&+/,]", caption)
    return {key(piece) for piece in (caption, *pieces) if key(piece)}


def _kind(look: NameLook) -> str:
    if look.relation in ("row", "heading", "sheet"):
        return look.relation
    if look.relation in ("left", "right"):
        return "beside"
    return "inside" if look.relation in ("inside", "scene") else look.relation


def look_groups(candidates: Sequence[ProductCandidate]) -> list[LookGroup]:
    """Candidates by look; those without geometry are left out.

    OCR errs in weights, and where it saw nothing bold on a page it had nothing to compare: what it read there goes with
    the most that are set as large, and so do names with codes, which captions of photos have not.
    """
    told = {one.page for one in candidates if one.look is not None and one.look.bold}
    ordered = sorted(candidates, key=lambda item: item.look.size if item.look else 0.0)
    untold = [one for one in ordered if one.source == "ocr" and (one.code is not None or one.page not in told)]
    groups = _groups_of([one for one in ordered if not any(one is other for other in untold)])
    for group in _groups_of(untold, by_weight=False):
        alike = [other for other in groups if _is_set_like(group, other)]
        if alike:
            max(alike, key=lambda other: len(other.members)).members += group.members
        else:
            groups.append(group)
    return groups


def _groups_of(ordered: Sequence[ProductCandidate], *, by_weight: bool = True) -> list[LookGroup]:
    groups: list[LookGroup] = []
    for one in ordered:
        look = one.look
        if look is None:
            continue
        alike = (group for group in groups if not by_weight or look.bold == group.look.bold)
        group = next((group for group in alike if _belongs(one, look, group)), None)
        if group is None:
            group = LookGroup(look, one.source)
            groups.append(group)
        group.members.append(one)
    return groups


def _is_set_like(group: LookGroup, other: LookGroup) -> bool:
    """Whether the names of two groups differ in nothing but their weight."""
    usual = median(_sizes_of(group))
    is_alike = any(sizes_alike(usual, size, "ocr") for size in _sizes_of(other))
    return is_alike and other.source == group.source and _kind(other.look) == _kind(group.look)


def _sizes_of(group: LookGroup) -> list[float]:
    return [one.look.size for one in group.members if one.look is not None]


def _belongs(one: ProductCandidate, look: NameLook, group: LookGroup) -> bool:
    last = group.members[-1].look
    return (
        last is not None
        and one.source == group.source
        and _kind(look) == _kind(group.look)
        and look.font == group.look.font
        and sizes_alike(look.size, last.size, one.source)
    )

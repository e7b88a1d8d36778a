"""Owns the decision over all pages which candidates are products: what one page cannot know.

Names of one catalogue share their look; room photos and running titles repeat names or stand alone. Pure: candidates
in, verdicts out.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from actors.page_labels import sizes_alike
from actors.records import NameLook, ProductCandidate
from actors.words import fold

ACCEPT = 0.5
CONFIRMED = 0.7  # what a lone caption gets when its look names products on other pages
ODD_LOOK_PENALTY = 0.4
FURNITURE_SHARE = 0.3  # of the pages: a name on more of them is a running title
FURNITURE_PAGES = 4


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
    def described(self) -> int:
        """How many say a property of their own: a size, a finish, a code, a price."""
        return sum(bool(one.metadata.fields) or one.code is not None for one in self.members)


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


def accept(candidates: Sequence[ProductCandidate], page_count: int) -> Acceptance:
    """Judges all candidates of a document."""
    geometric = [one for one in candidates if one.look is not None]
    kept = [one for one in geometric if not _is_furniture(one, geometric, page_count)]
    groups = _look_groups(kept)
    main = _main_groups(groups)
    names = {key(one.name) for group in main for one in group.firm}
    products: list[Verdict] = [
        Verdict(one, one.confidence, one.reasons) for one in candidates if one.look is None and one.confidence >= ACCEPT
    ]
    references: list[ProductCandidate] = []
    for group in groups:
        if group not in main and _is_reference(group, names):
            references += group.members
            continue
        verdicts = [_judge(one, group, main) for one in group.members]
        products += [verdict for verdict in verdicts if verdict.confidence >= ACCEPT]
        references += [v.candidate for v in verdicts if v.confidence < ACCEPT and _names_known(v.candidate.name, names)]
    return Acceptance(tuple(products), tuple(references))


def key(name: str) -> str:
    """A name for comparing: letters and digits only, folded."""
    return "".join(char for char in fold(name) if char.isalnum())


def _is_furniture(one: ProductCandidate, candidates: Sequence[ProductCandidate], page_count: int) -> bool:
    pages = {other.page for other in candidates if key(other.name) == key(one.name) and _same_height(one, other)}
    return len(pages) >= max(FURNITURE_PAGES, FURNITURE_SHARE * page_count)


def _same_height(one: ProductCandidate, other: ProductCandidate) -> bool:
    return abs(one.box[1] - other.box[1]) < 6


def _kind(look: NameLook) -> str:
    if look.relation in ("row", "heading"):
        return look.relation
    return "inside" if look.relation in ("inside", "scene") else look.relation


def _look_groups(candidates: Sequence[ProductCandidate]) -> list[LookGroup]:
    groups: list[LookGroup] = []
    for one in sorted(candidates, key=lambda item: item.look.size if item.look else 0.0):
        look = one.look
        if look is None:
            continue
        group = next((group for group in groups if _belongs(one, look, group)), None)
        if group is None:
            group = LookGroup(look, one.source)
            groups.append(group)
        group.members.append(one)
    return groups


def _belongs(one: ProductCandidate, look: NameLook, group: LookGroup) -> bool:
    last = group.members[-1].look
    return (
        last is not None
        and one.source == group.source
        and _kind(look) == _kind(group.look)
        and look.font == group.look.font
        and look.bold == group.look.bold
        and sizes_alike(look.size, last.size, one.source)
    )


def _main_groups(groups: Sequence[LookGroup]) -> list[LookGroup]:
    """The looks in which this document names its products: the strongest, and others that come near it."""

    def weight(group: LookGroup) -> float:
        firm = group.firm
        return len(firm) * (1 + 0.5 * min(1.0, group.described / len(group.members))) if firm else 0.0

    strongest = max((weight(group) for group in groups), default=0.0)
    if strongest == 0:
        return []
    return [group for group in groups if group.firm and (weight(group) >= 0.5 * strongest or _is_second_look(group))]


def _is_second_look(group: LookGroup) -> bool:
    """A weaker look names products too where it repeats over pages, or its names come with properties."""
    pages = len({one.page for one in group.firm})
    return pages >= 3 or (pages >= 2 and group.described >= 0.7 * len(group.members))


def _is_reference(group: LookGroup, names: set[str]) -> bool:
    """Whether a look mostly repeats names of the main looks: captions of room photos, lists of novelties."""
    known = sum(_names_known(one.name, names) for one in group.members)
    return bool(names) and known >= max(1, 0.5 * len(group.members))


def named_parts(caption: str) -> set[str]:
    """The names in a photo's caption, for comparing: "Ivory & Grey" names two."""
    pieces = re.split(r"[&+/,]", caption)
    return {key(piece) for piece in (caption, *pieces) if key(piece)}


def _names_known(name: str, names: set[str]) -> bool:
    return bool(named_parts(name) & names)


def _judge(one: ProductCandidate, group: LookGroup, main: Sequence[LookGroup]) -> Verdict:
    look = one.look
    assert look is not None
    if look.relation == "heading":
        return _judge_heading(one, group, main)
    if look.relation == "row":
        return Verdict(one, one.confidence, one.reasons)
    if group in main:
        pages = len({member.page for member in group.firm})
        reason = f"names on {pages} pages are set like this"
        if look.support == 1 and pages >= 2:
            return Verdict(one, max(one.confidence, CONFIRMED), (*one.reasons, reason))
        return Verdict(one, one.confidence, (*one.reasons, reason))
    if main:
        return Verdict(one, one.confidence - ODD_LOOK_PENALTY, one.reasons, ("set unlike the other names",))
    return _judge_single_pages(one, group)


def _judge_single_pages(one: ProductCandidate, group: LookGroup) -> Verdict:
    """A document that shows one product a page: the look repeats over pages, the names differ, properties are there."""
    distinct = len({key(member.name) for member in group.members})
    if len(group.pages) >= 3 and distinct >= 0.7 * len(group.members) and group.described >= 0.4 * len(group.members):
        reasons = (*one.reasons, f"one name a page on {len(group.pages)} pages, with properties")
        return Verdict(one, max(one.confidence, 0.6), reasons)
    return Verdict(one, one.confidence, one.reasons)


def _judge_heading(one: ProductCandidate, group: LookGroup, main: Sequence[LookGroup]) -> Verdict:
    if any(other.look.relation != "heading" for other in main):
        return Verdict(one, one.confidence - ODD_LOOK_PENALTY, one.reasons)
    by_page = defaultdict(list)
    for member in group.members:
        by_page[member.page].append(member)
    told = [member for member in group.members if any("measured" in reason for reason in member.reasons)]
    pictured = [member for member in group.members if any("picture" in reason for reason in member.reasons)]
    if len(by_page) >= 3 and len(told) >= 0.5 * len(group.members) and len(pictured) >= 0.5 * len(group.members):
        reasons = (*one.reasons, f"headings of this look on {len(by_page)} pages, with pictures and properties")
        return Verdict(one, max(one.confidence, 0.6), reasons)
    return Verdict(one, one.confidence, one.reasons)

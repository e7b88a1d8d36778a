"""Owns what was seen of products at single places, and which of these sightings are of one product.

It knows names, codes, sizes and finishes of sightings; how a record is made of them is for those who ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.records import Dimensions, Metadata, ProductCandidate
from actors.vocabulary.words import find_terms, fold, share_covered
from cluster.stages.product_rules.looks import Verdict, key
from cluster.stages.product_rules.sizes import Size, sizes_agree

Path = tuple[str, str]
FINISH: Path = ("visualProperties", "surfaceFinish")
COLLECTION: Path = ("coreIdentity", "collection")
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
        return text_of(self.metadata, FINISH)


def grouped(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
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
    return sorted(groups, key=lambda group: place_of(group[0].candidate))


def _repeats(sighting: Sighting, group: Sequence[Sighting], again: set[tuple[int, float, float]]) -> bool:
    """Whether a group has the same shade of the same page, of other goods."""
    here = place_of(sighting.candidate) in again
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
        place_of(one.candidate) for names in repeated if len(names) >= SEVERAL for several in names for one in several
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
    return fold(text_of(sighting.metadata, COLLECTION) or "")


def _agree(first: object, second: object) -> bool:
    return not first or not second or first == second


def place_of(one: ProductCandidate) -> tuple[int, float, float]:
    """Reading order over the document; boxes in one row count as one height."""
    return one.page, round(one.box[1] / 6), one.box[0]


def group_candidates(group: Sequence[Sighting]) -> list[ProductCandidate]:
    """What the analysis saw of one product at all places."""
    return [sighting.candidate for sighting in group]


def text_of(metadata: Metadata, path: Path) -> str | None:
    """A field as text, of a list its first entry; None where it is not said."""
    value = metadata.fields.get(path[0], {}).get(path[1])
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value) if value is not None else None

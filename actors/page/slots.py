"""Owns one record: a label as the caption of a region."""

from dataclasses import dataclass

from actors.page.labels import Label
from actors.page.regions import Region
from actors.records import NameRelation


@dataclass(frozen=True)
class Slot:
    """A label as caption of a region.

    `support`: captions of this look and side on the page, this one included. `like`: a caption of the same row whose
    look counts for it, where it is set a little smaller itself.
    """

    label: Label
    region: Region
    relation: NameRelation
    gap: float
    support: int
    like: Label | None = None

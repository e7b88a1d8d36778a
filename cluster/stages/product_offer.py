"""Owns the question whether a document offers goods at all, by what it says of the things that it names.

A catalogue says something of nearly all of them: a size, a code, a finish, a material. Documents about places,
works and people name as many things under pictures and say nothing of the kind.
"""

from collections.abc import Sequence

from actors.records import Product
from cluster.stages.product_subjects import Subjects

MIN_TOLD = 0.4  # of what a document names that also has titles of other subjects than goods
TELLING = ("physicalProperties", "technicalSpecifications", "commercialInformation")


def offers_goods(products: Sequence[Product], subjects: Subjects) -> bool:
    """Whether these are goods: mostly with something said of them, where titles speak of other subjects as well."""
    return not subjects.tells_of_others or sum(map(_is_told, products)) >= MIN_TOLD * len(products)


def _is_told(product: Product) -> bool:
    """Whether anything that a buyer asks for is printed of a product beside its name."""
    said = (product.code, product.product_type, product.dimensions, product.finish)
    listed = (product.materials, product.colours, *(product.fields.get(category) for category in TELLING))
    return any(said) or any(listed)

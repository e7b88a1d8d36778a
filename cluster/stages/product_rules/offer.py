"""Owns the question whether a document offers goods at all, by what it says of the things that it names.

A catalogue says something of nearly all of them: a size, a code, a finish, a material. Documents about places,
works and people name as many things under pictures and say nothing of the kind.
"""

import re
from collections.abc import Sequence

from actors.records import Product
from actors.vocabulary.words import find_terms
from cluster.stages.product_rules.properties import GOODS
from cluster.stages.product_rules.subjects import Subjects

MIN_TOLD = 0.4  # of what a document names that also has titles of other subjects than goods
MANY_NAMES, MIN_ORDERABLE = 6, 0.2  # and of so many names
TELLING = ("physicalProperties", "technicalSpecifications", "commercialInformation")
YEAR = re.compile(r"(?:19|20)\d\d")


def offers_goods(products: Sequence[Product], subjects: Subjects) -> bool:
    """Whether these are goods: where titles speak of other subjects, something must be said of most of them.

    Of many names some must be such that they could be ordered: "Oak" and "Ash" are woods that a magazine tells of.
    A document that calls itself a catalogue may show bare names, and have such titles beside them.
    """
    if subjects.is_offer or not subjects.tells_of_others:
        return True
    orderable = [one for one in products if _is_orderable(one) or any(map(subjects.names_goods, one.pages))]
    if len(products) >= MANY_NAMES and len(orderable) < MIN_ORDERABLE * len(products):
        return False
    return sum(map(_is_told, products)) >= MIN_TOLD * len(products)


def _is_orderable(product: Product) -> bool:
    """Whether a size, code, price, finish or kind of goods is printed of it; a year is no code."""
    is_coded = product.code is not None and not YEAR.fullmatch(product.code)
    is_priced = "price" in product.fields.get("commercialInformation", {})
    return is_coded or is_priced or any((product.product_type, product.dimensions, product.finish))


def _is_told(product: Product) -> bool:
    """Whether anything that a buyer asks for is printed of a product, be it in its name: "Oak grey"."""
    listed = (product.materials, product.colours, *(product.fields.get(category) for category in TELLING))
    return _is_orderable(product) or any(listed) or bool(find_terms(product.name, *GOODS))

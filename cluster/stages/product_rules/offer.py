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
MOST_ORDERABLE = 0.5  # where most that it tells is of other subjects
TELLING = ("physicalProperties", "technicalSpecifications", "commercialInformation")
YEAR = re.compile(r"(?:19|20)\d\d")


def offers_goods(products: Sequence[Product], subjects: Subjects) -> bool:
    """Whether these are goods: of what a document names, something must be said, and some must be orderable.

    "Oak" and "Ash" are woods that a magazine tells of. How much must be said depends on what the document says of
    itself: nothing where it calls itself a catalogue, more the more of its pages are about other subjects.
    """
    if subjects.is_offer:
        return True
    told = sum(map(_is_told, products)) / max(1, len(products))
    orderable = sum(_is_offered(one, subjects) for one in products) / max(1, len(products))
    is_orderable = len(products) < MANY_NAMES or orderable >= MIN_ORDERABLE
    if not subjects.tells_of_others:
        return not subjects.is_mere_text or told >= MIN_TOLD or is_orderable
    if subjects.is_mostly_other and orderable < MOST_ORDERABLE:
        return False
    return told >= MIN_TOLD and is_orderable


def _is_offered(product: Product, subjects: Subjects) -> bool:
    """Whether a product could be ordered; what is shown on the page of a work only where it prints the price."""
    is_work = all(map(subjects.shows_a_work, product.pages)) and not _is_priced(product)
    return not is_work and (_is_orderable(product) or any(map(subjects.names_goods, product.pages)))


def _is_orderable(product: Product) -> bool:
    """Whether a size, code, price, finish or kind of goods is printed of it; a year is no code."""
    is_coded = product.code is not None and not YEAR.fullmatch(product.code)
    return is_coded or _is_priced(product) or any((product.product_type, product.dimensions, product.finish))


def _is_priced(product: Product) -> bool:
    return "price" in product.fields.get("commercialInformation", {})


def _is_told(product: Product) -> bool:
    """Whether anything that a buyer asks for is printed of a product, be it in its name: "Oak grey"."""
    listed = (product.materials, product.colours, *(product.fields.get(category) for category in TELLING))
    return _is_orderable(product) or any(listed) or bool(find_terms(product.name, *GOODS))

"""Captions of a scan over nothing that was seen, beside pages whose captions stand under pictures."""

from tests.unit.products.printed import grid_boxes, names_of, scanned
from tests.unit.products.test_scans import WOODS, scan

FEATURES = ("Frost proof", "For showers", "On a net", "Easy to clean")


def shown(number, coded=True):
    """A grid of pictures with captions, each with its code."""
    boxes, lines = grid_boxes(3, 2), []
    for at, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        lines.append(scanned(f"{name} {number}", box[0], box[3] + 6, 12))
        lines += [scanned(f"AB-{number}0{at}", box[0], box[3] + 24, 9)] if coded else []
    return scan(lines, boxes, number)


def icons(number):
    """A row of lines under icons too small to be seen."""
    lines = [scanned("Made by hand", 40, 60, 30)]
    return scan(lines + [scanned(text, 40 + 140 * at, 400, 12) for at, text in enumerate(FEATURES)], [], number)


def test_a_page_of_captions_without_pictures_or_codes_shows_what_all_others_are_like():
    found = names_of(shown(2), icons(1), shown(3))
    assert found == sorted(f"{name} {number}" for name in WOODS for number in (2, 3))


def test_it_is_as_good_as_the_others_where_these_have_no_codes_either():
    assert set(FEATURES) <= set(names_of(shown(2, coded=False), icons(1), shown(3, coded=False)))

"""Single lengths under names that say not which side they are."""

from tests.unit.products.printed import block, grid_boxes, line, page, picture, products_of

NAMES = ("Ludlow Bow", "Forge Cup", "Drop Ring")


def sizes(*said, note=""):
    """The sizes of three handles with these lines under their names."""
    boxes = grid_boxes(3, 1)
    lines = [line(name, box[0], box[3] + 4, bold=True) for name, box in zip(NAMES, boxes, strict=True)]
    lines += [line(text, box[0], box[3] + 17, 8) for text, box in zip(said, boxes, strict=True)]
    lines += [line(note, 40, 100, 8)] if note else []
    pictures = [picture(box, f"handle-{place}") for place, box in enumerate(boxes)]
    found = products_of(page(1, [block(one) for one in lines], pictures))
    assert [one.name for one in found] == list(NAMES)
    return [(one.dimensions.length_mm, one.dimensions.width_mm) if one.dimensions else None for one in found]


def test_one_length_under_each_name_is_its_size_where_they_differ():
    assert sizes("Satin Nickel, 128mm", "Black Iron, 76 mm", "Bronze, 5 cm") == [(128, None), (76, None), (50, None)]
    assert sizes("Satin, 28mm", "Black, 32mm", "Bronze, 38mm", note="Sizes are diameters.")[0] == (28, 28)


def test_one_length_that_is_the_same_for_all_or_stands_under_one_only_may_be_of_anything():
    assert sizes("Satin, 20 mm", "Black, 20 mm", "Bronze, 20 mm") == [None] * 3
    assert sizes("Satin, 128mm", "Black", "Bronze") == [None] * 3


def test_parts_of_sizes_and_joints_are_no_lengths():
    assert sizes("Satin 550 430 mm", "Black 510 400 mm", "Bronze 420 300 mm") == [None] * 3
    assert sizes("Joint 2 mm", "Joint 3 mm", "Joint 5 mm") == [None] * 3

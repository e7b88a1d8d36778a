"""Names that are set alike, over all pages of a document."""

from actors.records import NameLook, ProductCandidate
from cluster.stages.product_rules.looks import look_groups


def named(name, page, *, bold, size=12.0):
    look = NameLook(size=size, bold=bold, relation="below", support=3)
    return ProductCandidate(
        name=name, page=page, box=(40, 40, 90, 52), source="ocr", confidence=0.8, reasons=("stands below a picture",),
        text=name, text_box=(40, 40, 90, 52), look=look,
    )  # fmt: skip


def groups(*candidates):
    return sorted(sorted(one.name for one in group.members) for group in look_groups(candidates))


def test_a_page_on_which_ocr_saw_nothing_bold_has_its_names_with_the_bold_ones_of_others():
    names = [named("Kayrak", 1, bold=True), named("Bazalt", 1, bold=True), named("Granit", 2, bold=False, size=12.5)]
    assert groups(*names) == [["Bazalt", "Granit", "Kayrak"]]


def test_a_page_with_something_bold_tells_what_is_not():
    names = [named("Kayrak", 1, bold=True), named("Granit", 2, bold=False), named("Bazalt", 2, bold=True)]
    assert groups(*names) == [["Bazalt", "Kayrak"], ["Granit"]]


def test_where_nothing_is_bold_size_alone_tells():
    names = [named("Kayrak", 1, bold=False), named("Granit", 2, bold=False), named("Dekor", 2, bold=False, size=20)]
    assert groups(*names) == [["Dekor"], ["Granit", "Kayrak"]]


def test_a_name_with_a_code_is_of_the_look_of_the_others_whatever_weight_was_seen():
    coded = [named(name, 1, bold=at < 3).model_copy(update={"code": f"AB-{at}"}) for at, name in enumerate("ABCD")]
    assert groups(*coded) == [["A", "B", "C", "D"]]
    assert groups(*coded, named("Terrace", 1, bold=False)) == [["A", "B", "C", "D", "Terrace"]]
    bare = [one.model_copy(update={"code": None}) for one in coded]
    assert groups(*bare) == [["A", "B", "C"], ["D"]]

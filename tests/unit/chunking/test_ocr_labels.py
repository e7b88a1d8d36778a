"""Labels of codes whose dot OCR took for another mark."""

from actors.records import TextLine
from cluster.stages.ocr_text.labels import with_right_labels


def texts(lines):
    return [line.text for line in lines]


def rows(*found):
    return [TextLine(text=text, box=(40.0, 100.0 + 20 * row, 90.0, 112.0 + 20 * row), size=12.0)
            for row, (text,) in enumerate(found)]  # fmt: skip


def test_the_dot_of_a_label_that_was_read_as_another_mark_is_put_right():
    lines = rows(("Art: 4215/160",), ("Art. 4210/128",), ("Art 7022",), ("Art, 7026",))
    assert texts(with_right_labels(lines)) == ["Art. 4215/160", "Art. 4210/128", "Art. 7022", "Art. 7026"]


def test_words_with_a_number_behind_them_are_no_labels():
    for lines in (rows(("Art 2019",), ("Art 2020",), ("Art 2021",)), rows(("Pack 25",), ("Pack 20",), ("Pack 10",))):
        assert with_right_labels(lines) == lines
    assert with_right_labels(rows(("Art: 4215",), ("Oak",))) == rows(("Art: 4215",), ("Oak",))


def test_the_marks_of_a_label_of_two_abbreviated_words_are_put_right_wherever_it_begins_a_line():
    lines = rows(("Art:-Nr: K 2055.096",), ("Art-Nr K2113",), ("Art:-Nr:",), ("Art.-Nr 7022",), ("Auf-Nr. 12",))
    read = ["Art.-Nr. K 2055.096", "Art.-Nr. K2113", "Art.-Nr.", "Art.-Nr 7022", "Auf-Nr. 12"]
    assert texts(with_right_labels(lines)) == read


def test_a_label_over_a_column_has_its_dot():
    assert texts(with_right_labels(rows(("Art:",), ("Code:",), ("Cromo:",)))) == ["Art.", "Code:", "Cromo:"]

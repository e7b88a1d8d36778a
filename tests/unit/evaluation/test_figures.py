"""From records and truth to figures, and to the files that are written."""

import json
from pathlib import Path

import pytest

from cluster.commands.evaluation_pages import DrawnPages
from evaluation.matching import compare
from evaluation.outcome import Evaluation, Outcome
from evaluation.pictures import PageUnreadable
from evaluation.report import shown_pages, write_report
from evaluation.scores import score
from evaluation.truth import TrueProduct, Truth, read_truth, truth_of
from samples import broken
from samples.kinds_text import annual_report, swatch_grid
from tests.unit.evaluation.records import record, sized


def truth(*products, complete=(1,)):
    return Truth(tuple(TrueProduct(name, page, fields) for name, page, fields in products), frozenset(complete))


def facts(**changes):
    plain = {"document_id": "d", "status": "completed", "error": "", "pages": 2, "text_pages": 2, "image_pages": 0}
    return {**plain, "seconds": 4.0, **changes}


def test_precision_and_recall_are_of_complete_pages_only():
    known = truth(("Nova", 1, {}), ("Luna", 1, {}), ("Sole", 2, {}))
    found = [record("Nova"), record("Terra"), record("Sole", 2), record("Mare", 2)]
    scores = score(compare(found, known), known)
    assert (scores.precision.part, scores.precision.whole) == (1, 2), "Terra was invented; page 2 is not complete"
    assert (scores.recall.part, scores.recall.whole) == (1, 2)
    assert (scores.listed.part, scores.listed.whole) == (1, 1)
    assert scores.f1 == pytest.approx(0.5)


def test_a_name_found_on_another_page_is_missed_and_counts_against_the_page():
    known = truth(("Nova", 1, {}), complete=(1, 2))
    comparison = compare([record("Nova", 2)], known)
    scores = score(comparison, known)
    assert [true.name for true in comparison.missed] == ["Nova"]
    assert scores.recall.part == 0
    assert (scores.right_page.part, scores.right_page.whole) == (0, 1)


def test_namesakes_are_told_apart_by_their_fields():
    known = truth(("Basin", 1, {"dimensions": "30 x 30 cm"}), ("Basin", 1, {"dimensions": "40 x 30 cm"}))
    found = [record("Basin", dimensions=sized("40x30", 400, 300)), record("Basin", dimensions=sized("30x30", 300, 300))]
    scores = score(compare(found, known), known)
    assert scores.fields["dimensions"].value == 1
    assert not compare(found, known).invented


def test_what_a_record_says_and_the_eye_did_not_read_counts_against_it():
    known = truth(("Nova", 1, {"finish": "matt"}), ("Luna", 1, {}), ("Sole", 1, {}))
    found = [record("Nova", finish="Matt"), record("Luna", finish="Gloss", code="L-1"), record("Sole")]
    said = score(compare(found, known), known).fields_said
    assert (said.part, said.whole) == (1, 2), "nobody looked for codes in this catalogue"


def test_a_picture_counts_on_the_products_page():
    known = truth(("Nova", 1, {}), ("Luna", 1, {}))
    shown = record("Nova", region=[10, 10, 90, 90])
    scores = score(compare([shown, record("Luna")], known), known)
    assert (scores.with_picture.part, scores.with_picture.whole) == (1, 2)


def test_without_any_record_figures_are_none_or_nothing():
    known = truth(("Nova", 1, {"finish": "matt"}))
    scores = score(compare([], known), known)
    assert scores.f1 == 0
    assert scores.precision.value is None
    assert scores.fields["finish"].value is None


def test_truth_files_use_several_words_for_a_field(tmp_path):
    told = {
        "complete_pages": [3],
        "document_level": {"thickness": "9 mm", "page": 1},
        "finish": "matt (p10)",
        "products": [{"name": "Nova", "page": 3, "range": "Serra", "size": "30x30 cm", "row": None}],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(told))
    known = read_truth(path)
    assert known.products == (
        TrueProduct(
            "Nova", 3, {"thickness": "9 mm", "series": "Serra", "dimensions": "30x30 cm", "finish": "matt (p10)"}
        ),
    )
    assert known.is_complete(3)
    assert not known.is_complete(4)


def test_negatives_are_told_by_an_index_or_by_a_truth_without_products(tmp_path):
    (tmp_path / "INDEX.tsv").write_text(
        "path\tnote\ncatalogues/n.pdf\t[negative] report\ncatalogues/c.pdf\t[catalogue]\n"
    )
    folder = tmp_path / "truth"
    folder.mkdir()
    (folder / "empty.json").write_text('{"complete_pages": [1], "products": []}')
    assert truth_of(tmp_path / "n.pdf", folder).is_negative
    assert truth_of(tmp_path / "empty.pdf", folder).is_negative
    assert truth_of(tmp_path / "c.pdf", folder) is None
    assert truth_of(tmp_path / "n.pdf", None) is None


def test_the_report_shows_found_missed_and_invented_with_crops(tmp_path):
    known = swatch_grid(tmp_path / "grid.pdf")
    annual_report(tmp_path / "report.pdf")
    (tmp_path / "grid.json").write_text(json.dumps(known.to_json()))
    found = [record("Bianco Latte", region=[42, 132, 192, 282], finish="Opaco"), record("Nowhere <b>")]
    outcomes = (
        Outcome.of(tmp_path / "grid.pdf", facts(), found, read_truth(tmp_path / "grid.json")),
        Outcome.of(tmp_path / "report.pdf", facts(), [record("Karin Vogt")], Truth((), None)),
    )
    evaluation = Evaluation(outcomes, 8.0)
    index = write_report(evaluation, tmp_path / "out", DrawnPages.open)
    told = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert told["figures"]["false_products_on_negatives"] == 1
    assert told["figures"]["pages_per_s"] == 0.5
    assert told["files"][0]["scores"]["recall"] == {"right": 1, "of": 18, "share": 0.0556}
    assert {"page": 1, "name": "Nowhere <b>"} in told["files"][0]["invented"]
    assert len(told["files"][0]["missed"]) == 17
    assert {"page": 1, "name": "Bianco Latte", "field": "dimensions", "true": "20 x 20 cm"} in told["files"][0][
        "wrong_fields"
    ]
    shown = (tmp_path / "out" / "grid.html").read_text()
    assert shown.count("data:image/jpeg") == 2 + 2 + 17, "two pages, and beside every row what there is to see"
    assert "Nowhere &lt;b&gt;" in shown
    assert 'class="verdict missed"' in shown
    assert "http" not in shown.replace("http-equiv", ""), "it stands alone"
    assert 'href="grid.html"' in index.read_text()


def test_a_missed_product_is_shown_where_the_page_prints_it(tmp_path):
    swatch_grid(tmp_path / "grid.pdf")
    known = truth(("Bianco Latte", 1, {}), ("Nowhere to be seen", 1, {}))
    missed, absent = shown_pages(Outcome.of(tmp_path / "grid.pdf", facts(), [], known), DrawnPages.open)[0].rows
    assert missed.verdict == absent.verdict == "missed"
    assert missed.name_boxes and missed.name_boxes[0][3] - missed.name_boxes[0][1] < 30
    assert absent.name_boxes == ()
    assert missed.crop.startswith("data:image/jpeg") and absent.crop.startswith("data:image/jpeg")
    assert missed.crop != absent.crop, "the print, and the whole page"


def test_rows_are_in_the_order_of_the_page_and_every_picture_has_its_box(tmp_path):
    swatch_grid(tmp_path / "grid.pdf")
    places = {"Third": [40, 500, 90, 510], "Second": [300, 103, 350, 113], "First": [40, 100, 90, 110]}
    found = [record(name) for name in places]
    for one in found:
        one["evidence"][0]["box"] = places[one["name"]]
    found[0]["images"] = [{"page": 1, "box": box} for box in ([40, 300, 90, 400], [140, 300, 190, 400])]
    rows = shown_pages(Outcome.of(tmp_path / "grid.pdf", facts(), found, None), DrawnPages.open)[0].rows
    assert [(row.number, row.name) for row in rows] == [(1, "First"), (2, "Second"), (3, "Third")]
    assert rows[2].regions == ((40, 300, 90, 400), (140, 300, 190, 400))


def test_files_that_are_called_alike_have_a_page_each(tmp_path):
    outcomes = []
    for folder, name in (("spring", "tiles"), ("autumn", "tiles"), ("autumn", "index")):
        (tmp_path / folder).mkdir(exist_ok=True)
        swatch_grid(tmp_path / folder / f"{name}.pdf")
        outcomes.append(Outcome.of(tmp_path / folder / f"{name}.pdf", facts(pages=1), [record(folder)], None))
    index = write_report(Evaluation(tuple(outcomes), None), tmp_path / "out", DrawnPages.open)
    shown = {path.name: path.read_text() for path in index.parent.glob("*.html")}
    assert sorted(shown) == ["index-2.html", "index.html", "tiles-2.html", "tiles.html"]
    assert "spring" in shown["tiles.html"] and "autumn" in shown["tiles-2.html"]
    assert all(f'href="{name}"' in shown["index.html"] for name in shown if name != "index.html")
    assert "processed before" in shown["index.html"] and "pages a second" not in shown["index.html"]


def test_a_record_without_a_picture_is_shown_by_its_name(tmp_path):
    swatch_grid(tmp_path / "grid.pdf")
    (row,) = shown_pages(Outcome.of(tmp_path / "grid.pdf", facts(), [record("Terra")], truth()), DrawnPages.open)[
        0
    ].rows
    with DrawnPages.open(tmp_path / "grid.pdf") as pages:
        assert row.crop == pages.draw(1, 900, ()).crop((10, 10, 60, 20))


@pytest.mark.parametrize("make", [broken.make_encrypted, broken.make_truncated, broken.make_zero_pages])
def test_a_file_that_cannot_be_opened_costs_its_own_pictures_only(tmp_path, make):
    make(tmp_path / "bad.pdf")
    swatch_grid(tmp_path / "grid.pdf")
    refused = facts(status="refused", error="no", pages=0, text_pages=0)
    outcomes = (
        Outcome.of(tmp_path / "bad.pdf", refused, [], truth(("Nova", 2, {}))),
        Outcome.of(tmp_path / "grid.pdf", facts(), [record("Terra")], truth()),
    )
    write_report(Evaluation(outcomes, 8.0), tmp_path / "out", DrawnPages.open)
    shown = (tmp_path / "out" / "bad.html").read_text()
    assert "No picture: " in shown and "Nova" in shown and 'id="page-2"' in shown
    assert "No picture: " not in (tmp_path / "out" / "grid.html").read_text()


def test_a_page_without_end_is_given_up_and_after_a_second_the_file(tmp_path):
    broken.make_endless_page(tmp_path / "endless.pdf")
    pages = DrawnPages(tmp_path / "endless.pdf", step_s=0.3)
    try:
        for _ in range(2):
            assert pages.draw(1, 360, ()).jpeg
            with pytest.raises(PageUnreadable, match="took longer than"):
                pages.draw(2, 360, ())
        with pytest.raises(PageUnreadable, match="Not drawn"):
            pages.draw(1, 360, ())
    finally:
        pages.close()


def test_a_catalogue_is_of_images_where_most_of_its_pages_were_read_from_pictures():
    def kind(text_pages, image_pages, pages=9):
        read = facts(pages=pages, text_pages=text_pages, image_pages=image_pages)
        return Outcome.of(Path("a.pdf"), read, [], truth(("Nova", 1, {}))).kind

    assert (kind(1, 2), kind(2, 1), kind(2, 2)) == ("image", "text", "image")
    assert kind(1, 0) == "text", "blank pages are neither"
    assert kind(0, 0) == "text"

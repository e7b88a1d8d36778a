from datetime import UTC, datetime
from uuid import uuid4

import pytest
from rich.console import Console

from cluster.commands import terminal
from cluster.commands.progress_bars import ProgressLines, StageBars, follow, stage_state, view_of
from db.errors import DatabaseUnavailable


def shown(what, width=100):
    """What a terminal of this width would hold."""
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    with console.file:
        console.print(what)
        return console.export_text()


def product(**given):
    return {
        "name": "Terra Alba",
        "code": None,
        "product_type": None,
        "dimensions": None,
        "colours": [],
        "finish": None,
        "materials": [],
        "pages": [3],
        "images": [],
        "confidence": 0.8,
        "needs_review": False,
        **given,
    }


def stage(name="extraction", **given):
    return {
        "stage": name,
        "progress": 50.0,
        "total": 215,
        "completed": 50,
        "failed": 0,
        "rate_per_s": None,
        "seconds_left": None,
        "updated_at": datetime.now(UTC).isoformat(),
        **given,
    }


def progress(status="processing", stages=(), **given):
    return {"status": status, "stage": "image_processing", "progress": 24.65, "stages": list(stages), **given}


def test_a_product_is_a_row():
    row = product(code="MA-1", dimensions={"printed": "60 x 60 cm"}, colours=["ivory"], finish="matt", images=[1, 2])
    text = shown(terminal.product_table([row]))
    for word in ("1 product", "Terra Alba", "MA-1", "60 x 60 cm", "ivory, matt", "80%"):
        assert word in text


def test_columns_that_nobody_fills_are_left_out():
    text = shown(terminal.product_table([product(), product(name="Other")]))
    assert "Code" not in text
    assert "Name" in text


def test_a_long_list_is_cut_and_says_so():
    text = shown(terminal.product_table([product()] * (terminal.MOST_PRODUCTS + 7)))
    assert "107 products" in text
    assert "and 7 more" in text


def test_names_are_printed_as_they_are():
    assert "[red]Brick[/red]" in shown(terminal.product_table([product(name="[red]Brick[/red]")]))


def test_an_error_shows_what_to_do_and_its_code():
    text = shown(terminal.error_panel(DatabaseUnavailable("Postgres [1] is away.", "Start it.")))
    assert "database_unavailable" in text
    assert "Postgres [1] is away." in text
    assert "Start it." in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(8.24, "8.2 s"), (41.6, "42 s"), (200, "3 min 20 s"), (120, "2 min"), (7500, "2 h 5 min")]
)
def test_durations_as_people_say_them(seconds, text):
    assert terminal.duration(seconds) == text


def test_the_outcome_has_reason_and_warnings():
    document = {
        "title": "Stones",
        "status": "failed",
        "counts": {"pages": 1, "images": 3, "products": 0, "seconds": 4},
        "error_code": "document_broken",
        "error_message": "No page tree.",
        "warnings": [{"code": "clip_model_missing", "message": "No vectors."}],
    }
    text = shown(terminal.outcome(document, 12.0))
    assert "Stones: failed in 12 s (1 page, 3 images, 0 products)" in text
    assert "No page tree. (document_broken)" in text
    assert "No vectors. (clip_model_missing)" in text


def test_a_stage_shows_counts_rate_time_left_and_failures():
    assert (
        stage_state(stage(rate_per_s=3.24, seconds_left=51.0, failed=2))
        == "50/215, 3.2/s, 51 s left, [red]2 failed[/red]"
    )
    assert stage_state(stage()) == "50/215, no estimate"
    assert stage_state(stage(progress=100, completed=215, rate_per_s=3.0, seconds_left=0.0)) == "215/215"


def test_without_a_terminal_there_is_a_line_only_when_there_is_news(capsys):
    document = uuid4()
    lines = ProgressLines(Console(width=100), {document: "Stones"})
    for answer in (progress(), progress(), progress(progress=29.9), progress(progress=30.0)):
        lines.show(document, answer)
    assert capsys.readouterr().out.splitlines() == [
        "Stones: 24.6 %, processing, image processing",
        "Stones: 30.0 %, processing, image processing",
    ]


def test_documents_are_followed_to_their_ends(capsys):
    first, second = uuid4(), uuid4()
    answers = {first: [progress(), progress("completed", progress=100.0)], second: [progress("failed")]}
    follow(Console(width=100), lambda document: answers[document].pop(0), {first: "One", second: "Two"})
    assert answers == {first: [], second: []}
    assert "Two: 24.6 %, failed" in capsys.readouterr().out


def test_a_terminal_shows_a_bar_for_each_stage():
    console = Console(width=100, force_terminal=True, file=open("/dev/null", "w"), record=True)  # noqa: PTH123, SIM115
    with console.file:
        view = view_of(console, {uuid4(): "Stones"})
        assert isinstance(view, StageBars)
        with view:
            view.show(
                uuid4(), progress(stages=[stage("extraction", progress=100, completed=215), stage("image_processing")])
            )
        text = console.export_text()
    for word in (
        "Stones",
        "25 %, image processing",
        "215/215",
        "50/215",
        "chunking",
        "ai analysis",
        "product creation",
    ):
        assert word in text

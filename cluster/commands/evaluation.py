"""The command `quarry eval`: sends catalogues through the running pipeline and compares what comes out with the eye.

What is compared and how is in `evaluation`; here is only the way through the API.
"""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cluster.commands import terminal
from cluster.commands.api_client import ApiClient, ApiRefused
from cluster.commands.documents import seconds_of
from cluster.commands.exit_codes import ExitCode
from cluster.commands.progress_bars import follow
from cluster.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.outcome import Evaluation, Outcome

REFUSED = "refused"
WIDE = 120
"""Characters of the table where the terminal is narrower, or there is none: it would cut the files' names off."""
DRAWN = "No files given: measuring the catalogues that Quarry draws itself, which is no measure of real ones."
KEY_FIGURES = {
    "mean_f1_text": "mean F1 of names, catalogues with text",
    "mean_f1_image": "mean F1 of names, image-only catalogues",
    "fields_right_of_those_said": "fields right, of those said",
    "dimensions_right_of_those_said": "sizes right, of those said",
    "with_picture": "products with a picture",
    "right_page": "products on the right page",
}


def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, readable=True, help="PDFs, or folders of them; drawn samples when not given."),
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder of truth files, NAME.json for NAME.pdf.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the report; in Quarry's home when not given.")
    ] = None,
    reuse: Annotated[
        bool, typer.Option("--reuse", help="Take what was processed before instead of processing again.")
    ] = False,
) -> None:
    """Process catalogues and measure the products against what the eye reads; writes JSON and a report."""
    console, settings = terminal.make_console(), Settings()
    if not files:
        settings.root.mkdir(parents=True, exist_ok=True)
        drawn = settings.root / "test-kinds"
        from samples.kinds import make_test_kinds

        make_test_kinds(drawn / "catalogues", drawn / "truth")
        files, truth = [drawn / "catalogues"], drawn / "truth"
        console.print(DRAWN, style="dim", markup=False)
    pdfs = [pdf for path in files for pdf in (sorted(path.glob("*.pdf")) if path.is_dir() else [path])]
    if not pdfs:
        raise typer.BadParameter(f"There is no PDF in {', '.join(map(str, files))}.", param_hint="FILES")
    with running(settings, console) as ready, ApiClient(ready) as api:
        result = processed(console, api, pdfs, truth, force=not reuse)
    from cluster.commands.evaluation_pages import DrawnPages
    from evaluation.report import write_report

    index = write_report(result, output or settings.root / "evaluation", DrawnPages.open)
    console.print(table_of(result.outcomes), width=max(console.width, WIDE), crop=False)
    print_figures(console, result)
    console.print(f"report: {index}", markup=False, soft_wrap=True)
    failed = any(outcome.status not in ("completed", "partial", REFUSED) for outcome in result.outcomes)
    raise typer.Exit(ExitCode.DOCUMENT_FAILED if failed else ExitCode.OK)


@contextmanager
def running(settings: Settings, console: Console) -> "Iterator[Settings]":
    """Quarry, started when it does not run, and then ended again afterwards."""
    from cluster.local import down, up

    def say(step: str) -> None:
        console.print(f"{step} ...", style="dim", markup=False)

    stand = up(settings, say)
    try:
        yield stand.settings
    finally:
        if not stand.reused:
            down(stand.settings, say)


def processed(
    console: Console, api: ApiClient, pdfs: Sequence[Path], truth: Path | None, *, force: bool
) -> "Evaluation":
    """All files through the pipeline at once, in the order given."""
    from evaluation.outcome import Evaluation

    began = time.monotonic()
    uploaded: dict[Path, UUID] = {}
    refused: dict[Path, str] = {}
    for pdf in pdfs:
        try:
            uploaded[pdf] = UUID(api.upload(pdf, force=force)["document_id"])
        except ApiRefused as error:
            refused[pdf] = f"{error.code}: {error.message}"
    follow(console, api.progress, {document: pdf.name for pdf, document in uploaded.items()})
    seconds = time.monotonic() - began if force else None
    outcomes = [outcome_of(api, pdf, uploaded.get(pdf), refused.get(pdf, ""), truth) for pdf in pdfs]
    return Evaluation(tuple(outcomes), seconds)


def outcome_of(api: ApiClient, pdf: Path, document_id: UUID | None, error: str, truth: Path | None) -> "Outcome":
    """What became of one file."""
    from evaluation.outcome import Outcome
    from evaluation.truth import truth_of

    if document_id is None:
        facts = {"document_id": "", "status": REFUSED, "error": error, "pages": 0, "text_pages": 0, "image_pages": 0}
        return Outcome.of(pdf, facts | {"seconds": None}, [], truth_of(pdf, truth))
    document = api.document(document_id)
    kinds = Counter(page["kind"] for page in api.pages(document_id))
    facts = {
        "document_id": str(document_id),
        "status": document["status"],
        "error": document["error_message"] or "",
        "pages": document["page_count"] or kinds.total(),
        "text_pages": kinds["text"],
        "image_pages": kinds["image"],
        "seconds": seconds_of(document),
    }
    return Outcome.of(pdf, facts, api.products(document_id), truth_of(pdf, truth))


def table_of(outcomes: "Sequence[Outcome]") -> Table:
    """A line a file."""
    table = terminal.make_table()
    headings = ("Pages", "Products", "Precision", "Recall", "F1", "Sizes", "Finish", "Code", "Picture", "Pages/s")
    table.add_column("File", overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for one in outcomes:
        figures = ["–"] * 7
        if one.kind == "negative":
            figures = ["negative", *["–"] * 6]
        elif one.scores is not None:
            scores = one.scores
            shares = [scores.fields[name].value for name in ("dimensions", "finish", "code")]
            values = (scores.precision.value, scores.recall.value, scores.f1, *shares, scores.with_picture.value)
            figures = [shown(value) for value in values]
        speed = "–" if one.pages_per_s is None else f"{one.pages_per_s:.2f}"
        table.add_row(Text(one.path.name), str(one.pages), str(len(one.records)), *figures, speed)
    return table


def print_figures(console: Console, result: "Evaluation") -> None:
    """The headline."""
    figures = result.figures
    for name, words in KEY_FIGURES.items():
        console.print(f"{words}: {shown(figures[name])}", markup=False)
    console.print(
        f"false products on {figures['negatives']} negatives: {figures['false_products_on_negatives']}", markup=False
    )
    if figures["pages_per_s"] is not None:
        console.print(f"{figures['pages']} pages in {figures['seconds']} s, {figures['pages_per_s']:.2f} pages/s")


def shown(value: float | None) -> str:
    """A share with two digits."""
    return "–" if value is None else f"{value:.2f}"

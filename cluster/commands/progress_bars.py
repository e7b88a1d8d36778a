"""Follows documents: five bars for one, a bar each for several, plain lines where there is no terminal."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from cluster.commands.terminal import duration, stage_name

STAGES = ("extraction", "image_processing", "chunking", "ai_analysis", "product_creation")
OPEN = ("pending", "processing")
LOOK_EVERY_S = 0.4
LINE_EVERY_PERCENT = 10.0
LONGEST_TITLE = 36

Ask = Callable[[UUID], Mapping[str, Any]]
"""The API's answer to GET /documents/{id}/progress."""


class State(ProgressColumn):
    """Counts, rate, time left and failures, as the database knows them."""

    def render(self, task: Task) -> Text:
        """The right end of a bar's line."""
        return Text.from_markup(task.fields["state"])


class Bars:
    """Lines with a bar each, drawn from `with` on; the last state is left standing."""

    def __init__(self, console: Console) -> None:
        """Draw nothing yet."""
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=30), State(), console=console, refresh_per_second=8
        )

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop drawing."""
        self._progress.stop()

    def add(self, description: str, state: str = "") -> TaskID:
        """Another line; its bar is in percent."""
        return self._progress.add_task(escape(description), total=100, state=state)

    def set(self, line: TaskID, percent: float, state: str) -> None:
        """Move a line."""
        self._progress.update(line, completed=percent, state=state)


class StageBars(Bars):
    """A bar for each of the five stages of one document, below one for all of it."""

    def __init__(self, console: Console, title: str) -> None:
        """Draw nothing yet."""
        super().__init__(console)
        self._whole = self.add(shortened(title), "waiting")
        self._stages = {stage: self.add(f"  {stage_name(stage)}") for stage in STAGES}

    def show(self, _: UUID, answer: Mapping[str, Any]) -> None:
        """Draw what the API says."""
        self.set(self._whole, answer["progress"], document_state(answer))
        for row in answer["stages"]:
            self.set(self._stages[row["stage"]], row["progress"], stage_state(row))


class DocumentBars(Bars):
    """One bar a document."""

    def __init__(self, console: Console, titles: Mapping[UUID, str]) -> None:
        """Draw nothing yet."""
        super().__init__(console)
        self._lines = {document: self.add(shortened(title), "waiting") for document, title in titles.items()}

    def show(self, document: UUID, answer: Mapping[str, Any]) -> None:
        """Draw what the API says."""
        self.set(self._lines[document], answer["progress"], document_state(answer))


class ProgressLines:
    """For a log file: a line when the state or the stage changes, or another tenth is done."""

    def __init__(self, console: Console, titles: Mapping[UUID, str]) -> None:
        """Print nothing yet."""
        self._console, self._titles = console, titles
        self._said: dict[UUID, tuple[str, str | None, int]] = {}

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to clean up."""

    def show(self, document: UUID, answer: Mapping[str, Any]) -> None:
        """Print a line when there is news."""
        news = (answer["status"], answer["stage"], int(answer["progress"] // LINE_EVERY_PERCENT))
        if self._said.get(document) == news:
            return
        self._said[document] = news
        stage = f", {stage_name(answer['stage'])}" if answer["stage"] else ""
        counts = next(
            (f", {row['completed']} of {row['total']}" for row in answer["stages"] if row["stage"] == answer["stage"]),
            "",
        )
        self._console.print(
            f"{self._titles[document]}: {answer['progress']:.1f} %, {answer['status']}{stage}{counts}", markup=False
        )


View = StageBars | DocumentBars | ProgressLines


def view_of(console: Console, titles: Mapping[UUID, str]) -> View:
    """The view that fits the terminal and the number of documents."""
    if not console.is_terminal:
        return ProgressLines(console, titles)
    if len(titles) == 1:
        return StageBars(console, next(iter(titles.values())))
    return DocumentBars(console, titles)


def follow(console: Console, ask: Ask, titles: Mapping[UUID, str]) -> None:
    """Draw until every document has ended."""
    waiting: Sequence[UUID] = list(titles)
    with view_of(console, titles) as view:
        while waiting:
            waiting = [document for document in waiting if not look(view, ask, document)]
            if waiting:
                time.sleep(LOOK_EVERY_S)


def look(view: View, ask: Ask, document: UUID) -> bool:
    """Draw one document's state; whether it has ended."""
    answer = ask(document)
    view.show(document, answer)
    return answer["status"] not in OPEN


def shortened(title: str) -> str:
    """A title that leaves room for the bar."""
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}\u2026"


def document_state(answer: Mapping[str, Any]) -> str:
    """`34 %, image processing`, or how it ended."""
    stage = answer["stage"] if answer["status"] == "processing" else None
    return f"{answer['progress']:.0f} %, {stage_name(stage or answer['status'])}"


def stage_state(row: Mapping[str, Any]) -> str:
    """`50/215, 3.2/s, 51 s left, 1 failed`."""
    words = [f"{row['completed']}/{row['total']}"]
    done = row["progress"] >= 100
    if row["rate_per_s"] and not done:
        words.append(f"{row['rate_per_s']:.1f}/s")
    if not done:
        words.append(f"{duration(row['seconds_left'])} left" if row["seconds_left"] is not None else "no estimate")
    if row["failed"]:
        words.append(f"[red]{row['failed']} failed[/red]")
    return ", ".join(words)

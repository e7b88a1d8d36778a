"""The boundary of an analysis job: one answer for each task, a result or an error, never neither."""

import time
from collections.abc import Callable, Sequence

from actors.records import AnalysisResult, AnalysisTask, Record, TextLine
from db.errors import QuarryError


def answer_each(
    tasks: Sequence[AnalysisTask], analyse: Callable[[AnalysisTask], Record], model: str
) -> list[AnalysisResult]:
    """Runs `analyse` on each task; what it raises becomes the error of that task alone."""
    return [_answer(task, analyse, model) for task in tasks]


def _answer(task: AnalysisTask, analyse: Callable[[AnalysisTask], Record], model: str) -> AnalysisResult:
    started = time.perf_counter()
    result, error, permanent = None, None, False
    try:
        result = analyse(task).to_json()
    except QuarryError as refusal:
        error, permanent = str(refusal), refusal.permanent
    except Exception as failure:  # the boundary of one job: the others of the batch go on
        error = f"{type(failure).__name__}: {failure}"
    return AnalysisResult(
        job_id=task.job_id, analysis_type=task.analysis_type, result=result, model=model,
        seconds=time.perf_counter() - started, error=error, permanent=permanent,
    )  # fmt: skip


def page_lines(task: AnalysisTask) -> list[TextLine]:
    """All lines of the task's page, text layer and OCR, and those of its chunk."""
    on_page = [line for block in task.page.blocks for line in block.lines]
    known = {(line.text, line.box) for line in on_page}
    return on_page + [line for line in task.chunk.lines if (line.text, line.box) not in known]

"""The three analyses by a language model behind any OpenAI-compatible endpoint.

It owns the calls, their limits, and the way from an answer to records. A value that the chunk does not print is
dropped, whatever the model says; numbers come from our own readers, never from the model.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import openai
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from actors.analysis import answer_each, page_lines
from actors.errors import AnalysisFailed, EndpointRefused
from actors.evidence import box_of, keep_evidenced, occurs
from actors.language_model.answers import (
    ClassificationAnswer,
    FieldAnswer,
    MetadataAnswer,
    ProductAnswer,
    ProductsAnswer,
    messages_for,
)
from actors.language_model.dialect import Dialect
from actors.metadata import DIMENSIONS, Reading, gathered, read_lines, side_fields
from actors.records import (
    AnalysisResult,
    AnalysisTask,
    AnalysisType,
    Classification,
    Evidence,
    Metadata,
    ProductCandidate,
    ProductDetection,
    Record,
    TextLine,
)
from actors.values.dimensions import parse_dimensions
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms, squeeze

Answer = TypeVar("Answer", bound=BaseModel)
PARALLEL = 4
"""Requests at a time of one actor; such servers batch what comes together."""
MODEL_FACTOR = 0.9
"""A model's own confidence counts a little less than it says."""
REFUSALS = (
    openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError, openai.BadRequestError,
    openai.UnprocessableEntityError,
)  # fmt: skip
"""Trying again cannot help: the key, the model's name or the request itself is wrong."""


SIDES = tuple(f"physicalProperties.{side}" for side in ("length", "width", "height", "thickness"))
ENGLISH = {"visualProperties.primaryColor": "colour", "physicalProperties.materialCategory": "material"}
"""Fields that take the English word, so that records are found by it, and the vocabulary that has it."""
MEASURED = {
    "commercialInformation.price", "physicalProperties.weight", "sustainabilityCompliance.recycledContent",
    *(f"technicalSpecifications.{name}" for name in (
        "waterAbsorption", "slipResistance", "PEI", "abrasionResistance", "fireRating", "breakingStrength", "density",
    )),
}  # fmt: skip
"""Fields whose value is a number or a class; any other word of the page is none of theirs."""
NUMBER_OR_CLASS = re.compile(r"\d|(?<!\w)(?:[A-F]|I{1,3}|IV|V)(?!\w)")


class _Usage(NamedTuple):
    input_tokens: int = 0
    output_tokens: int = 0


class LanguageModel:
    """Answers all three kinds of jobs; each method gives one result a task, with its error where there is one."""

    def __init__(
        self, base_url: str, model: str, *, api_key: str | None = None, timeout_s: float = 60.0, max_retries: int = 2
    ) -> None:
        """Makes the client; nothing is asked yet.

        Args:
            base_url: of the endpoint, `https://host/v1`.
            model: its name there.
            api_key: None for servers that want none.
            timeout_s: longest that one request may take.
            max_retries: of the library, with its backoff, after time-outs, overload and server errors.
        """
        self.model = model
        self._client = openai.OpenAI(
            base_url=base_url, api_key=api_key or "none", timeout=timeout_s, max_retries=max_retries
        )
        self._usage: dict[str, _Usage] = {}
        self._dialect = Dialect()  # what the endpoint is asked with; becomes simpler with each parameter it refuses

    def analyse(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """One result a task, of whatever type; several requests run at a time."""
        if not tasks:
            return []
        with ThreadPoolExecutor(max_workers=min(PARALLEL, len(tasks)), thread_name_prefix="language-model") as pool:
            return list(pool.map(self._one, tasks))

    def classify(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """Like `ChunkClassifier.classify`."""
        return self.analyse(tasks)

    def read(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """Like `MetadataReader.read`."""
        return self.analyse(tasks)

    def detect(self, tasks: Sequence[AnalysisTask]) -> list[AnalysisResult]:
        """Like `ProductDetector.detect`."""
        return self.analyse(tasks)

    def _one(self, task: AnalysisTask) -> AnalysisResult:
        analyses: dict[AnalysisType, Callable[[AnalysisTask], Record]] = {
            "classification": self._classification,
            "metadata": self._metadata,
            "product_detection": self._products,
        }
        with reading_in(task.page.languages):
            result = answer_each([task], analyses[task.analysis_type], self.model)[0]
        usage = self._usage.pop(task.job_id, _Usage())
        return result.model_copy(update=usage._asdict())

    def _classification(self, task: AnalysisTask) -> Classification:
        answer = self._ask(task, ClassificationAnswer)
        return Classification(
            label=answer.label, confidence=_confidence(answer.confidence), reasoning=answer.reasoning,
            sub_categories=tuple(answer.sub_categories[:4]),
        )  # fmt: skip

    def _metadata(self, task: AnalysisTask) -> Metadata:
        answer = self._ask(task, MetadataAnswer)
        readings = [reading for field in answer.fields for reading in _readings(field, task)]
        return keep_evidenced(gathered(readings), page_lines(task))

    def _products(self, task: AnalysisTask) -> ProductDetection:
        answer = self._ask(task, ProductsAnswer)
        found = [candidate for product in answer.products if (candidate := _candidate(product, task))]
        dropped = len(answer.products) - len(found)
        note = answer.note if not dropped else f"{answer.note} {dropped} named products are not printed here.".strip()
        return ProductDetection(candidates=tuple(found), note="" if found else note or "the model names none")

    def _ask(self, task: AnalysisTask, form: type[Answer]) -> Answer:
        """The model's answer in our form.

        Raises:
            AnalysisFailed: no answer in time, or none in the form; trying again may help.
            EndpointRefused: the endpoint refuses us, the model's name or the request; trying again cannot help.
        """
        try:
            completion = self._complete(task)
        except REFUSALS as error:
            raise EndpointRefused(
                f"The language model's endpoint refuses the request: {error}.",
                "Check QUARRY_LLM_BASE_URL, QUARRY_LLM_MODEL and QUARRY_LLM_API_KEY.",
            ) from error
        except openai.OpenAIError as error:
            raise AnalysisFailed(f"The language model did not answer: {type(error).__name__}: {error}.") from error
        if completion.usage is not None:
            self._usage[task.job_id] = _Usage(completion.usage.prompt_tokens, completion.usage.completion_tokens)
        content = completion.choices[0].message.content if completion.choices else None
        try:
            return form.model_validate_json(content or "")
        except ValidationError as error:
            raise AnalysisFailed(f"The language model's answer is not in the asked form: {error}.") from error

    def _complete(self, task: AnalysisTask) -> ChatCompletion:
        """One answer of the endpoint, asked without the parameters that it says it does not take."""
        while True:
            asked = self._dialect
            try:
                messages: Any = messages_for(task, spell_out=asked.answers != "json_schema")
                parameters = asked.parameters(task.analysis_type)
                completion: ChatCompletion = self._client.chat.completions.create(
                    model=self.model, messages=messages, **parameters
                )
                return completion
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                simpler = asked.without(str(error))
                if simpler is None:
                    raise
                self._dialect = simpler


def _confidence(told: float) -> float:
    return round(MODEL_FACTOR * min(1.0, max(0.0, told)), 3)


def _line_with(value: str, quote: str, lines: Sequence[TextLine]) -> TextLine | None:
    """The printed line that holds a value; of several, one that the model quotes."""
    holding = [line for line in lines if occurs(value, line.text)]
    quoted = squeeze(quote)
    return next((line for line in holding if squeeze(line.text) in quoted), holding[0] if holding else None)


def _readings(answer: FieldAnswer, task: AnalysisTask) -> list[Reading]:
    """A field with its printed line; none where the chunk prints no such value, or the field has no such values."""
    if answer.field in MEASURED and not NUMBER_OR_CLASS.search(answer.value):
        return []
    line = _line_with(answer.value, answer.quote, task.chunk.lines)
    if line is None:
        return []
    evidence = Evidence(
        field=answer.field, value=answer.value, page=task.chunk.page, box=line.box, source="model", text=line.text,
        confidence=_confidence(answer.confidence),
    )  # fmt: skip
    return [
        Reading(field, value, evidence.model_copy(update={"field": field, "value": printed}))
        for field, value, printed in _values(answer)
    ]


def _values(answer: FieldAnswer) -> Iterator[tuple[str, Any, str]]:
    """Field, value and what of the answer is its proof; numbers are read from the print, not taken from the model."""
    category = ENGLISH.get(answer.field)
    sizes = parse_dimensions(answer.value) if answer.field in (DIMENSIONS, *SIDES) else []
    if answer.field in SIDES:
        for size in [size for size in sizes if len(size.sides) == 1][:1]:
            (millimetres,) = size.sides.values()
            yield answer.field, {"value": millimetres, "unit": "mm", "printed": size.printed}, size.printed
    elif answer.field == DIMENSIONS:
        for size in sizes:
            for field, value in [(DIMENSIONS, size.to_record().to_json()), *side_fields(size)]:
                yield field, value, size.printed
    elif category:
        terms = find_terms(answer.value, category, fuzzy=True)
        yield answer.field, terms[0].canonical if terms else answer.value, answer.value
    else:
        yield answer.field, answer.value, answer.value


def _code(answer: ProductAnswer, own: Sequence[TextLine]) -> str | None:
    """The code that the product's own lines print; its name once more is none."""
    if not answer.code or squeeze(answer.code) == squeeze(answer.name):
        return None
    return answer.code if any(occurs(answer.code, line.text) for line in own) else None


def _candidate(answer: ProductAnswer, task: AnalysisTask) -> ProductCandidate | None:
    """A candidate at the place where its name is printed; none where it is not."""
    chunk = task.chunk
    line = _line_with(answer.name, answer.quote, chunk.lines)
    if line is None:
        return None
    quoted = squeeze(answer.quote)
    own = [other for other in chunk.lines if other == line or (squeeze(other.text) and squeeze(other.text) in quoted)]
    code = _code(answer, own)
    return ProductCandidate(
        name=answer.name, code=code, page=chunk.page, box=line.box, source=chunk.source,
        confidence=_confidence(answer.confidence), reasons=(f"the language model says: {answer.reason}",),
        text="\n".join(other.text for other in own), text_box=box_of(other.box for other in own),
        metadata=read_lines(own, chunk.page, chunk.source),
    )  # fmt: skip

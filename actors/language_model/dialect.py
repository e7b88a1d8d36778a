"""With which parameters an OpenAI-compatible endpoint is asked: not every server takes all of them.

It owns what takes the place of a parameter that a server refuses. It knows no network.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from actors.language_model.answers import schema_of
from actors.records import AnalysisType

MAX_TOKENS = 4000


@dataclass(frozen=True)
class Dialect:
    """The parameters of a request beside model and messages; at first all that we would have."""

    has_temperature: bool = True  # 0, so that the same chunk is answered alike; some models have one of their own
    limit: Literal["max_tokens", "max_completion_tokens", ""] = "max_tokens"
    answers: Literal["json_schema", "json_object", ""] = "json_schema"

    def parameters(self, analysis_type: AnalysisType) -> dict[str, Any]:
        """As keyword arguments of a chat completion."""
        told: dict[str, Any] = {"temperature": 0} if self.has_temperature else {}
        if self.limit:
            told[self.limit] = MAX_TOKENS
        if self.answers:
            told["response_format"] = (
                schema_of(analysis_type) if self.answers == "json_schema" else {"type": "json_object"}
            )
        return told

    def without(self, refusal: str) -> "Dialect | None":
        """The dialect without what a refusal names; None where it names nothing that could be left out."""
        if self.limit and self.limit in refusal:
            return replace(self, limit="max_completion_tokens" if self.limit == "max_tokens" else "")
        if self.has_temperature and "temperature" in refusal:
            return replace(self, has_temperature=False)
        if self.answers and any(word in refusal for word in ("response_format", "json_schema", "json_object")):
            return replace(self, answers="json_object" if self.answers == "json_schema" else "")
        return None

"""What a language model's tokens cost. Knows prices, no models and no database."""

from dataclasses import dataclass
from typing import Self

from cluster.settings import Settings

PER_TOKENS = 1_000_000
DIGITS = 6
"""Of a cost: single answers cost thousandths of a cent."""


@dataclass(frozen=True)
class Prices:
    """Of a million tokens, in whatever currency the settings have them."""

    given: float = 0.0
    answered: float = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of the settings."""
        return cls(settings.llm_input_price, settings.llm_output_price)

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """Of so many tokens; 0 where nothing has a price."""
        return round((input_tokens * self.given + output_tokens * self.answered) / PER_TOKENS, DIGITS)


UNPRICED = Prices()

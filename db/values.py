"""Owns how values from PDFs and models become column values that Postgres accepts.

Postgres refuses NUL in text and lone surrogates in JSON; text layers of broken PDFs hold both.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# As json.dumps writes them; a surrogate pair, which is a character of its own, only looks alike.
MAYBE_UNSTORABLE = re.compile(r"\\u(0000|d[89a-f])")


def text(value: str) -> str:
    """The same text, with what Postgres cannot store replaced by U+FFFD."""
    return UNSTORABLE.sub(REPLACEMENT, value)


def text_or_none(value: str | None) -> str | None:
    """As `text`, for columns that may be null."""
    return None if value is None else text(value)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(item) for item in value]
    return value


def json_text(value: Any) -> str:
    """JSON that Postgres accepts; raises `ValueError` on a NaN or an infinity inside."""
    # allow_nan=False: NaN is no JSON, and turned into null it would be an invented 'unknown'.
    written = json.dumps(value, allow_nan=False)
    return json.dumps(_storable(value), allow_nan=False) if MAYBE_UNSTORABLE.search(written) else written


def jsonb(value: Any) -> Jsonb:
    """A jsonb parameter; raises `ValueError` when sent with a NaN or an infinity inside."""
    return Jsonb(value, dumps=json_text)


def vector(numbers: Sequence[float] | None) -> str | None:
    """The text form that pgvector reads; the query casts it with `::vector`."""
    return None if numbers is None else "[" + ",".join(repr(float(number)) for number in numbers) + "]"

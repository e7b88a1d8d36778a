import json

import pytest
from psycopg.adapt import Transformer

from db import values


def sent(parameter):
    """What goes over the line for a jsonb parameter, without its version byte."""
    from psycopg.types.json import JsonbDumper

    return bytes(JsonbDumper(type(parameter), Transformer()).dump(parameter)).decode()


@pytest.mark.parametrize("given", ["", "plain", "Ölçü 60×60", "emoji \U0001f600", "line\nbreak\ttab"])
def test_text_that_postgres_accepts_stays_as_it_is(given):
    assert values.text(given) == given


@pytest.mark.parametrize("given", ["a\0b", "a\ud800b", "a\udfffb"])
def test_what_postgres_refuses_is_replaced(given):
    assert values.text(given) == "a\ufffdb"


def test_nothing_stays_nothing():
    assert values.text_or_none(None) is None and values.vector(None) is None


def test_json_is_mended_in_keys_and_values_at_any_depth():
    assert sent(values.jsonb({"a\0": [("b\ud800", {"c": "\0"})]})) == ('{"a\\ufffd": [["b\\ufffd", {"c": "\\ufffd"}]]}')


@pytest.mark.parametrize("text", ["emoji \U0001f600", "a backslash before \\u0000, \\ud800"])
def test_json_that_looks_like_what_postgres_refuses_stays_as_it_is(text):
    assert json.loads(sent(values.jsonb([text]))) == [text]


def test_other_json_types_pass():
    assert sent(values.jsonb([1, 2.5, True, None])) == "[1, 2.5, true, null]"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_have_are_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        sent(values.jsonb([number]))


def test_a_vector_is_written_exactly():
    third = 1 / 3
    assert values.vector((1, -0.5, third)) == f"[1.0,-0.5,{third!r}]"

"""The analyses by a language model that really infers: llama.cpp with its schemas, its tokens, its refusals."""

import pytest

from actors.language_model.analyses import LanguageModel
from actors.records import Classification, Metadata, ProductDetection
from tests.llama_server import CONTEXT_TOKENS, KEY, llama_server, make_model
from tests.unit.analysis.pages import chunk_of, column, job

KINDS = ("classification", "metadata", "product_detection")
LINES = column("Silver Grey SG-220", "1520 x 228 x 7.5mm", "Water based Matte coating")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """One that says "Silver" wherever it may say what it likes, which the page prints."""
    with llama_server(make_model(tmp_path_factory.mktemp("model") / "printed.gguf", "Silver")) as url:
        yield url


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    """One that says "Marble", which the page does not."""
    with llama_server(make_model(tmp_path_factory.mktemp("model") / "invented.gguf", "Marble")) as url:
        yield url


def ask(url, kinds=KINDS, lines=LINES, key=KEY):
    tasks = [job(kind, chunk_of(lines, page=4)) for kind in kinds]
    results = LanguageModel(url, "tiny", api_key=key, timeout_s=60.0, max_retries=0).analyse(tasks)
    assert [result.analysis_type for result in results] == list(kinds)
    return results


def test_its_answers_are_in_the_asked_form_and_their_tokens_are_counted(printed):
    results = ask(printed)
    assert [result.error for result in results] == [None] * 3
    assert all(len(LINES[0].text) < result.input_tokens < CONTEXT_TOKENS for result in results)
    assert all(len('{"products":[],"note":""}') < result.output_tokens < 200 for result in results)
    answer = Classification.from_json(results[0].result)
    assert (answer.label, answer.reasoning) == ("SPECIFICATION", "Silver")


def test_a_product_that_it_names_stands_where_its_name_is_printed(printed):
    (result,) = ask(printed, ["product_detection"])
    (product,) = ProductDetection.from_json(result.result).candidates
    assert (product.name, product.page, product.box) == ("Silver", 4, LINES[0].box)
    assert product.code is None, "the model gave its name for its code"


def test_what_it_invents_is_in_no_record(invented):
    metadata, detection = ask(invented, ["metadata", "product_detection"])
    assert Metadata.from_json(metadata.result) == Metadata(fields={}, evidence=())
    answer = ProductDetection.from_json(detection.result)
    assert answer.candidates == ()
    assert answer.note == "Marble 1 named products are not printed here."


def test_a_printed_word_is_no_slip_class(printed):
    (result,) = ask(printed, ["metadata"])
    assert Metadata.from_json(result.result).fields == {}


def test_its_refusals_are_permanent_and_tell_the_reason(printed):
    (wrong_key,) = ask(printed, ["metadata"], key="wrong-key")
    assert wrong_key.permanent and "Invalid API Key" in wrong_key.error and "QUARRY_LLM_API_KEY" in wrong_key.error
    (too_long,) = ask(printed, ["metadata"], lines=column(*[f"Silver Grey SG-{number}" for number in range(500)]))
    assert too_long.permanent and "context size" in too_long.error

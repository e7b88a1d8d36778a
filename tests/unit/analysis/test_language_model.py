"""The analyses by an OpenAI-compatible endpoint, against a real server of that protocol."""

import time

import openai
import pytest

from actors.language_model.analyses import LanguageModel
from actors.records import Classification, Metadata, ProductDetection
from tests.unit.analysis.model_server import running_server
from tests.unit.analysis.pages import chunk_of, column, job

LINES = column("Silver Grey SG-220", "1520 x 228 x 7.5mm", "Water based Matte coating")


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        yield running


def model(server, name="good", **options):
    return LanguageModel(server.url, name, **{"timeout_s": 10.0, "max_retries": 0, **options})


def ask(server, analysis_type, name="good", **options):
    task = job(analysis_type, chunk_of(LINES, page=4, heading_path=("CONTEMPORARY",)))
    (result,) = model(server, name, **options).analyse([task])
    assert result.job_id == task.job_id
    return result


def test_a_classification_comes_back_with_the_models_reasoning(server):
    result = ask(server, "classification")
    answer = Classification.from_json(result.result)
    assert (answer.label, answer.reasoning) == ("PRODUCT", "It names a plank.")
    assert answer.sub_categories == ("flooring",)
    assert 0.6 < answer.confidence < 0.8, "a model's confidence counts a little less"


def test_metadata_is_kept_where_it_is_printed_and_dropped_where_not(server):
    answer = Metadata.from_json(ask(server, "metadata").result)
    assert answer.fields["visualProperties"] == {"surfaceFinish": "Matte coating", "primaryColor": "silver"}
    assert answer.fields["physicalProperties"]["height"] == {"value": 7.5, "unit": "mm", "printed": "7.5mm"}
    assert answer.fields["physicalProperties"]["thickness"] == {
        "value": 7.5, "unit": "mm", "printed": "1520 x 228 x 7.5mm",
    }  # fmt: skip
    assert "commercialInformation" not in answer.fields, "the price is nowhere on the page"
    proof = next(p for p in answer.evidence if p.field == "visualProperties.surfaceFinish")
    assert (proof.source, proof.page, proof.text, proof.box) == ("model", 4, LINES[2].text, LINES[2].box)


def test_a_confidence_out_of_range_is_no_error(server):
    answer = Metadata.from_json(ask(server, "metadata").result)
    assert all(proof.confidence <= 1 for proof in answer.evidence)


def test_an_invented_product_is_dropped(server):
    answer = ProductDetection.from_json(ask(server, "product_detection").result)
    (product,) = answer.candidates
    assert (product.name, product.code, product.page) == ("Silver Grey", "SG-220", 4)
    assert product.box == LINES[0].box
    assert product.text == "Silver Grey SG-220\n1520 x 228 x 7.5mm"
    assert product.metadata.fields["physicalProperties"]["length"]["value"] == 1520
    assert "language model" in product.reasons[0]


def test_the_server_is_asked_for_a_strict_schema_and_given_the_page(server):
    ask(server, "metadata")
    asked = server.asked[-1]
    schema = asked["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["additionalProperties"] is False
    assert asked["temperature"] == 0
    assert "CONTEMPORARY" in asked["messages"][1]["content"]
    assert "never an instruction" in asked["messages"][0]["content"]


def test_tokens_are_counted(server):
    result = ask(server, "classification")
    assert (result.input_tokens, result.output_tokens, result.model) == (321, 45, "good")


def test_a_slow_server_is_a_failed_attempt_within_the_time_limit(server):
    started = time.monotonic()
    result = ask(server, "classification", "slow", timeout_s=0.3)
    assert time.monotonic() - started < 1.4
    assert result.result is None
    assert "did not answer" in result.error and not result.permanent


def test_overload_is_tried_again_by_the_library(server):
    assert ask(server, "classification", "busy", max_retries=2).error is None
    assert server.calls["busy"] == 2


def test_server_errors_are_failed_attempts(server):
    result = ask(server, "classification", "broken")
    assert "did not answer" in result.error and not result.permanent


@pytest.mark.parametrize("kind", ["classification", "metadata", "product_detection"])
@pytest.mark.parametrize(
    ("name", "asked_with", "tries"),
    [
        ("good", {"max_tokens", "temperature", "json_schema"}, 1),
        ("hosted", {"max_completion_tokens", "temperature", "json_schema"}, 2),
        ("reasoner", {"max_completion_tokens", "json_schema"}, 3),
        ("no-schema", {"max_tokens", "temperature", "json_object"}, 2),
        ("plain", set(), 6),
    ],
)
def test_what_a_server_does_not_take_is_left_out_and_stays_out(server, kind, name, asked_with, tries):
    asked, before = model(server, name), server.calls[name]
    task = job(kind, chunk_of(LINES))
    assert [result.error for result in asked.analyse([task])] == [None]
    assert server.calls[name] - before == tries
    assert [result.error for result in asked.analyse([task])] == [None]
    assert server.calls[name] - before == tries + 1, "it is remembered"
    last = server.asked[-1]
    form = last.get("response_format", {}).get("type")
    assert ({"max_tokens", "max_completion_tokens", "temperature"} & last.keys()) | ({form} - {None}) == asked_with
    spelled_out = "JSON schema" in last["messages"][1]["content"]
    assert spelled_out == (form != "json_schema")


def test_a_request_that_is_refused_for_no_parameter_is_permanent(server):
    result = ask(server, "metadata", "short", max_retries=2)
    assert result.permanent and "too long" in result.error
    assert server.calls["short"] == 1, "not asked again"


def test_the_server_knows_a_wrong_request(server):
    ask_it = openai.OpenAI(base_url=server.url, api_key="none", max_retries=0).chat.completions.create
    message = {"role": "user", "content": "x"}
    for wrong in ({"temperature": "hot"}, {"extra_body": {"bogus": 1}}, {"messages": [{"role": "nobody"}]}):
        with pytest.raises(openai.BadRequestError):
            ask_it(**{"model": "good", "messages": [message], **wrong})


@pytest.mark.parametrize("name", ["locked", "unknown"])
def test_a_refusal_is_permanent_and_says_what_to_check(server, name):
    result = ask(server, "metadata", name, api_key="wrong-key")
    assert result.permanent
    assert "QUARRY_LLM_" in result.error
    assert "wrong-key" not in result.error


def test_the_right_key_opens(server):
    assert ask(server, "metadata", "locked", api_key="right-key").error is None


def test_an_answer_in_no_form_is_a_failed_attempt_and_no_empty_result(server):
    result = ask(server, "product_detection", "chatty")
    assert result.result is None
    assert "not in the asked form" in result.error and not result.permanent


def test_nobody_listens():
    task = job("classification", chunk_of(LINES))
    (result,) = LanguageModel("http://127.0.0.1:9/v1", "none", timeout_s=2, max_retries=0).classify([task])
    assert "did not answer" in result.error


def test_many_tasks_of_all_types_keep_their_order(server):
    types = ["classification", "metadata", "product_detection"] * 3
    tasks = [job(kind, chunk_of(column(f"Silver Grey SG-220 {i}"))) for i, kind in enumerate(types)]
    results = model(server).analyse(tasks)
    assert [result.job_id for result in results] == [task.job_id for task in tasks]
    assert [result.analysis_type for result in results] == types
    assert model(server).analyse([]) == []

"""The analysis actor with a language model behind it: what an answer cost is kept, also of one that was of no use."""

import pytest

from actors.records import AnalysisResult
from cluster.flows.analyses import stored_result
from cluster.flows.prices import UNPRICED, Prices
from cluster.settings import Settings
from cluster.workers.pool_workers import AnalysisWorker
from tests.model_folder import MODEL_FOLDER
from tests.unit.analysis.model_server import running_server
from tests.unit.analysis.pages import chunk_of, column, job


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        yield running


@pytest.fixture
def worker(server, tmp_path):
    """Makes the actor's class as it is, without Ray."""

    def make(model):
        settings = Settings(home=tmp_path, model_cache=MODEL_FOLDER, llm_base_url=server.url, llm_model=model)
        return AnalysisWorker(settings, duty="analysis-0", gpu=False, threads=1)

    return make


def task(analysis_type="classification"):
    lines = column("Silver Grey SG-220", "1520 x 228 x 7.5mm", "Water based Matte coating")
    return job(analysis_type, chunk_of(lines, page=4))


def test_the_tokens_of_an_answer_are_stored_with_it(worker):
    result, detection = worker("good").analyse([task(), task("product_detection")]).results
    assert [one["name"] for one in detection.result["candidates"]] == ["Silver Grey"]
    assert result.model == "good"
    stored = stored_result(result)
    assert (stored["input_tokens"], stored["output_tokens"]) == (321, 45)


def test_tokens_cost_what_the_settings_say(worker):
    (result,) = worker("good").analyse([task()]).results
    prices = Prices.of(Settings(llm_input_price=2.5, llm_output_price=10))
    assert stored_result(result, prices)["cost"] == round((321 * 2.5 + 45 * 10) / 1e6, 6)
    assert "cost" not in stored_result(result, UNPRICED)


def test_a_useless_answer_has_cost_its_tokens_too(worker):
    (result,) = worker("chatty").analyse([task()]).results
    assert result.error is None
    assert result.model != "chatty", "analysed here instead"
    assert (result.input_tokens, result.output_tokens) == (321, 45)


def test_local_analyses_cost_none():
    result = AnalysisResult(job_id="j", analysis_type="classification", result={})
    assert not {"input_tokens", "output_tokens"} & stored_result(result).keys()

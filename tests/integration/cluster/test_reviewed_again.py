"""A document whose products people have judged, read again: what the driver does about their decisions."""

import pytest
import ray
from pydantic import SecretStr

from actors.text_embedding import MODEL_NAME, TextEncoder
from cluster.document_run import DocumentRun
from cluster.driver import encode_corrected
from cluster.lease import DocumentLease
from cluster.pools import start_actor
from cluster.settings import Settings
from cluster.verdict import end_document
from cluster.workers.actor_names import QUESTIONS
from db.documents import get_document
from db.lost_decisions import forget_decision, lost_decisions
from db.product_reviews import correct_product, reject_product
from db.products import list_products, save_products
from db.search import search_products
from serve_app import build_app
from tests.integration import factories
from tests.integration.api.conftest import client_of, make_settings, serving
from tests.integration.cluster.reprocessed import reprocessed

STARTED_WITHIN_S = 60.0


class EncodingRun(DocumentRun):
    """Computes vectors itself, with the pool's own model."""

    def encode_texts(self, texts):
        return TextEncoder(threads=1).encode(texts) if texts else []


def fill(run, *names):
    """Pages, a chunk, and products of these names."""
    run.transact(lambda conn, *_: factories.add_images(conn, run.document, 1))
    run.transact(lambda conn, *_: factories.add_chunks(conn, run.document, 1))
    rows = [factories.product_json(name) for name in names]
    run.transact(save_products, rows, run.encode_texts(names), MODEL_NAME)


@pytest.fixture
def run(service, service_url, tmp_path):
    settings = Settings(_env_file=None, home=tmp_path, service_database_url=SecretStr(service_url), lease_s=30)
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
    with DocumentLease.take(service, document.id, factories.WORKER, document.fence, settings) as lease:
        run = EncodingRun(settings, service, lease)
        fill(run, "Marmara White", "Index")
        yield run


def test_decisions_that_fit_no_product_are_a_warning(service, run):
    with service.transaction() as conn:
        index = next(product for product in list_products(conn)[0] if product.name == "Index")
        reject_product(conn, index.id, "erika")
    with reprocessed(service, run) as again:
        fill(EncodingRun(again.settings, service, again.lease), "Marmara White", "Contents")
        assert end_document(again) == "completed"
        with service.transaction() as conn:
            document = get_document(conn, again.document.id)
    (warning,) = [one["message"] for one in document.warnings if one["code"] == "decisions_lost"]
    assert warning.startswith("of reviewers' decisions 1 fit no product any more")
    assert "lost-decisions" in warning
    assert document.counts["lost_decisions"] == 1
    with service.transaction() as conn:
        (lost,) = lost_decisions(conn, document.id)
        forget_decision(conn, document.id, lost.product_id, "erika")
        document = get_document(conn, document.id)
    assert "decisions_lost" not in [one["code"] for one in document.warnings]
    assert document.counts["lost_decisions"] == 0


class Encoder:
    """Answers as the analysis actor does, with one vector for every text."""

    def encode_texts(self, texts):
        return [factories.unit_vector(7) for _ in texts]


@pytest.mark.usefixtures("local_ray")
def test_a_correction_over_http_gets_its_vector_at_once_where_an_encoder_answers(
    service, owner_url, passwords, run, tmp_path
):
    settings = make_settings(tmp_path / "api", owner_url, passwords)
    with service.transaction() as conn:
        index = next(product for product in list_products(conn)[0] if product.name == "Index")
    actor = start_actor("analysis-0", Encoder, groups={QUESTIONS: 1})
    try:
        ray.get(actor.encode_texts.remote([]), timeout=STARTED_WITHIN_S)  # a correction waits for nobody who is not up
        with serving(build_app(settings)) as address, client_of(settings, address) as client:
            answer = client.patch(f"/products/{index.id}", json={"name": "Oak parquet"})
            assert answer.json()["name"] == "Oak parquet"
    finally:
        ray.kill(actor)
    with service.transaction() as conn:
        (found,) = search_products(conn, "", factories.unit_vector(7), model=settings.text_model)
    assert found.product.name == "Oak parquet"


def test_corrected_words_get_a_vector_of_their_own(service, run):
    with service.transaction() as conn:
        index = next(product for product in list_products(conn)[0] if product.name == "Index")
        correct_product(conn, index.id, {"name": "Oak parquet"}, "erika")
    with reprocessed(service, run) as again:
        encoding = EncodingRun(again.settings, service, again.lease)
        fill(encoding, "Marmara White", "Index")
        encode_corrected(encoding)
    with service.transaction() as conn:
        (vector,) = run.encode_texts(["wooden flooring"])
        (found,) = search_products(conn, "", vector, model=MODEL_NAME)
        assert found.product.name == "Oak parquet"
        (stale,) = run.encode_texts(["Index"])
        assert "Oak parquet" not in [match.product.name for match in search_products(conn, "", stale)]

"""Pictures are compared with words by actors that may die, on a real Ray and a real Postgres."""

import os
import time

import pytest
import ray
from pydantic import SecretStr

from actors.served import Served
from cluster.document_run import DocumentRun
from cluster.flows.picture_likeness import NOT_COMPARED, TEXTS_PER_CALL, PictureLikeness
from cluster.lease import DocumentLease
from cluster.pools import start_actor
from cluster.settings import Settings
from db.images import save_embedding
from tests.integration import factories

pytestmark = pytest.mark.usefixtures("local_ray")
MODEL = "ViT-B-32/some_weights"
TEXTS = [f"a photo of tile {number}" for number in range(TEXTS_PER_CALL + 1)]
"""Of more than one call."""


class Encoder:
    """The first axis for every text; ends its process at its second call as often as the file has letters."""

    def __init__(self, lives):
        self._lives, self._calls = lives, 0

    def embed_words(self, model, texts, turn):
        left = self._lives.read_text()
        self._calls += 1
        if left and self._calls > 1:
            self._lives.write_text(left[1:])
            os._exit(1)
        results = [[1.0, 0.0] for _ in texts] if model == MODEL else []
        return Served(results, time.time(), time.time(), 0.0)

    def facts(self):
        return {}


@pytest.fixture
def lives(tmp_path):
    (tmp_path / "lives").write_text("")
    return tmp_path / "lives"


@pytest.fixture
def run(service, service_url, tmp_path):
    """A driver's view of a document of three images, without any pool."""
    settings = Settings(_env_file=None, home=tmp_path, service_database_url=SecretStr(service_url), lease_s=30)
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn)
        factories.add_images(conn, document, 3)
    with DocumentLease.take(service, document.id, factories.WORKER, document.fence, settings) as lease:
        yield DocumentRun(settings, service, lease)


@pytest.fixture
def images(run, service):
    """Their ids; the first two have vectors of the model, the last has none."""
    with service.transaction() as conn:
        ids = [str(row[0]) for row in conn.execute("select id from document_images order by page").fetchall()]
        conn.execute("update document_images set embedding_status = 'model_missing'")
        for image_id, vector in zip(ids, ([0.6, 0.8], [0.8, 0.6]), strict=False):
            assert save_embedding(conn, image_id, vector, MODEL)
    return ids


@pytest.fixture
def encoder(lives):
    actor = start_actor("clip-0", Encoder, lives)
    ray.get(actor.facts.remote())
    yield actor
    ray.kill(actor)


def compare(run, images):
    likeness = PictureLikeness(run)
    return likeness({text: set(images) for text in TEXTS}), likeness.warnings


@pytest.mark.usefixtures("encoder")
@pytest.mark.parametrize("deaths", [0, 1])
def test_each_picture_that_has_a_vector_is_compared_also_when_the_actor_dies_once(run, images, lives, deaths):
    lives.write_text("x" * deaths)
    found, warnings = compare(run, images)
    assert (found.model, warnings, list(found.cosines)) == (MODEL, [], TEXTS)
    assert all(of == pytest.approx({images[0]: 0.6, images[1]: 0.8}) for of in found.cosines.values())
    assert lives.read_text() == ""


@pytest.mark.usefixtures("encoder")
def test_an_actor_that_is_lost_in_every_attempt_costs_the_comparison_and_not_the_document(run, images, lives):
    run.settings = run.settings.model_copy(update={"max_retries": 0})
    lives.write_text("xx")
    found, warnings = compare(run, images)
    assert (found.cosines, warnings) == ({}, [NOT_COMPARED])


@pytest.mark.usefixtures("encoder")
def test_vectors_of_a_model_that_is_not_there_are_not_compared(run, images, service):
    with service.transaction() as conn:
        conn.execute("update document_images set embedding_model = 'another' where embedding is not null")
    found, warnings = compare(run, images)
    assert (found.cosines, warnings) == ({}, [])


def test_without_vectors_nobody_is_asked(run, service):
    with service.transaction() as conn:
        ids = [str(row[0]) for row in conn.execute("select id from document_images").fetchall()]
    found, warnings = compare(run, ids)
    assert (found.cosines, warnings) == ({}, []), "no pool runs here: a call would have left a warning"


def test_without_a_pool_pictures_are_not_compared_and_the_document_says_so(run, images):
    assert compare(run, images)[1] == [NOT_COMPARED]

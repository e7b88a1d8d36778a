"""`quarry backfill clip`: images whose jobs ended without the weights, embedded later by the running CLIP actor."""

import pytest
import ray
from pydantic import SecretStr

from actors.errors import ModelMissing
from cluster.pools import PoolPlan, start_pool
from cluster.settings import Settings
from cluster.storage import Storage
from cluster.upkeep.backfill import backfill_clip
from db import document_claims, documents, images, pages
from tests.integration import factories
from tests.integration.api.situations import png
from tests.small_clip import DIMENSIONS, make_small_clip

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]


@pytest.fixture
def start_clip(local_ray, tmp_path, service_url):
    """Start the pool with this model; gives the settings."""
    started = []

    def start(model):
        settings = Settings(home=tmp_path / "home", clip_model=model, service_database_url=SecretStr(service_url))
        started.extend(start_pool(PoolPlan("clip", actors=1, num_cpus=0.5, num_gpus=0), settings).values())
        return settings

    yield start
    for actor in started:
        ray.kill(actor)


@pytest.fixture
def waiting(service, claimed_document, tmp_path):
    """A completed document of three images that have no vector; the bytes of the last one are gone."""
    document, storage = claimed_document, Storage(f"file://{tmp_path / 'home' / 'files'}")
    rows = []
    for number, colour in enumerate(COLOURS, start=1):
        key = storage.put(png(colour), ".png")
        rows.append(factories.page_json(number, images=[factories.image_json(number, storage_key=key)]))
    storage.delete(key)
    with service.transaction() as conn:
        pages.save_pages(conn, document.id, document.fence, rows)
        conn.execute("update document_images set embedding_status = 'model_missing'")
        document_claims.add_warning(conn, document.id, document.fence, "clip_model_missing", "3 images have no vector")
        document_claims.finish_document(conn, document.id, document.fence, "completed")
    return document


def read(service, document):
    with service.transaction() as conn:
        return images.list_images(conn, document.id), documents.get_document(conn, document.id)


def test_every_image_that_can_be_read_gets_its_vector(service, waiting, start_clip, tmp_path):
    settings = start_clip(make_small_clip(tmp_path / "clip"))
    assert list(backfill_clip(service, settings)) == [(2, 1)]
    found, document = read(service, waiting)
    assert [image.embedding_status for image in found] == ["stored", "stored", "model_missing"]
    with service.transaction() as conn:
        dimensions = conn.execute(
            "select distinct vector_dims(embedding) from document_images where embedding is not null"
        )
        assert dimensions.fetchall() == [(DIMENSIONS,)]
    assert [warning["code"] for warning in document.warnings] == ["clip_model_missing"], "one image waits still"


def test_without_weights_it_says_so_and_changes_nothing(service, waiting, start_clip, tmp_path):
    settings = start_clip(f"local-dir:{tmp_path / 'nothing'}")
    with pytest.raises(ModelMissing, match="still missing"):
        list(backfill_clip(service, settings))
    assert {image.embedding_status for image in read(service, waiting)[0]} == {"model_missing"}

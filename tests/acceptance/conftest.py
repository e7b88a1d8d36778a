"""One Quarry for all acceptance tests, started by the command behind `make run`, with a small CLIP model of its own."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from cluster.access.tokens import issue_token
from cluster.settings import Settings
from samples.catalogue import make_sample_catalogue
from tests.checkout import Checkout
from tests.integration.receiver import receiving
from tests.small_clip import make_small_clip

ENDED = {"completed", "partial", "failed", "cancelled"}
RUN_WITHIN_S = 600
END_WITHIN_S = 600
LOOK_EVERY_S = 0.3
"""An answer takes some hundredths of a second of a core that the pipeline could use."""


class Client:
    """The API as a program uses it."""

    def __init__(self, checkout, http):
        self.checkout = checkout
        self.http = http

    def upload(self, path, **fields):
        with path.open("rb") as file:
            return self.http.post(
                "/documents/upload-async", files={"file": (path.name, file, "application/pdf")}, data=fields
            )

    def get(self, path, **parameters):
        answer = self.http.get(path, params=parameters)
        answer.raise_for_status()
        return answer.json()

    def all(self, document_id, noun):
        return self.get(f"/documents/{document_id}/{noun}", limit=500)["items"]

    def wait(self, document_id, within_s=END_WITHIN_S, look_every_s=LOOK_EVERY_S):
        """The document once it has ended, and every progress seen on the way."""
        seen = []
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            document = self.get(f"/documents/{document_id}")
            seen.append(document["progress"])
            if document["status"] in ENDED:
                return document, seen
            time.sleep(look_every_s)
        raise AssertionError(f"not ended after {within_s} s: {document}")

    def wait_all(self, document_ids):
        with ThreadPoolExecutor(len(document_ids)) as threads:
            return [document for document, _ in threads.map(self.wait, document_ids)]


def settings_of(checkout):
    """What `Settings()` says in a checkout that is up, with what its start has made."""
    kept = dict(os.environ)
    os.environ.update(checkout.variables)
    try:
        return Settings()
    finally:
        os.environ.clear()
        os.environ.update(kept)


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("samples") / "sample.pdf"
    make_sample_catalogue(path)
    return path


@pytest.fixture(scope="session")
def receiver():
    """Where webhooks of this stack may go."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def user_home(tmp_path_factory):
    """The user's own folder, in which nothing may be written."""
    return tmp_path_factory.mktemp("user")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory, receiver, user_home):
    """Started by the test that is first; ended after the last."""
    model = make_small_clip(tmp_path_factory.mktemp("clip") / "small")
    variables = {
        "HOME": str(user_home),
        "QUARRY_CLIP_MODEL": model,
        "QUARRY_WEBHOOK_HOSTS": json.dumps([receiver.place]),
        "QUARRY_WEBHOOK_NETWORKS": '["127.0.0.0/8"]',
        "QUARRY_PAGE_TIMEOUT_S": "20",  # a page that is stopped for it takes as long as it may; no other comes near
        "COLUMNS": "160",
    }
    checkout = Checkout(tmp_path_factory.mktemp("quarry"), variables)
    yield checkout
    checkout.down()


@pytest.fixture(scope="session")
def first_run(checkout, sample):
    """What `quarry run FILE` printed and how it ended."""
    return checkout.quarry("run", sample, timeout=RUN_WITHIN_S)


@pytest.fixture(scope="session")
def client(checkout, first_run):
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    settings = settings_of(checkout)
    token = issue_token(settings, "acceptance", "service")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=settings.api_url, headers=headers, timeout=60, trust_env=False) as http:
        yield Client(checkout, http)


@pytest.fixture(scope="session")
def sample_id(client):
    """The document that the first run made."""
    (document,) = [d for d in client.get("/documents")["items"] if d["filename"] == "sample.pdf"]
    return document["id"]

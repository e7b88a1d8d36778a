"""Every real file of ../shared/pdfs is accepted or refused with a reason, quickly. Skipped where they are absent."""

import time
from pathlib import Path

import pytest

from serve_app import build_app
from tests.integration.api.conftest import client_of, make_settings, serving

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "pdfs"
REFUSALS = {
    (413, "document_too_large"), (415, "not_a_pdf"), (422, "empty_file"), (422, "document_encrypted"),
    (422, "document_broken"), (422, "document_has_no_pages"),
}  # fmt: skip

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no real files at {FOLDER.parent.name}/pdfs")


@pytest.fixture
def client(owner_url, passwords, tmp_path):
    settings = make_settings(tmp_path, owner_url, passwords).model_copy(update={"max_upload_bytes": 100_000_000})
    with serving(build_app(settings)) as address, client_of(settings, address) as client:
        yield client


def test_every_real_file_gets_a_sane_answer_quickly(client):
    seconds, refused = [], {}
    for path in sorted(FOLDER.glob("*/*.pdf")):
        data = path.read_bytes()
        start = time.perf_counter()
        answer = client.post("/documents/upload-async", files={"file": (path.name, data)})
        seconds.append(time.perf_counter() - start)
        if answer.status_code not in (200, 202):
            problem = answer.json()
            assert (answer.status_code, problem["code"]) in REFUSALS, path.name
            assert len(problem["detail"].split()) > 8
            refused[path.name] = problem["code"]
        if path.parent.name == "catalogues":
            assert answer.status_code == 202, path.name
    assert sorted(seconds)[len(seconds) // 2] < 1.0
    assert {"document_encrypted", "document_broken", "document_has_no_pages", "not_a_pdf", "empty_file"} <= set(
        refused.values()
    )

"""Files that mean harm, through the whole service: each ends as it should, says why, and leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from benchmarks.left_half import left_half
from cluster.host.process_list import running_processes
from cluster.storage import Storage
from db.connection import Database
from samples import hostile
from tests.acceptance.conftest import settings_of

ENDS = {
    hostile.make_page_tree_loop: ("partial", "pages_failed"),
    hostile.make_deep_page_tree: ("completed", None),
    hostile.make_deep_nesting: ("failed", "document_empty"),
    hostile.make_stream_bomb: ("failed", "document_empty"),
    hostile.make_huge_image: ("completed", "pages_incomplete"),
    hostile.make_many_objects: ("completed", None),
    hostile.make_one_bad_page: ("completed", None),
}


@pytest.fixture(scope="module")
def ended(client, tmp_path_factory):
    """The document that each file became, by what made it."""
    folder = tmp_path_factory.mktemp("hostile")

    def process(make):
        path = folder / f"{make.__name__}.pdf"
        make(path)
        answer = client.upload(path)
        assert answer.status_code == 202, answer.text
        return make, client.wait(answer.json()["document_id"])[0]

    with ThreadPoolExecutor(4) as threads:
        return dict(threads.map(process, ENDS))


@pytest.mark.parametrize("make", ENDS, ids=lambda make: make.__name__)
def test_it_ends_in_the_right_state_with_its_reason(client, ended, make):
    status, reason = ENDS[make]
    document = ended[make]
    codes = [warning["code"] for warning in document["warnings"]]
    assert document["status"] == status, document
    assert reason in {None, document["error_code"], *codes}, document
    pages = client.all(document["id"], "pages")
    failed = [page for page in pages if page["kind"] == "failed"]
    assert all(page["error_code"] and page["error_message"] for page in failed)
    assert len(failed) == document["counts"]["failed_pages"]


def test_nothing_is_left_half_done(checkout, client, ended):
    settings = settings_of(checkout)
    with closing(Database(settings.service_url, "service")) as database:
        assert list(left_half(database, Storage(settings.storage_address), checkout.home)) == []
    processes = running_processes(checkout.home)
    readers = [process for process in processes if process.duty == "page reader"]
    actors = [process for process in processes if process.duty.startswith("reader-")]
    assert len(readers) <= len(actors), "a page reader outlived its actor"
    assert client.get("/readyz")["ready"]

"""Ten catalogues at once, answers while the pipeline is busy, cancel, and the monitor in a browser meanwhile."""

import os
import re
import time
from pathlib import Path

import psutil
import pytest

from cluster.host.process_list import running_processes
from samples.large import make_large_catalogue, make_small_catalogue

CATALOGUES = 10
FREE_AFTER_S = 5.0
LOOK_S, IDLE_SHARE = 1.0, 0.1
SCREENSHOT = Path(os.environ.get("QUARRY_TEST_SCREENSHOT", ".quarry-test/monitor.png"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Ten different catalogues: (file, what it holds)."""
    folder = tmp_path_factory.mktemp("ten")
    paths = [folder / f"catalogue-{seed}.pdf" for seed in range(CATALOGUES)]
    return [(path, make_small_catalogue(path, seed=seed)) for seed, path in enumerate(paths)]


@pytest.fixture(scope="module")
def ten(client, made):
    """All ten uploaded one after the other: (answer time in seconds, document id)."""
    uploaded = []
    for path, _ in made:
        started = time.monotonic()
        answer = client.upload(path)
        seconds = time.monotonic() - started
        assert answer.status_code == 202, answer.text
        uploaded.append((seconds, answer.json()["document_id"]))
    return uploaded


def test_uploads_are_answered_within_a_second_while_work_goes_on(ten):
    """One of them may meet a moment at which the machine does something else."""
    slow = [seconds for seconds, _ in ten if seconds >= 1.0]
    assert len(slow) <= 1, slow


def test_the_last_one_moves_while_the_others_run(client, ten):
    """Nobody waits for the others to end: documents take turns."""
    deadline = time.monotonic() + 120
    last = ten[-1][1]
    while client.get(f"/documents/{last}")["progress"] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_monitor_shows_the_run_live(browser, checkout, client, tmp_path):
    """In a real browser: a document by its name, whose percentage rises without a hand on it."""
    path = tmp_path / "seen-in-the-monitor.pdf"
    make_large_catalogue(path, pages=60, images=180, seed=6)
    document_id = client.upload(path).json()["document_id"]
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    page.goto(f"http://127.0.0.1:{checkout.variables['QUARRY_MONITOR_PORT']}")
    page.get_by_text(path.stem, exact=True).wait_for(timeout=60_000)
    seen = []
    for _ in range(60):
        percent = percent_of(page, path.stem)
        seen += [percent] if percent is not None else []
        if len(set(seen)) >= 2:
            break
        page.wait_for_timeout(1_000)
    assert len(set(seen)) >= 2, page.inner_text("body")
    assert seen == sorted(seen)
    SCREENSHOT.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOT, full_page=True)
    page.close()
    assert client.http.post(f"/documents/{document_id}/cancel").is_success
    client.wait(document_id)


def percent_of(page, title):
    """The number that stands after a document's title, None while it is not shown."""
    found = re.search(rf"{title}.*?([0-9.]+)\s*%", page.inner_text("body"), re.DOTALL)
    return float(found.group(1)) if found else None


def test_all_ten_are_finished_with_what_they_hold(client, ten, made):
    documents = client.wait_all([document_id for _, document_id in ten])
    assert [document["status"] for document in documents] == ["completed"] * CATALOGUES
    for document, (_, holdings) in zip(documents, made, strict=True):
        names = {product["name"] for product in client.all(document["id"], "products")}
        assert {product.name for product in holdings.products} <= names


def test_an_urgent_document_ends_before_those_of_its_size_that_came_earlier(client, tmp_path):
    paths = [tmp_path / f"same-size-{seed}.pdf" for seed in range(5)]
    for seed, path in enumerate(paths):
        make_large_catalogue(path, pages=4, images=16, seed=90 + seed)
    earlier = [client.upload(path).json()["document_id"] for path in paths[:4]]
    urgent, _ = client.wait(client.upload(paths[4], priority=5).json()["document_id"])
    assert urgent["status"] == "completed"
    ended = [document["completed_at"] for document in client.wait_all(earlier)]
    # Two at work when it came may have been nearly done; in the order of their arrival all four would have ended.
    assert sum(moment < urgent["completed_at"] for moment in ended) <= 2


def seconds_of_work(checkout):
    """What the models' actors have computed so far; a loaded machine makes it no longer."""
    actors = [one.pid for one in running_processes(checkout.home) if one.duty.startswith(("ocr-", "clip-"))]
    spent = [psutil.Process(pid).cpu_times() for pid in actors]
    return sum(times.user + times.system for times in spent) / os.cpu_count()


def test_a_cancelled_document_frees_its_actors(checkout, client, made, tmp_path):
    """After five seconds of work at most they stand still, and the next document is read."""
    path = tmp_path / "large.pdf"
    make_large_catalogue(path, pages=30, images=120, seed=5)
    document_id = client.upload(path).json()["document_id"]
    deadline = time.monotonic() + 120
    while client.get("/queues/metrics")["image"]["processing"] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    before = seconds_of_work(checkout)
    assert client.http.post(f"/documents/{document_id}/cancel").is_success
    document, _ = client.wait(document_id, within_s=60)
    assert document["status"] == "cancelled"
    queue = client.get("/queues/metrics")["image"]
    assert queue["pending"] + queue["processing"] == 0
    assert queue["cancelled"] > 0
    time.sleep(LOOK_S)  # one that was at work has worked by then
    deadline, seen = time.monotonic() + 60, [before, seconds_of_work(checkout)]
    while seen[-1] - seen[-2] > IDLE_SHARE * LOOK_S:
        assert time.monotonic() < deadline, "the actors do not come to rest"
        time.sleep(LOOK_S)
        seen.append(seconds_of_work(checkout))
    assert seen[-1] - before < FREE_AFTER_S
    next_id = client.upload(made[0][0], force="true").json()["document_id"]
    assert client.wait(next_id)[0]["status"] == "completed"

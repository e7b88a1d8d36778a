"""What the API says when it cannot take more, or when something behind it is away."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

import api.events
import api.inspection
from api.limits import COUNTERS, RequestLimits
from api.readiness import KEPT_S
from cluster.settings import Settings
from db.embedded import EmbeddedServer
from samples import hostile
from serve_app import build_app
from tests.integration.api.conftest import client_of, make_settings, serving
from tests.integration.api.pdfs import valid_pdf
from tests.integration.conftest import FAST


def post(client, data):
    return client.post("/documents/upload-async", files={"file": ("a.pdf", data)})


def test_no_more_uploads_while_too_many_documents_are_open(owner_url, passwords, tmp_path):
    settings = make_settings(tmp_path, owner_url, passwords, max_open_documents=2)
    with serving(build_app(settings)) as address, client_of(settings, address) as client:
        first = post(client, valid_pdf()).json()
        assert post(client, valid_pdf()).status_code == 202
        answer = post(client, valid_pdf())
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_open_documents")
        assert int(answer.headers["retry-after"]) > 0
        client.post(f"{first['status_url']}/cancel")
        assert post(client, valid_pdf()).status_code == 202


def test_a_document_over_the_limit_of_pages_or_objects_is_too_large_and_leaves_nothing(
    owner_url, passwords, tmp_path, monkeypatch
):
    monkeypatch.setattr(api.inspection, "ANSWER_WITHIN_S", 30.0)
    settings = make_settings(tmp_path, owner_url, passwords, max_pages=2, max_objects=40)
    hostile.make_many_objects(tmp_path / "objects.pdf", number=60)
    with serving(build_app(settings)) as address, client_of(settings, address) as client:
        assert post(client, valid_pdf(pages=2)).status_code == 202
        for data, word, setting in (
            (valid_pdf(pages=3), "3 pages", "QUARRY_MAX_PAGES"),
            ((tmp_path / "objects.pdf").read_bytes(), "66 objects", "QUARRY_MAX_OBJECTS"),
        ):
            answer = post(client, data)
            assert (answer.status_code, answer.json()["code"]) == (413, "document_too_large")
            assert word in answer.json()["detail"] and setting in answer.json()["detail"]
        assert client.get("/documents").json()["total"] == 1
        assert list((settings.root / "uploads").iterdir()) == []


@pytest.fixture
def limited(owner_url, passwords, tmp_path):
    """An API that allows little: its settings and its address."""
    limits = {"max_requests_per_minute": 20, "max_uploads_per_minute": 2, "max_concurrent_uploads": 1}
    settings = make_settings(tmp_path, owner_url, passwords, **limits)
    with serving(build_app(settings)) as address:
        yield settings, address


def test_a_subject_that_asks_too_often_waits_and_nobody_else_does(limited):
    settings, address = limited
    with client_of(settings, address, "service") as busy, client_of(settings, address, "admin") as other:
        answers = [busy.get("/documents") for _ in range(30)]
        assert sorted({answer.status_code for answer in answers}) == [200, 429]
        assert answers[-1].json()["code"] == "too_many_requests"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 120
        assert other.get("/documents").status_code == 200


def test_uploads_have_a_limit_of_their_own(limited):
    settings, address = limited
    with client_of(settings, address) as client:
        statuses = [post(client, valid_pdf()).status_code for _ in range(3)]
        assert statuses == [202, 202, 429]
        assert client.get("/documents").json()["total"] == 2


def test_one_upload_too_many_at_once_is_told_to_come_again(limited):
    settings, address = limited
    place = urlsplit(address)
    with client_of(settings, address, "service") as first, client_of(settings, address, "admin") as other:
        head = (
            "POST /documents/upload-async HTTP/1.1\r\nHost: quarry\r\nContent-Length: 1000\r\n"
            f"Authorization: {first.headers['authorization']}\r\n"
            "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
        )
        with socket.create_connection((place.hostname, place.port)) as line:
            line.sendall(head.encode())
            deadline = time.monotonic() + 10
            while not list((settings.root / "uploads").iterdir()):
                assert time.monotonic() < deadline
                time.sleep(0.02)
            answer = post(other, valid_pdf())
            assert (answer.status_code, answer.json()["code"]) == (503, "too_many_uploads")
            assert int(answer.headers["retry-after"]) > 0
        while list((settings.root / "uploads").iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert post(other, valid_pdf()).status_code == 202


def test_counting_takes_no_more_memory_however_many_subjects_come():
    limits = RequestLimits(Settings())
    for number in range(3 * COUNTERS):
        limits.count_request(f"subject {number}")
    assert len(limits._limiter.storage.storage) <= 2 * COUNTERS  # this minute's and the last one's


def test_no_more_streams_than_there_is_room_for(client, upload, monkeypatch):
    monkeypatch.setattr(api.events, "MOST_STREAMS", 1)
    document = upload().json()
    with client.stream("GET", document["events_url"]) as stream:
        lines = stream.iter_lines()  # kept: httpx ends the stream with its iterator
        next(lines)
        answer = client.get(document["events_url"])
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")
        assert int(answer.headers["retry-after"]) > 0


def test_streams_that_arrive_at_once_are_counted_one_by_one(client, upload, monkeypatch):
    look = api.events._read

    def look_slowly(*asked):
        time.sleep(0.3)  # so that all have arrived before the first is answered
        return look(*asked)

    def follow(url):
        with client.stream("GET", url) as stream:
            if stream.status_code == 200:
                answered.wait(timeout=10)
            return stream.status_code

    answered = threading.Event()
    monkeypatch.setattr(api.events, "MOST_STREAMS", 2)
    monkeypatch.setattr(api.events, "_read", look_slowly)
    url = upload().json()["events_url"]
    with ThreadPoolExecutor(5) as threads:
        streams = [threads.submit(follow, url) for _ in range(5)]
        refused = [one.result() for one in islice(as_completed(streams, timeout=10), 3)]
        answered.set()
        served = [one.result() for one in streams]
    assert refused == [429, 429, 429]
    assert sorted(served) == [200, 200, 429, 429, 429]


def test_a_stream_of_no_document_gives_its_place_back(client, app):
    assert client.get(f"/documents/{uuid4()}/events").status_code == 404
    deadline = time.monotonic() + 5
    while app.state.services.open_streams:  # until the answer has been sent
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_full_store_is_a_problem_and_leaves_no_row(client, upload, settings, pipeline):
    files = settings.root / "files"
    files.rename(settings.root / "files away")
    files.write_text("no folder")
    try:
        answer = upload()
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_failed")
        time.sleep(KEPT_S)
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["storage"]["ready"] is False
    finally:
        files.unlink()
        (settings.root / "files away").rename(files)
    assert upload().status_code == 202


def test_readiness_says_what_is_missing(anonymous):
    time.sleep(KEPT_S)  # what an earlier test was told is kept so long
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    body = answer.json()
    assert body["ready"] is False
    assert body["database"] == {"ready": True, "reason": None}
    assert body["storage"] == {"ready": True, "reason": None}
    assert body["pipeline"]["ready"] is False
    assert "supervisor" in body["pipeline"]["reason"]
    assert anonymous.get("/healthz").json() == {"status": "alive"}


@pytest.fixture
def other_server(server_folder, passwords):
    """A Postgres that may be stopped."""
    server = EmbeddedServer(server_folder / "other", 0, settings=FAST)
    server.start()
    yield server
    server.stop()


def test_without_a_database_every_route_says_so_and_goes_on_afterwards(other_server, passwords, tmp_path):
    import psycopg

    from db.migrate import migrate
    from db.roles import ensure_roles

    with psycopg.connect(other_server.owner_url) as conn:
        ensure_roles(conn, passwords)
    migrate(other_server.owner_url)
    settings = make_settings(tmp_path, other_server.owner_url, passwords)
    with serving(build_app(settings)) as address, client_of(settings, address) as client:
        document = post(client, valid_pdf()).json()
        events = []
        listener = threading.Thread(target=listen, args=(client, document["events_url"], events))
        listener.start()
        while not events:
            time.sleep(0.02)
        other_server.stop()
        for answer in (client.get("/documents"), post(client, valid_pdf())):
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert int(answer.headers["retry-after"]) > 0
        assert client.get("/readyz").json()["database"]["ready"] is False
        assert client.get("/healthz").status_code == 200
        other_server.start()
        client.post(f"{document['status_url']}/cancel")
        listener.join(timeout=20)
        assert events[:2] == ["snapshot", "problem"]  # said once, however long it takes
        assert set(events[2:-1]) == {"progress"}
        assert events[-1] == "end"


def listen(client, path, events):
    with client.stream("GET", path) as answer:
        for line in answer.iter_lines():
            if line.startswith("event: "):
                events.append(line.removeprefix("event: "))


def test_an_api_without_a_secret_does_not_start(owner_url, passwords, tmp_path):
    settings = make_settings(tmp_path, owner_url, passwords).model_copy(update={"jwt_secret": None})
    from starlette.testclient import TestClient

    from cluster.access.tokens import SecretMissing

    with pytest.raises(SecretMissing), TestClient(build_app(settings)):
        pass


def test_what_a_dead_process_left_is_swept_at_the_start(owner_url, passwords, tmp_path):
    import os

    uploads = tmp_path / "uploads"
    uploads.mkdir()
    old, new = uploads / "old.part", uploads / "new.part"
    old.write_bytes(b"%PDF")
    new.write_bytes(b"%PDF")
    os.utime(old, (0, 0))
    settings = make_settings(tmp_path, owner_url, passwords)
    with serving(build_app(settings)) as address:
        assert httpx.get(f"{address}/healthz").status_code == 200
        assert list(uploads.iterdir()) == [new]

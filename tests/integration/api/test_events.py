"""The stream of a document's progress: a snapshot, then every change, then the end."""

import json
import threading
import time

import pytest

from db import document_claims, progress
from db.document_actions import delete_document
from tests.integration.api import situations


class Listener:
    """Reads a stream in a thread of its own, as a browser does."""

    def __init__(self, client, document_id):
        self.events = []
        self._client = client
        self._path = f"/documents/{document_id}/events"
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        with self._client.stream("GET", self._path) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            kind = None
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.events.append((kind, json.loads(line.removeprefix("data: "))))

    def wait_for(self, number, seconds=10):
        deadline = time.monotonic() + seconds
        while len(self.events) < number:
            assert time.monotonic() < deadline, self.events
            time.sleep(0.02)
        return self.events[number - 1]

    def wait_for_end(self):
        self._thread.join(timeout=10)
        assert not self._thread.is_alive()
        return [kind for kind, _ in self.events]


@pytest.fixture
def running(pipeline):
    with pipeline.transaction() as conn:
        document = situations.claimed(conn)
        progress.update_progress(conn, document.id, "extraction", total=4, completed=1)
        return document


def test_a_snapshot_then_every_change_then_the_end(client, pipeline, running):
    listener = Listener(client, running.id)
    kind, first = listener.wait_for(1)
    assert (kind, first["status"], first["stages"][0]["completed"]) == ("snapshot", "processing", 1)
    with pipeline.transaction() as conn:
        progress.update_progress(conn, running.id, "extraction", total=4, completed=2)
    start = time.monotonic()
    kind, second = listener.wait_for(2)
    assert time.monotonic() - start < 2.0
    assert (kind, second["stages"][0]["completed"]) == ("progress", 2)
    assert second["progress"] > first["progress"]
    with pipeline.transaction() as conn:
        document_claims.finish_document(conn, running.id, running.fence, "completed")
    assert listener.wait_for_end() == ["snapshot", "progress", "progress", "end"]
    assert listener.events[-1][1]["status"] == "completed"


def test_nothing_is_sent_while_nothing_changes(client, pipeline, running):
    listener = Listener(client, running.id)
    listener.wait_for(1)
    with pipeline.transaction() as conn:
        document_claims.renew_document(conn, running.id, running.fence, 30.0)
    time.sleep(1.5)
    assert len(listener.events) == 1
    with pipeline.transaction() as conn:
        delete_document(conn, running.id, "tester")
    assert listener.wait_for_end() == ["snapshot", "problem"]
    assert listener.events[-1][1]["code"] == "document_not_found"


def test_the_stream_of_an_ended_document_ends_at_once(client, pipeline):
    with pipeline.transaction() as conn:
        document = situations.failed(conn)
    listener = Listener(client, document.id)
    assert listener.wait_for_end() == ["snapshot", "end"]
    assert listener.events[0][1]["error_code"] == "document_broken"


def test_a_listener_that_goes_away_frees_its_place(client, app, running):
    with client.stream("GET", f"/documents/{running.id}/events") as answer:
        lines = answer.iter_lines()  # kept: httpx ends the stream with its iterator
        next(lines)
        assert len(app.state.services.open_streams) == 1
    deadline = time.monotonic() + 10
    while app.state.services.open_streams and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not app.state.services.open_streams


def test_uploads_are_answered_while_many_listen(client, pipeline, running, upload):
    listeners = [Listener(client, running.id) for _ in range(20)]
    for listener in listeners:
        listener.wait_for(1)
    start = time.perf_counter()
    answer = upload()
    assert answer.status_code == 202
    assert time.perf_counter() - start < 1.0
    with pipeline.transaction() as conn:
        document_claims.finish_document(conn, running.id, running.fence, "completed")
    assert [listener.wait_for_end() for listener in listeners] == [["snapshot", "progress", "end"]] * 20

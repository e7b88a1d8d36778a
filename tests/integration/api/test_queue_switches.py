"""Pausing and resuming queues, over HTTP and on the command line."""

import json

import pytest


@pytest.fixture(autouse=True)
def all_run_again(client):
    yield
    for name in ("documents", "image", "ai"):
        client.post(f"/queues/{name}/resume")


def test_a_queue_is_paused_and_resumed_by_name(client, admin_client):
    answer = client.post("/queues/image/pause")
    assert answer.status_code == 200
    assert answer.json()["paused"] and answer.json()["changed_by"] == "service tester"
    stands = {switch["queue"]: switch["paused"] for switch in admin_client.get("/queues").json()}
    assert stands == {"documents": False, "image": True, "ai": False}
    assert admin_client.post("/queues/image/resume").json()["paused"] is False


def test_a_queue_of_another_name_is_refused(client):
    assert client.post("/queues/videos/pause").status_code == 422


def test_nobody_pauses_without_a_token(anonymous):
    assert anonymous.post("/queues/ai/pause").status_code == 401
    assert anonymous.get("/queues").status_code == 401


def test_the_trail_says_who_and_when(client, admin_client, pipeline):
    client.post("/queues/ai/pause")
    admin_client.post("/queues/ai/resume")
    with pipeline.transaction() as conn:
        rows = conn.execute(
            """select actor, action, now() - at < interval '1 minute' from audit_log
               where detail = '{"queue": "ai"}' order by id desc limit 2"""
        ).fetchall()
    assert rows == [("admin tester", "resume", True), ("service tester", "pause", True)]


def test_the_command_line_pauses_resumes_and_tells(quarry):
    code, out, _ = quarry("queue", "pause", "documents")
    assert code == 0
    assert "documents: paused since" in out and "by command line" in out
    _, out, _ = quarry("queue", "status")
    assert [line.split()[1] for line in out.splitlines()] == ["paused", "running", "running"]
    _, out, _ = quarry("queue", "status", "--json")
    assert json.loads(out)[0]["paused"] is True
    _, out, _ = quarry("queue", "resume", "documents")
    assert "documents: running since" in out


def test_a_wrong_name_on_the_command_line_is_wrong_use(quarry):
    code, _, err = quarry("queue", "pause", "videos")
    assert code == 2
    assert "documents, image, ai" in err

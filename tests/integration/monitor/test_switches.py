"""Pausing a queue in the monitor: the button asks a real API, and the page says so until it is resumed."""

from db.queue_switches import pause_queue, queue_switches
from tests.integration.monitor.conftest import forget_caches


def test_a_button_pauses_a_queue_and_resumes_it(monitor, api, service):
    text = monitor.open("queues").press("Pause the image queue").text
    assert "The image queue is paused, since" in text and "by monitor." in text
    with service.transaction() as conn:
        assert queue_switches(conn)["image"].paused
    assert "The image queue is paused" in monitor.open().text, "the first page says it as well"
    text = monitor.open("queues").press("Resume the image queue").text
    assert "is paused" not in text
    with service.transaction() as conn:
        assert not queue_switches(conn)["image"].paused
        trail = conn.execute("select actor, action from audit_log order by id").fetchall()
    assert trail == [("monitor", "pause"), ("monitor", "resume")]


def test_who_paused_it_elsewhere_is_named(monitor, service):
    with service.transaction() as conn:
        pause_queue(conn, "documents", "maria")
    for page in ("", "queues"):
        text = monitor.open(page).text
        assert "The queue of documents is paused, since" in text
        assert "by maria. No pending document is started; those in work go on." in text


def test_an_api_that_is_away_is_said_to_be_away(monitor, service, monkeypatch):
    monkeypatch.setenv("QUARRY_API_PORT", "1")
    monkeypatch.setenv("QUARRY_MONITOR_TOKEN", "any")
    forget_caches()
    text = monitor.open("queues").press("Pause the AI queue").text
    assert "Pausing the AI queue did not work. The API does not answer at http://127.0.0.1:1" in text
    with service.transaction() as conn:
        assert not queue_switches(conn)["ai"].paused


def test_without_a_token_the_button_says_what_to_do(monitor):
    assert "Start it with `quarry up`" in monitor.open("queues").press("Pause the queue of documents").text

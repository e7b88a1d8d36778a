from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.integration.monitor import situations


def test_an_empty_database_says_how_to_upload(monitor):
    text = monitor.open().text
    assert "Nothing is being processed" in text
    assert "quarry ingest catalogue.pdf" in text
    assert "/documents/upload-async" in text
    assert "Success rate — nothing has ended yet" in text


@pytest.fixture
def busy(service, storage):
    """One document in the middle of its images, one that waits, one of each ending."""
    situations.completed_catalogue(service, storage, "Nordiche", ["Terra", "Alba"])
    situations.refused_document(service, "Secret prices", "The PDF asks for a password.")
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=10)
    situations.queue_images(held)
    situations.read_images(held, 12, failed=1)
    situations.waiting_document(service, "Barmin")
    return held


def test_totals_and_success_rate_count_every_document(monitor, busy):
    text = monitor.open().text
    assert "Processing 1 documents right now" in text
    assert "Pending 1 for a free place" in text
    assert "Completed 1 of 4 documents in all" in text
    assert "Failed 1 0 cancelled beside" in text
    assert "Success rate 50.0 % of 2 ended documents" in text


def test_queues_at_a_glance_are_those_of_the_whole_tables(monitor, busy):
    text = monitor.open().text
    # 12 images of the completed catalogue and 30 of the one on its way, of which 12 are read and 1 has failed.
    assert "Image queue 42 jobs in all Completed 24 Processing 0 Pending 17 Failed 1" in text
    assert "AI queue 6 jobs in all Completed 6 Processing 0 Pending 0 Failed 0" in text
    assert "Success rate 96.0 % of ended jobs" in text


def test_an_active_document_shows_its_stages_with_counts(monitor, busy):
    monitor.open()
    assert [link.label for link in monitor.app.main.page_link] == ["**Axpert Cera**", "**Barmin**"]
    text = monitor.text
    assert "28.7 %" in text, "20 for extraction, and 13 of 30 images of the 20 for images"
    assert "Extraction 10 / 10 pages done" in text
    assert "Images 13 / 30 images" in text
    assert "1 failed" in text
    assert "Chunking — not begun AI analysis — not begun Products — not begun" in text
    assert "waits for a free place" in text


def test_a_stage_that_has_just_begun_has_no_estimate(monitor, service, storage):
    held = situations.held_document(service, "Kjade")
    situations.extract(held, storage, pages=8, read=3)
    assert "Extraction 3 / 8 pages no rate yet, no estimate changed" in monitor.open().text


def test_a_refresh_shows_what_has_changed_since(monitor, service, storage):
    held = situations.held_document(service, "Kjade")
    situations.extract(held, storage, pages=8, read=3)
    assert "3 / 8 pages" in monitor.open().text
    situations.extract(held, storage, pages=8, read=5)
    monitor.app.sidebar.button[0].click()
    assert monitor.app.sidebar.button[0].label == "Refresh now"
    assert "5 / 8 pages" in monitor.refresh().text


def test_the_switch_stops_the_refreshing(monitor):
    assert "Live, read at" in monitor.open().text
    (switch,) = monitor.app.sidebar.toggle
    assert switch.label == "Refresh every 5 s"
    switch.set_value(False)
    assert "Paused, read at" in monitor.refresh().text


def test_the_sidebar_leads_to_rays_dashboard(monitor):
    monitor.open()
    links = {link.label: link.proto.page for link in monitor.app.sidebar.page_link}
    assert links["Ray dashboard"].endswith(":8102")
    assert links["API documentation"].endswith(":8100/docs")


def test_without_an_address_the_page_says_what_to_do(monitor, monkeypatch):
    monkeypatch.delenv("QUARRY_ADMIN_DATABASE_URL")
    text = monitor.open().text
    assert "The monitor has no database address" in text
    assert "quarry up" in text


def test_a_login_that_passes_by_the_policies_is_refused_by_name(monitor, monkeypatch, server, owner_url):
    superuser = urlsplit(server.superuser_url)._replace(path=urlsplit(owner_url).path)
    monkeypatch.setenv("QUARRY_ADMIN_DATABASE_URL", urlunsplit(superuser))
    text = monitor.open().text
    assert "The monitor may not read the database." in text
    assert "The login 'postgres' bypasses row-level security" in text

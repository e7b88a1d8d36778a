"""Searching in the monitor goes through a real API; without actors it searches by words and says so."""

from tests.integration.monitor import situations


def test_products_are_found_by_words(monitor, api, service, storage):
    situations.completed_catalogue(service, storage, "Nordiche", ["Crème", "Alba"])
    text = monitor.open("search").text
    assert "Nothing is asked yet" in text
    text = monitor.choose("text_input", "creme porcelain").text
    assert "2 products best first Crème TR-001 porcelain tile" in text, "both are porcelain, one has both words"
    assert "By words only." in text
    assert [link.label for link in monitor.app.main.page_link] == [r"**Nordiche, page 1**", r"**Nordiche, page 2**"]
    assert "Nothing fits" in monitor.choose("text_input", "chandelier").text


def test_without_an_api_the_reason_is_said(monitor):
    monitor.open("search")
    assert "The search did not work. The monitor has no token" in monitor.choose("text_input", "tile").text

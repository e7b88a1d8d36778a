"""The monitor as it is started for users, in a real browser: it refreshes by itself, and it asks nobody outside."""

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.integration.monitor import situations
from tests.integration.monitor.process import monitor_process

PATIENCE_MS = 60_000


@pytest.fixture
def address(admin_url, storage, tmp_path):
    """A monitor process over the test's database; its address."""
    with monitor_process(tmp_path, admin_url, storage) as address:
        yield address


@pytest.fixture
def page(browser, address):
    """A tab that notes what it asks other machines for, and what goes wrong in it."""
    tab = browser.new_page(viewport={"width": 1440, "height": 900})
    tab.set_default_timeout(PATIENCE_MS)
    elsewhere, failures = [], []
    tab.on("request", lambda request: elsewhere.append(request.url) if is_elsewhere(request.url) else None)
    tab.on("pageerror", lambda error: failures.append(str(error)))
    yield tab
    tab.close()
    assert elsewhere == []
    assert failures == []


def is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"


def test_numbers_change_by_themselves_every_five_seconds(page, address, service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=8, read=3)
    page.goto(address)
    page.get_by_text("3 / 8 pages").wait_for()
    situations.extract(held, storage, pages=8, read=6)
    changed = time.monotonic()
    page.get_by_text("6 / 8 pages").wait_for()
    assert time.monotonic() - changed < 20

    page.get_by_text("Refresh every 5 s").click()
    page.get_by_text("Paused, read at").wait_for()
    situations.extract(held, storage, pages=8, read=7)
    page.wait_for_timeout(7000)
    assert page.get_by_text("6 / 8 pages").is_visible(), "the switch is off"
    page.get_by_role("button", name="Refresh now").click()
    page.get_by_text("7 / 8 pages").wait_for()


def follow(page, name, place):
    """Click a link until its page is there: Streamlit drops a click on what it is just drawing anew."""
    for _ in range(5):
        page.get_by_role("link", name=name).click()
        try:
            page.wait_for_url(f"**{place}*", timeout=10_000)
        except PlaywrightTimeout:
            continue
        return
    page.wait_for_url(f"**{place}*")


def test_a_reader_goes_from_the_overview_to_the_evidence_of_a_product(page, address, service, storage):
    situations.completed_catalogue(service, storage, "Nordiche", ["Terra", "Alba"])
    page.goto(address)
    page.get_by_text("Nothing is being processed").wait_for()
    follow(page, "Documents", "/documents")
    follow(page, "Nordiche", "/document?id=")
    page.get_by_text("Uploaded by back-office").wait_for()
    page.get_by_text("Alba", exact=True).first.click()
    page.get_by_text("two sizes are printed beside this name").wait_for()
    page.wait_for_function("document.querySelector('img[alt$=\"with evidence\"]')?.naturalWidth === 900")
    page.get_by_text("Images", exact=True).last.click()
    page.get_by_text("12 images").last.wait_for()
    assert "view=Images" in page.url
    page.reload()
    page.get_by_text("CLIP model missing").first.wait_for()
    page.get_by_role("link", name="All documents").click()
    page.get_by_text("1 document", exact=True).wait_for()
    assert page.url.endswith("/documents")

"""The monitor that `quarry run` started, in a real browser, over what the pipeline has really found."""

import pytest

from samples.catalogue import SAMPLE_OCR_WORDS

PATIENCE_MS = 60_000


@pytest.fixture
def tab(browser, client):
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.close()


@pytest.fixture
def monitor(checkout):
    return f"http://127.0.0.1:{checkout.variables['QUARRY_MONITOR_PORT']}"


def test_the_sample_is_found_by_its_name_and_shows_its_products(tab, monitor, client, sample_id):
    title = client.get(f"/documents/{sample_id}")["title"]
    tab.goto(f"{monitor}/documents")
    # Other tests upload the sample as well, so its title alone does not say which.
    tab.get_by_role("link", name=title, exact=True).and_(tab.locator(f'a[href$="{sample_id}"]')).click()
    products = client.all(sample_id, "products")
    tab.get_by_text(f"{len(products)} products", exact=True).wait_for()
    tab.get_by_text("100.0 %").wait_for()  # the list, which is left by now, says so of others
    names = tab.get_by_role("radiogroup", name="Product", exact=True).inner_text().casefold()
    assert [product["name"] for product in products if product["name"].casefold() not in names] == []
    assert f"{len(products)} / {len(products)} products" in tab.inner_text("body")


def test_the_evidence_of_a_product_is_drawn_over_its_page(tab, monitor, client, sample_id):
    product = next(product for product in client.all(sample_id, "products") if product["code"])
    tab.goto(f"{monitor}/document?id={sample_id}&product={product['name']}")
    tab.get_by_role("heading", name=product["name"]).wait_for()
    tab.wait_for_function("document.querySelector('img[alt$=\"with evidence\"]')?.naturalWidth === 900")
    table = tab.get_by_role("table").inner_text()
    assert product["name"] in table
    assert product["code"] in table


def test_the_words_that_ocr_read_stand_below_their_image(tab, monitor, sample_id):
    tab.goto(f"{monitor}/document?id={sample_id}&view=Images")
    tab.get_by_text("Text read").first.wait_for()
    shown = tab.inner_text("body").casefold()
    assert [word for word in SAMPLE_OCR_WORDS if word.casefold() not in shown] == []

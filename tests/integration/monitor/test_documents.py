from uuid import uuid4

import pytest

from db.products import list_products
from tests.integration.monitor import situations


def titles(monitor):
    return [link.label.strip("*") for link in monitor.app.main.page_link]


@pytest.fixture
def three(service, storage):
    situations.completed_catalogue(service, storage, "Nordiche", ["Terra", "Alba"])
    situations.refused_document(service, "Secret prices", "The PDF asks for a password.")
    situations.waiting_document(service, "Barmin", filename="price-list.pdf")


def test_the_list_shows_all_newest_first(monitor, three):
    text = monitor.open("documents").text
    assert "3 documents" in text
    assert titles(monitor) == ["Barmin", "Secret prices", "Nordiche"]
    assert "12 images 2 chunks 2 products" in text
    assert "The PDF asks for a password." in text


def test_the_list_is_filtered_by_state_and_words(monitor, three):
    monitor.open("documents")
    assert titles(monitor.choose("segmented_control", "failed")) == ["Secret prices"]
    monitor.choose("segmented_control", "All")
    assert titles(monitor.choose("text_input", "PRICE-LIST")) == ["Barmin"]
    assert "No document fits" in monitor.choose("text_input", "nothing of that kind").text


def test_an_empty_list_says_how_to_upload(monitor):
    assert "No document has been uploaded yet" in monitor.open("documents").text


def test_a_long_list_is_read_page_by_page(monitor, service):
    for number in range(27):
        situations.waiting_document(service, f"Catalogue {number:02d}")
    monitor.open("documents")
    assert len(titles(monitor)) == 25
    monitor.app.main.button(key="documents-next").click()
    monitor.refresh()
    assert titles(monitor) == ["Catalogue 01", "Catalogue 00"]


def test_a_title_stays_text(monitor, service):
    situations.waiting_document(service, "**Bold** [x](http://evil) <b>tag</b>")
    monitor.open("documents")
    (title,) = titles(monitor)
    assert title == r"\*\*Bold\*\* \[x\]\(http\://evil\) \<b\>tag\</b\>"
    assert "<b>tag" not in monitor.html


# ---- one document


@pytest.fixture
def nordiche(service, storage):
    return situations.completed_catalogue(service, storage, "Nordiche", ["Terra", "Alba", "Terra"[::-1].title()])


def view(monitor, held, name):
    monitor.open("document", id=str(held.id), view=name)
    return monitor


def test_a_document_opens_by_its_address(monitor, nordiche):
    text = monitor.open("document", id=str(nordiche.id)).text
    assert "Nordiche Uploaded by back-office" in text
    assert "Completed 100.0 %" in text
    assert "Images 12 / 12 images done" in text
    assert f"Document {nordiche.id}" in text
    assert "Attempt 1 of 4" in text


def test_an_unknown_document_is_said_to_be_unknown(monitor):
    assert "There is no such document" in monitor.open("document", id=str(uuid4())).text


def test_an_address_that_is_no_id_leads_to_the_list(monitor, three):
    assert "No document is chosen" in monitor.open("document", id="../../etc/passwd").text


def test_products_show_fields_evidence_and_linked_images(monitor, nordiche):
    text = view(monitor, nordiche, "Products").text
    assert "3 products" in text
    (choice,) = monitor.app.main.radio
    assert choice.options == ["Terra", "Alba", "Arret"]
    assert "Terra 91 % sure" in text
    assert "Code TR-001" in text
    assert "Size 60 x 120 cm (1200 x 600 mm)" in text
    assert "1 Name Terra Terra 1 text layer 94 %" in text
    assert "3 Primary color Visual properties beige BEIGE 1 OCR 94 %" in text
    assert "the name stands right below this picture Page 1 · 88 % sure" in text


def test_the_chosen_product_is_shown_with_the_reasons_for_a_review(monitor, nordiche, service):
    view(monitor, nordiche, "Products")
    with service.transaction() as conn:
        alba = next(product for product in list_products(conn, nordiche.id)[0] if product.name == "Alba")
    text = monitor.choose("radio", str(alba.id)).text
    assert "Alba To be reviewed 91 % sure" in text
    assert "two sizes are printed beside this name" in text


def test_evidence_is_drawn_over_the_page(monitor, nordiche, storage):
    view(monitor, nordiche, "Products")
    page, linked = monitor.app.main.image
    assert page.proto.imgs[0].caption == "Page 1"
    assert page.proto.imgs[0].alt == "Page 1 with evidence"
    assert linked.proto.imgs[0].alt == "the name stands right below this picture"


def test_products_of_one_name_can_both_be_chosen(monitor, service, storage):
    held = situations.held_document(service, "Twins")
    situations.extract(held, storage, pages=4)
    situations.make_products(held, ["Terra", "Terra"])
    view(monitor, held, "Products")
    assert monitor.app.main.radio[0].options == [r"Terra \(1\)", r"Terra \(2\)"]


def test_pages_show_thumbnails_and_what_could_not_be_read(monitor, service, storage):
    held = situations.held_document(service, "Broken")
    situations.extract(held, storage, pages=3)
    situations.fail_page(held, 4, "Reading the page took longer than 60 s.")
    text = view(monitor, held, "Pages").text
    assert len(monitor.app.main.image) == 3
    assert "Page 1 Text layer 2 images too small to hold anything" in text
    assert "Page 4 Failed Reading the page took longer than 60 s." in text
    assert "no thumbnail" in text


def test_images_show_what_was_read_and_whether_they_have_a_vector(monitor, service, storage):
    held = situations.held_document(service, "Axpert")
    situations.extract(held, storage, pages=2, images_a_page=1)
    situations.queue_images(held)
    situations.read_images(held, 1)
    text = view(monitor, held, "Images").text
    assert "2 images" in text
    assert "Text read CLIP model missing Page 1 · 240 x 160 px · OCR 93 % sure TERRA 60x120" in text
    assert "OCR pending Vector pending Page 2 · 240 x 160 px" in text


def test_a_picture_that_the_file_store_has_lost_is_said_to_be_lost(monitor, nordiche, storage, service):
    for image in situations.images_of(nordiche):
        storage.delete(image.storage_key)
    assert "the file store does not hold this picture" in view(monitor, nordiche, "Images").text


def test_chunks_show_their_place_and_text(monitor, nordiche):
    text = view(monitor, nordiche, "Chunks").text
    assert "3 chunks in reading order" in text
    assert "Porcelain / Indoor Page 1 Text text layer no vector Terra porcelain tile 60 x 120 cm, matt" in text


def test_warnings_and_errors_of_a_document_stand_at_its_head(monitor, service, storage):
    held = situations.held_document(service, "Regalith")
    situations.warn(held, "clip_model_missing", "12 images have no vector; run: quarry backfill clip")
    assert (
        "CLIP model missing. 12 images have no vector; run: quarry backfill clip" in view(monitor, held, "Pages").text
    )
    refused = situations.refused_document(service, "Secret", "The PDF asks for a password.")
    text = view(type(monitor)(), refused, "Errors").text
    assert "Attempt 1 of 4: document_encrypted. The PDF asks for a password." in text


@pytest.mark.parametrize("name", ["Products", "Pages", "Images", "Chunks", "Errors"])
def test_every_view_of_an_untouched_document_says_what_will_come(monitor, service, name):
    document = situations.waiting_document(service, "Barmin")
    text = monitor.open("document", id=str(document.id), view=name).text
    assert text.count(" yet") + text.count("No error") + text.count("No image") >= 1

"""Reviewing products in the monitor: the buttons and the form ask a real API, and the next product comes up."""

import pytest

from db.products import list_products
from tests.integration.monitor import situations


@pytest.fixture
def doubtful(service, storage):
    """Two documents; the second product of each is doubtful."""
    situations.completed_catalogue(service, storage, "Nordiche", ["Terra", "Alba"])
    return situations.completed_catalogue(service, storage, "Axpert", ["Luna", "Onice", "Perla"])


def product(service, name):
    with service.transaction() as conn:
        return next(product for product in list_products(conn)[0] if product.name == name)


def test_all_that_is_doubtful_waits_on_one_page(monitor, doubtful):
    text = monitor.open("review").text
    assert "2 products to review" in text
    assert monitor.app.main.radio[0].options == ["Onice", "Alba"], "those of the newest document first"
    assert "Onice To be reviewed 91 % sure" in text
    assert "two sizes are printed beside this name" in text
    (page, *_) = monitor.app.main.image
    assert page.proto.imgs[0].alt == "Page 2 with evidence"


def test_the_fields_stand_beside_the_page_with_the_numbers_of_their_boxes(monitor, doubtful):
    typed = {field.label: field.value for field in monitor.open("review").app.main.text_input}
    assert typed == {
        "Name :blue-badge[1]": "Onice", "Code": "TR-002", "Type": "porcelain tile",
        "Size, as printed :blue-badge[2]": "60 x 120 cm", "Finish :blue-badge[2]": "matt",
        "Colours": "beige", "Materials": "porcelain",
    }  # fmt: skip


def test_accepting_and_rejecting_bring_up_the_next(monitor, api, doubtful, service):
    monitor.open("review").press("Accept")
    assert (product(service, "Onice").review_state, product(service, "Onice").reviewed_by) == ("accepted", "monitor")
    assert "1 product to review" in monitor.text and "Alba To be reviewed" in monitor.text
    assert "Nothing waits for a review" in monitor.press("Reject").text
    assert product(service, "Alba").review_state == "rejected"


def test_what_is_typed_is_stored_and_shown_as_a_persons(monitor, api, doubtful, service):
    monitor.open("document", id=str(doubtful.id), view="Products").choose("radio", str(product(service, "Onice").id))
    (name,) = [field for field in monitor.app.main.text_input if field.label.startswith("Name")]
    (size,) = [field for field in monitor.app.main.text_input if field.label.startswith("Size")]
    name.input("Onice Bianco")
    size.input("30 x 60 cm")
    text = monitor.press("Save corrections").text
    assert "Onice Bianco Corrected 91 % sure by monitor" in text
    assert "Size 30 x 60 cm (300 x 600 mm)" in text
    assert "1 Name Onice Bianco Onice Bianco 2 a person 100 %" in text
    stored = product(service, "Onice Bianco")
    assert (stored.finish, stored.code, stored.colours) == ("matt", "TR-002", ["beige"]), "what was not typed stays"
    with service.transaction() as conn:
        query = "select detail ->> 'field' from audit_log where action = 'correct_product' order by id"
        assert [field for (field,) in conn.execute(query)] == ["name", "dimensions"]


def test_what_cannot_be_read_as_a_size_is_said(monitor, api, doubtful, service):
    monitor.open("review")
    (size,) = [field for field in monitor.app.main.text_input if field.label.startswith("Size")]
    size.input("big")
    text = monitor.press("Save corrections").text
    assert "Correcting Onice did not work. body.dimensions: No size can be read in 'big'" in text
    assert product(service, "Onice").review_state == "open"


def test_one_document_alone_can_be_looked_through(monitor, doubtful):
    assert "1 product to review" in monitor.open("review", document=str(doubtful.id)).text
    assert monitor.app.main.radio[0].options == ["Onice"]
    assert "2 products to review" in monitor.press("Products of all documents").text


def test_decisions_without_a_product_are_shown_and_forgotten(monitor, api, doubtful, service):
    def titles():
        return [section.label for section in monitor.app.main.expander]

    monitor.open("review", document=str(doubtful.id)).press("Reject")
    monitor.open("document", id=str(doubtful.id))
    assert titles() == ["Details"]
    with service.transaction() as conn:
        conn.execute("update products set identity_key = identity_key || '|new'")
    text = monitor.open("document", id=str(doubtful.id)).text
    assert titles() == ["Details", "1 decision of reviewers without a product"]
    assert "Rejected Product onice, tr-2, 60x120, matt By monitor" in text
    monitor.press("Forget")
    assert titles() == ["Details"]
    with service.transaction() as conn:
        assert conn.execute("select count(*) from product_reviews").fetchone() == (0,)


def test_nothing_doubtful_is_said(monitor):
    assert "Nothing waits for a review" in monitor.open("review").text

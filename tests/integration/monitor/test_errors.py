import pytest

from tests.integration.monitor import situations


@pytest.fixture
def mishaps(service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=2, images_a_page=1)
    situations.queue_images(held)
    situations.fail_image_job(held, times=4, error="The image file is truncated <17 bytes>\nand its tail is gone")
    situations.fail_image_job(held, times=1, error="Out of memory")
    situations.fail_page(held, 3, "Reading the page took longer than 60 s.")
    situations.refused_document(service, "Secret prices", "The PDF asks for a password.")


def rows(monitor):
    return monitor.html.count("<tr>") - 1


def test_every_attempt_is_listed_with_its_whole_message(monitor, mishaps):
    text = monitor.open("errors").text
    assert rows(monitor) == 7
    for attempt in (1, 2, 3):
        assert f"attempt {attempt} of 4 Tried again The image file is truncated <17 bytes> and its tail" in text
    assert "attempt 4 of 4 Gave up The image file is truncated <17 bytes> and its tail is gone, try 4" in text
    assert "attempt 1 of 4 Gave up document_encrypted The PDF asks for a password." in text
    assert "page 3 not tried again Gave up page_failed Reading the page took longer than 60 s." in text
    assert "<17 bytes>" not in monitor.html


def test_the_log_is_filtered_in_the_database(monitor, mishaps):
    monitor.open("errors")
    assert rows(monitor.choose("segmented_control", "image")) == 5
    assert rows(monitor.choose("toggle", True)) == 1
    assert rows(monitor.choose("segmented_control", "All")) == 3
    monitor.choose("toggle", False)
    assert rows(monitor.choose("text_input", "TRUNCATED")) == 4
    assert "No error fits" in monitor.choose("text_input", "no such message").text


def test_a_line_leads_to_the_errors_of_its_document(monitor, mishaps):
    monitor.open("errors")
    assert "&view=Errors" in monitor.html
    assert 'href="document?id=' in monitor.html


def test_a_long_log_is_turned_page_by_page(monitor, service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=15, images_a_page=1)
    situations.queue_images(held)
    for _ in range(14):
        situations.fail_image_job(held, times=4)
    monitor.open("errors")
    assert rows(monitor) == 50
    monitor.app.main.button(key="errors-next").click()
    assert "Page 2" in monitor.refresh().text
    assert rows(monitor) == 6
    assert monitor.app.main.button(key="errors-next").disabled


def test_without_errors_the_page_says_so(monitor):
    assert "No error Every attempt that fails is kept here" in monitor.open("errors").text

from tests.integration.monitor import situations


def test_both_queues_show_states_speed_and_success(monitor, service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=5, images_a_page=2)
    situations.queue_images(held)
    situations.read_images(held, 3, failed=1)
    situations.cut_chunks(held, ["one", "two"])
    situations.analyse(held, 4)
    text = monitor.open("queues").text
    assert "Image queue 10 jobs in all Completed 3 Processing 0 Pending 6 Failed 1" in text
    assert "AI queue 6 jobs in all Completed 4 Processing 0 Pending 2 Failed 0" in text
    assert "Success rate 75.0 % of ended jobs" in text
    assert "Average time" in text


def test_recent_jobs_say_which_attempt_it_is_and_what_went_wrong(monitor, service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=2, images_a_page=1)
    situations.queue_images(held)
    situations.fail_image_job(held, times=4, error="The image file is truncated")
    situations.fail_image_job(held, times=2, error="Out of memory")
    text = monitor.open("queues").text
    failed = "Failed Axpert Cera image on page 1 attempt 4 of 4"
    waiting = "Pending Axpert Cera image on page 2 attempt 2 of 4"
    assert failed in text
    assert "The image file is truncated, try 4" in text
    assert waiting in text
    assert "Out of memory, try 2" in text
    assert text.index(waiting) < text.index(failed), "the newest comes first"


def test_jobs_of_analyses_name_chunk_and_analysis(monitor, service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=1, images_a_page=0)
    situations.cut_chunks(held, ["one"])
    situations.analyse(held, 1)
    text = monitor.open("queues").text
    assert "Completed Axpert Cera chunk 0 on page 1 Classification attempt 1 of 4" in text
    assert "Pending Axpert Cera chunk 0 on page 1 Metadata not tried yet" in text


def test_the_chart_holds_the_jobs_of_the_running_minute(monitor, service, storage):
    situations.completed_catalogue(service, storage, "Nordiche", ["Terra"])
    monitor.open("queues")
    charts = monitor.app.main.get("vega_lite_chart") + monitor.app.main.get("arrow_vega_lite_chart")
    assert len(charts) == 2


def test_a_job_that_was_cancelled_is_shown_as_such(monitor, service, storage):
    held = situations.held_document(service, "Axpert Cera")
    situations.extract(held, storage, pages=2, images_a_page=1)
    situations.queue_images(held)
    situations.finish(held, "cancelled")
    text = monitor.open("queues").text
    assert "Pending 0 Failed 0 Cancelled 2" in text


def test_empty_queues_say_when_jobs_appear(monitor):
    text = monitor.open("queues").text
    assert text.count("No job yet") == 2
    assert "Oldest pending — since it was queued" in text

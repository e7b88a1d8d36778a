import random
from uuid import uuid4

import pytest

from db.document_claims import finish_document, set_page_count
from db.documents import get_document
from db.progress import STAGE_RANGES, count_open_pages, known_share, update_progress
from tests.integration import factories


def stage_row(conn, stage):
    query = (
        "select progress, total_items, completed_items, current_item_id, metadata from job_progress where stage = %s"
    )
    return conn.execute(query, [stage]).fetchone()


def test_the_ranges_cover_everything_once():
    reached = 0
    for start, width in STAGE_RANGES.values():
        assert start == reached
        reached += width
    assert reached == 100


def test_the_example_of_the_design(service, claimed_document):
    with service.transaction() as conn:
        assert update_progress(conn, claimed_document.id, "extraction", total=71, completed=71) == 20
        overall = update_progress(conn, claimed_document.id, "image_processing", total=215, completed=50)
        assert overall == 24.65
        assert get_document(conn, claimed_document.id).progress == 24.65
        assert stage_row(conn, "image_processing")[:3] == (23, 215, 50)


def test_overall_progress_is_the_sum_over_stages_that_overlap(service, claimed_document):
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "chunking", total=10, completed=5)
        update_progress(conn, claimed_document.id, "extraction", total=4, completed=3)
        assert update_progress(conn, claimed_document.id, "ai_analysis", total=3, completed=1) == 10 + 15 + 10


def test_all_stages_done_is_a_hundred(service, claimed_document):
    with service.transaction() as conn:
        for stage in STAGE_RANGES:
            overall = update_progress(conn, claimed_document.id, stage, total=3, completed=3)
    assert overall == 100


def test_a_stage_with_nothing_to_do_is_complete(service, claimed_document):
    with service.transaction() as conn:
        assert update_progress(conn, claimed_document.id, "image_processing", total=0, completed=0) == 20
        assert stage_row(conn, "image_processing")[:3] == (100, 0, 0)


def test_a_message_that_arrives_late_changes_nothing(service, claimed_document):
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "extraction", total=10, completed=8, failed=2)
        assert update_progress(conn, claimed_document.id, "extraction", total=10, completed=3, failed=1) == 16
        assert stage_row(conn, "extraction")[:3] == (80, 10, 8)
        assert stage_row(conn, "extraction")[4]["failed"] == 2


def test_a_total_that_grows_does_not_turn_the_bar_back(service, claimed_document):
    with service.transaction() as conn:
        before = update_progress(conn, claimed_document.id, "image_processing", total=10, completed=9)
        after = update_progress(conn, claimed_document.id, "image_processing", total=40, completed=10)
        assert after == before == 18
        assert stage_row(conn, "image_processing")[:3] == (90, 40, 10)


def test_whatever_comes_in_whatever_order_progress_never_falls(service, claimed_document):
    dice = random.Random(7)
    seen = [0.0]
    with service.transaction() as conn:
        for _ in range(200):
            total = dice.randint(0, 30)
            overall = update_progress(
                conn,
                claimed_document.id,
                dice.choice(list(STAGE_RANGES)),
                total=total,
                completed=dice.randint(-1, total + 3),
            )
            assert seen[-1] <= overall <= 100
            seen.append(overall)


def test_the_last_item_is_kept_for_people_to_read(service, claimed_document):
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "extraction", total=4, completed=1, current_item_id="page 1")
        update_progress(conn, claimed_document.id, "extraction", total=4, completed=2)
        assert stage_row(conn, "extraction")[3] == "page 1"


@pytest.mark.parametrize("state", ["pending", "ended", "gone"])
def test_a_document_that_is_not_processed_makes_no_progress(service, pending_document, state):
    document_id = uuid4() if state == "gone" else pending_document.id
    with service.transaction() as conn:
        if state == "ended":
            from tests.integration.factories import claim_document

            finish_document(conn, document_id, claim_document(conn).fence, "cancelled")
        assert update_progress(conn, document_id, "extraction", total=2, completed=1) is None
        assert conn.execute("select count(*) from job_progress").fetchone() == (0,)


def test_the_rate_is_that_of_the_last_minute(service, claimed_document):
    """Marks move on every half minute, so what happened an hour ago does not weigh."""
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "extraction", total=1000, completed=10)
        conn.execute("""
            update job_progress
            set metadata = jsonb_set(metadata, '{mark,at}', to_jsonb(now() - interval '40 seconds'))""")
        update_progress(conn, claimed_document.id, "extraction", total=1000, completed=90)
        marks = stage_row(conn, "extraction")[4]
    assert marks["previous"]["completed"] == 10 and marks["mark"]["completed"] == 90


def test_while_a_stage_brings_the_next_ones_items_about_those_to_come_are_reckoned_with(service, claimed_document):
    """Two of four pages are read and the three images on them are done: that is half of the images' stage, not all."""
    with service.transaction() as conn:
        update_progress(conn, claimed_document.id, "extraction", total=4, completed=2)
        known = known_share(conn, claimed_document.id, "image_processing")
        assert update_progress(conn, claimed_document.id, "image_processing", total=3, completed=3, known=known) == 20
        assert stage_row(conn, "image_processing")[:3] == (50, 3, 3)
        update_progress(conn, claimed_document.id, "extraction", total=4, completed=4)
        known = known_share(conn, claimed_document.id, "image_processing")
        overall = update_progress(conn, claimed_document.id, "image_processing", total=8, completed=4, known=known)
        assert (known, overall) == (1.0, 30)
        assert stage_row(conn, "image_processing")[:3] == (50, 8, 4)


def test_open_pages_are_those_that_documents_in_work_have_not_read(service):
    with service.transaction() as conn:
        first, second = factories.add_claimed_document(conn), factories.add_claimed_document(conn)
        factories.add_document(conn)
        assert count_open_pages(conn) == 2, "nobody has counted them yet"
        set_page_count(conn, first.id, first.fence, 30)
        assert count_open_pages(conn) == 31
        update_progress(conn, first.id, "extraction", total=30, completed=12)
        update_progress(conn, first.id, "image_processing", total=500, completed=0)
        update_progress(conn, second.id, "extraction", total=7, completed=7)
        assert count_open_pages(conn) == 18
        finish_document(conn, first.id, first.fence, "completed")
        assert count_open_pages(conn) == 0

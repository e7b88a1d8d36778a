from datetime import timedelta

import pytest

from db.job_recovery import cancel_jobs
from db.job_results import complete_image_jobs, mark_job_failed
from db.metrics import server_time
from db.throughput import ended_between, throughput
from tests.integration import factories
from tests.integration.factories import claim_images, image_completion


@pytest.mark.parametrize("name", ["image", "ai"])
def test_minutes_without_jobs_are_there_as_well(admin, name):
    with admin.transaction() as conn:
        points = throughput(conn, name, minutes=5)
        now = server_time(conn)
    assert [(point.completed, point.failed) for point in points] == [(0, 0)] * 5
    assert points[-1].minute == now.replace(second=0, microsecond=0)
    assert points[0].minute == points[-1].minute - timedelta(minutes=4)


def test_ended_jobs_count_in_the_minute_of_their_end(service, admin, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 6)
        first, second, third, old, retried = claim_images(conn, claimed_document, limit=5)
        complete_image_jobs(conn, [image_completion(job) for job in (first, second, old)])
        mark_job_failed(conn, "image", third.id, third.fence, "boom", permanent=True)
        mark_job_failed(conn, "image", retried.id, retried.fence, "boom")
        cancel_jobs(conn, claimed_document.id)
        back = "update image_processing_queue set completed_at = completed_at - %s where id = %s"
        conn.execute(back, [timedelta(minutes=2), second.id])
        conn.execute(back, [timedelta(hours=2), old.id])
        ended = [(point.completed, point.failed) for point in throughput(conn, "image", minutes=10)]
    assert ended == [(0, 0)] * 7 + [(1, 0), (0, 0), (1, 1)]


def test_each_ended_job_is_told_once_with_its_times(service, claimed_document):
    with service.transaction() as conn:
        before = server_time(conn) - timedelta(hours=1)
        factories.add_image_jobs(conn, claimed_document, 4)
        done, failed, retried = claim_images(conn, claimed_document, limit=3)
        complete_image_jobs(conn, [image_completion(done)])
        mark_job_failed(conn, "image", failed.id, failed.fence, "boom", permanent=True)
        mark_job_failed(conn, "image", retried.id, retried.fence, "boom")
        times = """update image_processing_queue
            set created_at = now() - interval '9 s', run_after = now() - interval '7 s',
                started_at = now() - interval '5 s', completed_at = now() - interval '1 s'
            where id = %s"""
        conn.execute(times, [done.id])
        now = server_time(conn)
        jobs = {job.status: job for job in ended_between(conn, "image", before, now)}
        assert set(jobs) == {"completed", "failed"}
        completed = jobs["completed"]
        assert (completed.attempts, completed.waited_s, completed.ran_s) == (1, pytest.approx(2), pytest.approx(4))
        middle = now - timedelta(milliseconds=500)
        assert [job.status for job in ended_between(conn, "image", before, middle)] == ["completed"]
        assert [job.status for job in ended_between(conn, "image", middle, now)] == ["failed"]

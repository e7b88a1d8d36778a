from datetime import timedelta

import pytest

from db.job_recovery import cancel_jobs
from db.job_results import complete_image_jobs, mark_job_failed
from db.metrics import server_time
from db.throughput import throughput
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

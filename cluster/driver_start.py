"""What a driver's process begins with: it gives way, and only then imports what drives a document.

Imports little itself: Ray imports this module in every such process before the first line of it can run.
"""

from cluster.host.process_start import give_way
from cluster.settings import Settings

NICENESS = 5
"""Behind the API: drivers begin just when uploads come, and each takes a second of processor time to do so. Before the
models, which wait for what drivers send."""


def start_driving(document_id: str, worker: str, fence: int, settings: Settings) -> str:
    """`cluster.driver.drive`, in a process that has given way."""
    give_way(NICENESS)
    from cluster.driver import drive

    return drive(document_id, worker, fence, settings)

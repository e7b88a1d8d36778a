"""What a process of the pipeline does first: it says what it is for, where its log goes, and who goes before it."""

import os
import threading

from cluster.host.duties import note_duty
from cluster.host.logs import configure_logs
from cluster.settings import Settings


def begin_process(settings: Settings, duty: str) -> None:
    """This process does `duty` ("ocr-0", "progress", "serve replica") from now on, until it ends."""
    configure_logs(settings, duty)
    note_duty(settings.root, duty)


def give_way(niceness: int) -> None:
    """Let the API, the supervisor and the progress actor go first on this process's cores.

    For the thread that calls and those that it starts: Linux counts niceness by thread, and Ray runs batches in another
    thread than the constructor.
    """
    thread = threading.get_native_id()
    if os.getpriority(os.PRIO_PROCESS, thread) < niceness:
        os.setpriority(os.PRIO_PROCESS, thread, niceness)

"""What every process of the pipeline does first: it says what it is for, and where its log goes."""

from cluster.duties import note_duty
from cluster.logs import configure_logs
from cluster.settings import Settings


def begin_process(settings: Settings, duty: str) -> None:
    """This process does `duty` ("ocr-0", "progress", "serve replica") from now on, until it ends."""
    configure_logs(settings, duty)
    note_duty(settings.root, duty)

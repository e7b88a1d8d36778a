"""The faults. Each is a block: it strikes when it begins, and what it broke is mended, if at all, when it ends.

The block ends after the document has. How each is brought about stands in the modules of their kinds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.database_faults import (
    connections_terminated,
    first_replies_lost,
    kill_postgres,
    postgres_away,
    replies_lost,
    supervisor_killed_meanwhile,
)
from tests.chaos.driver_faults import clock_of_the_driver, clocks_of_the_others, second_driver, stale_driver
from tests.chaos.file_faults import FULL, disk_full, files_away, poison_image
from tests.chaos.process_faults import (
    OUT_OF_MEMORY,
    down_and_up,
    freeze,
    kill,
    kill_everything,
    kill_raylet,
    kill_serve_replica,
    kill_the_analysis_actor_when_asked,
    out_of_memory,
)
from tests.chaos.states import STATES, UPLOAD
from tests.chaos.upgrade import upgrade


@dataclass(frozen=True)
class Fault:
    """One way to break something, and the states of the pipeline at which that is done."""

    name: str
    states: tuple[str, ...]
    strike: Callable  # a context manager over (stack, document_id); the id is None in the state of the upload
    failed_images: int = 0  # that end failed because of it, and rightly so


FAULTS = (
    Fault("SIGKILL reader actor", ("extraction",), kill("reader actor")),
    Fault("SIGKILL OCR actor", ("image_processing",), kill("OCR actor")),
    Fault("SIGKILL CLIP actor", ("image_processing",), kill("CLIP actor")),
    Fault("SIGKILL analysis actor", ("ai_analysis",), kill("analysis actor")),
    Fault("SIGKILL analysis actor when asked", ("image_processing",), kill_the_analysis_actor_when_asked),
    Fault("SIGKILL progress actor", STATES, kill("progress actor")),
    Fault("SIGKILL supervisor", STATES, kill("supervisor")),
    Fault("SIGKILL driver", STATES, kill("driver")),
    Fault("SIGKILL Serve replica", ("image_processing",), kill_serve_replica),
    Fault("SIGKILL raylet, up", STATES, kill_raylet),
    Fault("SIGKILL everything, up", STATES, kill_everything),
    Fault("down, up", ("image_processing",), down_and_up),
    Fault("Postgres away for 10 s", STATES, postgres_away),
    Fault("SIGKILL supervisor, Postgres away", ("image_processing",), supervisor_killed_meanwhile),
    Fault("SIGKILL Postgres, up", ("image_processing",), kill_postgres),
    Fault("connections terminated at random", ("extraction", "image_processing"), connections_terminated),
    Fault("commit done, reply lost, at every write once", (UPLOAD,), first_replies_lost),
    Fault("commit done, reply lost, one in four", ("extraction", "image_processing"), replies_lost),
    Fault(f"{FULL} for 8 s", (UPLOAD, "extraction"), disk_full),
    Fault("file store away for 8 s", ("image_processing",), files_away),
    Fault("reader actor hangs", ("extraction",), freeze("reader actor")),
    Fault("OCR actor hangs", ("image_processing",), freeze("OCR actor")),
    Fault("CLIP actor hangs", ("image_processing",), freeze("CLIP actor")),
    Fault("analysis actor hangs", ("ai_analysis",), freeze("analysis actor")),
    Fault("progress actor hangs", ("image_processing",), freeze("progress actor")),
    Fault("supervisor hangs", ("image_processing",), freeze("supervisor")),
    Fault(f"OCR actor {OUT_OF_MEMORY}", ("image_processing",), out_of_memory),
    Fault("poison image", ("image_processing",), poison_image, failed_images=1),
    Fault("stale driver wakes", ("image_processing", "ai_analysis"), stale_driver),
    Fault("two drivers", ("extraction", "image_processing", "ai_analysis"), second_driver),
    Fault("clock of the driver 1 h ahead", ("extraction",), clock_of_the_driver(3600)),
    Fault("clock of the driver 1 h behind", ("extraction",), clock_of_the_driver(-3600)),
    Fault("clocks of supervisor and progress actor 1 h ahead", ("image_processing",), clocks_of_the_others),
    Fault("upgrade with a migration", ("image_processing",), upgrade),
)

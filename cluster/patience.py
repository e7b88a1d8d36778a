"""The end of a stage's time, beside the patience with everything that comes back by itself (`db.patience`)."""

from db.errors import QuarryError
from db.patience import PATIENCE_S as PATIENCE_S
from db.patience import patiently as patiently


class StageTimedOut(QuarryError):
    """A stage has used up its time; the document's attempt fails, what is stored stays."""

    code = "stage_timed_out"

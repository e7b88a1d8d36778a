"""What the exit codes of `quarry` mean, and which error leads to which."""

from enum import IntEnum

from actors.errors import ModelMissing
from cluster.commands.api_client import ApiRefused
from db.errors import QuarryError


class ExitCode(IntEnum):
    """Part of the command line's contract."""

    OK = 0
    DOCUMENT_FAILED = 1
    """A document failed or was cancelled or refused."""
    WRONG_USE = 2
    """Unknown option, missing file, a setting that is no good."""
    SERVICE_DOWN = 3
    """Quarry is not up, or could not be started."""
    PARTIAL = 4
    """A document ended, but some of its jobs failed for good."""
    SETUP_MISSING = 5
    """Something is missing without which it cannot work: found by `quarry doctor`, or weights for a backfill."""
    INTERRUPTED = 130


class Interrupted(SystemExit):
    """Ctrl-C, or SIGTERM."""


OF_STATUS = {
    "completed": ExitCode.OK,
    "partial": ExitCode.PARTIAL,
    "failed": ExitCode.DOCUMENT_FAILED,
    "cancelled": ExitCode.DOCUMENT_FAILED,
}
WRONG_USE_CODES = ("document_not_found", "document_unclear", "product_not_found", "validation_failed")


def of_error(error: QuarryError) -> ExitCode:
    """The exit code of an error that ends a command."""
    if error.code in WRONG_USE_CODES:
        return ExitCode.WRONG_USE
    if isinstance(error, ModelMissing):
        return ExitCode.SETUP_MISSING
    if isinstance(error, ApiRefused):
        return ExitCode.SERVICE_DOWN if error.status >= 500 else ExitCode.DOCUMENT_FAILED
    return ExitCode.SERVICE_DOWN


WORST_FIRST = (ExitCode.SERVICE_DOWN, ExitCode.WRONG_USE, ExitCode.DOCUMENT_FAILED, ExitCode.PARTIAL)


def worst(codes: list[ExitCode]) -> ExitCode:
    """Of several documents: a service that is down outweighs a failed document, and that a partial one."""
    return next((code for code in WORST_FIRST if code in codes), ExitCode.OK)

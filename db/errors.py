"""The root of Quarry's one error tree, and the leaves that speak of the database.

It stands in the lowest layer so that every layer above can raise and catch its leaves.
"""


class QuarryError(Exception):
    """Anything that Quarry itself refuses or cannot do.

    Attributes:
        code: stable, machine-readable name, `snake_case`; part of the API.
        message: what happened, in one sentence.
        advice: what the reader can do about it, in one sentence.
        permanent: trying again cannot help, so the retries are skipped.
    """

    code = "quarry_error"
    permanent = False

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the two sentences apart; `str()` joins them."""
        super().__init__(message, advice)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        """Both sentences, as a log or a terminal shows them."""
        return f"{self.message} {self.advice}".strip()


class DatabaseUnavailable(QuarryError):
    """Postgres does not answer; the caller waits and tries again."""

    code = "database_unavailable"


class DatabaseMisconfigured(QuarryError):
    """The role, the claims or the schema are not what Quarry needs; waiting does not help."""

    code = "database_misconfigured"
    permanent = True


class LeaseLost(QuarryError):
    """Somebody else has claimed this document or job since; stop, discard the result."""

    code = "lease_lost"


class DocumentNotFound(QuarryError):
    """There is no document of this id, or no longer."""

    code = "document_not_found"
    permanent = True


class DocumentBusy(QuarryError):
    """The document is being worked on, so this cannot be done to it now."""

    code = "document_state_conflict"


class FilesGone(QuarryError):
    """A file that a row was to name has been removed in the meantime; make it again."""

    code = "files_gone"


class PortTaken(QuarryError):
    """Another program listens where Quarry should."""

    code = "port_taken"
    permanent = True


class ServerFailed(QuarryError):
    """The embedded Postgres could not be set up, started or stopped."""

    code = "server_failed"
    permanent = True

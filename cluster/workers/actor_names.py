"""Under which names actors are found, and which of several writers is a document's. Knows no actor and no pool."""

from uuid import UUID

from cluster.settings import Settings

NAMESPACE = "quarry"
PROGRESS = "progress"
SUPERVISOR = "supervisor"
QUESTIONS = "questions"
"""The group of calls in which an actor answers people, search texts say, while it computes a batch."""


def progress_names(settings: Settings) -> list[str]:
    """`progress`, and `progress-1` ... where the settings want more than one writer."""
    return [PROGRESS, *(f"{PROGRESS}-{number}" for number in range(1, settings.progress_writers))]


def progress_of(document_id: UUID, settings: Settings) -> str:
    """The writer of that document: always the same one, so that what it is handed keeps its order."""
    names = progress_names(settings)
    return names[document_id.int % len(names)]

"""The monitor's one way to the database: reads in the admin role, and remembers the last good answer to each question.

Knows no page and no SQL; a page hands over a function of a connection, which calls `db`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from db.connection import Connection, Database
from db.errors import DatabaseUnavailable, QuarryError
from db.metrics import server_time

T = TypeVar("T")
REMEMBERED = 200
"""Answers that are kept for the time without a database; the oldest goes first."""
CONNECT_TIMEOUT_S = 2.0
"""A page shows its last data after this long without an answer."""


@dataclass(frozen=True)
class Trouble:
    """Why the newest read failed."""

    since: datetime
    away: bool  # False: the database answers, but does not let the monitor read
    reason: str


@dataclass(frozen=True)
class Reading(Generic[T]):
    """An answer and its age."""

    value: T | None  # None: this question has never been answered
    read_at: datetime | None = None  # the monitor's clock, at the last good read
    now: datetime | None = None  # the database's clock, at the last good read: what ages are counted from
    trouble: Trouble | None = None


class Source:
    """Answers questions from the database, or with what it answered last."""

    def __init__(self, database: Database) -> None:
        """`database` is in the admin role; it is asked at the first read whether row-level security lets it read."""
        self._database = database
        self._checked = False
        self._trouble: Trouble | None = None
        self._last: OrderedDict[Hashable, Reading[Any]] = OrderedDict()
        self._lock = Lock()

    def read(self, question: Hashable, load: Callable[[Connection], T]) -> Reading[T]:
        """The answer of `load`, all of it from one transaction.

        Args:
            question: names what is asked, with its filters; equal questions share their last good answer.
            load: calls functions of `db` with the connection that it is given.

        Returns:
            The new answer, or the last one together with the trouble that the database is in.
        """
        try:
            if not self._checked:
                self._database.check_role()
                self._checked = True
            with self._database.transaction() as connection:
                answer = Reading(load(connection), datetime.now(UTC), server_time(connection))
        except QuarryError as error:
            return self._remembered(question, error)
        with self._lock:
            self._trouble = None
            self._last[question] = answer
            self._last.move_to_end(question)
            if len(self._last) > REMEMBERED:
                self._last.popitem(last=False)
        return answer

    def _remembered(self, question: Hashable, error: QuarryError) -> Reading[Any]:
        away = isinstance(error, DatabaseUnavailable)
        with self._lock:
            if self._trouble is None or self._trouble.away != away:
                self._trouble = Trouble(datetime.now(UTC), away, str(error))
            return replace(self._last.get(question, Reading(None)), trouble=self._trouble)

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()


def admin_source(url: str) -> Source:
    """A source over the monitor's own login."""
    return Source(Database(url, "admin", timeout_s=CONNECT_TIMEOUT_S))

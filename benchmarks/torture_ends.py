"""Which ends are right for a hostile file: by what the index of its folder says of it, or by the rule for any file.

The index is a TSV in the folder or beside it (`INDEX.tsv`): path, pages, text_chars, opens, note. A password stands in
the note as "password 'x'".
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

INDEX = "INDEX.tsv"
UNOPENED = frozenset({"not_a_pdf", "document_broken", "empty_file"})
PAGELESS = frozenset({"document_has_no_pages", "document_broken", "not_a_pdf"})
READ = frozenset({"completed", "partial"})
EMPTY = "document_empty"
ENOUGH_TEXT = 100
"""A file with so many letters in its text layer cannot come out empty."""
UNSURE = ("bomb", "fuzzed")
"""What these hold depends on how far a reader follows them."""


@dataclass(frozen=True)
class Expected:
    """The right ends of one upload."""

    refusals: frozenset[str] = frozenset()  # codes; empty: it must be taken
    states: frozenset[str] = READ
    failures: frozenset[str] = frozenset()  # codes with which it may fail
    pages: int | None = None  # None: not known

    def fault(self, state: str, reason: str, pages: int) -> str:
        """Why this end is wrong; empty when it is right."""
        if state == "refused":
            return "" if reason in self.refusals else f"refused with {reason}, expected {self.said}"
        if state == "failed":
            return "" if reason in self.failures else f"failed with {reason}, expected {self.said}"
        if state not in self.states:
            return f"ended {state}, expected {self.said}"
        if state == "partial" and not reason:
            return "partial without a reason"
        return "" if self.pages in (None, pages) else f"{pages} pages instead of {self.pages}"

    @property
    def said(self) -> str:
        """For people."""
        return " or ".join(sorted({*self.refusals, *self.states, *self.failures}))


ANYTHING = Expected(
    UNOPENED | PAGELESS | {"document_encrypted", "document_too_large"}, READ, frozenset({EMPTY, "document_too_large"})
)
NEVER_OPENED = Expected(UNOPENED, frozenset())
NEEDS_PASSWORD = Expected(frozenset({"document_encrypted"}), frozenset())
WRONG_PASSWORD = Expected(frozenset({"document_password_wrong"}), frozenset())


@dataclass(frozen=True)
class Attempt:
    """One upload of a file, and what is right for it."""

    path: Path
    expected: Expected
    password: str | None = None


def attempts(folder: Path, kinds: list[str]) -> list[Attempt]:
    """Every upload to be made of a folder: protected files go without a password, with a wrong one, and with theirs.

    Args:
        folder: of the PDFs; its index is there or beside it, and need not be.
        kinds: only files whose names begin with one of these; all when empty.
    """
    index = read_index(folder)
    found: list[Attempt] = []
    for path in sorted(folder.glob("*.pdf")):
        if kinds and not path.name.startswith(tuple(kinds)):
            continue
        row = index.get(path.name)
        password = re.search(r"password '([^']*)'", row["note"]) if row else None
        if password:
            found.append(Attempt(path, NEEDS_PASSWORD))
            found.append(Attempt(path, WRONG_PASSWORD, "not-" + password[1]))
        found.append(Attempt(path, expected_of(path.name, row), password[1] if password else None))
    return found


def read_index(folder: Path) -> dict[str, dict[str, str]]:
    """The index's rows by file name; empty without one."""
    for place in (folder / INDEX, folder.parent / INDEX):
        if place.is_file():
            with place.open(newline="") as file:
                rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                return {Path(row["path"]).name: row for row in rows if Path(row["path"]).parent.name == folder.name}
    return {}


def expected_of(name: str, row: dict[str, str] | None) -> Expected:
    """What is right for one file, with its password where it has one."""
    if row is None:
        return ANYTHING
    if row["opens"] != "yes":
        return NEVER_OPENED
    if row["pages"] == "0":
        return Expected(PAGELESS, frozenset())
    if name.startswith(UNSURE) or not row["pages"].isdigit():
        return ANYTHING
    failures = frozenset() if int(row["text_chars"]) >= ENOUGH_TEXT else frozenset({EMPTY})
    return Expected(failures=failures, pages=int(row["pages"]))

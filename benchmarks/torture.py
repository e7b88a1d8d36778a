"""Hostile files through a real Quarry: `python -m benchmarks.torture FOLDER` uploads every PDF of a folder.

Each must be refused with a reason, or end in a terminal state within its limit, with a reason where it did not
complete; afterwards no process may be dead or left over, no row half done, no file missing. Prints a table; exit code 1
on a fault.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.stand import ENDED, Stand, running_quarry
from cluster.process_list import running_processes
from cluster.readiness import why_not_ready
from cluster.storage import UNFINISHED
from db.connection import Database
from db.leftovers import half_done, named_files

AT_ONCE = 3
"""Documents at a time: each has its own child, which takes a core."""
POLL_S = 0.25
READY_AGAIN_S = 120.0
SERVICES = {"supervisor", "progress", "serve replica", "raylet", "gcs", "monitor", "postgres"}


@dataclass(frozen=True)
class End:
    """What became of one file."""

    name: str
    state: str  # "refused" or the document's status
    reason: str  # the refusal's or the document's code, or its warnings' codes
    pages: int
    failed_pages: int
    seconds: float  # from the upload's answer to the end
    fault: str = ""  # why this is not a right end


def main(arguments: list[str]) -> int:
    """Upload, wait, check; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit-s", type=float, default=300.0, help="longest that one file may take, waiting included")
    given = parser.parse_args(arguments)
    files = sorted(given.folder.glob("*.pdf"))
    with running_quarry() as stand:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            ends = list(threads.map(lambda path: tell(process(stand, path, given.limit_s)), files))
        faults = [f"{end.name}: {end.fault}" for end in ends if end.fault] + list(faults_of_stand(stand))
    show(ends, faults)
    return 1 if faults else 0


def tell(end: End) -> End:
    """One line as soon as it is known."""
    print(f"{end.seconds:6.1f} s  {end.state:10} {end.name} {end.reason} {end.fault}", flush=True)
    return end


def process(stand: Stand, path: Path, limit_s: float) -> End:
    """One file to its end."""
    began = time.monotonic()
    with path.open("rb") as file:
        answer = stand.client.post(
            "/documents/upload-async",
            files={"file": (path.name, file, "application/pdf")},
            data={"force": "true"},
            timeout=120.0,
        )
    if answer.status_code != httpx.codes.ACCEPTED:
        problem = answer.json()
        right = 400 <= answer.status_code < 500 and problem.get("code") and problem.get("detail")
        fault = "" if right else f"answered {answer.status_code}: {answer.text[:200]}"
        return End(path.name, "refused", str(problem.get("code")), 0, 0, time.monotonic() - began, fault)
    document_id = answer.json()["document_id"]
    while (document := stand.document(document_id))["status"] not in ENDED:
        if time.monotonic() - began > limit_s:
            fault = f"not ended after {limit_s:g} s, in {document['stage']}"
            return End(path.name, document["status"], "", 0, 0, time.monotonic() - began, fault)
        time.sleep(POLL_S)
    codes = [warning["code"] for warning in document["warnings"]]
    reason = document["error_code"] if document["status"] == "failed" else ", ".join(codes)
    fault = "" if document["status"] == "completed" or reason else "no reason is given"
    pages, failed = document["counts"].get("pages", 0), document["counts"].get("failed_pages", 0)
    return End(path.name, document["status"], reason or "", pages, failed, time.monotonic() - began, fault)


def faults_of_stand(stand: Stand) -> Iterator[str]:
    """What is dead, left over or half done once everything has ended."""
    deadline = time.monotonic() + READY_AGAIN_S
    while (reason := why_not_ready(stand.settings)) is not None and time.monotonic() < deadline:
        time.sleep(1.0)
    if reason is not None:
        yield f"not ready {READY_AGAIN_S:g} s after the last end: {reason}"
    running = running_processes(stand.settings.root)
    duties = {process.duty for process in running}
    yield from (f"no process does {duty}" for duty in sorted(SERVICES - duties))
    yield from (f"a page reader is left over: pid {one.pid}" for one in running if one.duty == "page reader")
    with (
        closing(Database(stand.settings.service_url, "service", max_size=1)) as database,
        database.transaction() as conn,
    ):
        yield from (f"{number} {what}" for what, number in half_done(conn).items())
        named = named_files(conn)
    stored, parts = files_of(stand.settings.root / "files")
    yield from (f"a file is missing: {key}" for key in sorted(named - stored))
    yield from (f"a file is half written: {part}" for part in parts)
    yield from (f"an upload is half written: {part}" for part in (stand.settings.root / "uploads").glob("*.part"))
    if unnamed := stored - named:
        print(f"note: {len(unnamed)} stored files belong to no row (of pages that were given up, or refused uploads)")


def files_of(folder: Path) -> tuple[set[str], list[str]]:
    """Keys of the file store, and what is being written."""
    keys = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    parts = [str(key) for key in keys if key.parts[0] == UNFINISHED]
    return {str(key) for key in keys} - set(parts), parts


def show(ends: list[End], faults: list[str]) -> None:
    """The table, slowest first, and the faults."""
    table = Table("file", "end", "reason", "pages", "failed", "seconds", "fault")
    for end in sorted(ends, key=lambda one: -one.seconds):
        numbers = (str(end.pages), str(end.failed_pages), f"{end.seconds:.1f}")
        table.add_row(end.name, end.state, end.reason, *numbers, end.fault)
    console = Console(width=160)
    console.print(table)
    states = {state: sum(end.state == state for end in ends) for state in sorted({end.state for end in ends})}
    console.print(", ".join(f"{number} {state}" for state, number in states.items()))
    console.print(f"{len(faults)} faults" if faults else "no fault")
    for fault in faults:
        console.print(f"- {fault}", markup=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

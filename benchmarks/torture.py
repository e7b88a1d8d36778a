"""Hostile files through a real Quarry: `make torture PDFS=folder` uploads every PDF of a folder.

Each must be refused with the right reason, or end in the right state within its limit (`torture_ends` says which);
afterwards no process may be dead or left over, no row half done, no file missing or without a row. Prints a table; exit
code 1 on a fault.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.left_half import left_half
from benchmarks.stand import ENDED, Stand, running_quarry
from benchmarks.torture_ends import Attempt, attempts
from cluster.host.process_list import running_processes
from cluster.host.readiness import why_not_ready
from cluster.storage import Storage
from db.connection import Database

AT_ONCE = 3
"""Documents at a time: each has its own child, which takes a core."""
POLL_S = 0.25
READY_AGAIN_S = 120.0
REFUSED = {413, 415, 422}
"""Too large, no PDF, a PDF that cannot be taken: what the API says of a file. Anything else is a fault of ours."""
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
    parser.add_argument("--kinds", nargs="*", default=[], help="only files whose names begin with one of these")
    parser.add_argument("--limit-s", type=float, default=300.0, help="longest that one file may take, waiting included")
    given = parser.parse_args(arguments)
    uploads = attempts(given.folder, given.kinds)
    if not uploads:
        print(f"skipped: there is no such PDF in {given.folder}; say where: make torture PDFS=folder")
        return 0
    with running_quarry() as stand:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            ends = list(threads.map(lambda one: tell(process(stand, one, given.limit_s)), uploads))
        faults = [f"{end.name}: {end.fault}" for end in ends if end.fault] + list(faults_of_stand(stand))
    show(ends, faults)
    return 1 if faults else 0


def tell(end: End) -> End:
    """One line as soon as it is known."""
    print(f"{end.seconds:6.1f} s  {end.state:10} {end.name} {end.reason} {end.fault}", flush=True)
    return end


def process(stand: Stand, one: Attempt, limit_s: float) -> End:
    """One upload to its end."""
    name = one.path.name + (f" with {one.password!r}" if one.password else "")
    began = time.monotonic()
    with one.path.open("rb") as file:
        answer = stand.client.post(
            "/documents/upload-async",
            files={"file": (one.path.name, file, "application/pdf")},
            data={"force": "true"} | ({"password": one.password} if one.password else {}),
            timeout=120.0,
        )
    if answer.status_code != httpx.codes.ACCEPTED:
        problem = answer.json()
        code = str(problem.get("code"))
        right = answer.status_code in REFUSED and problem.get("detail")
        fault = one.expected.fault("refused", code, 0) if right else f"answered {answer.status_code}: {answer.text}"
        return End(name, "refused", code, 0, 0, time.monotonic() - began, fault[:300])
    document_id = answer.json()["document_id"]
    while (document := stand.document(document_id))["status"] not in ENDED:
        if time.monotonic() - began > limit_s:
            fault = f"not ended after {limit_s:g} s, in {document['stage']}"
            return End(name, document["status"], "", 0, 0, time.monotonic() - began, fault)
        time.sleep(POLL_S)
    codes = [warning["code"] for warning in document["warnings"]]
    reason = (document["error_code"] if document["status"] == "failed" else ", ".join(codes)) or ""
    pages, failed = document["counts"].get("pages", 0), document["counts"].get("failed_pages", 0)
    fault = one.expected.fault(document["status"], reason, pages)
    return End(name, document["status"], reason, pages, failed, time.monotonic() - began, fault)


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
    readers = [one.pid for one in running if one.duty == "page reader"]
    actors = [one.pid for one in running if one.duty.startswith("reader-")]
    yield from (f"a page reader outlived its actor: pid {pid}" for pid in readers[len(actors) :])
    with closing(Database(stand.settings.service_url, "service", max_size=1)) as database:
        yield from left_half(database, Storage(stand.settings.storage_address), stand.settings.root)


def show(ends: list[End], faults: list[str]) -> None:
    """The table, slowest first, and the faults."""
    table = Table("file", "end", "reason", "pages", "failed", "seconds", "fault")
    for end in sorted(ends, key=lambda one: -one.seconds):
        numbers = (str(end.pages), str(end.failed_pages), f"{end.seconds:.1f}")
        table.add_row(end.name, end.state, end.reason, *numbers, end.fault)
    console = Console(width=160)
    console.print(table)
    for state, number in Counter(end.state for end in ends).most_common():
        reasons = Counter(end.reason or "no warning" for end in ends if end.state == state).most_common()
        console.print(f"{number} {state}: " + "; ".join(f"{count} {reason}" for reason, count in reasons))
    slowest = max(ends, key=lambda end: end.seconds)
    console.print(f"{len(ends)} uploads, the slowest {slowest.seconds:.1f} s ({slowest.name})")
    console.print(f"{len(faults)} faults" if faults else "no fault")
    for fault in faults:
        console.print(f"- {fault}", markup=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

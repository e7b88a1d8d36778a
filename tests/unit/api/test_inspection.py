"""Uploads are looked into in time, in child processes that are really stopped here."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

import api.inspection
from actors.errors import DocumentEncrypted
from api.inspection import MOST_UNLOCKS, InspectionBusy, open_inspection
from cluster.stages.limits import ExtractionLimits
from samples import broken


@pytest.fixture
def inspection(tmp_path):
    with open_inspection(ExtractionLimits(), tmp_path) as inspection:
        yield inspection


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "locked.pdf"
    broken.make_encrypted(path, user_password="sesame")
    return path


def send(signal_number, pids):
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)


def children(inspection):
    return [inspector._child.pid for inspector in inspection._inspectors]


def test_who_did_not_unlock_in_time_is_ended_and_writes_nothing_afterwards(inspection, locked, tmp_path, monkeypatch):
    copy, others = tmp_path / "copy.pdf", [tmp_path / f"other {number}.pdf" for number in range(2)]
    slow = children(inspection)
    send(signal.SIGSTOP, slow)
    with monkeypatch.context() as patched:
        patched.setattr(api.inspection, "UNLOCKED_WITHIN_S", 0.3)
        with pytest.raises(InspectionBusy):
            inspection.unlock(locked, "sesame", copy)
    send(signal.SIGCONT, slow)
    # Each of the two is asked, the one that was ended as well: whatever it had to do before it is done by then.
    assert all(inspection.unlock(locked, "sesame", other) for other in others)
    assert all(other.stat().st_size for other in others)
    assert not copy.exists()


def test_who_finds_others_waiting_does_not_wait_as_long_as_they(inspection, locked, monkeypatch):
    monkeypatch.setattr(api.inspection, "ANSWER_WITHIN_S", 10.0)
    slow = children(inspection)
    send(signal.SIGSTOP, slow)
    with ThreadPoolExecutor(len(slow)) as threads:
        first = [threads.submit(inspection.inspect, locked) for _ in slow]
        while not inspection._idle.empty():
            pass
        assert inspection.inspect(locked) is None
        assert not any(one.done() for one in first)
        send(signal.SIGCONT, slow)
        for one in first:
            with pytest.raises(DocumentEncrypted):
                one.result(timeout=30)


def test_so_many_unlocks_wait_and_no_more(inspection, locked, tmp_path):
    slow = children(inspection)
    send(signal.SIGSTOP, slow)
    with ThreadPoolExecutor(MOST_UNLOCKS) as threads:
        waiting = [
            threads.submit(inspection.unlock, locked, "sesame", tmp_path / f"{n}.pdf") for n in range(MOST_UNLOCKS)
        ]
        while inspection._unlocks._value:
            pass
        with pytest.raises(InspectionBusy, match="being decrypted"):
            inspection.unlock(locked, "sesame", tmp_path / "one too many.pdf")
        send(signal.SIGCONT, slow)
        assert all(future.result(timeout=30) for future in waiting)

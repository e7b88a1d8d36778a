import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cluster.host.processes import CLOCK_TOLERANCE_S, ProcessBook, Started, StartRunning, exclusive, living

AUTOGROUP = Path("/proc/sys/kernel/sched_autogroup_enabled")
ENVIRONMENT = {"PATH": os.environ["PATH"]}
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
FAMILY = [
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)",
]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]

# Each child starts another while it is being ended, as a busy Ray does with its workers.
RESTLESS = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
generation, script, last_moment = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
for _ in range(20):  # few, and not for long: nobody ends them if the test itself is killed
    if generation:
        command = [sys.executable, "-c", open(script).read(), str(generation - 1), script, str(last_moment)]
        subprocess.Popen(command)
    time.sleep(0.1)
time.sleep(max(0.0, last_moment - time.time()))
"""


@pytest.fixture
def book(tmp_path):
    """A book whose processes are all ended after the test."""
    book = ProcessBook(tmp_path)
    yield book
    for one in book.state.started:
        for process in one.members():
            process.kill()


def start(book, role, argv, folder):
    return book.start(role, argv, environment=ENVIRONMENT, folder=folder)


def wait_for_members(book, role, count):
    deadline = time.monotonic() + 20
    while len(found := book.members(role).get(role, [])) != count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(found) == count
    return found


def test_a_started_process_leads_its_own_session_and_is_written_down(book, tmp_path):
    process = start(book, "monitor", SLEEP, tmp_path)
    assert os.getsid(process.pid) == process.pid
    entry = json.loads((tmp_path / "processes.json").read_text())["started"][0]
    assert entry["role"] == "monitor"
    assert entry["pid"] == process.pid
    assert entry["leads_session"]
    assert entry["argv"][0] == sys.executable


@pytest.mark.skipif(
    not AUTOGROUP.exists() or AUTOGROUP.read_text().strip() == "0", reason="cores are not shared by session here"
)
def test_a_session_gives_way_to_others_as_a_whole(book, tmp_path):
    process = book.start("ray", SLEEP, environment=ENVIRONMENT, folder=tmp_path, session_niceness=15)
    assert Path(f"/proc/{process.pid}/autogroup").read_text().split()[-1] == "15"
    assert process.nice() == 0


def test_another_process_finds_and_ends_it(book, tmp_path):
    process = start(book, "monitor", SLEEP, tmp_path)
    later = ProcessBook(tmp_path)
    assert later.leader("monitor").pid == process.pid
    assert later.end("monitor", 5.0) == 1
    assert living(process.pid) is None
    assert ProcessBook(tmp_path).state.started == []


def test_the_whole_family_ends(book, tmp_path):
    start(book, "ray", FAMILY, tmp_path)
    family = wait_for_members(book, "ray", 2)
    assert book.end("ray", 5.0) == 2
    assert all(living(process.pid) is None for process in family)


def test_children_are_found_when_their_parent_was_killed(book, tmp_path):
    parent = start(book, "ray", FAMILY, tmp_path)
    family = wait_for_members(book, "ray", 2)
    parent.kill()
    (orphan,) = wait_for_members(book, "ray", 1)
    assert orphan in family
    assert book.leader("ray") is None
    assert book.end("ray", 5.0) == 1
    assert living(orphan.pid) is None


def test_what_ignores_sigterm_is_killed_after_the_grace(book, tmp_path):
    process = start(book, "ray", STUBBORN, tmp_path)
    time.sleep(0.5)  # let it set its handler
    began = time.monotonic()
    book.end("ray", 0.5)
    assert living(process.pid) is None
    assert time.monotonic() - began >= 0.4


def test_what_is_started_while_the_others_are_killed_is_ended_too(book, tmp_path):
    script = tmp_path / "restless.py"
    script.write_text(RESTLESS)
    start(book, "ray", [sys.executable, str(script), "2", str(script), str(time.time() + 30)], tmp_path)
    deadline = time.monotonic() + 20
    while len(book.members("ray").get("ray", [])) < 12 and time.monotonic() < deadline:
        time.sleep(0.02)
    entries = list(book.state.started)
    assert book.end("ray", 0.1) >= 12
    time.sleep(0.3)
    assert [process for one in entries for process in one.members()] == []


def test_a_process_that_has_the_number_of_an_old_one_is_left_alone(book, tmp_path):
    stranger = subprocess.Popen(SLEEP, start_new_session=True)
    try:
        created = psutil.Process(stranger.pid).create_time() - 10 * CLOCK_TOLERANCE_S
        old = Started("ray", stranger.pid, created, tuple(SLEEP), leads_session=True)
        book.state.started.append(old)
        assert old.members() == []
        assert book.end("ray", 0.2) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_nothing_of_another_session_is_touched(book, tmp_path):
    stranger = subprocess.Popen(SLEEP)
    try:
        start(book, "monitor", SLEEP, tmp_path)
        book.end("monitor", 5.0)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_its_environment_is_the_given_one_and_its_output_goes_to_a_log(book, tmp_path):
    script = "import os, sys; print(sorted(os.environ)); print('to stderr', file=sys.stderr)"
    process = start(book, "monitor", [sys.executable, "-I", "-c", script], tmp_path)
    psutil.wait_procs([process], timeout=20)
    text = book.log("monitor").read_text()
    assert "'PATH'" in text
    assert "HOME" not in text
    assert "to stderr" in text


def test_a_crash_leaves_a_readable_file(book, tmp_path):
    start(book, "monitor", SLEEP, tmp_path)
    book.state.addresses = {"API": "http://127.0.0.1:1"}
    book.save()
    assert ProcessBook(tmp_path).state == book.state
    assert [file.name for file in tmp_path.glob("processes.*")] == ["processes.json"]


def test_one_start_at_a_time(tmp_path):
    with exclusive(tmp_path), pytest.raises(StartRunning, match="Another"), exclusive(tmp_path):
        pass
    with exclusive(tmp_path):
        pass


def test_a_killed_holder_gives_the_lock_back(tmp_path):
    script = (
        "import sys, time, pathlib; from cluster.host.processes import exclusive\n"
        f"with exclusive(pathlib.Path({str(tmp_path)!r})):\n  print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StartRunning), exclusive(tmp_path):
            pass
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with exclusive(tmp_path):
        pass

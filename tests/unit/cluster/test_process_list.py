"""What the list of processes says each is for, told by real processes of a test's own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cluster.host.duties import note_duty, noted_duties, on_duty
from cluster.host.process_list import duty_of_command, running_processes
from cluster.host.processes import ProcessBook

DRIVER = """
import subprocess, sys, time
from pathlib import Path
from cluster.host.duties import note_duty
note_duty(Path(sys.argv[1]), "driver", document_id="1234", title="Tiles")
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "cluster.stages.reading.page_worker"])
time.sleep(60)
"""


def wait_for(found):
    deadline = time.monotonic() + 20
    while not (result := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return result


def test_a_process_tells_its_duty_for_as_long_as_it_has_it(tmp_path):
    with on_duty(tmp_path, "driver", document_id="1", title="Tiles"):
        (duty,) = noted_duties(tmp_path).values()
        assert (duty.name, duty.pid, duty.document_id, duty.title) == ("driver", os.getpid(), "1", "Tiles")
    assert noted_duties(tmp_path) == {}


def test_what_a_dead_process_noted_does_not_count(tmp_path):
    command = [sys.executable, "-c", "import sys, pathlib; from cluster.host.duties import note_duty;"]
    command[-1] += " note_duty(pathlib.Path(sys.argv[1]), 'ocr-0')"
    subprocess.run([*command, str(tmp_path)], check=True)
    assert list((tmp_path / "duties").iterdir()) != []
    assert noted_duties(tmp_path) == {}
    assert list((tmp_path / "duties").iterdir()) == []


def test_another_process_with_the_same_number_is_not_taken_for_it(tmp_path):
    note_duty(tmp_path, "ocr-0")
    place = tmp_path / "duties" / f"{os.getpid()}.json"
    told = json.loads(place.read_text())
    place.write_text(json.dumps({**told, "created": told["created"] - 60}))
    assert noted_duties(tmp_path) == {}


def test_a_folder_that_cannot_be_written_costs_only_the_note(tmp_path, caplog):
    (tmp_path / "duties").write_text("in the way")
    note_duty(tmp_path, "ocr-0")
    assert "cannot note" in caplog.text


def test_a_driver_names_its_document_and_a_page_reader_belongs_to_none(tmp_path):
    book = ProcessBook(tmp_path)
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    command = [sys.executable, str(script), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    leader = book.start("ray", command, environment=environment, folder=tmp_path)
    try:
        wait_for(lambda: {process.duty for process in running_processes(tmp_path)} == {"driver", "page reader"})
        listed = running_processes(tmp_path)
    finally:
        book.end("ray", 2.0)
    driver, reader = sorted(listed, key=lambda process: process.duty)
    assert (driver.duty, driver.pid, driver.role) == ("driver", leader.pid, "ray")
    assert (driver.document_id, driver.title) == ("1234", "Tiles")
    assert (reader.duty, reader.document_id) == ("page reader", None)
    assert driver.memory_bytes > 5_000_000
    assert 0 <= driver.age_s < 30
    assert not psutil.pid_exists(leader.pid) or running_processes(tmp_path) == []


@pytest.mark.parametrize(
    ("role", "command", "duty"),
    [
        ("ray", "/site-packages/ray/core/src/ray/gcs/gcs_server --log_dir=x", "gcs"),
        ("ray", "/site-packages/ray/core/src/ray/raylet/raylet --raylet_socket_name=x", "raylet"),
        ("ray", "ray::ServeReplica:quarry:api", "serve replica"),
        ("ray", "ray::ProxyActor", "serve proxy"),
        ("ray", "ray::IDLE", "idle worker"),
        ("ray", "ray::Something.else", "worker of Something.else"),
        ("monitor", "python -m streamlit run monitor_app.py", "monitor"),
        ("postgres", "postgres: checkpointer", "postgres: checkpointer"),
        ("postgres", "/bin/postgres -D data", "postgres"),
    ],
)
def test_the_command_line_tells_what_others_wrote(role, command, duty):
    assert duty_of_command(role, command) == duty


def test_a_process_is_listed_with_the_duty_that_it_noted(tmp_path):
    note_duty(tmp_path, "ocr-12")
    book = ProcessBook(tmp_path)
    book.record("ray", psutil.Process())
    try:
        listed = running_processes(tmp_path)
    finally:
        book.state.started = []
        book.save()
    assert [process.pid for process in listed if process.duty == "ocr-12"] == [os.getpid()]

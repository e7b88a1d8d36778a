"""The shared log file: one JSON line an event, with its context, without secrets, and small."""

import json
import logging
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog
from pydantic import SecretStr

from cluster.host.logs import SharedFile, configure_logs, log_file
from cluster.settings import Settings

SECRET = 'a "secret" of more than thirty-two bytes'
ADDRESS = "postgresql://quarry_service:hunter2@127.0.0.1:5432/quarry"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZSJ9.c2lnbmF0dXJlLW9mLWl0"


@pytest.fixture
def settings(tmp_path):
    return Settings(
        home=tmp_path,
        jwt_secret=SecretStr(SECRET),
        service_database_url=SecretStr(ADDRESS),
        llm_api_key=SecretStr("sk-very-secret-key"),
    )


def lines(settings):
    return [json.loads(line) for line in log_file(settings.root).read_text().splitlines()]


def test_a_line_carries_its_context(settings):
    configure_logs(settings, "driver")
    with structlog.contextvars.bound_contextvars(document_id="d1", stage="extraction", document_attempt=2):
        logging.getLogger("cluster.driver").warning("page %d is broken", 7, extra={"job_id": "j1"})
    (line,) = lines(settings)
    assert line["event"] == "page 7 is broken"
    assert (line["document_id"], line["stage"], line["document_attempt"]) == ("d1", "extraction", 2)
    assert line["job_id"] == "j1"
    assert (line["process"], line["pid"], line["level"], line["logger"]) == (
        "driver",
        os.getpid(),
        "warning",
        "cluster.driver",
    )
    assert line["timestamp"].endswith("Z")


def test_an_exception_stays_in_its_line(settings):
    configure_logs(settings, "driver")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("x").exception("it failed")
    (line,) = lines(settings)
    assert "ValueError: two\nlines" in line["exception"]


@pytest.mark.parametrize("form", ["json", "human"])
def test_no_secret_is_written(settings, form):
    configure_logs(settings.model_copy(update={"log_format": form}), "api")
    log = logging.getLogger("x")
    log.error("%s %s", SECRET, TOKEN, extra={"address": ADDRESS, "header": f"Bearer {TOKEN}"})
    log.error("other: postgresql://me:short@host/db sk-very-secret-key")
    try:
        raise ValueError(ADDRESS)
    except ValueError:
        log.exception("failed")
    text = log_file(settings.root).read_text()
    for secret in (SECRET, json.dumps(SECRET)[1:-1], "hunter2", "short", TOKEN, "sk-very-secret-key"):
        assert secret not in text
    assert text.count("***") >= 7


def test_people_get_a_line_to_read(settings):
    configure_logs(settings.model_copy(update={"log_format": "human"}), "supervisor")
    logging.getLogger("x").info("document started", extra={"document_id": "d1"})
    (line,) = log_file(settings.root).read_text().splitlines()
    assert "document started" in line
    assert "document_id=d1" in line


def test_configuring_again_writes_each_line_once(settings):
    for process in ("driver", "driver"):
        configure_logs(settings, process)
    assert sum(isinstance(handler, SharedFile) for handler in logging.getLogger().handlers) == 1
    logging.getLogger("x").warning("once")
    assert len(lines(settings)) == 1


WRITER = """
import logging, sys
from pathlib import Path
from cluster.host.logs import SharedFile
handler = SharedFile(Path(sys.argv[1]), most_bytes=20_000, kept=2)
log = logging.getLogger("x"); log.addHandler(handler)
for number in range(200):
    log.warning(sys.argv[2] * 100 + f" {number}")
"""


def test_several_processes_share_and_turn_the_file(tmp_path):
    path = tmp_path / "quarry.log"

    def write(letter):
        subprocess.run([sys.executable, "-c", WRITER, str(path), letter], check=True)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, "abc"))
    files = sorted(tmp_path.glob("quarry.log*"))
    assert [file.name for file in files] == ["quarry.log", "quarry.log.1", "quarry.log.2"]
    assert all(file.stat().st_size < 25_000 for file in files)
    for file in files:
        for line in file.read_text().splitlines():
            word, number = line.split()
            assert word == word[0] * 100
            assert int(number) < 200


def test_a_folder_that_goes_costs_lines_and_not_the_work(settings, capsys):
    configure_logs(settings, "driver")
    log, folder = logging.getLogger("cluster.driver"), log_file(settings.root).parent
    shutil.rmtree(folder)
    for _ in range(2):
        log.warning("nowhere to go")
    folder.mkdir()
    log.warning("written")
    assert [line["event"] for line in lines(settings)] == ["written"]
    assert "FileNotFoundError" in capsys.readouterr().err

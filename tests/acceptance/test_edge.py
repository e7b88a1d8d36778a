"""The edge of the running stack: a protected file, its webhook, no secret in logs or command lines, Ray's token."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pymupdf
import pytest
from dotenv import dotenv_values
from standardwebhooks import Webhook

from cluster.environment import ray_token_path
from samples.large import make_small_catalogue

PASSWORD = "correct-horse-öpen-sesame"
LONGEST_READ = 50 * 1024 * 1024
JOIN = "import sys, ray; ray.init(address=sys.argv[1], logging_level='ERROR')"


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    """A catalogue that asks for a password."""
    folder = tmp_path_factory.mktemp("protected")
    make_small_catalogue(folder / "open.pdf", seed=4711)
    with pymupdf.open(folder / "open.pdf") as document:
        document.save(folder / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=PASSWORD, owner_pw="owner")
    return folder / "locked.pdf"


@pytest.fixture(scope="module")
def finished(client, protected, receiver):
    """It, processed."""
    answer = client.upload(protected, password=PASSWORD, callback_url=receiver.url)
    assert answer.status_code == 202, answer.text
    return client.wait(answer.json()["document_id"])[0]


def test_a_protected_catalogue_is_refused_without_and_processed_with_its_password(client, protected, finished):
    assert client.upload(protected, force="true").json()["code"] == "document_encrypted"
    assert client.upload(protected, force="true", password="guess").json()["code"] == "document_password_wrong"
    assert finished["status"] == "completed"
    assert finished["counts"]["products"] > 0
    assert client.http.post(f"/documents/{finished['id']}/reprocess").status_code == 202
    assert client.wait(finished["id"])[0]["status"] == "completed"  # the password is not needed again


def test_its_end_is_told_to_the_receiver_and_signed(client, checkout, finished, receiver):
    deadline = time.monotonic() + 60
    while not receiver.came:
        assert time.monotonic() < deadline, client.get(f"/documents/{finished['id']}/deliveries")
        time.sleep(0.2)
    _, headers, body = receiver.came[0]
    secret = dotenv_values(checkout.home / "secrets.env")["QUARRY_WEBHOOK_SECRET"]
    message = Webhook(secret).verify(body, headers)
    assert (message["type"], message["data"]["document_id"]) == ("document.completed", finished["id"])
    shown = json.loads(checkout.quarry("deliveries", finished["id"], "--json").stdout)
    assert shown[0]["status"] == "completed"
    replayed = checkout.quarry("replay", shown[0]["id"])
    assert "pending" in replayed.stdout, replayed.stderr
    while [headers["webhook-id"] for _, headers, _ in receiver.came].count(shown[0]["id"]) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def secrets_of(checkout, client):
    """Everything that must stay secret in this stack, by name."""
    made = {name: value for name, value in dotenv_values(checkout.home / "secrets.env").items() if value}
    passwords = {f"password in {name}": re.search(r"://[^:]+:([^@]+)@", value) for name, value in made.items()}
    found = {name: value for name, value in made.items() if "://" not in value}
    found |= {name: match[1] for name, match in passwords.items() if match}
    found["Ray's token"] = ray_token_path(checkout.settings).read_text().strip()
    found["bearer token"] = client.http.headers["authorization"].removeprefix("Bearer ")
    found["PDF's password"] = PASSWORD
    assert len(found) > 6
    return {name: value.encode() for name, value in found.items()}


def test_no_secret_stands_in_a_log_or_on_a_command_line(checkout, client, finished):
    """All that the stack has written beside its database and its own secrets, and what `ps` shows to everybody."""
    wanted = secrets_of(checkout, client)
    own = {checkout.home / "secrets.env", ray_token_path(checkout.settings)}
    read, leaks = 0, []
    for folder, _, names in os.walk(checkout.home):
        if "/postgres" in folder.removeprefix(str(checkout.home)):
            continue
        for name in names:
            path = Path(folder) / name
            if path in own or not path.is_file() or path.is_symlink():
                continue
            data = path.read_bytes()[-LONGEST_READ:]
            read += 1
            leaks += [(str(path), secret) for secret, value in wanted.items() if value in data]
    assert read > 20
    assert leaks == []
    members = {process.pid for processes in checkout.book.members().values() for process in processes}
    lines = [" ".join(psutil.Process(pid).cmdline()).encode() for pid in members if psutil.pid_exists(pid)]
    assert [(line[:80], name) for line in lines for name, value in wanted.items() if value in line] == []


def test_secrets_are_readable_by_their_owner_alone(checkout, client):
    for path in (checkout.home / "secrets.env", ray_token_path(checkout.settings)):
        assert path.stat().st_mode & 0o077 == 0, path


def test_ray_takes_nobody_without_its_token(checkout, client):
    """Another process of this machine that knows the port gets no further."""
    environment = {name: value for name, value in checkout.environment.items() if not name.startswith("RAY_")}
    environment |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "guess" * 8}
    address = f"127.0.0.1:{checkout.port('RAY_PORT')}"
    done = subprocess.run(
        [sys.executable, "-c", JOIN, address], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode != 0
    assert re.search(r"(?i)token|auth", done.stderr), done.stderr[-2000:]
    assert client.http.get("/healthz").status_code == 200

"""The monitor behind its password: a real process, asked over HTTP, over a websocket and in a real browser."""

import os
import socket
import subprocess
from urllib.parse import urlsplit

import httpx
import pytest

from cluster import local
from cluster.access.monitor_guard import MonitorUnguarded, hash_password, require_guarded
from cluster.settings import Settings
from db.embedded import claim_port
from monitor import login
from monitor.login import LoginWall
from tests.integration.monitor import situations
from tests.integration.monitor.conftest import forget_caches
from tests.integration.monitor.process import command, monitor_process

PASSWORD = "correct horse battery staple"


@pytest.fixture
def address(admin_url, storage, tmp_path):
    with monitor_process(tmp_path, admin_url, storage, QUARRY_MONITOR_PASSWORD_HASH=hash_password(PASSWORD)) as address:
        yield address
        log = (tmp_path / "monitor.log").read_text()
        assert PASSWORD not in log and "$argon2" not in log


def test_nothing_but_a_form_answers_before_the_password(address, service, storage, browser):
    document = situations.waiting_document(service, "Kept from strangers")
    pages = ["/", "/documents", f"/document?id={document.id}", "/login"]
    with httpx.Client(base_url=address) as stranger:
        for path in pages:
            answer = stranger.get(path, headers={"Accept": "text/html"})
            assert (answer.status_code, "Password" in answer.text, document.title in answer.text) == (401, True, False)
            assert "form-action 'self'" in answer.headers["content-security-policy"]
        for path in ("/", "/_stcore/host-config", "/_stcore/metrics", "/static/index.html", "/media/x.png"):
            assert stranger.get(path, headers={"Accept": "*/*"}).status_code == 401
        assert stranger.post("/_stcore/upload_file/a/b").status_code == 401
        assert stranger.get("/_stcore/health").text == "ok"
        assert upgrade(address, "") == 403
        for cookie in ("quarry_monitor=x.y.z", "quarry_monitor=", "a=b; quarry_monitor=eyJhbGciOiJub25lIn0.e30."):
            assert upgrade(address, cookie) == 403
        # no open door to another place after the login
        for place in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
            answer = stranger.post("/login", data={"password": PASSWORD, "next": place})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and PASSWORD not in cookie
        assert upgrade(address, cookie.split(";")[0]) == 101
        read_it_with_the_password(address, document, browser)
        answers = [stranger.post("/login", data={"password": f"guess {number}"}).status_code for number in range(11)]
        assert answers[-1] == 429


def upgrade(address, cookie):
    """The status that a websocket's handshake gets."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {address}\r\nCookie: {cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        return int(line.recv(4096).split(b" ")[1])


def read_it_with_the_password(address, document, browser):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/document?id={document.id}")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("That is not the password").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name=document.title).wait_for()
    assert page.url == f"{address}/document?id={document.id}"
    page.reload()
    page.get_by_role("heading", name=document.title).wait_for()
    page.get_by_text("Log out").click()
    page.get_by_label("Password").wait_for()
    context.close()


def test_it_refuses_to_listen_for_others_without_a_password(admin_url, storage, tmp_path):
    environment = {**os.environ, "QUARRY_ADMIN_DATABASE_URL": admin_url, "QUARRY_HOME": str(tmp_path / "home")}
    port = claim_port(0)
    done = subprocess.run(
        command(port, "0.0.0.0"), env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=90
    )
    assert done.returncode != 0
    assert "quarry monitor-password" in done.stdout + done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "monitor.example.com"])
def test_up_refuses_it_as_well(host, tmp_path):
    settings = Settings(host=host, home=tmp_path)
    with pytest.raises(MonitorUnguarded, match="quarry monitor-password"):
        local.up(settings, print)
    assert list(tmp_path.iterdir()) == []
    require_guarded(host, Settings(host=host, monitor_password_hash=hash_password("x")))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_this_machine_alone_it_asks_nobody(host):
    require_guarded(host, Settings(host=host))


@pytest.mark.usefixtures("monitor_settings")
def test_the_bare_script_shows_nothing_beyond_this_machine_or_past_a_password(monitor, monkeypatch):
    assert not LoginWall.stands
    assert not monitor.open().app.error
    monkeypatch.setattr(login, "served_at", lambda: "0.0.0.0")
    assert "password" in monitor.open().app.error[0].value
    monkeypatch.setattr(login, "served_at", lambda: "127.0.0.1")
    monkeypatch.setenv("QUARRY_MONITOR_PASSWORD_HASH", hash_password(PASSWORD))
    forget_caches()
    assert "password" in monitor.open().app.error[0].value

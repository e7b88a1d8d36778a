"""What `up` and `down` do to a home that has worked: real Postgres, Ray, Serve, pipeline and monitor.

These tests take the stack of the other acceptance tests, which ran before, and run in their order; the last ones break
it and end it.
"""

import json
import os
import signal
import sys
import time

import httpx
import psutil
import pytest

from cluster.host import ray_head
from cluster.host.environment import RAY_VARIABLES
from cluster.host.ports import free_ports, is_free
from cluster.host.processes import ProcessBook, living
from cluster.host.socket_folders import make_socket_folders, remove_short_folders
from tests.checkout import PORTS, Checkout

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture(scope="module")
def foreign_ray(tmp_path_factory):
    """Pids of somebody else's Ray on the same machine."""
    root = tmp_path_factory.mktemp("foreign")
    book = ProcessBook(root)
    folder = make_socket_folders(root, book).ray
    port, client = free_ports(2)
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", f"--port={port}"]
    command += ["--node-ip-address=127.0.0.1", f"--ray-client-server-port={client}", "--include-dashboard=false"]
    command += ["--min-worker-port=0", "--max-worker-port=0", "--dashboard-agent-listen-port=0", "--num-cpus=1"]
    command += ["--object-store-memory=80000000", f"--temp-dir={folder}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    environment |= {**RAY_VARIABLES, "RAY_AUTH_MODE": "disabled"}
    process = book.start("foreign", command, environment=environment, folder=root)
    deadline = time.monotonic() + 90
    while not (folder / ray_head.READY_FILE).exists():
        assert living(process.pid) and time.monotonic() < deadline, book.log("foreign").read_text()
        time.sleep(0.1)
    yield session_pids(process.pid)
    book.end("foreign", 0.0)
    remove_short_folders(book)


def session_pids(leader):
    found = set()
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == leader and living(pid):
                found.add(pid)
        except ProcessLookupError:
            continue
    return found


def ready(checkout):
    return httpx.get(f"{checkout.settings.api_url}/readyz", timeout=10).status_code


def test_what_up_has_started_is_all_that_a_document_needs(checkout):
    assert ready(checkout) == 200
    assert set(checkout.book.members()) == {"postgres", "ray", "monitor"}
    assert httpx.get(f"{checkout.settings.monitor_url}/_stcore/health", timeout=10).text == "ok"


def test_the_dashboard_wants_the_token(checkout):
    url = f"{ray_head.dashboard_url(checkout.settings)}/api/version"
    token = (checkout.home / "ray_token").read_text()
    assert httpx.get(url, timeout=10).status_code == 401
    assert httpx.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code == 200


def test_a_second_up_starts_nothing_new(checkout):
    before = {process.pid for process in checkout.book.members()["monitor"]}
    began = time.monotonic()
    assert "up already" in checkout.up().stdout
    assert time.monotonic() - began < 15
    assert {process.pid for process in checkout.book.members()["monitor"]} == before


def test_up_with_other_ports_does_not_start_a_second_half(checkout):
    other = Checkout(checkout.home)
    done = other.quarry("up")
    assert done.returncode == 3
    assert "quarry down" in done.stderr


def test_everything_listens_on_this_machine_only(checkout):
    members = {process.pid: process for process in checkout.processes()}
    open_to_all = {
        connection.pid
        for connection in psutil.net_connections("tcp")
        if connection.pid in members
        and connection.status == psutil.CONN_LISTEN
        and connection.laddr.ip not in ("127.0.0.1", "::1", "::ffff:127.0.0.1")
    }
    # Ray Serve 2.60 binds its replica's gRPC port to all addresses, whatever one sets; it wants the token as well.
    assert all("ServeReplica" in " ".join(members[pid].cmdline()) for pid in open_to_all)


def test_the_monitor_knows_no_secret_but_the_admin_login(checkout):
    environment = checkout.book.leader("monitor").environ()
    names = {name for name in environment if name.startswith(("QUARRY_", "DATABASE_URL", "PG"))}
    assert "QUARRY_ADMIN_DATABASE_URL" in names
    assert not names & {"QUARRY_JWT_SECRET", "QUARRY_SERVICE_DATABASE_URL", "QUARRY_DATABASE_URL", "DATABASE_URL"}
    assert environment["QUARRY_ENVIRONMENT_ONLY"] == "1"


def test_psql_shows_a_role_what_row_level_security_lets_it_see(checkout):
    claim = "select coalesce(auth.jwt() ->> 'role', 'no claim') as who, current_user"
    for role, shown in (("admin", "admin|quarry_admin"), ("service", "service|quarry_service")):
        assert checkout.quarry("sql", "--role", role, "-At", "-c", claim).stdout.strip() == shown
    assert checkout.quarry("sql", "--role", "none", "-At", "-c", claim).stdout.strip() == "no claim|quarry_admin"
    refused = checkout.quarry("sql", "-c", "delete from processed_documents")
    assert refused.returncode != 0
    assert "permission denied" in refused.stderr


def test_the_doctor_finds_nothing_missing_but_perhaps_room_on_the_disk(checkout):
    done = checkout.quarry("doctor")
    missing = [line for line in done.stdout.splitlines() if line.split()[0] == "missing"]
    assert all(line.split()[1] == "disk" for line in missing), done.stdout
    assert (done.returncode == 0) == (not missing)
    assert "row-level security is in force" in done.stdout


def test_the_doctor_lists_each_process_with_its_duty(checkout):
    listed = checkout.quarry("doctor", "--processes").stdout
    deadline = time.monotonic() + 30
    while True:
        found = json.loads(checkout.quarry("doctor", "--processes", "--json").stdout)
        if {process["pid"] for process in found} == {process.pid for process in checkout.processes()}:
            break
        # A backend of Postgres or an idle worker may come or go between the two looks, but not at each of them.
        assert time.monotonic() < deadline, found
    duties = {process["duty"]: process for process in found}
    services = {"postgres", "monitor", "gcs", "raylet", "supervisor", "progress", "serve replica", "serve proxy"}
    for duty in services | {"ocr-0", "clip-0", "analysis-0"}:
        assert duty in listed
        assert living(duties[duty]["pid"])
        assert duties[duty]["memory_bytes"] > 1_000_000
        assert 0 < duties[duty]["age_s"] < 3600


def test_a_second_checkout_runs_beside_the_first(checkout, tmp_path):
    other = Checkout(tmp_path / "other")
    other.home.mkdir()
    book = other.book
    try:
        process = ray_head.start_ray_head(other.settings, book)
        ray_head.wait_for_ray_head(other.settings, book, process)
        assert ready(checkout) == 200
        assert not is_free("127.0.0.1", other.port("RAY_PORT"))
    finally:
        other.down()
    assert is_free("127.0.0.1", other.port("RAY_PORT"))
    assert ready(checkout) == 200


def test_after_a_crash_up_ends_what_is_left_and_starts_anew(checkout, foreign_ray):
    before = {role: checkout.book.leader(role).pid for role in ("ray", "monitor", "postgres")}
    for role in ("ray", "monitor"):
        os.kill(before[role], signal.SIGKILL)
    told = checkout.up().stdout.replace("\n", "")
    assert ready(checkout) == 200
    for address in (checkout.settings.api_url, checkout.settings.monitor_url, "ray_token"):
        assert address in told
    after = {role: checkout.book.leader(role).pid for role in ("ray", "monitor", "postgres")}
    assert after["postgres"] == before["postgres"]
    assert after["ray"] != before["ray"]
    assert session_pids(before["ray"]) == set()


def test_down_ends_all_of_it_and_no_other_ray(checkout, foreign_ray):
    members = checkout.processes()
    assert len(members) > 20
    done = checkout.down()
    assert "ended" in done.stdout
    assert [process for process in members if living(process.pid) == process] == []
    assert checkout.book.members() == {}
    assert all(is_free("127.0.0.1", checkout.port(name)) for name in PORTS)
    assert checkout.book.state.folders == []
    assert all(living(pid) for pid in foreign_ray)


def test_down_again_has_nothing_to_do(checkout):
    assert "nothing was running" in checkout.down().stdout


def test_nothing_was_written_into_the_users_folder(checkout, user_home):
    assert list(user_home.rglob("*")) == []

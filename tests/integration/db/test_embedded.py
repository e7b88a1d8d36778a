"""The embedded server, started for real in every way that this machine allows."""

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from db.embedded import EmbeddedServer, binaries, psql_path
from db.errors import PortTaken, ServerFailed
from db.server_user import find_server_user, root_candidates, works

FAST = {"fsync": "off"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to choose another user")


def answer(url, query):
    with psycopg.connect(url) as conn:
        return conn.execute(query).fetchone()[0]


@pytest.fixture(scope="module")
def reachable():
    """A folder that other users may enter, which pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="quarry-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def folder(reachable):
    path = Path(tempfile.mkdtemp(dir=reachable))
    path.chmod(0o711)
    return path


@pytest.fixture(scope="module")
def shared_server(reachable):
    server = EmbeddedServer(reachable / "shared", 0, settings=FAST)
    yield server
    server.stop()


@pytest.fixture
def own_server(shared_server):
    """A server that the test may stop and break: the next one finds it running again."""
    shared_server.start()
    return shared_server


def test_the_owner_can_use_its_database(own_server):
    assert answer(own_server.owner_url, "select current_user || ' ' || current_database()") == "quarry_owner quarry"
    assert answer(own_server.owner_url, "select count(*) from pg_extension where extname = 'vector'") == 1


def test_the_owner_is_no_superuser(own_server):
    assert not answer(
        own_server.owner_url, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    )


def test_starting_a_running_server_does_nothing(own_server):
    port, pid = own_server.port, own_server.process().pid
    own_server.start()
    assert (own_server.port, own_server.process().pid) == (port, pid)


def test_another_process_sees_it_running_and_can_stop_it(own_server):
    other = EmbeddedServer(own_server.folder, 0)
    assert other.is_running() and other.port == own_server.port
    assert answer(other.owner_url, "select 1") == 1
    other.stop()
    assert not own_server.is_running()


def test_stopping_twice_does_nothing(own_server):
    own_server.stop()
    own_server.stop()
    assert not own_server.is_running()


def test_data_outlive_a_restart(own_server):
    with psycopg.connect(own_server.owner_url) as conn:
        conn.execute("create table if not exists kept (word text)")
        conn.execute("insert into kept values ('still here')")
    own_server.stop()
    own_server.start()
    assert answer(own_server.owner_url, "select word from kept") == "still here"


def test_data_outlive_a_crash(own_server):
    with psycopg.connect(own_server.owner_url) as conn:
        conn.execute("create table if not exists kept (word text)")
        conn.execute("insert into kept values ('still here')")
    process = own_server.process()
    children = process.children()
    process.send_signal(signal.SIGKILL)
    for child in [process, *children]:
        child.wait(20)
    assert not own_server.is_running()
    own_server.start()
    assert answer(own_server.owner_url, "select word from kept") == "still here"


def test_what_a_killed_server_left_does_not_stand_in_the_way(own_server):
    """Neither its zombie nor another program that got its number: both hold the number in the pid file."""
    process = own_server.process()
    children = process.children()
    lines = (own_server.data / "postmaster.pid").read_text().splitlines()
    process.send_signal(signal.SIGKILL)
    for child in [process, *children]:
        child.wait(20)
    with subprocess.Popen(["true"]) as zombie:
        while psutil.Process(zombie.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        (own_server.data / "postmaster.pid").write_text("\n".join([str(zombie.pid), *lines[1:]]))
        own_server.start()
    assert own_server.is_running()


def test_a_taken_port_is_named(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            EmbeddedServer(folder / "postgres", port).start()


def test_the_asked_port_is_used(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = EmbeddedServer(folder / "postgres", port, settings=FAST)
    server.start()
    try:
        assert server.port == port
        assert answer(server.owner_url, "show port") == str(port)
    finally:
        server.stop()


def test_it_listens_on_this_machine_only(own_server):
    assert answer(own_server.owner_url, "show listen_addresses") == "127.0.0.1"


def test_a_wrong_password_is_refused(own_server):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(own_server.owner_url.replace("quarry_owner:", "quarry_owner:x"))


def test_only_its_user_can_read_the_passwords_and_the_data(own_server):
    for path in (own_server.folder / "passwords.json", own_server.data):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_setting_that_postgres_refuses_is_told(folder):
    server = EmbeddedServer(folder / "postgres", 0, settings={"shared_buffers": "1kB"})
    with pytest.raises(ServerFailed, match="shared_buffers"):
        server.start()
    assert not server.is_running()


def test_psql_works(own_server):
    done = subprocess.run(
        [psql_path(), own_server.owner_url, "-At", "-c", "select 6 * 7"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "42"


@as_root
def test_root_uses_nobody_where_that_user_can_reach_the_folder(folder):
    nobody = pwd.getpwnam("nobody").pw_uid
    if not any(user.uid == nobody and works(user, folder, binaries()) for user in root_candidates()):
        pytest.skip("nobody cannot reach the folder or the environment of these tests")
    server = EmbeddedServer(folder / "postgres", 0, settings=FAST)
    server.start()
    try:
        assert server.process().uids().real == nobody
        assert folder.stat().st_uid == 0, "the folders above keep their owner"
    finally:
        server.stop()


@as_root
def test_root_uses_a_user_namespace_where_nobody_cannot_go(folder):
    locked = folder / "locked"
    locked.mkdir(mode=0o700)
    namespace = next((user for user in root_candidates() if user.prefix), None)
    if namespace is None or not works(namespace, locked, binaries()):
        pytest.skip("user namespaces are not allowed here")
    server = EmbeddedServer(locked, 0, settings=FAST)
    server.start()
    try:
        assert answer(server.owner_url, "select 1") == 1
        assert server.data.stat().st_uid == 0
    finally:
        server.stop()
    assert find_server_user(locked, server.data, binaries()) == namespace


# Python itself may stand where only root can read, so the process loads everything first and then stops being root.
BECOME = """
import os, sys
from pathlib import Path
import psycopg
from db.embedded import EmbeddedServer, binaries
from db.errors import ServerFailed
from db.server_user import find_server_user
binaries()
try:
    psycopg.connect("host=127.0.0.1 port=1")
except psycopg.OperationalError:
    pass
folder, user = Path(sys.argv[1]), int(sys.argv[2])
os.setgroups([])
os.setgid(user)
os.setuid(user)
"""


def run_as(user, script, folder):
    command = [sys.executable, "-c", BECOME + script, str(folder), str(user)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@as_root
@pytest.mark.parametrize("user", [pwd.getpwnam("nobody").pw_uid, 4242], ids=["a named user", "a bare number"])
def test_a_user_that_is_not_root_runs_it_as_itself(folder, user):
    if subprocess.run(["test", "-x", str(binaries() / "postgres")], user=user, check=False).returncode != 0:
        pytest.skip("other users cannot reach the environment of these tests")
    home = folder / "home"
    home.mkdir()
    os.chown(home, user, user)
    done = run_as(
        user,
        """
try:
    find_server_user(folder, folder / "data", binaries())
except ServerFailed:
    sys.exit("user namespaces are not allowed here")
server = EmbeddedServer(folder / "postgres", 0, settings={"fsync": "off"})
server.start()
try:
    with psycopg.connect(server.owner_url) as conn:
        print(conn.execute("select 'it works'").fetchone()[0], server.process().uids().real)
finally:
    server.stop()
assert not server.is_running()
""",
        home,
    )
    if done.stderr.strip() == "user namespaces are not allowed here":
        pytest.skip(done.stderr)
    assert done.stdout.strip() == f"it works {user}", done.stderr


@as_root
def test_an_ordinary_user_may_not_take_anothers_data(own_server):
    owner = own_server.data.stat().st_uid
    done = run_as(
        4242,
        """
try:
    find_server_user(folder, folder / "data", binaries())
except ServerFailed as error:
    print(error)
""",
        own_server.folder,
    )
    assert f"belongs to user number {owner}" in done.stdout, done.stderr


def test_passwords_are_there_whole_or_not_at_all(folder, monkeypatch):
    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        EmbeddedServer(folder, 5432).owner_url  # noqa: B018 - asked for the first time, it makes them
    monkeypatch.undo()
    address = EmbeddedServer(folder, 5432).owner_url
    assert EmbeddedServer(folder, 5432).owner_url == address
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in folder.iterdir()] == [("passwords.json", 0o600)]

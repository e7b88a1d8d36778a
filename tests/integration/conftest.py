"""A real Postgres for the whole run, and a fresh, migrated database for each test that asks for one."""

import os
import secrets
import shutil
import tempfile
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import pytest

from db.connection import Database
from db.document_claims import renew_document
from db.embedded import EmbeddedServer, binaries
from db.errors import ServerFailed
from db.migrate import migrate
from db.roles import derive_url, ensure_roles
from db.server_user import find_server_user
from tests.integration import factories

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
TEMPLATE = "quarry_template"
MEMORY = Path("/dev/shm")
IN_MEMORY = "quarry-test-"
ROOM_BYTES = 4 * 1024**3
"""Hundreds of databases are copied from the template, in a hundredth of a second each there and in a few tenths on a
busy disk; the largest takes a gigabyte."""
numbers = count(1)


def in_database(url, name):
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory):
    """In memory where there is room; else pytest's folder, or, where root may not use that for Postgres, another."""
    remove_leftovers()
    if has_room(MEMORY):
        above = Path(tempfile.mkdtemp(prefix=f"{IN_MEMORY}{os.getpid()}-", dir=MEMORY))
    else:
        above = tmp_path_factory.mktemp("postgres")
        try:
            find_server_user(above, above / "data", binaries())
        except ServerFailed:
            above = Path(tempfile.mkdtemp(prefix="quarry-test-"))
    above.chmod(0o711)
    folder = above / "server"
    folder.mkdir()
    yield folder
    shutil.rmtree(above, ignore_errors=True)


def has_room(place):
    """Whether this user may write so much there."""
    return os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free > ROOM_BYTES


def remove_leftovers():
    """Of runs that were killed: memory is given back by nobody else."""
    for folder in MEMORY.glob(f"{IN_MEMORY}*-*"):
        if not psutil.pid_exists(int(folder.name.removeprefix(IN_MEMORY).split("-")[0])):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(server_folder):
    """The one server of this run."""
    server = EmbeddedServer(server_folder, 0, settings=FAST)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def passwords():
    return {"service": secrets.token_urlsafe(12), "admin": secrets.token_urlsafe(12)}


@pytest.fixture(scope="session")
def logins(server, passwords):
    """The service and the admin login, which belong to the whole server."""
    with psycopg.connect(server.owner_url) as conn:
        ensure_roles(conn, passwords)


@pytest.fixture(scope="session")
def template(server, logins):
    """Name of a migrated database that the tests' databases are copied from."""
    with psycopg.connect(server.owner_url, autocommit=True) as conn:
        conn.execute(f"create database {TEMPLATE}")
    migrate(in_database(server.owner_url, TEMPLATE))
    return TEMPLATE


def new_database(server, template):
    name = f"test_{next(numbers)}"
    with psycopg.connect(server.owner_url, autocommit=True) as conn:
        conn.execute(f"create database {name} template {template} strategy file_copy")
    return name


def drop_database(server, name):
    """As the superuser, who may end the connections of all roles: a closed pool needs a moment to be gone."""
    with psycopg.connect(server.superuser_url, autocommit=True) as conn:
        conn.execute(f"drop database if exists {name} with (force)")


@pytest.fixture
def owner_url(server, template):
    """Owner's address of a database of the test's own, migrated and empty."""
    name = new_database(server, template)
    yield in_database(server.owner_url, name)
    drop_database(server, name)


@pytest.fixture
def empty_url(server, logins):
    """Owner's address of a database without any schema."""
    name = new_database(server, "template1")
    yield in_database(server.owner_url, name)
    drop_database(server, name)


@pytest.fixture
def service_url(owner_url, passwords):
    return derive_url(owner_url, "service", passwords["service"])


@pytest.fixture
def admin_url(owner_url, passwords):
    return derive_url(owner_url, "admin", passwords["admin"])


@pytest.fixture
def service(service_url):
    """The pipeline's view of the test's database."""
    database = Database(service_url, "service", max_size=24)
    yield database
    database.close()


@pytest.fixture
def admin(admin_url):
    """The monitor's view of the same."""
    database = Database(admin_url, "admin")
    yield database
    database.close()


# ---- states, made anew in the test's database


@pytest.fixture
def pending_document(service):
    with service.transaction() as conn:
        return factories.add_document(conn)


@pytest.fixture
def claimed_document(service):
    """Processing, held by `factories.WORKER`."""
    with service.transaction() as conn:
        return factories.add_claimed_document(conn)


@pytest.fixture
def expired_document(service, claimed_document):
    """Processing, but its driver has stopped renewing."""
    with service.transaction() as conn:
        renew_document(conn, claimed_document.id, claimed_document.fence, -1)
    return claimed_document


@pytest.fixture
def queued_image_job(service, claimed_document):
    """Its id; pending."""
    with service.transaction() as conn:
        return factories.add_image_jobs(conn, claimed_document, 1)[0]


@pytest.fixture
def claimed_image_job(service, claimed_document, queued_image_job):
    with service.transaction() as conn:
        return factories.claim_images(conn, claimed_document, limit=1)[0]


@pytest.fixture
def queued_analysis_job(service, claimed_document):
    """Its id; pending."""
    with service.transaction() as conn:
        return factories.add_analysis_jobs(conn, claimed_document, 1)[0]


@pytest.fixture
def claimed_analysis_job(service, claimed_document, queued_analysis_job):
    with service.transaction() as conn:
        return factories.claim_analyses(conn, claimed_document, limit=1)[0]


@pytest.fixture
def expired_job(service, claimed_document, queued_image_job):
    """A claimed image job whose lease has run out while its document is still held."""
    with service.transaction() as conn:
        return factories.claim_images(conn, claimed_document, limit=1, lease_s=-1)[0]

"""What the routes work with: settings, file store, one database pool a role, the warm PDF checker.

Opened once by the app's lifespan, found by every route through `ServicesOf`. Knows no route.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, cast

from anyio import CapacityLimiter
from fastapi import Depends
from starlette.requests import Request

from api.inspection import UploadInspection, open_inspection
from api.limits import RequestLimits
from api.multipart import PART_SUFFIX
from api.readiness import Readiness
from cluster.access.signing_keys import SigningKeys
from cluster.access.tokens import Token, TokenRole, signing_keys
from cluster.settings import Settings
from cluster.stages.limits import ExtractionLimits
from cluster.storage import Storage
from cluster.upkeep.callback_rules import CallbackRules
from db.connection import CallersView, Database
from db.errors import DatabaseUnavailable

POOL_SIZE = 8
"""Connections a role: short statements of up to 40 threads (the thread pool's size) share them."""
POOL_WAIT_S = 3.0
"""A request waits this long for a connection, then is answered 503."""
STREAM_THREADS = 8
UPLOAD_THREADS = 16
"""Writing to the store and opening PDFs take their time, in all the uploads that arrive at once."""
STALE_PART_S = 24 * 3600.0
"""Parts of uploads older than this are from a process that died; no upload takes as long."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """Everything that one app holds open."""

    settings: Settings
    storage: Storage
    databases: dict[TokenRole, Database]
    inspection: UploadInspection
    upload_folder: Path
    keys: SigningKeys | None
    limits: RequestLimits
    callbacks: CallbackRules
    readiness: Readiness
    open_streams: set[object] = field(default_factory=set)
    """One entry for each event stream that is being served."""
    stream_threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(STREAM_THREADS))
    """Streams look into the database through these alone: while it is away they must not take everybody's threads."""
    upload_threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(UPLOAD_THREADS))
    """Uploads work in these alone, for the same reason."""

    def reads(self, caller: Token) -> CallersView:
        """The database in the caller's own role and claims: row-level security sees what the caller may see."""
        return self.databases[caller.role].as_caller(caller.claims)

    def acts(self, caller: Token) -> CallersView:
        """The database in the service role, which alone may write, for an action that a route offers to this caller.

        An admin's own claims can read and nothing else; what an admin may change is what the routes do through here.
        """
        return self.databases["service"].as_caller(caller.acting_claims)


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open everything and close it at the end.

    Raises:
        DatabaseMisconfigured: a role does not see what it must. Without an answer from Postgres the app starts all the
            same and says so at /readyz.
        SecretMissing: tokens cannot be checked.
    """
    keys = signing_keys(settings)
    upload_folder = settings.root / "uploads"
    upload_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_stale_parts(upload_folder)
    limits = ExtractionLimits.from_settings(settings)
    storage = Storage(settings.storage_address)
    with (
        _open_databases(settings) as databases,
        open_inspection(limits, upload_folder) as inspection,
        closing(Readiness(databases.values(), storage)) as readiness,
    ):
        yield Services(
            settings,
            storage,
            databases,
            inspection,
            upload_folder,
            keys,
            RequestLimits(settings),
            CallbackRules.from_settings(settings),
            readiness,
        )


def get_services(request: Request) -> Services:
    """The services of the app that serves the request."""
    return cast(Services, request.app.state.services)


ServicesOf = Annotated[Services, Depends(get_services)]


@contextmanager
def _open_databases(settings: Settings) -> Iterator[dict[TokenRole, Database]]:
    addresses: dict[TokenRole, str] = {"service": settings.service_url, "admin": settings.admin_url}
    databases = {
        role: Database(address, role, max_size=POOL_SIZE, timeout_s=POOL_WAIT_S) for role, address in addresses.items()
    }
    try:
        for database in databases.values():
            try:
                database.check_role()
            except DatabaseUnavailable as error:
                logger.warning("the database does not answer at the start; going on: %s", error)
        yield databases
    finally:
        for database in databases.values():
            database.close()


def _remove_stale_parts(folder: Path) -> None:
    oldest = time.time() - STALE_PART_S
    for part in folder.glob(f"*{PART_SUFFIX}"):
        if part.stat().st_mtime < oldest:
            part.unlink(missing_ok=True)

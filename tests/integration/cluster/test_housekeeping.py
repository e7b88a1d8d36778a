"""The supervisor's housekeeping over a real database and a real store."""

import os
import time

from pydantic import SecretStr

from cluster.settings import Settings
from cluster.storage import FOLDERS, UNFINISHED, Storage
from cluster.upkeep import housekeeping
from cluster.upkeep.housekeeping import Housekeeping
from db.document_claims import finish_document
from db.documents import get_document
from tests.integration import factories


def make_settings(tmp_path, service_url, **given):
    return Settings(home=tmp_path, service_database_url=SecretStr(service_url), **given)


def add_old_document(service, storage):
    stored = storage.put(b"%PDF-1.7 an old catalogue", ".pdf")
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn, storage_key=stored)
        finish_document(conn, document.id, document.fence, "completed")
        conn.execute("update processed_documents set completed_at = now() - interval '100 days'")
    return document


def test_nothing_is_pruned_unless_it_is_set(service, service_url, tmp_path):
    settings = make_settings(tmp_path, service_url)
    storage = Storage(settings.storage_address)
    document = add_old_document(service, storage)
    keeping = Housekeeping(settings)
    keeping.round()
    keeping.close()
    with service.transaction() as conn:
        assert get_document(conn, document.id).pruned_at is None
    assert storage.exists(document.storage_key)


def test_old_documents_and_their_files_go_and_the_tallies_are_folded(service, service_url, tmp_path, monkeypatch):
    settings = make_settings(tmp_path, service_url, retention_days=30)
    storage = Storage(settings.storage_address)
    documents = [add_old_document(service, storage) for _ in range(3)]
    monkeypatch.setattr(housekeeping, "ROUND_S", 0.05)
    keeping = Housekeeping(settings)
    keeping.start()
    deadline = time.monotonic() + 20
    while storage.exists(documents[0].storage_key) and time.monotonic() < deadline:
        time.sleep(0.05)
    keeping.stop()
    assert not storage.exists(documents[0].storage_key)
    with service.transaction() as conn:
        assert all(get_document(conn, document.id).pruned_at for document in documents)
        assert conn.execute("select count(*) from audit_log where action = 'prune'").fetchone() == (3,)


def test_what_killed_writers_left_goes_and_what_they_write_now_stays(service, service_url, tmp_path):
    settings = make_settings(tmp_path, service_url)
    unfinished = tmp_path / "files" / UNFINISHED
    unfinished.mkdir(parents=True)
    old, new = unfinished / "old", unfinished / "new"
    for part in (old, new):
        part.write_bytes(b"half a file")
    orphan = Storage(settings.storage_address).put(b"its row never came", ".png")
    for left in (old, tmp_path / "files" / orphan):
        os.utime(left, (time.time() - 2 * 86400,) * 2)
    keeping = Housekeeping(settings)
    for _ in FOLDERS:
        keeping.round()
    keeping.close()
    assert sorted(unfinished.iterdir()) == [new]
    assert not (tmp_path / "files" / orphan).exists()

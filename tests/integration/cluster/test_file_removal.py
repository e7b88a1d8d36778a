"""Two documents share a file and one is deleted while the other is read: no row names a file that is gone."""

import os
import threading
import time

import pytest

from cluster.storage import Storage
from cluster.upkeep.file_removal import remove_dropped_files, remove_files, remove_unnamed_files
from db.contents import dropped_files
from db.document_actions import delete_document
from db.errors import FilesGone
from db.pages import save_pages
from tests.integration import factories

LOGO = b"the bytes of a logo that two catalogues show"


@pytest.fixture
def storage(tmp_path):
    return Storage(f"file://{tmp_path / 'files'}")


def read_page(storage):
    """What extraction does: the file first, then the page that names it."""
    key = storage.put(LOGO, ".png")
    return key, [factories.page_json(images=[factories.image_json(storage_key=key, content_hash=key[3:67])])]


@pytest.fixture
def first(service, storage):
    """A document whose page shows the logo."""
    key, rows = read_page(storage)
    with service.transaction() as conn:
        document = factories.add_claimed_document(conn, storage_key=storage.put(b"%PDF first", ".pdf"))
        save_pages(conn, document.id, document.fence, rows, is_stored=storage.exists)
    return document, key


@pytest.fixture
def second(service, storage):
    with service.transaction() as conn:
        return factories.add_claimed_document(conn, storage_key=storage.put(b"%PDF second", ".pdf"))


def delete(service, storage, document):
    with service.transaction() as conn:
        keys = delete_document(conn, document.id, "ann")
    return remove_files(service, storage, keys)


def test_the_last_document_takes_its_files_along(service, storage, first):
    document, key = first
    assert delete(service, storage, document) == 2, "the logo and the upload"
    assert not storage.exists(key)
    with service.transaction() as conn:
        assert dropped_files(conn, older_than_s=-1, limit=9) == []


def test_a_file_that_another_document_shows_stays(service, storage, first, second):
    document, key = first
    _, rows = read_page(storage)
    with service.transaction() as conn:
        save_pages(conn, second.id, second.fence, rows, is_stored=storage.exists)
    delete(service, storage, document)
    assert storage.exists(key)
    delete(service, storage, second)
    assert not storage.exists(key)


def test_a_page_read_before_the_deletion_and_saved_after_it_is_read_again(service, storage, first, second):
    document, key = first
    _, rows = read_page(storage)  # finds the file there and writes nothing
    delete(service, storage, document)
    with pytest.raises(FilesGone, match="removed while a page with it was read"), service.transaction() as conn:
        save_pages(conn, second.id, second.fence, rows, is_stored=storage.exists)
    _, rows = read_page(storage)
    with service.transaction() as conn:
        save_pages(conn, second.id, second.fence, rows, is_stored=storage.exists)
    assert storage.exists(key)


def test_a_deletion_waits_for_a_page_that_is_being_saved(service, storage, first, second):
    document, key = first
    _, rows = read_page(storage)
    deleting = threading.Thread(target=delete, args=(service, storage, document))
    with service.transaction() as conn:
        save_pages(conn, second.id, second.fence, rows, is_stored=storage.exists)
        deleting.start()
        deleting.join(0.5)
        assert deleting.is_alive(), "it waits for the lock of the content"
    deleting.join(10)
    assert not deleting.is_alive()
    assert storage.exists(key), "by then the other document shows it"


def test_two_that_share_a_file_and_go_at_once_leave_nothing(service, storage, first, second):
    document, key = first
    _, rows = read_page(storage)
    with service.transaction() as conn:
        save_pages(conn, second.id, second.fence, rows, is_stored=storage.exists)
    with service.transaction() as one, service.transaction() as other:
        keys = delete_document(one, document.id, "ann")
        theirs = other.execute("select storage_key from document_images where document_id = %s", [second.id])
        assert theirs.fetchone() == (key,)
    with service.transaction() as conn:
        keys += delete_document(conn, second.id, "ann")
    remove_files(service, storage, keys)
    assert not storage.exists(key)


def test_what_a_crash_left_is_removed_later(service, storage, first):
    document, key = first
    with service.transaction() as conn:
        delete_document(conn, document.id, "ann")  # and then nobody removed the files
    assert remove_dropped_files(service, storage, older_than_s=3600, limit=10) == 0, "not yet"
    assert storage.exists(key)
    remove_dropped_files(service, storage, older_than_s=-1, limit=10)
    assert not storage.exists(key)


def test_a_store_that_refuses_leaves_the_file_remembered(service, storage, first, tmp_path):
    document, key = first
    with service.transaction() as conn:
        delete_document(conn, document.id, "ann")
    path = tmp_path / "files" / key
    path.unlink()
    (path / "in the way").mkdir(parents=True)  # no file any more: removing it as one fails
    assert remove_dropped_files(service, storage, older_than_s=-1, limit=10) == 1, "the upload"
    with service.transaction() as conn:
        assert dropped_files(conn, older_than_s=-1, limit=9) == [key]


def unnamed_removed(service, storage, key, older_than_s=3600):
    return remove_unnamed_files(service, storage, key[:2], older_than_s=older_than_s)


def make_old(tmp_path, key):
    os.utime(tmp_path / "files" / key, (time.time() - 7200,) * 2)


def test_a_file_whose_row_never_came_is_removed_when_it_is_old(service, storage, tmp_path):
    """Its writer was killed between the file and the row."""
    key = storage.put(LOGO, ".png")
    assert unnamed_removed(service, storage, key) == 0, "its row may still come"
    assert storage.exists(key)
    make_old(tmp_path, key)
    assert unnamed_removed(service, storage, key) == 1
    assert not storage.exists(key)


def test_named_files_stay_however_old_they_are(service, storage, first, tmp_path):
    document, key = first
    for named in (key, document.storage_key):
        make_old(tmp_path, named)
        assert unnamed_removed(service, storage, named) == 0
        assert storage.exists(named)


def test_an_old_file_whose_row_is_just_being_written_stays(service, storage, second, tmp_path):
    """The same bytes were stored long ago for a row that never came, and now another document shows them."""
    key, rows = read_page(storage)
    make_old(tmp_path, key)
    looking = threading.Thread(target=unnamed_removed, args=(service, storage, key))
    with service.transaction() as conn:
        save_pages(conn, second.id, second.fence, rows, is_stored=storage.exists)
        looking.start()
        looking.join(0.5)
        assert looking.is_alive(), "it waits for the lock of the content"
    looking.join(10)
    assert not looking.is_alive()
    assert storage.exists(key)

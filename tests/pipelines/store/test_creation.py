"""Making a library is all or nothing, also for two at once, and hides no loss."""

import threading

import pytest

from pipelines import store
from pipelines.store import keyfile, locks
from tests.pipelines.store.libraries import FAST, make_library, one_sentence, recorded

PASSPHRASE = "x"


class UnseenError(Exception):
    """What a screen raises that shows nothing."""


def test_the_recovery_key_is_shown_before_there_is_a_library_and_opens_it(tmp_path):
    folder, shown = tmp_path / "library", []

    def show(recovery):
        assert not (folder / "library.json").exists()
        assert (folder / "index.db").exists()
        shown.append(recovery)

    store.create_library(folder, "x", show=show, cost=FAST)
    (recovery,) = shown
    assert store.open_library(folder, recovery).sessions() == []


def test_a_recovery_key_that_nobody_saw_leaves_nothing(tmp_path):
    def show(recovery):
        raise UnseenError

    with pytest.raises(UnseenError):
        store.create_library(tmp_path / "library", "x", show=show, cost=FAST)
    assert not [path for path in (tmp_path / "library").rglob("*") if path.is_file()]
    assert make_library(tmp_path / "library")


LEFT_OVERS = (
    "index.db",
    "index.db-wal",
    "index.db-shm",
    "index.db-journal",
    "index.db.new",
    "index.db.new-wal",
    "library.json.new",
    "library.key",
    "library.key.new",
    "running/library.lock",
    "sessions/abcdefgh.db.new",
)


@pytest.mark.parametrize("left", [*([name] for name in LEFT_OVERS), LEFT_OVERS])
def test_what_an_attempt_left_stops_no_other(tmp_path, left):
    folder = tmp_path / "library"
    for part in ("sessions", "running"):
        (folder / part).mkdir(parents=True)
    for name in left:
        (folder / name).write_bytes(b"x" * 5000)
    library, recovery = make_library(folder)
    assert not store.has_key_file(folder)
    session = recorded(library)
    assert len(store.open_library(folder, recovery).events(session)) == 15


def test_a_log_that_an_attempt_left_does_not_get_into_the_new_index(tmp_path):
    other, _ = make_library(tmp_path / "other")
    folder = tmp_path / "library"
    (folder / "sessions").mkdir(parents=True)
    with store.index.Index(other.folder / "index.db", other._key)._open_to_write() as connection:
        connection.execute("CREATE TABLE stray (x)")
        (folder / "index.db-wal").write_bytes((other.folder / "index.db-wal").read_bytes())
    assert make_library(folder)[0].sessions() == []


def test_recordings_without_the_key_file_are_a_loss_that_is_said(tmp_path):
    folder = tmp_path / "library"
    recorded(make_library(folder)[0])
    (folder / "library.json").unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for call in (make_library, store.open_or_create_with_key_file):
        with pytest.raises(store.Unreadable, match=r"library\.json") as caught:
            call(folder)
        assert one_sentence_of(caught.value, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def one_sentence_of(error, folder):
    return str(error).endswith(".") and "\n" not in str(error) and str(folder) in str(error)


def test_an_index_of_somebody_else_is_left_alone(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "index.db").write_bytes(b"theirs")
    with pytest.raises(store.NoLibrary) as caught:
        make_library(folder)
    assert one_sentence(caught.value, folder)
    assert (folder / "index.db").read_bytes() == b"theirs"


def test_two_that_make_one_library_at_once_one_makes_it(tmp_path):
    made, refused = [], []
    start = threading.Barrier(6)

    def found():
        start.wait()
        try:
            made.append(make_library(tmp_path / "library"))
        except store.LibraryExists as error:
            refused.append(error)

    threads = [threading.Thread(target=found) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 5)
    ((_, recovery),) = made
    assert store.open_library(tmp_path / "library", recovery)


def test_two_demos_at_once_use_one_library(tmp_path):
    libraries = []
    start = threading.Barrier(6)

    def found():
        start.wait()
        libraries.append(store.open_or_create_with_key_file(tmp_path / "demo"))

    threads = [threading.Thread(target=found) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({bytes(library._key) for library in libraries}) == 1
    assert len(libraries) == 6


def test_a_slow_maker_is_waited_for(tmp_path, monkeypatch):
    folder = tmp_path / "library"
    (folder / "running").mkdir(parents=True)
    lock = locks.acquire(folder / "running" / keyfile.LOCK)
    threading.Timer(0.5, lock.release).start()
    assert make_library(folder)


def test_a_new_recovery_key_opens_and_the_old_one_no_more(tmp_path):
    library, old = make_library(tmp_path / "library")
    session = recorded(library)
    shown = []

    def show(recovery):
        assert store.open_library(library.folder, old), "until it is shown, the old one opens"
        shown.append(recovery)

    library.change_recovery_key(show)
    (new,) = shown
    for secret in (new, "x"):
        assert store.open_library(library.folder, secret).events(session)
    with pytest.raises(store.WrongPassphrase):
        store.open_library(library.folder, old)


def test_a_new_recovery_key_that_nobody_saw_changes_nothing(tmp_path):
    library, old = make_library(tmp_path / "library")

    def show(recovery):
        raise UnseenError

    with pytest.raises(UnseenError):
        library.change_recovery_key(show)
    assert store.open_library(library.folder, old)
    assert not list(library.folder.glob("*.new"))


def test_a_library_with_a_key_file_has_no_recovery_key_to_change(tmp_path):
    library = store.open_or_create_with_key_file(tmp_path / "demo")
    with pytest.raises(store.LibraryError, match="key file") as caught:
        library.change_recovery_key(print)
    assert one_sentence(caught.value, library.folder)

"""What is deleted is gone: its file, its row and its key."""

import random
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from pipelines import store
from pipelines.store import keys
from pipelines.store.index import Index
from tests.pipelines.store.libraries import all_bytes, fill, one_sentence, recorded, sqlite_open

PASSPHRASE = "seven quiet lamps"


def pages(path: Path, key: bytes) -> bytes:
    """Decrypt every page of a SQLCipher 4 database or its log, live or not, by hand."""
    raw = path.read_bytes()
    if path.name.endswith("-wal"):
        step, skip = 4096 + 24, 24
        raw = raw[32:]
    else:
        step, skip = 4096, 0
    out = []
    for start in range(0, len(raw) - step + 1, step):
        page = raw[start + skip : start + step]
        # Page 1 begins with the salt, in the log too; decrypt it both ways.
        for first in (0, 16):
            cipher = Cipher(algorithms.AES(key), modes.CBC(page[4016:4032])).decryptor()
            out.append(cipher.update(page[first:4016]) + cipher.finalize())
    return b"".join(out)


def test_deleting_removes_file_and_key_from_everywhere(library):
    ids = [recorded(library, rounds=1) for _ in range(60)]
    gone = secrets.choice(ids)
    key, index = library._index.key(gone), library.folder / "index.db"
    assert key in pages(index, library._key)
    library.delete(gone)
    after = pages(index, library._key)
    assert key not in after
    assert gone.encode() not in after
    assert not any(gone in path.name for path in library.folder.rglob("*"))
    assert not list(library.folder.glob("index.db-*"))
    for content in all_bytes(library.folder).values():
        assert key not in content
    for name in set(ids) - {gone}:
        assert library._index.key(name) in after
        assert len(library.events(name)) == 5
    with pytest.raises(store.UnknownSession):
        library.events(gone)


def test_rows_that_sqlite_moved_leave_no_key_behind(tmp_path):
    # With this sequence one removed key stays in a page unless the index is vacuumed.
    rng, library_key, held = random.Random(2), keys.random_key(), {}
    index = Index(tmp_path / "index.db", library_key)
    index.create()
    for i in range(150):
        name = f"{rng.getrandbits(40):010x}"
        held[name] = keys.random_key()
        index.add(name, held[name], float(i))
        if i > 3 and rng.random() < 0.9:
            known = rng.choice(list(held))
            strap = store.SessionSource(0, "client", "Polar H10 12345678")
            straps = tuple(strap for _ in range(rng.randrange(1, 12)))
            index.finish(known, "finished", store.Summary(1.0, 2, straps), 3)
    names = list(held)
    rng.shuffle(names)
    for name in names[:60]:
        index.remove(name)
        assert held[name] not in pages(tmp_path / "index.db", library_key)


def test_deleting_clears_the_log_too_while_another_has_the_index_open(library):
    keep, gone = recorded(library), recorded(library)
    key = library._index.key(gone)
    with sqlite_open(library) as other:
        assert other.execute("SELECT count(*) FROM session").fetchall() == [(2,)]
        library.delete(gone)
        log = library.folder / "index.db-wal"
        assert not log.exists() or key not in pages(log, library._key)
        assert key not in pages(library.folder / "index.db", library._key)
    assert [info.id for info in library.sessions()] == [keep]


def test_the_helper_that_looks_into_a_log_sees_keys(library):
    with sqlite_open(library):
        session = recorded(library)
        log = pages(library.folder / "index.db-wal", library._key)
    assert library._index.key(session) in log


def test_deleting_again_after_a_crash_in_between_finishes_it(library):
    session = recorded(library)
    (library.folder / "sessions" / f"{session}.db").unlink()
    library.delete(session)
    assert library.sessions() == []


@pytest.mark.usefixtures("english")
def test_a_session_being_recorded_is_not_deleted(library):
    writer = library.new_session(0.0)
    with pytest.raises(store.SessionInUse) as caught:
        library.delete(writer.session)
    assert one_sentence(caught.value, library.folder)
    fill(writer)
    writer.close(beats=0)
    library.delete(writer.session)
    assert list((library.folder / "sessions").iterdir()) == []


def orphan(library):
    """A session whose row the index lost, as when an older copy of it is put back."""
    older = (library.folder / "index.db").read_bytes()
    session = recorded(library)
    (library.folder / "index.db").write_bytes(older)
    return session


def test_a_file_that_no_row_knows_is_an_orphan_and_can_be_deleted(library):
    known, lost = recorded(library), orphan(library)
    writer = library.new_session(0.0)
    assert library.orphans() == [lost]
    assert lost not in {info.id for info in library.sessions()}
    library.recover(count_beats=len)
    assert library.orphans() == [lost], "nobody but a person deletes it"
    library.delete(lost)
    assert library.orphans() == []
    assert not any(lost in path.name for path in library.folder.rglob("*"))
    assert len(library.events(known)) == 15
    writer.close(beats=0)
    assert library.orphans() == []


def test_no_name_leads_out_of_the_library(library):
    outside = library.folder.parent / "outside.db"
    outside.write_bytes(b"theirs")
    for name in ("../../outside", str(outside.with_suffix("")), "../index", "", "."):
        with pytest.raises(store.UnknownSession):
            library.delete(name)
        with pytest.raises(store.UnknownSession):
            library.events(name)
    assert outside.read_bytes() == b"theirs"
    assert library.sessions() == []


def test_what_a_crash_left_of_a_deletion_is_no_session_and_is_swept(library):
    session, kept = recorded(library), recorded(library)
    key = library._index.key(session)
    sessions = library.folder / "sessions"
    (sessions / f"{session}.deleted").touch()
    assert [info.id for info in library.sessions()] == [kept]
    for call in (library.session, library.events):
        with pytest.raises(store.UnknownSession):
            call(session)
    library.recover(count_beats=len)
    assert [path.name for path in sessions.iterdir()] == [f"{kept}.db"]
    assert key not in pages(library.folder / "index.db", library._key)

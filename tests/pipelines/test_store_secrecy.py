"""Nobody without the passphrase reads a library, and what is deleted is gone."""

import json
import os
import random
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import events as ev
from pipelines import store
from pipelines.store import database, keys, sqlite
from pipelines.store.index import Index

FAST = store.Cost(n=2, r=1, p=1)
PASSPHRASE = "seven quiet lamps"
POSIX = os.name == "posix"

MARKS = {
    "mark": "touched the left hip",
    "device": "Polar H10 8F2A3B",
    "address": "A0:9E:1A:8F:2A:3B",
    "role": "therapist-in-training",
    "consent": "agreed to be recorded",
    "kind": "heart_rate",
    "phase": "settling",
}


@pytest.fixture
def made(tmp_path):
    return store.create_library(tmp_path / "library", PASSPHRASE, cost=FAST)


@pytest.fixture
def library(made):
    return made[0]


def fill(writer, rounds: int = 3) -> None:
    for i in range(rounds):
        writer.append(
            [
                ev.Source(float(i), 0, MARKS["role"], MARKS["device"], MARKS["address"]),
                ev.Consent(float(i), MARKS["consent"]),
                ev.Packet(float(i), 0, MARKS["kind"], b"\x10\x4b\x34\x03" * 20),
                ev.Mark(float(i), MARKS["mark"]),
                ev.Phase(float(i), MARKS["phase"]),
            ]
        )


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def recorded(library, rounds: int = 3) -> str:
    writer = library.new_session(1700000000.0)
    fill(writer, rounds)
    writer.close(beats=1)
    return writer.session


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


def test_no_plaintext_in_any_file_while_recording_and_after(made):
    library, recovery = made
    writer = library.new_session(1700000000.0)
    fill(writer)
    with sqlite_open(library):
        while_open = all_bytes(library.folder)
    writer.close(beats=1)
    after = all_bytes(library.folder)
    assert any(name.endswith("-wal") and content for name, content in while_open.items())
    session_key = library._index.key(writer.session)
    forbidden = [text.encode() for text in MARKS.values()]
    forbidden += [PASSPHRASE.encode(), recovery.encode(), recovery.replace("-", "").encode()]
    for key in (library._key, session_key):
        forbidden += [key, key.hex().encode(), key.hex().upper().encode()]
    forbidden += [b"SQLite format 3", b"CREATE TABLE", b"Packet", b"recording", b"\x10\x4b\x34\x03"]
    for name, content in (while_open | after).items():
        for text in forbidden:
            assert text not in content, name


def sqlite_open(library):
    place = database.Place("The index", library.folder)
    return database.opened(library.folder / "index.db", library._key, place)


@pytest.mark.skipif(not POSIX, reason="modes are those of POSIX")
@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path, mask):
    before = os.umask(mask)
    try:
        folder = tmp_path / "library"
        library, _ = store.create_library(folder, PASSPHRASE, cost=FAST)
        keyed = store.open_or_create_with_key_file(tmp_path / "keyed")
        writer = library.new_session(0.0)
        fill(writer)
        store.write_contact(folder, writer.session, "somewhere", b"key")
        with sqlite_open(library) as connection, database.transaction(connection):
            found = {path: path.stat().st_mode & 0o777 for path in folder.rglob("*")}
        names = {path.name.rpartition(".")[2] for path in found}
        assert {"db", "db-wal", "db-shm", "lock", "contact", "json"} <= names
        writer.close(beats=0)
        exported = store.export_session(library, writer.session, tmp_path / "deep")
        for path in (folder, keyed.folder, *folder.rglob("*"), *keyed.folder.rglob("*"), exported):
            found[path] = path.stat().st_mode & 0o777
        found[exported.parent] = exported.parent.stat().st_mode & 0o777
    finally:
        os.umask(before)
    folders = {"library", "keyed", "sessions", "running", "deep"}
    for path, mode in found.items():
        assert mode == (0o700 if path.name in folders else 0o600), path


def test_passphrase_and_recovery_key_open_it_and_nothing_else(made):
    library, recovery = made
    session = recorded(library)
    for secret in (PASSPHRASE, recovery, recovery.lower().replace("-", " "), f" {recovery} "):
        assert store.open_library(library.folder, secret).events(session)
    other = store.create_library(library.folder.parent / "other", PASSPHRASE, cost=FAST)[1]
    for secret in ("", " ", PASSPHRASE + " ", PASSPHRASE.upper(), other, "é" * 40):
        with pytest.raises(store.WrongPassphrase) as caught:
            store.open_library(library.folder, secret)
        assert one_sentence(caught.value, library.folder)
        assert not secret.strip() or secret not in str(caught.value)


def one_sentence(error: store.LibraryError, folder: Path) -> bool:
    text = str(error).replace(str(folder), "FOLDER")
    assert error.sentence == str(error)
    assert text.endswith(".")
    assert text.count(".") == 1
    assert "\n" not in text
    assert "!" not in text
    return "FOLDER" in text


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_recovery_key_survives_how_people_write_it(random):
    recovery = keys.new_recovery_key()
    assert keys.read_recovery_key(recovery) == recovery
    assert len(recovery.replace("-", "")) == 32
    misread = recovery.replace("0", random.choice("0oO")).replace("1", random.choice("1iIlL"))
    misread = "".join(random.choice((c.lower(), c)) for c in misread)
    assert keys.read_recovery_key(misread.replace("-", random.choice(("", " ", "-")))) == recovery


@pytest.mark.parametrize("text", ["", "a passphrase", "U" * 32, "A" * 31, "A" * 33, "Ä" * 32])
def test_other_texts_are_no_recovery_key(text):
    assert keys.read_recovery_key(text) is None


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1), st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_only_the_secret_that_sealed_unseals(one, other, key):
    import unicodedata

    sealed = keys.seal(key, one, FAST)
    assert keys.unseal(sealed, one) == key
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert keys.unseal(sealed, other) == (key if same else None)
    assert key not in sealed.box


def test_composed_and_decomposed_letters_are_one_passphrase(tmp_path):
    store.create_library(tmp_path / "a", "caf\u00e9 au lait", cost=FAST)
    assert store.open_library(tmp_path / "a", "cafe\u0301 au lait")


def test_two_seals_of_one_key_share_nothing():
    key = keys.random_key()
    one, other = keys.seal(key, "x", FAST), keys.seal(key, "x", FAST)
    assert len({one.salt, other.salt}) == len({one.nonce, other.nonce}) == 2
    assert one.box != other.box


def test_the_default_cost_is_strong(tmp_path):
    folder = tmp_path / "library"
    store.create_library(folder, PASSPHRASE)
    cost = json.loads((folder / "library.json").read_bytes())["passphrase"]["cost"]
    assert cost["n"] * cost["r"] * 128 >= 2**26
    assert store.open_library(folder, PASSPHRASE)


@pytest.mark.parametrize(
    "values", [{"n": 2**40}, {"n": 3}, {"n": 0}, {"n": 1}, {"r": 0}, {"r": 99}, {"p": 10**6}]
)
def test_a_cost_that_would_take_all_memory_is_refused(made, values):
    folder = made[0].folder
    with pytest.raises(ValueError, match=r"lie|power"):
        store.Cost(**values)
    content = json.loads((folder / "library.json").read_bytes())
    content["passphrase"]["cost"] |= values
    (folder / "library.json").write_text(json.dumps(content))
    with pytest.raises(store.Unreadable):
        store.open_library(folder, PASSPHRASE)


def test_the_passphrase_changes_and_the_recovery_key_stays(made):
    library, recovery = made
    session = recorded(library)
    library.change_passphrase("another one", cost=FAST)
    with pytest.raises(store.WrongPassphrase):
        store.open_library(library.folder, PASSPHRASE)
    assert store.open_library(library.folder, "another one").events(session)
    assert store.open_library(library.folder, recovery).events(session)
    for empty in ("", "  "):
        with pytest.raises(store.NoPassphrase):
            library.change_passphrase(empty, cost=FAST)
    assert store.open_library(library.folder, "another one")


def test_a_library_with_a_key_file_opens_unasked(tmp_path):
    folder = tmp_path / "demo"
    library = store.open_or_create_with_key_file(folder)
    session = recorded(library)
    assert store.has_key_file(folder)
    assert store.open_or_create_with_key_file(folder).events(session)
    assert store.open_library(folder).events(session)
    with pytest.raises(store.LibraryError, match="key file"):
        library.change_passphrase("x")
    (folder / "library.key").unlink()
    with pytest.raises(store.NoPassphrase):
        store.open_library(folder)


def test_a_library_with_a_passphrase_is_not_opened_unasked(made):
    folder = made[0].folder
    assert not store.has_key_file(folder)
    for call in (store.open_library, store.open_or_create_with_key_file):
        with pytest.raises(store.NoPassphrase) as caught:
            call(folder)
        assert one_sentence(caught.value, folder)


def test_neither_library_nor_error_shows_a_key(made):
    library, recovery = made
    shown = repr(library) + repr(vars(library)["_index"])
    assert library._key.hex() not in shown
    assert repr(library._key) not in shown
    assert recovery not in shown


def test_a_session_has_a_key_of_its_own(library):
    one, other = recorded(library), recorded(library)
    found = {library._index.key(one), library._index.key(other), library._key}
    assert len(found) == 3
    path = library.folder / "sessions"
    (path / f"{one}.db").write_bytes((path / f"{other}.db").read_bytes())
    with pytest.raises(store.Unreadable):
        library.events(one)


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


def test_a_session_being_recorded_is_not_deleted(library):
    writer = library.new_session(0.0)
    with pytest.raises(store.SessionInUse) as caught:
        library.delete(writer.session)
    assert one_sentence(caught.value, library.folder)
    fill(writer)
    writer.close(beats=0)
    library.delete(writer.session)
    assert list((library.folder / "sessions").iterdir()) == []


def test_a_full_or_used_folder_is_not_taken_over(tmp_path, made):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    mode = (tmp_path / "notes").stat().st_mode
    for name in ("notes", "file"):
        for call in (lambda f: store.create_library(f, "x"), store.open_or_create_with_key_file):
            with pytest.raises(store.NoLibrary) as caught:
                call(tmp_path / name)
            assert one_sentence(caught.value, tmp_path / name)
    with pytest.raises(store.LibraryError, match="already"):
        store.create_library(made[0].folder, "x", cost=FAST)
    assert (tmp_path / "notes").stat().st_mode == mode
    assert store.open_library(made[0].folder, PASSPHRASE)


def test_an_empty_passphrase_makes_no_library(tmp_path):
    with pytest.raises(store.NoPassphrase):
        store.create_library(tmp_path / "a", " ", cost=FAST)
    assert not (tmp_path / "a").exists()


def test_no_library_is_a_sentence(tmp_path):
    with pytest.raises(store.NoLibrary) as caught:
        store.open_library(tmp_path / "none", "x")
    assert one_sentence(caught.value, tmp_path / "none")
    assert not store.library_exists(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_files_are_what_sqlcipher_says_they_are(library):
    session = recorded(library)
    place = database.Place("The index", library.folder)
    path = library.folder / "sessions" / f"{session}.db"
    with database.opened(path, library._index.key(session), place) as connection:
        for pragma, value in {
            "journal_mode": "wal",
            "synchronous": 2,
            "secure_delete": 1,
            "foreign_keys": 1,
            "user_version": 1,
            "temp_store": 2,
        }.items():
            assert connection.execute(f"PRAGMA {pragma}").fetchall() == [(value,)]
        with pytest.raises(sqlite.Error, match="cannot store TEXT"):
            connection.execute("INSERT INTO event (time, kind, body) VALUES ('now', 'x', x'00')")

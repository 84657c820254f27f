"""A person's own file: it only grows, opens anywhere with its secrets, and lets go for good."""

import os
import stat

import msgspec
import pytest

from pipelines import store
from pipelines.store import own
from pipelines.store.files import draft
from tests.pipelines.store.libraries import FAST, make_library

PASSPHRASE = "a long passphrase"
WORDS = [b"walked to the lake", b"moved house"]


def test_what_is_added_is_read_back_in_order(library):
    assert library.own_file().bodies() == []
    library.own_file().add(WORDS)
    library.own_file().add([b"", b"more"])
    assert library.own_file().bodies() == [*WORDS, b"", b"more"]


def test_half_a_frame_that_a_crash_left_is_gone_with_the_next_addition(library):
    library.own_file().add(WORDS)
    path = library.own_file().path
    begun = len(path.read_bytes())
    library.own_file().add([os.urandom(5000)])
    path.write_bytes(path.read_bytes()[:-10])
    half = path.read_bytes()[begun:]
    assert library.own_file().bodies() == WORDS
    library.own_file().add([b"more"])
    assert library.own_file().bodies() == [*WORDS, b"more"]
    assert half[-100:] not in path.read_bytes()


def test_nothing_of_it_can_be_read_by_others(library):
    library.own_file().add(WORDS)
    path = library.own_file().path
    assert not any(word in path.read_bytes() for word in WORDS)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_copy_opens_anywhere_with_either_secret_and_no_other(made, tmp_path):
    library, recovery = made
    library.own_file().add(WORDS)
    copy = tmp_path / "copy"
    copy.write_bytes(library.own_file().path.read_bytes())
    assert store.is_own_file(copy)
    assert not store.is_own_file(library.folder / "library.json")
    assert not store.is_own_file(tmp_path)
    for secret in (PASSPHRASE, recovery, recovery.lower()):
        assert store.read_own_file(copy, secret) == WORDS
    with pytest.raises(store.WrongPassphrase, match="does not open"):
        store.read_own_file(copy, "another")


def test_once_added_to_it_opens_with_the_passphrase_that_the_library_has_now(library):
    library.own_file().add(WORDS)
    library.change_passphrase("another one", cost=FAST)
    library.own_file().add([b"more"])
    path = library.own_file().path
    assert store.read_own_file(path, "another one") == [*WORDS, b"more"]
    with pytest.raises(store.WrongPassphrase):
        store.read_own_file(path, PASSPHRASE)


def test_what_is_let_go_is_nowhere_not_even_for_who_has_the_key(library, monkeypatch):
    """Every byte that was ever written is looked at, those of the old file included."""
    monkeypatch.setattr(own, "seal", lambda _, content, about: b"s" * 12 + bytes(content))
    monkeypatch.setattr(own, "unseal", lambda _, box, about: box[12:44])
    monkeypatch.setattr(own, "SEALED_KEY", 44)
    monkeypatch.setattr(
        own, "sealed_frame", lambda key, line, number, events: b"%d:" % len(events) + events
    )
    monkeypatch.setattr(own, "_log_of", _plain_log)
    library.own_file().add([WORDS[0]])
    library.own_file().add([WORDS[1]])
    path = library.own_file().path
    second = path.with_name("hard link")
    os.link(path, second)
    assert WORDS[1] in second.read_bytes()
    library.own_file().keep_only(lambda body: body != WORDS[1])
    assert library.own_file().bodies() == [WORDS[0]]
    assert WORDS[1] not in path.read_bytes()
    assert not second.read_bytes().strip(b"\0"), "the old file is overwritten"


def _plain_log(path, content, find):
    line = content[: content.find(b"\n") + 1]
    body, frames, place = content[len(line) + 44 :], [], 0
    while place < len(body):
        length, _, _ = body[place:].partition(b":")
        start = place + len(length) + 1
        frames.append(body[start : start + int(length)])
        place = start + int(length)
    header = msgspec.json.decode(line, type=own._Header)
    key = own.Key(content[len(line) + 12 : len(line) + 44])
    return own._Log(line, header.sealed, key, tuple(frames), len(content))


def test_the_key_of_what_was_let_go_is_another_one_afterwards(library):
    library.own_file().add(WORDS)
    path, key = library.own_file().path, library._key

    def file_key():
        return bytes(own._log_of(path, path.read_bytes(), lambda _: key).key)

    before = file_key()
    library.own_file().keep_only(lambda body: body != WORDS[1], [b"gone"])
    assert library.own_file().bodies() == [WORDS[0], b"gone"]
    assert file_key() != before


def test_what_a_crash_left_half_written_goes_with_the_next_change(library):
    library.own_file().add(WORDS)
    path = library.own_file().path
    draft(path).write_bytes(b"half")
    with path.open("ab") as file:
        file.write(b"torn")
    assert library.own_file().bodies() == WORDS
    library.own_file().add([b"more"])
    assert library.own_file().bodies() == [*WORDS, b"more"]
    assert not draft(path).exists()


@pytest.mark.parametrize("place", [0, 40, -1, -40])
def test_what_was_changed_from_outside_is_told_and_left_alone(library, place):
    library.own_file().add(WORDS)
    library.own_file().add([b"more"])
    path = library.own_file().path
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(store.LibraryError):
        library.own_file().add([b"again"])
    assert path.read_bytes() == content


def test_that_of_another_library_is_not_written_over(library, tmp_path):
    other, _ = make_library(tmp_path / "other")
    other.own_file().add(WORDS)
    path = library.own_file().path
    path.write_bytes(other.own_file().path.read_bytes())
    with pytest.raises(store.Unreadable, match="belongs to another library"):
        library.own_file().add([b"more"])
    assert store.read_own_file(path, "x") == WORDS


def test_one_of_a_newer_program_is_told(library):
    library.own_file().add(WORDS)
    path = library.own_file().path
    path.write_bytes(path.read_bytes().replace(b'"schema":1', b'"schema":2', 1))
    with pytest.raises(store.NewerSchema, match="newer Interbeat"):
        library.own_file().bodies()


def test_a_library_that_anybody_can_open_keeps_none(tmp_path):
    library = store.open_or_create_with_key_file(tmp_path / "demo")
    with pytest.raises(store.LibraryError, match="without a passphrase"):
        library.own_file()

"""While and after it is recorded, a library tells a stranger nothing; what is deleted is gone."""

import stat
import time

import pytest

from pipelines.session import Mark
from tests.end_to_end.program import eventually, is_a_sentence

SECRETS = (b"Simulated strap", b"client", b"therapy", b"heart_rate", b"Packet", b"beats arriving")


def plain(folder, words):
    """Files that hold one of the words, and the word."""
    found = []
    for path in folder.rglob("*"):
        try:
            data = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue
        found += [(path.name, word) for word in words if word in data]
    return found


def modes(folder):
    found = [(path, stat.S_IMODE(path.lstat().st_mode)) for path in [folder, *folder.rglob("*")]]
    return {oct(mode) for path, mode in found if path.is_file()}, {
        oct(mode) for path, mode in found if path.is_dir()
    }


@pytest.fixture
def recording(program):
    process = program.start("live", "--simulate", "therapy", "--speed", "200", "--headless")
    yield process
    process.kill()
    process.communicate()


def test_a_library_tells_a_stranger_nothing(program, recording):
    marks = eventually(lambda: any((program.store / "sessions").glob("*.db-wal")))
    assert marks, "it writes a log ahead"
    while not marks_of(program):
        assert plain(program.store, SECRETS) == []
        assert recording.poll() is None, "it ended before there were marks"
        time.sleep(0.5)
    assert modes(program.store) == ({"0o600"}, {"0o700"})
    recording.terminate()
    recording.communicate()
    texts = [mark.text.encode() for mark in marks_of(program)]
    assert texts
    assert plain(program.store, (*SECRETS, *texts)) == []
    assert modes(program.store) == ({"0o600"}, {"0o700"})
    left = [path.name for path in program.store.rglob("*") if path.name.endswith(("-wal", "-shm"))]
    assert left == []


def marks_of(program):
    (info,) = program.library.sessions()
    return [event for event in program.library.events(info.id) if isinstance(event, Mark)]


def test_a_wrong_passphrase_opens_nothing_in_one_sentence(program):
    for call in (
        ("sessions", "list"),
        ("analyse", "abcdefgh"),
        ("live", "--simulate", "rest", "--speed", "max", "--headless"),
    ):
        done = program.run(*call, env={"INTERBEAT_PASSPHRASE": "another"})
        assert done.returncode == (1 if call[0] == "analyse" else 2)
        assert is_a_sentence(done.stderr)
        assert done.stdout == ""
    assert program.library.sessions() == []


def test_what_is_deleted_is_gone(program):
    kept, gone = program.kept(), program.kept()
    refused = program.run("sessions", "delete", gone)
    assert refused.returncode == 2
    assert is_a_sentence(refused.stderr)
    key = program.library._index.key(gone)
    done = program.run("sessions", "delete", gone, "--yes")
    assert done.returncode == 0
    assert is_a_sentence(done.stderr)
    names = [path.name for path in program.store.rglob("*") if path.is_file()]
    assert not [name for name in names if gone in name]
    assert plain(program.store, (gone.encode(), key, key.hex().encode())) == []
    assert [row["id"] for row in program.listed()] == [kept]
    again = program.run("sessions", "show", gone)
    assert again.returncode == 2
    assert is_a_sentence(again.stderr)

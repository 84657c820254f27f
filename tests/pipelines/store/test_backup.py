"""A backup is one sealed file; a restore gives it all back and brings nobody back."""

import os
import random
import shutil
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.analysis import analyse, encode_result
from pipelines.session import Mark, Phase, PhaseName
from pipelines.store import backup
from tests.pipelines.logs import session as log_of
from tests.pipelines.store.libraries import (
    FAST,
    MARKS,
    ROOT,
    abandoned,
    all_bytes,
    count_packets,
    make_library,
    one_sentence,
    packet,
    recorded,
)
from tests.pipelines.store.old_libraries import CRASHED, FINISHED, old_library, stored

PASSPHRASE = "seven quiet lamps"
JUNIPER = "Juniper of the hill"
LABELS = ("her hip", *[""] * 8)
NOON = 1.7e9


@pytest.fixture
def practice(made):
    """A library with sessions, names and all else that an index holds."""
    library, _ = made
    for number in range(3):
        session = recorded(library, rounds=number + 1)
        library.name_client(session, (JUNIPER, "rowan", JUNIPER)[number])
    library.keep_labels(LABELS[::-1])
    library.keep_client_labels(JUNIPER, LABELS)
    library.keep_pedal(7)
    library.remember_ticks({"a0:9e": 1000})
    return library


def held(library):
    """All that a person may ask of a library."""
    return (
        library.sessions(),
        {info.id: library.events(info.id) for info in library.sessions()},
        (library.labels(), library.client_labels(), library.pedal(), library.ticks()),
        library.said(),
    )


def backed_up(library, name="kept", now=NOON):
    path = library.folder.parent / name
    return path, library.back_up(path, now=now)


def test_a_backup_that_holds_what_was_deleted_meanwhile_is_not_kept(practice, monkeypatch):
    gone, write = practice.sessions()[1].id, backup.write

    def slowly(*told, announce, **more):
        def late():
            practice.delete(gone)
            announce()

        write(*told, announce=late, **more)

    monkeypatch.setattr(backup, "write", slowly)
    with pytest.raises(store.SessionInUse) as raised:
        backed_up(practice)
    assert one_sentence(raised.value, practice.folder)
    assert [path.name for path in practice.folder.parent.iterdir()] == [practice.folder.name]
    monkeypatch.undo()
    assert gone not in backed_up(practice)[1].sessions


def test_a_restored_library_is_like_it_was_and_opens_with_both_its_secrets(practice, made):
    path, told = backed_up(practice)
    assert told.sessions == tuple(info.id for info in practice.sessions())
    assert told.troubles == ()
    before, recovery = held(practice), made[1]
    shutil.rmtree(practice.folder)
    folder = path.parent / "elsewhere" / "library"
    library, restored = store.restore(path, folder, PASSPHRASE)
    assert held(library) == before
    assert restored == store.Restored(told.backup, told.sessions, 0, 0)
    for secret in (PASSPHRASE, recovery):
        assert held(store.open_library(folder, secret)) == before
    assert library.recover(count_beats=count_packets) == store.Recovery()
    assert {one.name for one in folder.iterdir()} == {
        "library.json", "index.db", "sessions", "running"}  # fmt: skip
    assert {one.stem for one in (folder / "sessions").iterdir()} == set(told.sessions)
    assert recorded(library) in {info.id for info in library.sessions()}


def test_a_restored_hour_gives_the_same_numbers(library, tmp_path):
    writer = library.new_session(NOON)
    writer.append([*log_of("rest", 120.0), Mark(60.0, "hip"), Phase(120.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    path, _ = backed_up(library)
    again, _ = store.restore(path, tmp_path / "again", PASSPHRASE)
    one, other = (analyse(each.events(writer.session)) for each in (library, again))
    assert [encode_result(each) for each in one] == [encode_result(each) for each in other]
    assert again.marks(writer.session) == library.marks(writer.session) != ()


def test_events_of_older_versions_keep_their_words(tmp_path):
    old = old_library(tmp_path / "old")
    path, _ = backed_up(old)
    again, _ = store.restore(path, tmp_path / "again", "x")
    for session in (FINISHED, CRASHED):
        assert again.events(session) == old.events(session)
        assert stored(again, session)[1] == stored(old, session)[1]
    assert again.recover(count_beats=count_packets).recovered == (CRASHED,)


def test_a_backup_has_no_plaintext_and_names_nobody(practice, made):
    path, _ = backed_up(practice)
    content = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    forbidden = [text.encode() for text in (*MARKS.values(), JUNIPER, "her hip", PASSPHRASE)]
    forbidden += [made[1].encode(), practice._key, b"\x10\x4b\x34\x03"]
    forbidden += [info.id.encode() for info in practice.sessions()]
    forbidden += [practice._index.key(info.id) for info in practice.sessions()]
    assert not [text for text in forbidden if text in content]
    assert held(practice)[0]


def test_no_key_of_a_session_is_in_a_backup_and_restored_ones_are_new(practice, tmp_path):
    path, told = backed_up(practice)
    frames = b"".join(backup._frames(path, practice._key))
    assert JUNIPER.encode() in frames, "the helper looks into a backup"
    again, _ = store.restore(path, tmp_path / "again", PASSPHRASE)
    for session in told.sessions:
        assert practice._index.key(session) not in frames
        assert again._index.key(session) != practice._index.key(session)


def test_what_is_there_already_stays_and_nothing_is_written_over(practice):
    path, told = backed_up(practice)
    first, second, third = told.sessions
    practice.add(first, [Mark(70.0, "later")])
    practice.name_client(first, "alder")
    practice.keep_client_labels(JUNIPER, LABELS[::-1])
    practice.keep_pedal(9)
    shutil.rmtree(practice.folder / "sessions" / "nothing", ignore_errors=True)
    lost(practice, second)
    new = recorded(practice)
    before = {info.id: practice.events(info.id) for info in practice.sessions()}
    restored = practice.restore(path)
    assert (restored.sessions, restored.there, restored.forgotten) == ((second,), 2, 0)
    after = {info.id: practice.events(info.id) for info in practice.sessions()}
    assert after == before | {second: practice.events(second)}
    assert set(after) == {first, second, third, new}
    assert practice.session(first).client == "alder"
    assert (practice.client_labels()[JUNIPER], practice.pedal()) == (LABELS[::-1], 9)
    assert practice.restore(path).there == 3


def lost(library, session):
    """Lose a session as a broken disk does: nobody deleted it."""
    with library._index._open_to_write() as connection:
        connection.execute("DELETE FROM session WHERE id = ?", (session,))
    (library.folder / "sessions" / f"{session}.db").unlink()


def test_whoever_was_deleted_does_not_come_back(practice, tmp_path):
    path, told = backed_up(practice)
    gone, kept, _ = told.sessions
    assert practice.delete(gone) == (told.backup,)
    lost(practice, kept)
    assert practice.restore(path) == store.Restored(told.backup, (kept,), 1, 1)
    assert gone not in {info.id for info in practice.sessions()}
    later, _ = backed_up(practice, "later", now=NOON + 60)
    again, restored = store.restore(later, tmp_path / "again", PASSPHRASE)
    assert restored.forgotten == 0
    assert again.restore(path).forgotten == 1, "the list travels with the later backup"
    assert gone not in {info.id for info in again.sessions()}
    without, restored = store.restore(path, tmp_path / "without", PASSPHRASE)
    assert gone in restored.sessions, "the older backup cannot know"
    assert without.delete(gone) == (told.backup,)


def test_who_is_there_stays_though_another_copy_of_the_library_deleted_them(library, tmp_path):
    session, copy = recorded(library), tmp_path / "copy"
    shutil.copytree(library.folder, copy)
    library.delete(session)
    other = store.open_library(copy, PASSPHRASE)
    assert other.restore(backed_up(library)[0]).forgotten == 0
    again, _ = store.restore(backed_up(other, "other")[0], tmp_path / "again", PASSPHRASE)
    assert again.events(session) == other.events(session) != []


def test_what_a_crash_left_of_a_deletion_does_not_come_back(practice):
    path, told = backed_up(practice)
    gone = told.sessions[0]
    (practice.folder / "sessions" / f"{gone}.deleted").touch()
    assert practice.restore(path).forgotten == 1
    practice.recover(count_beats=count_packets)
    assert practice.restore(path).forgotten == 1


def test_backups_that_hold_a_session_are_known_and_no_others(practice):
    first = practice.sessions()[0].id
    _, one = backed_up(practice, "one", now=NOON)
    new = recorded(practice)
    _, two = backed_up(practice, "two", now=NOON - 3600.0)  # a clock that was put back
    _, three = backed_up(practice, "three", now=NOON)
    assert practice.backups_with(first) == (one.backup, two.backup, three.backup)
    assert practice.backups_with(new) == (two.backup, three.backup)
    assert practice.backups_with(recorded(practice)) == ()
    assert len({one.backup.id, two.backup.id, three.backup.id}) == 3


def test_a_session_that_goes_on_is_in_it_as_far_as_it_is_committed(library, tmp_path):
    crashed, writer = abandoned(library), library.new_session(0.0)
    writer.append([packet(1)])
    path, _ = backed_up(library)
    writer.append([packet(2)])
    writer.close(beats=2)
    again, _ = store.restore(path, tmp_path / "again", PASSPHRASE)
    assert again.events(writer.session) == [packet(1)]
    recovered = again.recover(count_beats=count_packets).recovered
    assert set(recovered) == {crashed, writer.session}
    assert again.session(writer.session).beats == 1


def test_one_damaged_session_is_named_and_the_others_are_in_it(library, tmp_path):
    good, bad = recorded(library), recorded(library)
    (library.folder / "sessions" / f"{bad}.db").write_bytes(b"x" * 8192)
    path, told = backed_up(library)
    ((named, sentence),) = told.troubles
    assert (named, told.sessions) == (bad, (good,))
    assert "put it back" in sentence
    assert store.restore(path, tmp_path / "again", PASSPHRASE)[1].sessions == (good,)
    assert library.backups_with(bad) == ()


def test_a_library_without_a_passphrase_restores_so(tmp_path):
    demo = store.open_or_create_with_key_file(tmp_path / "demo")
    session = recorded(demo)
    path, _ = backed_up(demo)
    again, _ = store.restore(path, tmp_path / "again")
    assert again.events(session) == demo.events(session)
    assert store.open_library(tmp_path / "again").sessions() == demo.sessions()


def test_after_another_passphrase_the_library_takes_an_older_backup_and_a_new_one_asks_for_the_old(
    practice, tmp_path
):
    path, told = backed_up(practice)
    practice.change_passphrase("other", cost=FAST)
    lost(practice, told.sessions[0])
    assert store.restore(path, practice.folder, "other")[1].sessions == told.sessions[:1]
    with pytest.raises(store.WrongPassphrase) as caught:
        store.restore(path, tmp_path / "new", "other")
    assert one_sentence(caught.value, tmp_path)
    assert not (tmp_path / "new").exists()
    assert store.restore(path, tmp_path / "new", PASSPHRASE)[1].sessions == told.sessions


@pytest.mark.usefixtures("english")
def test_a_backup_of_another_library_is_refused(practice, tmp_path):
    path, _ = backed_up(practice)
    other, _ = make_library(tmp_path / "other", PASSPHRASE)
    kept = all_bytes(other.folder)
    with pytest.raises(store.LibraryError, match="another library") as caught:
        other.restore(path)
    assert one_sentence(caught.value, tmp_path)
    assert all_bytes(other.folder) == kept


@pytest.mark.usefixtures("english")
def test_no_backup_goes_into_the_library_or_over_a_file(practice):
    with pytest.raises(store.LibraryError, match="lost with it") as caught:
        practice.back_up(practice.folder / "sessions" / "kept", now=NOON)
    assert one_sentence(caught.value, practice.folder.parent)
    path = practice.folder.parent / "mine"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        practice.back_up(path, now=NOON)
    assert path.read_text() == "mine"
    practice.back_up(path, now=NOON, replace=True)
    backup.check(path, practice._key)
    assert practice.backups_with(practice.sessions()[0].id)[0].made == NOON


def refused(path, folder):
    with pytest.raises(store.LibraryError) as caught:
        store.restore(path, folder, PASSPHRASE)
    assert one_sentence(caught.value, path.parent)
    assert not folder.exists()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.booleans(), place=st.floats(0.0, 1.0, exclude_max=True), bit=st.integers(0, 7))
def test_a_backup_that_was_changed_or_cut_anywhere_is_refused_and_leaves_nothing(
    sealed, cut, place, bit
):
    path = sealed.with_name("damaged")
    content = bytearray(sealed.read_bytes())
    at = int(place * len(content))
    if cut:
        del content[at:]
    else:
        content[at] ^= 1 << bit
    path.write_bytes(content)
    refused(path, path.parent / "again")


@pytest.fixture
def sealed(library):
    recorded(library, rounds=1)
    return backed_up(library)[0]


def test_a_backup_cut_between_two_frames_is_refused(practice, tmp_path):
    path, _ = backed_up(practice)
    content, frames = path.read_bytes(), list(backup._frames(path, practice._key))
    last = len(frames[-1]) + 12 + 16 + 8
    path.write_bytes(content[:-last])
    assert list(backup._frames(path, practice._key)) == frames[:-1]
    refused(path, tmp_path / "again")


@pytest.mark.parametrize("more", [1, 7, 8, 100])
def test_a_backup_with_something_behind_it_is_refused(sealed, more):
    path = sealed.with_name("longer")
    path.write_bytes(sealed.read_bytes() + b"\x07" * more)
    refused(path, path.parent / "again")


def test_a_newer_backup_names_what_to_install(practice, tmp_path):
    path, _ = backed_up(practice)
    path.write_bytes(path.read_bytes().replace(b'"schema":1', b'"schema":3', 1))
    with pytest.raises(store.NewerSchema, match="install"):
        store.restore(path, tmp_path / "again", PASSPHRASE)


def test_a_disk_that_gives_back_something_else_leaves_no_backup(practice, monkeypatch, tmp_path):
    real = backup._frames

    def other(path, key):
        yield b"other"
        yield from real(path, key)

    monkeypatch.setattr(backup, "_frames", other)
    with pytest.raises(store.Unreadable):
        practice.back_up(tmp_path / "kept", now=NOON)
    assert [one.name for one in tmp_path.iterdir()] == ["library"]
    assert practice._index.backups() == ()


BACK_AND_FORTH = """
import sys
from pathlib import Path
from pipelines import store
library = store.open_library(Path(sys.argv[1]), "seven quiet lamps")
print("ready", flush=True)
sys.stdin.readline()
if sys.argv[3] == "backup":
    library.back_up(Path(sys.argv[2]), now=1.7e9, replace=True)
elif sys.argv[3] == "restore":
    library.restore(Path(sys.argv[2]))
else:
    store.restore(Path(sys.argv[2]), Path(sys.argv[4]), "seven quiet lamps")
print("done", flush=True)
"""


def killed(after, *arguments):
    """Run it in a process, which is killed after so long (s); return how long it took to its end.

    None where it was killed before.
    """
    with subprocess.Popen(
        [sys.executable, "-c", BACK_AND_FORTH, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        start = time.monotonic()
        process.stdin.write(b"\n")
        process.stdin.flush()
        if after is None:
            assert process.stdout.readline() == b"done\n"
        else:
            time.sleep(after)
            process.kill()
        return time.monotonic() - start


@pytest.mark.long
@pytest.mark.parametrize("what", ["backup", "restore", "anew"])
def test_thirty_kills_leave_it_as_before_or_as_after(practice, tmp_path, what):
    path, told = backed_up(practice)
    if what == "restore":
        for session in told.sessions[:2]:
            lost(practice, session)
    made = tmp_path / "made"
    shutil.copytree(practice.folder, made)
    before = {info.id: practice.events(info.id) for info in practice.sessions()}
    content, moments, used, new = path.read_bytes(), random.Random(4), practice.folder, None
    longest = killed(None, used, path, what, tmp_path / "whole")
    for number in range(30):
        shutil.rmtree(used)
        shutil.copytree(made, used)
        path.write_bytes(content)
        new = tmp_path / f"new{number}"
        killed(moments.uniform(0.0, longest), used, path, what, new)
        library = store.open_library(used, PASSPHRASE)
        library.recover(count_beats=count_packets)
        after = {info.id: library.events(info.id) for info in library.sessions()}
        assert set(after) in (set(before), set(told.sessions))
        assert library.orphans() == []
        names = {one.name for one in (used / "sessions").iterdir()}
        assert names == {f"{one}.db" for one in after}
        backup.check(path, library._key)
        if what == "anew" and store.library_exists(new):
            assert {one.id for one in store.open_library(new, PASSPHRASE).sessions()} == set(
                told.sessions
            )
        elif what == "anew":
            assert len(store.restore(path, new, PASSPHRASE)[1].sessions) == 3


def test_a_persons_own_file_goes_along_and_comes_back_as_it_was(practice, tmp_path):
    practice.own_file().add([b"walked to the lake"])
    path = practice.own_file().path
    practice.own_file().add([b"half of this is torn off by a crash"])
    path.write_bytes(path.read_bytes()[:-9])
    made = practice.back_up(tmp_path / "backup", now=NOON)
    assert (made.own, made.own_trouble) == (True, "")
    assert b"lake" not in (tmp_path / "backup").read_bytes()
    library, told = store.restore(tmp_path / "backup", tmp_path / "new", PASSPHRASE)
    assert told.own is store.OwnRestored.BACK
    assert library.own_file().bodies() == [b"walked to the lake"]
    library.own_file().add([b"moved house"])
    assert library.own_file().bodies() == [b"walked to the lake", b"moved house"]


def test_an_own_file_that_is_there_is_never_written_over(practice, tmp_path):
    practice.own_file().add([b"walked to the lake"])
    practice.back_up(tmp_path / "backup", now=NOON)
    practice.own_file().add([b"moved house"])
    before = practice.own_file().path.read_bytes()
    assert practice.restore(tmp_path / "backup").own is store.OwnRestored.STAYS
    assert practice.own_file().path.read_bytes() == before
    practice.own_file().path.unlink()
    assert practice.restore(tmp_path / "backup").own is store.OwnRestored.BACK
    assert practice.own_file().bodies() == [b"walked to the lake"]


def test_a_backup_without_an_own_file_is_as_programs_of_before_read_it(practice, tmp_path):
    practice.back_up(tmp_path / "backup", now=NOON)
    assert store.read_backup_header(tmp_path / "backup").schema == 1
    assert practice.restore(tmp_path / "backup").own is store.OwnRestored.NONE
    assert not practice.own_file().path.exists()
    practice.own_file().add([b"walked to the lake"])
    practice.back_up(tmp_path / "with", now=NOON)
    assert store.read_backup_header(tmp_path / "with").schema == 2


def test_an_own_file_that_cannot_be_read_is_told_and_the_rest_is_backed_up(practice, tmp_path):
    practice.own_file().add([b"walked to the lake"])
    path = practice.own_file().path
    path.write_bytes(path.read_bytes()[:-9].replace(b"own file", b"own pile", 1))
    made = practice.back_up(tmp_path / "backup", now=NOON)
    assert not made.own
    assert "cannot be read" in made.own_trouble
    assert len(made.sessions) == 3


def test_an_own_file_of_another_library_in_a_folder_stays_and_is_told(practice, tmp_path):
    other, _ = make_library(tmp_path / "other")
    other.own_file().add([b"somebody else"])
    path = practice.own_file().path
    path.write_bytes(other.own_file().path.read_bytes())
    assert "another library" in practice.back_up(tmp_path / "backup", now=NOON).own_trouble
    assert path.read_bytes() == other.own_file().path.read_bytes()

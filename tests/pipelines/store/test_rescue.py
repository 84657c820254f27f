"""A session whose library goes away is whole in a rescue file, and is taken back without loss."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.places import rescue_folder
from pipelines.session import encode_event
from pipelines.session import events as ev
from pipelines.store import database, frames, keyfile, keys, rescue, trouble
from pipelines.store.watch import Watch
from tests.pipelines.store.libraries import (
    FAST,
    ROOT,
    count_packets,
    one_sentence,
    packet,
    sqlite_open,
)

PASSPHRASE = "a passphrase"


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def path_of(library, session):
    return library.folder / "sessions" / f"{session}.db"


def rescue_path(session):
    return rescue_folder() / f"{session}.rescue"


def packets(first, last):
    return [packet(i) for i in range(first, last)]


def lost(library, go=lambda library, session: path_of(library, session).unlink()):
    """A session of ten packets, whose library goes away after six."""
    writer = library.new_session(1700000000.0)
    for event in packets(0, 6):
        writer.append([event])
    assert writer.trouble is None
    go(library, writer.session)
    for event in packets(6, 10):
        writer.append([event])
    assert "rescue file" in writer.trouble
    assert not writer.close(beats=10)
    assert writer.session in writer.ending
    return writer.session


def recovered(library, session):
    """Recover, and check that nothing is missing and nothing left."""
    assert library.recover(count_beats=count_packets) == store.Recovery(recovered=(session,))
    assert library.events(session) == packets(0, 10)
    info = library.session(session)
    assert (info.state, info.beats, info.started) == ("recovered", 10, 1700000000.0)
    assert list(rescue_folder().iterdir()) == []
    assert library.recover(count_beats=count_packets) == store.Recovery()


@pytest.mark.usefixtures("english")
def test_a_session_whose_file_went_away_is_recovered(library):
    recovered(library, lost(library))


@pytest.mark.usefixtures("english")
def test_a_session_whose_library_came_back_is_joined_with_what_it_holds(library):
    def move(library, session):
        library.folder.rename(library.folder.parent / "elsewhere")

    session = lost(library, move)
    (library.folder.parent / "elsewhere").rename(library.folder)
    assert library.events(session) == packets(0, 6)
    assert library.rescued() == store.Waiting(own=(session,))
    assert library.unfinished() == [session]
    recovered(library, session)


@pytest.mark.usefixtures("english")
def test_a_library_that_is_gone_is_made_again_with_its_secrets(made):
    library, recovery = made
    session = lost(library, lambda library, _: shutil.rmtree(library.folder))
    header = store.library_to_found(None)
    with pytest.raises(store.WrongPassphrase) as caught:
        store.found_again(library.folder, header, "another")
    assert str(caught.value).count(".") == 1
    assert not library.folder.exists()
    again = store.found_again(library.folder, header, PASSPHRASE)
    recovered(again, session)
    assert store.open_library(library.folder, recovery).events(session)
    assert store.open_library(library.folder, PASSPHRASE).events(session)


def test_a_library_without_a_passphrase_is_made_again_too(tmp_path):
    library = store.open_or_create_with_key_file(tmp_path / "demo")
    session = lost(library, lambda library, _: shutil.rmtree(library.folder))
    recovered(store.found_again(library.folder, store.library_to_found(None)), session)
    assert store.open_library(library.folder).events(session)


@pytest.mark.usefixtures("english")
def test_a_key_file_that_is_gone_is_made_again_where_it_was(library):
    session = lost(library, lambda library, _: (library.folder / "library.json").unlink())
    header = store.library_to_found(session)
    recovered(store.found_again(library.folder, header, PASSPHRASE), session)


@pytest.mark.usefixtures("english")
def test_no_library_is_made_among_other_files(library):
    session = lost(library, lambda library, _: shutil.rmtree(library.folder))
    library.folder.mkdir()
    (library.folder / "letter.txt").write_text("dear")
    with pytest.raises(store.NoLibrary):
        store.found_again(library.folder, store.library_to_found(session), PASSPHRASE)
    assert [path.name for path in library.folder.iterdir()] == ["letter.txt"]


@pytest.mark.usefixtures("english")
def test_an_index_from_before_the_session_gets_its_row(library):
    before = (library.folder / "index.db").read_bytes()
    session = lost(library)
    (library.folder / "index.db").write_bytes(before)
    recovered(library, session)


def foreign(library, session):
    path = path_of(library, session)
    path.unlink()
    path.write_bytes(b"someone's" * 1000)


def empty(library, session):
    path_of(library, session).write_bytes(b"")


def overwritten(library, session):
    path_of(library, session).write_bytes(os.urandom(9000))


def without_log(library, session):
    path = path_of(library, session)
    path.with_name(path.name + "-wal").unlink()


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("go", [foreign, empty, overwritten, without_log])
def test_what_lies_in_its_place_is_kept_aside(library, go):
    session = lost(library, go)
    recovered(library, session)
    asides = list((library.folder / "sessions").glob("*.aside-????????"))
    assert len(asides) == (0 if go is without_log else 1)
    library.delete(session)
    assert list((library.folder / "sessions").iterdir()) == []


def test_a_log_that_outlived_its_file_is_not_read_into_the_next(library):
    def remove(library, session):
        path = path_of(library, session)
        kept.append(path.with_name(path.name + "-wal").read_bytes())
        path.unlink()

    kept = []
    session = lost(library, remove)
    path = path_of(library, session)
    path.with_name(path.name + "-wal").write_bytes(kept[0])
    recovered(library, session)


@pytest.mark.usefixtures("english")
def test_deleting_destroys_the_rescue_file_too(library):
    session = lost(library)
    library.delete(session)
    assert list(rescue_folder().iterdir()) == []
    assert library.recover(count_beats=count_packets) == store.Recovery()


def test_a_rescue_file_that_is_written_is_left_alone(library):
    writer = library.new_session(0.0)
    writer.append([packet(0)])
    shutil.rmtree(library.folder)
    writer.look()
    with pytest.raises(store.SessionInUse):
        store.library_to_found(writer.session)
    assert store.library_to_found(None) is None
    assert rescue.waiting("any") == store.Waiting()
    writer.close(beats=1)
    assert store.library_to_found(None).session == writer.session


@pytest.mark.usefixtures("english")
def test_rescue_files_of_other_libraries_are_left_alone(library, tmp_path):
    other = store.create_library(tmp_path / "other", PASSPHRASE, show=lambda _: None, cost=FAST)
    theirs, ours = lost(other), lost(library)
    assert library.rescued() == store.Waiting(own=(ours,), others=(theirs,))
    with pytest.raises(store.LibraryError, match="2 libraries"):
        store.library_to_found(None)
    assert library.recover(count_beats=count_packets).recovered == (ours,)
    with pytest.raises(store.LibraryError):
        library.recover(theirs, count_beats=count_packets)
    recovered(other, theirs)


@pytest.mark.usefixtures("english")
def test_logs_that_do_not_begin_alike_are_both_kept(library):
    session = lost(library)
    key = library._index.key(session)
    place = trouble.Place("Session", library.folder)
    database.remove(path_of(library, session))
    database.create(path_of(library, session), key, store.session.TABLES, place)
    tables = store.session.TABLES
    with database.opened(path_of(library, session), key, tables, place) as connection:
        store.session.join(connection, [encode_event(packet(7))], 2, place)
    ((name, sentence),) = library.recover(count_beats=count_packets).troubles
    assert name == session
    assert "do not begin alike" in sentence
    assert library.events(session) == [packet(7)]
    assert rescue_path(session).exists()


@pytest.mark.usefixtures("english")
def test_a_longer_log_in_the_library_stays(library):
    session = lost(library)
    recovered(library, session)
    header = rescue.Header(1, rescue.library_id(library._key), session, 0.0, sealed(library))
    file = rescue.begin(header, library._key)
    file.append(frames.pack(map(encode_event, packets(0, 4))))
    file.close()
    assert library.recover(count_beats=count_packets).recovered == (session,)
    assert library.events(session) == packets(0, 10)


def sealed(library):
    return keyfile.read(library.folder)


@pytest.mark.usefixtures("english")
def test_a_damaged_one_gives_what_comes_before_and_the_others_go_on(library):
    session, other = lost(library), lost(library)
    path = rescue_path(session)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    found = library.recover(count_beats=count_packets)
    assert sorted(found.recovered) == sorted((session, other))
    ((name, sentence),) = found.troubles
    assert name == session
    assert "after 9 events" in sentence
    assert library.events(session) == packets(0, 9)
    assert library.events(other) == packets(0, 10)
    assert [path.name for path in rescue_folder().iterdir()] == [f"{session}.damaged"]


@pytest.mark.usefixtures("english")
def test_one_with_a_damaged_header_is_named_and_left(library):
    session, other = lost(library), lost(library)
    rescue_path(session).write_bytes(b"{}\n")
    found = library.recover(count_beats=count_packets)
    assert found.recovered == (other,)
    assert session in dict(found.troubles)
    assert rescue_path(session).read_bytes() == b"{}\n"


def test_a_new_passphrase_or_recovery_key_is_no_loss_and_counts(library):
    def changed(library, session):
        library.change_passphrase("another passphrase", cost=FAST)
        writer.append([packet(0)])
        assert writer.trouble is None
        keyfile.write(library.folder, replaced_recovery(library))
        writer.look()
        assert writer.trouble is None

    writer = library.new_session(0.0)
    changed(library, writer.session)
    shutil.rmtree(library.folder)
    writer.look()
    writer.close(beats=1)
    header = store.library_to_found(writer.session)
    again = store.found_again(library.folder, header, "another passphrase")
    assert again.recover(count_beats=count_packets).recovered == (writer.session,)


def replaced_recovery(library):
    box = keys.seal(library._key, keys.new_recovery_key(), None)
    return keyfile.SealedKey(schema=1, passphrase=sealed(library).passphrase, recovery=box)


@pytest.mark.usefixtures("english")
def test_a_disk_that_takes_nothing_any_more_is_gone(library, monkeypatch):
    def broken(connection):
        raise OSError(5, "Input/output error")

    writer = library.new_session(1700000000.0)
    writer.append(packets(0, 6))
    monkeypatch.setattr(database, "transaction", broken)
    with pytest.raises(store.CannotWrite):
        writer.append([packet(6)])
    monkeypatch.setattr(Watch, "takes_files", lambda self: False)
    writer.append(packets(6, 10))
    assert "could no longer be written" in writer.trouble
    writer.close(beats=10)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(library.folder.parent / "state"))
    recovered(library, writer.session)


def test_without_a_rescue_file_it_goes_on_in_memory_until_there_is_room(library, tmp_path):
    (tmp_path / "state").write_text("no folder fits here")
    writer = library.new_session(1700000000.0)
    writer.append(packets(0, 6))
    path_of(library, writer.session).unlink()
    writer.append(packets(6, 8))
    assert "no rescue file can be written" in writer.trouble
    assert "it holds nothing of 7 s" in writer.ending
    (tmp_path / "state").unlink()
    writer.append(packets(8, 9))
    assert "goes on in a rescue file" in writer.trouble
    shutil.rmtree(rescue_folder())
    writer.append(packets(9, 10))
    writer.close(beats=10)
    recovered(library, writer.session)


def half(file, content):
    file.write(content[: len(content) // 2])
    raise OSError(28, "The disk is full")


def test_a_full_rescue_disk_leaves_whole_frames_and_is_tried_again(library, monkeypatch):
    writer = library.new_session(1700000000.0)
    writer.append(packets(0, 6))
    path_of(library, writer.session).unlink()
    writer.look()
    with monkeypatch.context() as patch:
        patch.setattr(rescue, "_write_all", half)
        writer.append(packets(6, 8))
        assert "in memory alone" in writer.trouble
        assert "the first 5 s of 7 s" in writer.ending
        assert rescue.read(writer.session, library._key).bodies == tuple(
            map(encode_event, packets(0, 6))
        )
    writer.append(packets(8, 10))
    assert "in memory" not in writer.trouble
    writer.close(beats=10)
    recovered(library, writer.session)


@pytest.mark.usefixtures("english")
def test_sentences_name_the_folder_and_nobody(library):
    writer = library.new_session(0.0)
    writer.append([ev.Source(0.0, 0, "client", "Polar H10"), packet(1)])
    path_of(library, writer.session).unlink()
    writer.look()
    for sentence in (writer.trouble, writer.ending):
        assert one_sentence(store.LibraryError(sentence), library.folder)
        assert "Polar" not in sentence
    writer.close(beats=1)


KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines import store
from pipelines.store import database, library, rescue
from pipelines.store.index import Index

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after(call):
    def done(*values, **named):
        call(*values, **named)
        die()
    return done

owner, name, when = {"index": Index, "database": database, "library": library, "rescue": rescue}[
    sys.argv[3]], sys.argv[4], sys.argv[5]
setattr(owner, name, die if when == "before" else die_after(getattr(owner, name)))
opened = store.open_library(Path(sys.argv[1]), sys.argv[2])
opened.recover(count_beats=len)
"""
STEPS = ("index add", "database set_aside", "database create", "library join", "index finish",
         "rescue remove")  # fmt: skip


@pytest.mark.sampled
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_a_second_recover_finishes_it(library, step, when):
    before = (library.folder / "index.db").read_bytes()
    session = lost(library, foreign)
    (library.folder / "index.db").write_bytes(before)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(library.folder), PASSPHRASE, *step.split(), when],
        cwd=ROOT,
        timeout=100,
    )
    assert done.returncode == -signal.SIGKILL
    if (step, when) == ("rescue remove", "after"):
        assert library.events(session) == packets(0, 10)
        assert library.recover(count_beats=count_packets) == store.Recovery()
    else:
        assert library.recover(count_beats=count_packets).recovered == (session,)
        assert library.events(session) == packets(0, 10)
    assert library.session(session).state == "recovered"
    assert list((library.folder / "sessions").glob("*.aside-*"))


KEY = keys.random_key()
lists_of_frames = st.lists(st.lists(st.binary(max_size=40), max_size=4), max_size=5)


def written(folder, calls):
    """A rescue file of so many calls, and how its content begins and ends for each."""
    box = keys.seal(KEY, keys.new_recovery_key(), None)
    header = rescue.Header(
        1, rescue.library_id(KEY), "abcd", 5.0, keyfile.SealedKey(1, passphrase=None, recovery=box)
    )
    file, ends = rescue.begin(header, KEY), []
    for bodies in calls:
        file.append(frames.pack(bodies))
        ends.append(rescue_path("abcd").stat().st_size)
    file.close()
    return rescue_path("abcd").read_bytes(), ends


def prefixes(calls):
    return [tuple(body for call in calls[:end] for body in call) for end in range(len(calls) + 1)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rescue")


@settings(deadline=None, max_examples=150)
@given(calls=lists_of_frames, data=st.data())
def test_a_cut_at_any_byte_leaves_whole_frames(folder, calls, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        content, ends = written(folder, calls)
        cut = data.draw(st.integers(0, len(content)))
        rescue_path("abcd").write_bytes(content[:cut])
        begins = content.index(b"\n") + 1 + frames.SEALED_KEY
        if cut < begins:
            with pytest.raises(store.Unreadable):
                rescue.read("abcd", KEY)
            return
        found = rescue.read("abcd", KEY)
        assert found.bodies == prefixes(calls)[sum(end <= cut for end in ends)]
        assert not found.damaged


@pytest.mark.usefixtures("english")
@settings(deadline=None, max_examples=300)
@given(calls=lists_of_frames, data=st.data())
def test_a_changed_byte_is_a_prefix_or_a_sentence(folder, calls, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        content, ends = written(folder, calls)
        place = data.draw(st.integers(0, len(content) - 1))
        changed = bytearray(content)
        changed[place] ^= data.draw(st.integers(1, 255))
        rescue_path("abcd").write_bytes(changed)
        if place < content.index(b"\n") + 1 + frames.SEALED_KEY:
            with pytest.raises(store.LibraryError, match=r"^[^.]*\.$"):
                rescue.read("abcd", KEY)
            return
        found = rescue.read("abcd", KEY)
        assert found.damaged
        assert found.bodies == prefixes(calls)[sum(end <= place for end in ends)]


@settings(deadline=None, max_examples=60)
@given(
    calls=st.lists(
        st.lists(st.binary(min_size=1, max_size=40), min_size=1), min_size=2, max_size=5
    ),
    data=st.data(),
)
def test_frames_cannot_be_moved_or_left_out(folder, calls, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        content, ends = written(folder, calls)
        starts = [content.index(b"\n") + 1 + frames.SEALED_KEY, *ends[:-1]]
        pieces = [content[start:end] for start, end in zip(starts, ends, strict=True)]
        order = data.draw(st.lists(st.sampled_from(range(len(pieces)))))
        # Whoever moves a frame can also write the checksum of its new place.
        body = b"".join(
            frames.HEAD.pack(len(piece), frames.checksum(place, len(piece))) + piece
            for place, piece in enumerate(pieces[number][frames.HEAD.size :] for number in order)
        )
        rescue_path("abcd").write_bytes(content[: starts[0]] + body)
        found = rescue.read("abcd", KEY)
        alike = next((i for i, number in enumerate(order) if i != number), len(order))
        assert found.bodies == prefixes(calls)[alike]
        assert found.damaged == (alike < len(order))


def test_half_a_frame_of_a_full_disk_does_not_follow_the_next(folder, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    written(folder, [])
    file = rescue.begin(rescue.read_header("abcd"), KEY)
    with monkeypatch.context() as patch:
        patch.setattr(rescue, "_write_all", half)
        with pytest.raises(OSError, match="full"):
            file.append(frames.pack([bytes(500)]))
    file.append(frames.pack([b"short"]))
    file.close()
    found = rescue.read("abcd", KEY)
    assert (found.bodies, found.damaged) == ((b"short",), False)


def test_another_key_opens_nothing(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        written(folder, [[b"x"]])
        with pytest.raises(store.LibraryError, match="another library"):
            rescue.read("abcd", keys.random_key())


def test_the_id_of_a_library_follows_from_its_key_alone(library):
    assert rescue.library_id(library._key) == rescue.library_id(library._key)
    assert rescue.library_id(library._key) != rescue.library_id(keys.random_key())
    assert library._key.hex() not in rescue.library_id(library._key)
    with sqlite_open(library) as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (0,)

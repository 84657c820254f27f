"""Who withdraws from a session is in no page of any file, whatever key opened it before."""

import pytest

from pipelines import store
from pipelines.analysis import analyse, encode_result
from pipelines.session import (
    Context,
    ContextLine,
    Guess,
    Mark,
    Packet,
    Part,
    PartName,
    PartWords,
    Source,
)
from tests.pipelines.logs import session as log_of
from tests.pipelines.store.libraries import (
    all_bytes,
    count_packets,
    one_sentence,
    packet,
    recorded,
    sqlite_open,
)
from tests.pipelines.store.newer_libraries import AIRFLOW, WEIGHT, insert
from tests.pipelines.store.test_deleting import pages

PASSPHRASE = "seven quiet lamps"
JUNIPER, NOON = "Juniper of the hill", 1.7e9
THEIRS = (b"Polar H10 THEIRS", b"A0:9E:1A:00:00:07", b"THEIR HEARTBEATS", b"member 2")
ROUNDS = 400


def pair(library):
    """A session of two, long enough for many pages."""
    writer = library.new_session(NOON, client=JUNIPER)
    writer.append(
        [
            Source(0.0, 0, "client", "Polar H10 OURS", "A0:9E:1A:00:00:01"),
            Source(0.0, 1, "member 2", "Polar H10 THEIRS", "A0:9E:1A:00:00:07"),
            Mark(3.0, "a sigh"),
        ]
    )
    writer.append(
        [
            Packet(float(i), i % 2, "heart_rate", (b"OUR HEARTBEATS", b"THEIR HEARTBEATS")[i % 2])
            for i in range(ROUNDS)
        ]
    )
    writer.close(beats=ROUNDS)
    library.said()
    return writer.session


def decrypted(folder, keys):
    """All that any page of any file gives, live or not, with each of these keys."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [path.read_bytes() for path in files]
    found += [pages(path, key) for path in files if ".db" in path.name for key in keys]
    return b"".join(found)


def test_no_page_of_any_file_holds_a_byte_of_theirs(library):
    other, session = recorded(library), pair(library)
    keys = [bytes(library._key), *(bytes(library._index.key(one)) for one in (session, other))]
    before = decrypted(library.folder, keys)
    assert all(text in before for text in THEIRS)
    assert all(key in before for key in keys[1:])
    events, file = library.events(session), library.folder / "sessions" / f"{session}.db"
    file.with_name(f"{file.name}.aside-00ff").write_bytes(file.read_bytes())
    done = library.withdraw(session, "member 2", count_beats=count_packets)
    keys.append(bytes(library._index.key(done.session)))
    after = decrypted(library.folder, keys)
    assert not [text for text in (*THEIRS, session.encode(), keys[1]) if text in after]
    assert not any(session in path.name for path in library.folder.rglob("*"))
    assert b"OUR HEARTBEATS" in after
    rest = [event for event in events if getattr(event, "source", 0) == 0]
    assert library.events(done.session) == rest
    for call in (library.session, library.events, library.delete):
        with pytest.raises(store.UnknownSession):
            call(session)
    assert len(library.events(other)) == 15
    assert library.recover(count_beats=count_packets) == store.Recovery()
    assert not list((library.folder / "sessions").glob("*.pending"))


def test_the_log_of_the_index_is_cleared_too_while_another_has_it_open(library):
    session = pair(library)
    key = library._index.key(session)
    with sqlite_open(library) as other:
        assert other.execute("SELECT count(*) FROM session").fetchall() == [(1,)]
        library.withdraw(session, "member 2", count_beats=count_packets)
        log = library.folder / "index.db-wal"
        assert not log.exists() or key not in pages(log, library._key)
        assert key not in pages(library.folder / "index.db", library._key)


def test_the_index_tells_what_is_left(library):
    session = pair(library)
    library.keep_client_labels(JUNIPER, ("hip", *[""] * 8))
    done = library.withdraw(session, "member 2", count_beats=count_packets)
    info = library.session(done.session)
    assert (info.client, info.started, info.state) == (JUNIPER, NOON, "finished")
    assert (info.packets, info.beats) == (ROUNDS // 2, ROUNDS // 2)
    assert [one.role for one in info.sources] == ["client"]
    assert [one.text for one in library.said()[done.session]] == ["a sigh"]
    assert library.client_labels() == {JUNIPER: ("hip", *[""] * 8)}


def test_with_the_client_the_card_their_words_and_their_name_go(library):
    writer = library.new_session(0.0, client=JUNIPER)
    library.keep_client_labels(JUNIPER, ("her hip", *[""] * 8))
    writer.append([Source(0.0, 0, "client", "x"), Source(0.0, 1, "therapist", "y"), packet(1)])
    writer.append([Context(1.0, ContextLine.MEDICINES, "bisoprolol"), Part(2.0, PartName.TOUCH)])
    writer.append([PartWords(2.0, 2.0, after=False, text="it pulls"), Guess(3.0)])
    writer.append([Packet(4.0, 1, "heart_rate", b"x")])
    writer.close(beats=2)
    key = bytes(library._index.key(writer.session))
    library.said()
    said = (b"bisoprolol", b"it pulls", b"her hip")
    before = decrypted(library.folder, [key, bytes(library._key)])
    assert all(text in before for text in (*said, JUNIPER.encode()))
    done = library.withdraw(writer.session, "client", count_beats=count_packets)
    after = decrypted(
        library.folder, [key, bytes(library._key), bytes(library._index.key(done.session))]
    )
    assert not [text for text in (*said, JUNIPER.encode()) if text in after]
    assert library.events(done.session) == [
        Source(0.0, 1, "therapist", "y"), Part(2.0, PartName.TOUCH), Guess(3.0),
        Packet(4.0, 1, "heart_rate", b"x")]  # fmt: skip


def test_no_restore_brings_back_who_withdrew_and_the_backups_are_named(library, tmp_path):
    session, path = pair(library), tmp_path / "backup"
    told = library.back_up(path, now=NOON)
    done = library.withdraw(session, "member 2", count_beats=count_packets)
    assert done.backups == (told.backup,)
    assert library.backups_with(done.session) == ()
    assert library.restore(path).forgotten == 1
    later = tmp_path / "later"
    library.back_up(later, now=NOON + 1)
    again, _ = store.restore(later, tmp_path / "again", PASSPHRASE)
    assert again.restore(path).forgotten == 1
    for one in (library, again):
        assert [info.id for info in one.sessions()] == [done.session]
        keys = [one._key, one._index.key(done.session)]
        assert not [text for text in THEIRS if text in decrypted(one.folder, keys)]


def test_the_numbers_of_who_stays_are_as_they_were(library):
    log = log_of("rest", 120.0)
    theirs = [Source(0.0, 7, "member 2", "z"), Packet(5.0, 7, "heart_rate", b"\x00\x48")]
    writer = library.new_session(0.0)
    writer.append([*log, *theirs])
    writer.close(beats=1)
    before = {one.source: encode_result(one) for one in analyse(library.events(writer.session))}
    done = library.withdraw(writer.session, "member 2", count_beats=count_packets)
    after = {one.source: encode_result(one) for one in analyse(library.events(done.session))}
    assert after == {role: told for role, told in before.items() if role != "member 2"} != {}


def test_events_stay_as_they_were_stored(library):
    session = pair(library)
    insert(library, session, AIRFLOW)
    rows = library._rows(session)
    done = library.withdraw(session, "member 2", count_beats=count_packets)
    assert library._rows(done.session) == [row for row in rows if row[1] != 1]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("role", "why"), [("member 3", "it has: client, member 2"), ("client", "delete it instead")]
)
def test_who_is_not_there_or_alone_withdraws_from_nothing(library, role, why):
    session = pair(library)
    if role == "client":
        session = library.withdraw(session, "member 2", count_beats=count_packets).session
    kept = all_bytes(library.folder)
    with pytest.raises(store.LibraryError, match=why) as caught:
        library.withdraw(session, role, count_beats=count_packets)
    assert one_sentence(caught.value, library.folder)
    assert all_bytes(library.folder) == kept


@pytest.mark.usefixtures("english")
def test_what_only_a_newer_program_can_tell_apart_is_left_to_it(library):
    session = pair(library)
    insert(library, session, WEIGHT)
    with pytest.raises(store.NewerSchema, match="install") as caught:
        library.withdraw(session, "member 2", count_beats=count_packets)
    assert one_sentence(caught.value, library.folder)


def test_nobody_withdraws_while_it_is_recorded(library):
    writer = library.new_session(0.0)
    writer.append([Source(0.0, 0, "client", "x"), Source(0.0, 1, "member 2", "y")])
    with pytest.raises(store.SessionInUse):
        library.withdraw(writer.session, "client", count_beats=count_packets)
    writer.close(beats=0)
    library.withdraw(writer.session, "client", count_beats=count_packets)


@pytest.mark.parametrize("step", ["mark", "write", "replace"])
def test_what_ends_it_anywhere_leaves_the_one_or_the_other(library, monkeypatch, step):
    session = pair(library)
    events = library.events(session)
    where = "pipelines.store.index.Index" if step == "replace" else "pipelines.store.intake"
    with monkeypatch.context() as patch:
        patch.setattr(f"{where}.{step}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            library.withdraw(session, "member 2", count_beats=count_packets)
    assert [info.id for info in library.sessions()] == [session]
    assert library.events(session) == events
    assert library.orphans() == []
    assert {path.name for path in (library.folder / "sessions").iterdir()} == {f"{session}.db"}


def interrupted(*_):
    raise KeyboardInterrupt

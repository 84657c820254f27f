"""A client's sessions leave sealed for a passphrase of theirs, and come in whole elsewhere."""

import msgspec
import pytest

from pipelines import store
from pipelines.analysis import analyse, encode_result
from pipelines.formats import exported
from pipelines.session import Guess, Mark, Packet, Phase, PhaseName, Source, clients_part
from pipelines.store import sealed
from tests.pipelines.logs import session as log_of
from tests.pipelines.store.libraries import (
    FAST,
    abandoned,
    all_bytes,
    count_packets,
    make_library,
    one_sentence,
    packet,
    recorded,
)

JUNIPER, NOON, THEIRS = "Juniper of the hill", 1.7e9, "five slow rivers"


def hour(library, *, client=JUNIPER, role="client"):
    writer = library.new_session(NOON, client=client)
    writer.append([Source(0.0, 0, role, "strap"), Source(0.0, 1, "therapist", "MY STRAP")])
    writer.append([packet(1), Packet(2.0, 1, "heart_rate", b"MY HEARTBEATS"), Guess(3.0)])
    writer.append([Mark(5.0, "a sigh"), Mark(6.0, "slip"), Mark(7.0, "hip", replaces=6.0)])
    writer.append([Phase(60.0, PhaseName.FINISHED)])
    writer.close(beats=2)
    return writer.session


def handed(library, path, *, client=JUNIPER, extras=lambda _: {}, **more):
    return store.hand_over(library, client, path, THEIRS, extras=extras, cost=FAST, **more)


def taken(library, path, secret=THEIRS, **more):
    found = store.shared_in(path, secret)
    return store.import_exports(library, found, path, count_beats=count_packets, **more)


@pytest.fixture
def other(tmp_path):
    return make_library(tmp_path / "other", "y")[0]


def test_what_is_handed_over_comes_in_elsewhere_without_the_therapists_own(
    library, other, tmp_path
):
    one, two, rowans = hour(library), hour(library), hour(library, client="rowan")
    path = tmp_path / "theirs"
    told = handed(library, path)
    assert (set(told.sessions), told.left_out) == ({one, two}, ())
    assert taken(other, path, client="me") == store.Imported(tuple(sorted((one, two))), 0, 0)
    assert {info.id for info in other.sessions()} == {one, two}
    for session in (one, two):
        assert other.events(session) == clients_part(library.events(session))
        info = other.session(session)
        assert (info.client, info.started, info.state) == ("me", NOON, "finished")
        assert (info.packets, info.beats, [each.role for each in info.sources]) == (
            1, 1, ["client"])  # fmt: skip
    assert taken(other, path) == store.Imported((), 2, 0)
    assert rowans not in {info.id for info in other.sessions()}
    assert other.recover(count_beats=count_packets) == store.Recovery()


def test_nothing_of_the_therapist_and_no_name_is_in_what_was_sealed(library, tmp_path):
    session, path = hour(library), tmp_path / "theirs"
    handed(library, path, extras=exported)
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    inside = b"".join(
        b"".join(msgspec.json.encode(event) for event in one.events)
        + msgspec.json.encode(one.metadata)
        for one in store.shared_in(path, THEIRS)
    )
    assert b"a sigh" in inside
    assert session.encode() in inside
    for text in ("MY STRAP", "therapist", "Guess", "slip", JUNIPER):
        assert text.encode() not in inside
    for text in ("a sigh", "strap", session, JUNIPER, THEIRS, "events.jsonl"):
        assert text.encode() not in content


def test_the_numbers_are_the_same_elsewhere(library, other, tmp_path):
    writer = library.new_session(NOON, client=JUNIPER)
    writer.append([*log_of("rest", 120.0), Phase(120.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    path = tmp_path / "theirs"
    handed(library, path)
    taken(other, path)
    one, again = (analyse(each.events(writer.session)) for each in (library, other))
    assert [encode_result(each) for each in one] == [encode_result(each) for each in again] != []


def test_others_of_a_group_do_not_go_along(library, tmp_path):
    writer = library.new_session(NOON, client=JUNIPER)
    writer.append([Source(0.0, 0, "client", "x"), Source(0.0, 1, "member 2", "y"), packet(1)])
    writer.append([Packet(2.0, 1, "heart_rate", b"x"), Mark(3.0, "a sigh")])
    writer.append([Phase(60.0, PhaseName.FINISHED)])
    writer.close(beats=2)
    handed(library, tmp_path / "theirs")
    (export,) = store.shared_in(tmp_path / "theirs", THEIRS)
    assert list(export.events) == clients_part(
        [event for event in library.events(writer.session) if getattr(event, "source", 0) == 0]
    )
    assert [one.role for one in export.metadata.sources] == ["client"]


def test_sessions_of_nobody_else_or_without_an_end_are_left_out_and_said(library, tmp_path):
    own, crashed = hour(library, role="therapist"), abandoned(library, client=JUNIPER)
    with pytest.raises(store.LibraryError) as caught:
        handed(library, tmp_path / "theirs")
    assert one_sentence(caught.value, library.folder)
    assert not (tmp_path / "theirs").exists()
    theirs = hour(library)
    told = handed(library, tmp_path / "theirs")
    assert (told.sessions, set(told.left_out)) == ((theirs,), {own, crashed})


def test_what_was_deleted_here_stays_so_whoever_sends_it(library, tmp_path):
    session, path = hour(library), tmp_path / "theirs"
    handed(library, path)
    library.delete(session)
    assert taken(library, path) == store.Imported((), 0, 1)
    assert library.sessions() == []


def test_an_export_comes_in_as_it_is(library, other, tmp_path):
    session = recorded(library)
    path = store.export_session(library, session, tmp_path / "out")
    assert taken(other, path, None).sessions == (session,)
    assert other.events(session) == library.events(session)
    assert taken(other, path, None).there == 1


def test_the_same_session_twice_in_one_file_comes_in_once(library, other, tmp_path):
    session, path = hour(library), tmp_path / "theirs"
    export = store.export_session(library, session, tmp_path / "out").read_bytes()
    sealed.write_sealed(path, [export, export], THEIRS, replace=False, cost=FAST)
    assert taken(other, path).sessions == (session,)


def test_what_a_stranger_says_of_a_session_leads_nowhere(library, other, tmp_path):
    path = store.export_session(library, recorded(library), tmp_path / "out")
    (export,) = store.shared_in(path, None)
    later, before = (
        msgspec.structs.replace(export.metadata, started=started) for started in (1e300, -1.0)
    )
    events = (*export.events, Packet(99.0, 2**70, "heart_rate", b"x"))
    for odd in ({"metadata": later}, {"metadata": before}, {"events": events}):
        one = [msgspec.structs.replace(export, **odd)]
        with pytest.raises(store.Unreadable) as caught:
            store.import_exports(other, one, tmp_path / "odd", count_beats=len)
        assert one_sentence(caught.value, tmp_path)
    assert other.sessions() == []
    out = msgspec.structs.replace(export.metadata, session="../../out")
    one = [msgspec.structs.replace(export, metadata=out)]
    (name,) = store.import_exports(other, one, path, count_beats=len).sessions
    assert name.isalnum()
    assert len(other.events(name)) == 15


@pytest.fixture
def theirs(library, tmp_path):
    """A sealed file with one session."""
    hour(library)
    handed(library, tmp_path / "theirs")
    return tmp_path / "theirs"


def test_a_sealed_file_that_was_changed_or_cut_anywhere_is_refused(theirs, tmp_path):
    content, damaged = theirs.read_bytes(), tmp_path / "damaged"
    for at in (0, 5, 40, 100, 200, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[at] ^= 1
        for one in (content[:at], bytes(changed), content + content[:at] + b"\x07"):
            damaged.write_bytes(one)
            with pytest.raises(store.LibraryError) as caught:
                sealed.read_sealed(damaged, THEIRS)
            assert one_sentence(caught.value, tmp_path)


def test_another_passphrase_opens_nothing(theirs, tmp_path):
    with pytest.raises(store.WrongPassphrase) as caught:
        store.shared_in(theirs, "other")
    assert one_sentence(caught.value, tmp_path)


def test_one_export_cut_off_at_its_end_is_missed(library, tmp_path):
    hour(library), hour(library)
    path = tmp_path / "theirs"
    handed(library, path)
    found = sealed.read_sealed(path, THEIRS)
    path.write_bytes(path.read_bytes()[: -(len(found[-1]) + 12 + 16 + 8)])
    with pytest.raises(store.Unreadable):
        sealed.read_sealed(path, THEIRS)


def test_a_strangers_file_asks_for_no_hours_of_work(theirs):
    line, rest = theirs.read_bytes().split(b"\n", 1)
    for cost in ((2**20, 1), (2**20, 16), (2**16, 1)):
        asked = line.replace(b'"n":2,"r":1,', b'"n":%d,"r":%d,' % cost)
        assert asked != line
        theirs.write_bytes(asked + b"\n" + rest)
        with pytest.raises(store.Unreadable):
            store.shared_in(theirs, THEIRS)


def test_a_newer_sealed_file_names_what_to_install(theirs):
    theirs.write_bytes(theirs.read_bytes().replace(b'"schema":1', b'"schema":2', 1))
    assert store.is_sealed(theirs)
    with pytest.raises(store.NewerSchema, match="install"):
        store.shared_in(theirs, THEIRS)


def test_nothing_goes_into_the_library_or_over_a_file_or_for_nobody(library, tmp_path):
    hour(library)
    path = tmp_path / "mine"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        handed(library, path)
    with pytest.raises(store.UnknownClient) as caught:
        handed(library, tmp_path / "theirs", client="nobody here")
    assert "nobody here" not in str(caught.value)
    with pytest.raises(store.LibraryError):
        handed(library, library.folder / "theirs")
    assert path.read_text() == "mine"
    handed(library, path, replace=True)
    assert store.is_sealed(path)


def test_a_name_comes_into_no_library_that_anybody_opens(library, tmp_path):
    session, demo = hour(library), store.open_or_create_with_key_file(tmp_path / "demo")
    handed(library, tmp_path / "theirs")
    with pytest.raises(store.LibraryError):
        taken(demo, tmp_path / "theirs", client=JUNIPER)
    assert taken(demo, tmp_path / "theirs").sessions == (session,)


def test_an_older_index_put_back_makes_room_and_loses_no_file(library, tmp_path):
    older = (library.folder / "index.db").read_bytes()
    session = hour(library)
    handed(library, tmp_path / "theirs")
    events = library.events(session)
    kept = (library.folder / "sessions" / f"{session}.db").read_bytes()
    (library.folder / "index.db").write_bytes(older)
    assert library.orphans() == [session]
    assert taken(library, tmp_path / "theirs").sessions == (session,)
    assert library.events(session) == clients_part(events)
    assert kept in all_bytes(library.folder).values(), "the file without a key is kept aside"

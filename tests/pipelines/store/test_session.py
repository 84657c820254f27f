"""The store keeps what it acknowledged, in order, and says what it holds."""

import os
import pickle
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.link import LinkState
from physio.breathing.assessment import Course
from physio.breathing.resonance import Earlier
from pipelines import store
from pipelines.session import PhaseName, elapsed
from pipelines.session import events as ev
from tests.pipelines.store.libraries import ROOT, count_packets, make_library

PASSPHRASE = "a passphrase"

times = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.floats(allow_nan=False)
sources = st.integers(0, 2**31)
any_event = st.one_of(
    st.builds(ev.Source, times, sources, st.text(), st.text(), st.text()),
    st.builds(ev.Packet, times, sources, st.text(), st.binary(max_size=300)),
    st.builds(ev.Link, times, sources, st.sampled_from(LinkState)),
    st.builds(
        ev.Strap, times, sources, st.text(), st.none() | st.text(), st.none() | st.integers(0, 100)
    ),
    st.builds(ev.Mark, times, st.text(), st.none() | numbers, st.booleans()),
    st.builds(ev.Phase, times, st.sampled_from(PhaseName)),
    st.builds(ev.Talking, times, st.booleans()),
    st.builds(ev.TalkingLikely, times, st.booleans()),
    st.builds(ev.Listening, times, st.booleans()),
    st.builds(ev.Guessing, times, st.booleans()),
    st.builds(ev.Guess, times, st.just(msgspec.UNSET) | numbers),
    st.builds(ev.Baseline, times, sources, numbers, numbers),
    st.builds(ev.LeftOut, times, sources, numbers, numbers, st.sampled_from(ev.LeftOutReason)),
    st.builds(ev.TakenBack, times),
    st.builds(ev.Pace, times, st.none() | numbers, numbers, st.booleans()),
    st.builds(
        ev.Assessment,
        times,
        st.none() | st.sampled_from(Course),
        numbers,
        numbers,
        st.none() | st.builds(Earlier, numbers, numbers),
    ),
    st.builds(ev.Consent, times, st.text()),
    st.builds(ev.WallClock, times, numbers, numbers),
    st.builds(ev.TalkBaseline, times, sources, numbers, numbers),
    st.builds(ev.Posture, times, sources, st.sampled_from(ev.PostureName)),
    st.builds(ev.Part, times, st.sampled_from(ev.PartName)),
    st.builds(ev.TouchConsent, times, st.booleans()),
    st.builds(ev.PartWords, times, numbers, st.booleans(), st.text()),
    st.builds(ev.Context, times, st.sampled_from(ev.ContextLine), st.text()),
    st.builds(ev.Note, times, st.text(), st.text(), numbers),
    st.builds(
        ev.PersonalBand,
        times,
        sources,
        numbers,
        numbers,
        st.sampled_from(ev.BandUnit),
        st.text(),
        st.text(),
    ),
)


def packet(i: int) -> ev.Packet:
    return ev.Packet(float(i), i % 2, "heart_rate", i.to_bytes(4, "little"))


@pytest.fixture(scope="module")
def shared_library():
    with tempfile.TemporaryDirectory() as folder:
        yield make_library(Path(folder) / "library", "a passphrase")[0]


@settings(deadline=None, max_examples=60)
@given(calls=st.lists(st.lists(any_event, max_size=6), max_size=6))
def test_what_is_appended_is_read_back_in_order(shared_library, calls):
    writer = shared_library.new_session(0.0)
    for events in calls:
        writer.append(events)
    expected = [event for events in calls for event in events]
    assert shared_library.events(writer.session) == expected
    assert writer.close(beats=0)
    assert shared_library.events(writer.session) == expected
    shared_library.delete(writer.session)


def test_every_kind_of_event_but_the_tick_is_covered_by_the_round_trip():
    kinds = {kind.__name__ for kind in ev.KnownEvent.__args__} - {"Tick"}
    assert kinds == {
        kind.wrapped_strategy.target.__name__ for kind in any_event.original_strategies
    }


@settings(deadline=None, max_examples=100)
@given(events=st.lists(any_event, max_size=12), cut=st.integers(0, 12))
def test_a_summary_does_not_depend_on_how_the_log_was_cut(events, cut):
    from pipelines.store.session import summarise

    whole = summarise(events, store.Summary())
    assert summarise(events[cut:], summarise(events[:cut], store.Summary())) == whole
    assert whole.packets == count_packets(events)
    # Not the newest event's time: what is said after the end makes a session no longer.
    assert whole.duration_s == elapsed(events).time


def test_closing_sums_the_session_up(library):
    writer = library.new_session(1700000000.5)
    before = library.session(writer.session)
    assert (before.state, before.started) == ("recording", 1700000000.5)
    assert library.is_recording(writer.session)
    writer.append([ev.Source(0.0, 1, "therapist", "H10 A"), ev.Source(0.1, 0, "client", "H9")])
    writer.append([packet(1), packet(2), ev.Source(3.0, 1, "therapist", "H10 B"), packet(7)])
    assert writer.close(beats=11)
    assert library.sessions() == [
        store.SessionInfo(
            id=writer.session,
            started=1700000000.5,
            duration_s=7.0,
            packets=3,
            beats=11,
            state="finished",
            sources=(
                store.SessionSource(0, "client", "H9"),
                store.SessionSource(1, "therapist", "H10 B"),
            ),
        )
    ]
    assert not library.is_recording(writer.session)


def test_closing_twice_changes_nothing(library):
    writer = library.new_session(0.0)
    assert writer.close(beats=5)
    assert not writer.close(beats=9)
    assert library.session(writer.session).beats == 5


def test_sessions_come_oldest_first(library):
    ids = {}
    for started in (30.0, 10.0, 20.0):
        writer = library.new_session(started)
        writer.close(beats=0)
        ids[started] = writer.session
    assert [info.id for info in library.sessions()] == [ids[10.0], ids[20.0], ids[30.0]]


def test_ids_are_short_random_and_say_nothing(library):
    writers = [library.new_session(0.0) for _ in range(8)]
    ids = {writer.session for writer in writers}
    assert len(ids) == 8
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{8}", name) for name in ids)
    for writer in writers:
        writer.close(beats=0)


@pytest.mark.parametrize("event", [ev.Tick(1.0), ev.Mark(float("nan"), "x"), ev.Mark(1e999, "x")])
def test_what_is_no_record_is_refused_and_nothing_of_its_call_is_kept(library, event):
    writer = library.new_session(0.0)
    writer.append([packet(1)])
    with pytest.raises(ValueError, match=r"tick|finite"):
        writer.append([packet(2), event])
    assert library.events(writer.session) == [packet(1)]
    writer.close(beats=0)


def test_a_closed_session_takes_nothing_more(library):
    writer = library.new_session(0.0)
    writer.close(beats=0)
    with pytest.raises(ValueError, match="closed"):
        writer.append([packet(1)])


def test_a_call_is_kept_whole_or_not_at_all(library):
    writer = library.new_session(0.0)
    with pytest.raises(OverflowError):
        writer.append([packet(1), ev.Link(2.0, 2**70, LinkState.BEATS)])
    assert library.events(writer.session) == []
    writer.append([packet(3)])
    assert library.events(writer.session) == [packet(3)]
    assert writer.summary.packets == 1
    writer.close(beats=0)


def test_nothing_of_sqlite_or_of_a_lock_is_left_after_closing(library):
    writer = library.new_session(0.0)
    writer.append([packet(i) for i in range(1000)])
    store.write_contact(library.folder, writer.session, "somewhere", b"key")
    writer.close(beats=0)
    names = {path.relative_to(library.folder).as_posix() for path in library.folder.rglob("*")}
    assert names == {
        "library.json",
        "index.db",
        "sessions",
        f"sessions/{writer.session}.db",
        "running",
    }


def test_the_log_is_folded_in_as_it_grows_so_a_commit_stays_as_cheap(library):
    writer = library.new_session(0.0)
    log = library.folder / "sessions" / f"{writer.session}.db-wal"
    largest = 0
    for i in range(1000):
        writer.append([packet(i)])
        largest = max(largest, log.stat().st_size)
    assert largest < 300 * 4120
    writer.close(beats=0)


def test_unknown_ids_get_a_sentence_and_touch_nothing(library):
    calls = [
        library.events,
        library.session,
        library.delete,
        lambda name: library.recover(name, count_beats=len),
    ]
    for name in ("nosuchid", "../../library", ""):
        for call in calls:
            with pytest.raises(store.UnknownSession, match="interbeat sessions list"):
                call(name)
    assert (library.folder / "library.json").exists()


def run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


OTHER_PROCESS = """
import sys
from pathlib import Path
from pipelines import store
library = store.open_library(Path(sys.argv[1]), "a passphrase")
print(len(library.events(sys.argv[2])), library.session(sys.argv[2]).state)
contacts = store.running_sessions(library.folder)
print(library.is_recording(sys.argv[2]), [contact.address for contact in contacts])
print(library.recover(count_beats=len))
for call in (library.delete, lambda name: library.recover(name, count_beats=len)):
    try:
        call(sys.argv[2])
    except store.SessionInUse as error:
        print(error)
"""


def test_another_process_reads_while_this_one_records_and_may_not_delete(library):
    writer = library.new_session(0.0)
    writer.append([packet(i) for i in range(40)])
    store.write_contact(library.folder, writer.session, "a pipe", b"key")
    lines = run(OTHER_PROCESS, str(library.folder), writer.session).splitlines()
    refusal = f"Session {writer.session} in {library.folder} is being recorded; finish it first."
    assert lines == [
        "40 recording",
        "True ['a pipe']",
        "Recovery(recovered=(), troubles=())",
        refusal,
        refusal,
    ]
    writer.append([packet(40)])
    writer.close(beats=41)
    assert len(library.events(writer.session)) == 41


def test_an_open_library_can_be_handed_to_another_process(library):
    writer = library.new_session(0.0)
    writer.append([packet(1)])
    assert pickle.loads(pickle.dumps(library)).events(writer.session) == [packet(1)]
    writer.close(beats=1)


def test_a_file_that_another_program_holds_is_not_gone(library):
    writer = library.new_session(0.0)
    writer.append([ev.Mark(0.0, "before")])
    with library._opened(writer.session) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(store.SessionInUse):
            writer.append([ev.Mark(1.0, "while it is held")])
        other.execute("ROLLBACK")
    writer.append([ev.Mark(2.0, "after")])
    assert writer.close(beats=0)
    assert [event.time for event in library.events(writer.session)] == [0.0, 2.0]
    assert library.rescued().own == ()

"""What a therapist guessed is told by its own events, and by nothing that leaves their hands."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats import annotation_csv, elan_file, exported
from pipelines.live import Engine
from pipelines.session import (
    Guess,
    Guesses,
    Guessing,
    beats_of,
    clients_part,
    decode_event,
    decode_event_line,
    encode_event,
    encode_event_line,
    guesses_of,
    hour_of,
    mark_changes_of,
    marks_of,
)
from pipelines.session.serialization import _KINDS
from tests.pipelines.logs import logs, session

moments = st.floats(0.0, 300.0)
guessing = st.lists(
    st.builds(Guessing, moments, st.booleans())
    | st.builds(Guess, moments)
    | st.builds(Guess, moments, moments),
    max_size=8,
)


def woven(log, own, places):
    """Return a log with these events in between, as late as what is around them."""
    found = list(log)
    for event, place in zip(own, places, strict=False):
        at = place % (len(found) + 1)
        time = found[at - 1].time if at else 0.0
        found.insert(at, msgspec.structs.replace(event, time=time))
    return found


def test_stretches_begin_and_end_once_and_a_guess_bears_the_time_of_its_key():
    log = [
        Guess(5.0), Guessing(10.0, True), Guessing(12.0, True), Guess(20.0, 19.5),
        Guessing(30.0, False), Guessing(31.0, False), Guess(19.0), Guessing(40.0, True),
    ]  # fmt: skip
    assert guesses_of(log) == Guesses(((10.0, 30.0), (40.0, math.inf)), (5.0, 19.0, 19.5))
    assert guesses_of([]) == Guesses()
    assert guesses_of([Guess(math.inf), Guess(1.0, math.nan), Guess(2.0)]).moments == (2.0,)


@settings(deadline=None)
@given(log=logs(), own=guessing, places=st.lists(st.integers(0, 99), min_size=8, max_size=8))
def test_nothing_of_it_is_in_the_clients_part_or_read_by_anything_else(log, own, places):
    told = woven(log, own, places)
    assert clients_part(told) == clients_part(log)
    assert marks_of(told) == marks_of(log)
    for one, other in zip(beats_of(told), beats_of(log), strict=True):
        assert one.beats.time.tolist() == other.beats.time.tolist()
        assert (one.around, one.choices, one.gaps) == (other.around, other.choices, other.gaps)
        assert mark_changes_of(one) == mark_changes_of(other)


@settings(deadline=None)
@given(log=logs(), own=guessing, places=st.lists(st.integers(0, 99), min_size=8, max_size=8))
def test_live_knows_as_offline_whether_somebody_guesses(log, own, places):
    told = woven(log, own, places)
    engine = Engine("s")
    for event in told:
        engine.advance([event])
    assert engine.hour == hour_of(told)
    last = [one.on for one in told if isinstance(one, Guessing)][-1:]
    assert engine.hour.guessing is (last == [True])


@pytest.mark.usefixtures("english")
def test_tables_and_tiers_hold_none_of_it():
    log = session("rest", 60.0)
    told = [*log, Guessing(59.0, True), Guess(59.5, 59.25), Guessing(59.6, False)]
    assert exported(told) == exported(log)
    assert annotation_csv(told) == annotation_csv(log)
    assert elan_file(told, started=1.7e9) == elan_file(log, started=1.7e9)


@pytest.mark.parametrize("event", [Guessing(1.0, on=True), Guess(2.0), Guess(2.0, 1.5)])
def test_older_versions_carry_it_along_unread(monkeypatch, event):
    kind = type(event).__name__
    stored, line = encode_event(event), encode_event_line(event)
    assert decode_event(stored) == event == decode_event_line(line)
    # As one that has never heard of the kind: another name, which no version knows, stands for it.
    unheard = stored.replace(b"\xa5Guess", b"\xa5Guesz").replace(b"\xa8Guessing", b"\xa8Gueszing")
    older = decode_event(unheard)
    assert (older.kind, older.source, older.time) == (
        kind.replace("Guess", "Guesz"), None, event.time,
    )  # fmt: skip
    assert encode_event(older) == unheard
    assert clients_part([older]) == []
    assert b"reader" not in stored
    assert kind in _KINDS

"""The recorder commits before it computes or shows, and ends in a sentence where it cannot."""

from dataclasses import replace

import pytest

from devices.link import BluetoothTrouble, NoBluetooth
from pipelines import store
from pipelines.recording import recorder, sources
from pipelines.recording.pipe import AskSnapshot
from pipelines.recording.recorder import Plan
from pipelines.session import PhaseName
from pipelines.session import events as ev
from pipelines.words import bluetooth_text
from tests.pipelines.recording.sessions import Spy, of_kind, record, rest


def test_what_is_shown_has_been_committed(library):
    session = library.new_session(0.0)
    spy, shown = Spy(session), []

    def observe(snapshot):
        shown.append(sum(view.quality.beats for view in snapshot.sources))
        assert shown[-1] <= spy.beats

    plan = Plan(sources.wearers(scenarios=("rest", "therapy")), seconds=150.0, observe=observe)
    log, _ = record(library, plan, writer=spy)
    session.close(beats=0)
    assert log == []
    assert shown
    assert sorted(shown) == shown
    assert max(map(len, spy.commits)) <= recorder.HELD_TOGETHER


def test_at_an_ordinary_speed_every_beat_is_committed_at_once(library):
    session = library.new_session(0.0)
    spy = Spy(session)
    record(library, rest(30.0), speed=60.0, writer=spy)
    session.close(beats=0)
    packets = [len(of_kind(commit, ev.Packet)) for commit in spy.commits]
    assert max(packets) == 1
    assert sum(packets) > 20


def test_a_full_disk_ends_it_with_a_sentence_and_keeps_what_was_committed(library):
    session = library.new_session(0.0)

    class Full(Spy):
        def append(self, events):
            if len(self.commits) == 1:
                raise store.DiskFull("The disk is full.")
            super().append(events)

    full = Full(session)
    _, running = record(library, rest(), writer=full)
    session.close(beats=0)
    assert running.trouble == "The disk is full."
    assert running.finished is False
    kept = [event for commit in full.commits for event in commit]
    assert library.events(session.session) == kept
    assert running.handle(AskSnapshot()).trouble == "The disk is full."


def test_a_shown_error_does_not_pass_in_silence_nor_cost_a_beat(library):
    def observe(snapshot):
        raise RuntimeError("cannot show")

    plan = replace(rest(), observe=observe)
    session = library.new_session(0.0)
    spy = Spy(session)
    with pytest.raises(RuntimeError, match="cannot show"):
        record(library, plan, writer=spy)
    session.close(beats=0)
    log = [event for commit in spy.commits for event in commit]
    assert log[-1] == ev.Phase(log[-1].time, PhaseName.FINISHED)
    assert len(of_kind(log, ev.Packet)) > 100


def test_without_bluetooth_it_ends_in_a_sentence(library, monkeypatch):
    healthy, sick = sources.wearers(scenarios=("rest", "rest"))

    def begin(start):
        raise NoBluetooth(BluetoothTrouble.OFF)

    sick = replace(
        sick, opened=replace(sick.opened, adapter=replace(sick.opened.adapter, begin=begin))
    )
    log, running = record(library, Plan((healthy, sick), seconds=60.0))
    assert running.trouble == bluetooth_text(NoBluetooth(BluetoothTrouble.OFF))
    assert log[-1] == ev.Phase(log[-1].time, PhaseName.FINISHED)

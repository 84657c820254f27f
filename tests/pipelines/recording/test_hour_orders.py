"""Posture, parts, card and band asked of a running recorder become events of its log."""

from __future__ import annotations

from dataclasses import replace

from pipelines.analysis import analyse
from pipelines.live import commands
from pipelines.recording import sources
from pipelines.session import BandUnit, ContextLine, PartName, PostureName
from pipelines.session import events as ev
from tests.pipelines.recording.sessions import at, of_kind, record, rest


def test_what_is_said_of_an_hour_is_stored_and_told_by_its_analysis(library):
    async def wish(running):
        def ask(command):
            assert running.carry_out(command) is None

        await at(running, 10.0)
        ask(commands.Pose(PostureName.SITTING))
        ask(commands.SayContext(ContextLine.SLEEP, "5 h"))
        ask(commands.AllowTouch(given=True))
        await at(running, 20.0)
        ask(commands.Talk(on=True))
        await at(running, 85.0)
        ask(commands.SetBaseline())
        ask(commands.Talk(on=False))
        ask(commands.BeginPart(PartName.TOUCH))
        ask(commands.DrawBand(0, 55.0, 75.0, BandUnit.BPM, "flat", "too much"))
        await at(running, 100.0)
        ask(commands.BeginPart(PartName.MOVEMENT))
        ask(commands.SayOfPart(100.0, after=False, text="stiff"))
        await at(running, 110.0)
        ask(commands.BeginPart(PartName.NONE))

    plan = replace(rest(), context={ContextLine.MEDICINES: "none"})
    log, running = record(library, plan, beside=wish)
    assert of_kind(log, ev.Posture) == [ev.Posture(10.0, 0, PostureName.SITTING)]
    (talking,) = of_kind(log, ev.TalkBaseline)
    assert (talking.time, talking.start) == (85.0, 20.0)
    assert of_kind(log, ev.Baseline) == []
    (result,) = analyse(log)
    assert result.context == {"medicines": "none", "sleep": "5 h"}
    assert [(p.name, p.start_s, p.end_s, p.consent, p.before) for p in result.phases] == [
        ("touch", 85.0, 100.0, "asked and given", ""),
        ("movement", 100.0, 110.0, None, "stiff"),
    ]
    assert result.band.low_words == "flat"
    assert running._engine.hour.context == result.context


def test_a_therapist_keeps_their_seat(library):
    async def wish(running):
        await at(running, 10.0)
        running.carry_out(commands.Pose(PostureName.STANDING))

    both = replace(rest(20.0), wearers=sources.wearers(scenarios=("rest", "rest")))
    log, _ = record(library, both, beside=wish)
    roles = {event.source: event.role for event in of_kind(log, ev.Source)}
    assert [roles[event.source] for event in of_kind(log, ev.Posture)] == ["client"]


def test_a_replay_brings_back_what_was_said_of_the_hour():
    of_wearer = [
        ev.Posture(10.0, 0, PostureName.SITTING),
        ev.TalkBaseline(90.0, 0, 20.0, 85.0),
        ev.PersonalBand(95.0, 0, 55.0, 75.0),
    ]
    of_all = [
        ev.Context(0.0, ContextLine.SLEEP, "5 h"),
        ev.TouchConsent(5.0, given=True),
        ev.Part(30.0, PartName.MOVEMENT),
        ev.PartWords(31.0, 30.0, after=False, text="stiff"),
    ]
    log = [*of_all, *of_wearer, ev.Posture(11.0, 1, PostureName.LYING)]
    back = list(sources._others(log, 0, 2, 100.0, shared=True))
    assert [event for event in back if event in of_all] == of_all
    moved = [event for event in back if event not in of_all]
    assert [type(event) for event in moved] == [type(event) for event in of_wearer]
    assert {event.source for event in moved} == {2}
    assert list(sources._others(of_all, 0, 0, 100.0, shared=False)) == []

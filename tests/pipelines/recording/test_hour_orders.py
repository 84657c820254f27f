"""Posture, parts, card and band asked of a running recorder become events of its log."""

from __future__ import annotations

from dataclasses import replace

from pipelines.analysis import analyse
from pipelines.live import commands
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

    from pipelines.recording import sources

    both = replace(rest(20.0), wearers=sources.wearers(scenarios=("rest", "rest")))
    log, _ = record(library, both, beside=wish)
    roles = {event.source: event.role for event in of_kind(log, ev.Source)}
    assert [roles[event.source] for event in of_kind(log, ev.Posture)] == ["client"]

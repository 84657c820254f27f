"""Somebody listens only where all agreed, tells on and off alone, and never ends a recording."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from physio.reasons import Reason, ReasonCode
from pipelines.analysis import analyse
from pipelines.live import commands
from pipelines.recording import listener, recorder
from pipelines.session import COLUMNS, record_of
from pipelines.session import events as ev
from tests.pipelines.logs import session
from tests.pipelines.recording.sessions import of_kind, record, rest

pytestmark = pytest.mark.usefixtures("english")


def telling(monkeypatch, code):
    """Let this code be who listens."""
    monkeypatch.setattr(listener, "program", lambda _: [sys.executable, "-c", code])
    monkeypatch.setattr(recorder, "why_not", lambda: None)


SAYS = "import sys\nfor word in {words}: print(word, flush=True)\nsys.stdin.read()"
TALKS = SAYS.format(words=["ready", "on"])


def said(plan):
    sentences = []
    return sentences, replace(plan, say=sentences.append)


async def until(true):
    while not true():
        await asyncio.sleep(0.02)


def test_what_is_heard_is_in_the_log_and_told_apart_from_the_key(library, monkeypatch):
    telling(monkeypatch, TALKS)

    async def wish(running):
        await until(lambda: running._voice)
        assert running.carry_out(commands.Pause()) is None
        assert running.carry_out(commands.GoOn()) is None
        assert running.carry_out(commands.HearTalking(on=False)) is None
        running.stop()

    plan = replace(rest(60.0), listens=True)
    log, running = record(library, plan, speed=1.0, beside=wish)
    assert [(one.on) for one in of_kind(log, ev.Listening)] == [True, False]
    assert [one.on for one in of_kind(log, ev.TalkingLikely)] == [True, False, True, False]
    assert of_kind(log, ev.Talking) == []
    assert running._listener is None
    phases = [one for one in log if isinstance(one, ev.Phase | ev.TalkingLikely)]
    paused = next(i for i, one in enumerate(phases) if getattr(one, "name", "") == "paused")
    assert isinstance(phases[paused - 1], ev.TalkingLikely)
    assert isinstance(phases[paused + 2], ev.TalkingLikely)


def test_nobody_listens_once_it_is_finished_and_again_where_it_goes_on(library, monkeypatch):
    telling(monkeypatch, TALKS)

    async def wish(running):
        running.may_go_on = lambda: True
        await until(lambda: running._voice and running._engine.received)
        assert running.carry_out(commands.Finish()) is None
        assert running._listener is None
        await asyncio.sleep(0.1)
        running.go_on()
        await until(lambda: running._voice)
        running.stop()

    log, running = record(library, replace(rest(60.0), listens=True), speed=1.0, beside=wish)
    assert [one.on for one in of_kind(log, ev.TalkingLikely)] == [True, False, True, False]
    assert [one.on for one in of_kind(log, ev.Listening)] == [True, False, True, False]
    assert running._listener is None


@pytest.mark.parametrize("code", ["", "raise SystemExit(3)", "print('no microphone')"])
def test_without_a_microphone_one_sentence_is_said_and_the_recording_goes_on(
    library, monkeypatch, code
):
    telling(monkeypatch, code)

    async def wish(running):
        await until(lambda: running.notice)
        before = running._engine.received
        await until(lambda: running._engine.received > before)
        running.stop()

    sentences, plan = said(replace(rest(60.0), listens=True))
    log, running = record(library, plan, speed=1.0, beside=wish)
    assert sentences == [listener.UNHEARD]
    assert running.notice == listener.UNHEARD
    assert running.trouble is None
    assert of_kind(log, ev.TalkingLikely) == []
    assert of_kind(log, ev.Listening) == []


def test_without_the_extra_one_sentence_says_how_to_install_it(library, monkeypatch):
    monkeypatch.setattr(listener, "lacks", lambda _: True)
    monkeypatch.setattr(recorder, "Listener", None)
    sentences, plan = said(replace(rest(5.0), listens=True))
    log, _ = record(library, plan)
    assert sentences == [listener.LACKING]
    assert of_kind(log, ev.Packet)


def test_off_means_that_nobody_listens(library, monkeypatch):
    def opened(*_):
        raise AssertionError("a microphone was opened")

    monkeypatch.setattr(recorder, "Listener", opened)
    log, _ = record(library, rest(5.0))
    assert of_kind(log, ev.Listening) == []


LISTENS = """
import sys, time, types
class Stream:
    def __init__(self, **_): pass
    def start(self): pass
    def read(self, frames):
        {reading}
sys.modules["sounddevice"] = types.SimpleNamespace(RawInputStream=Stream)
sys.modules["webrtcvad"] = types.SimpleNamespace(Vad=lambda mode: None)
from devices.voice.telling import main
main()
"""


def listens(reading):
    return subprocess.Popen(
        [sys.executable, "-c", LISTENS.format(reading=reading)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_microphone_is_let_go_of_when_whoever_started_it_is_gone():
    process = listens("time.sleep(600)")
    assert process.stdout.readline() == b"ready\n"
    assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 0


def test_a_microphone_that_is_pulled_out_is_told():
    process = listens("raise OSError")
    assert process.stdout.read() == b"ready\nno microphone\n"
    process.communicate(timeout=60)


def with_talking(log, kind):
    talks = [kind(80.0, on=True), kind(150.0, on=False)]
    return sorted([*log, *talks], key=lambda one: one.time)


def columns(found):
    points = found.trace()
    return [getattr(points, name) for name in COLUMNS]


def windows(log):
    (result,) = analyse(log, window=60.0)
    return [one.measures for one in result.windows]


def test_likely_talking_withholds_what_the_key_does_and_says_that_it_is_likely():
    log = [*session("therapy", 240.0), ev.Baseline(70.0, 0, 0.0, 65.0)]
    told, heard = with_talking(log, ev.Talking), with_talking(log, ev.TalkingLikely)
    why = [(one["breathing_rate"].reason, other["breathing_rate"].reason)
           for one, other in zip(windows(told), windows(heard), strict=True)]  # fmt: skip
    codes = Reason(ReasonCode.WHILE_TALKING), Reason(ReasonCode.WHILE_TALKING_LIKELY)
    assert why[1] == why[2] == codes
    assert all(one == other or (one, other) == codes for one, other in why)
    for one, other in zip(windows(told), windows(heard), strict=True):
        values = [
            {n: m.value for n, m in each.items() if m.value is not None} for each in (one, other)
        ]
        assert values[0] == pytest.approx(values[1], rel=1e-12)
    (key,), (voice,) = record_of(told).sources, record_of(heard).sources
    for one, other in zip(columns(key), columns(voice), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    said = {trust.reason.code for trust in voice.trusts(0, len(voice)) if trust.reason}
    assert ReasonCode.TALKING_LIKELY in said
    assert ReasonCode.TALKING not in said
